// Session: what ties the requests of one legacy client together, and to whom it belongs.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/pipeline/principal.hpp"
#include "mcp/call/call.hpp"
#include "mcp/policy.hpp"
#include "mcp/protocol/revision.hpp"
#include "mcp/session/call_table.hpp"
#include "mcp/session/streams.hpp"

namespace tollgate::mcp {

// What a client has said of itself at `initialize`.
struct client_profile {
    json::object capabilities;
    json::object info;  // clientInfo
};

// To whom a session belongs.
struct session_owner {
    std::string subject;
    std::string client_id;
    std::string digest;  // of the token

    static session_owner of(http::credential const& c);
    bool is(http::credential const& c, session_binding binding) const;
};

// Thread-safe.
class session {
public:
    // `opener` is nullptr when nobody is logged in: the first principal that comes adopts it.
    // `agent`: whose MCP server it is a session of; "" where there are no agents.
    session(std::string id, transport via, mcp::revision r, http::credential const* opener,
            std::size_t replay_bytes, std::string agent = {});

    // What a session is besides its streams and its requests under way.
    struct image;
    image save() const;
    // One as it was then.
    session(image const& then, std::size_t replay_bytes);

    // It was begun elsewhere, and whatever was on its streams there is not known here.
    bool recalled() const noexcept { return recalled_.load(std::memory_order_relaxed); }
    void set_recalled() noexcept { recalled_.store(true, std::memory_order_relaxed); }

    // Where sessions are kept outside of the process (session_keeper.hpp): how often this one has
    // changed, and what of it is kept. Kept: as of `changes`, and there until `until`.
    std::uint64_t changes() const noexcept { return changes_.load(std::memory_order_relaxed); }
    void set_kept(std::uint64_t changes, time_point until) noexcept;
    // What is kept is not what it is, or is over at that time.
    bool needs_keeping(time_point at) const noexcept;

    std::string const& id() const noexcept { return id_; }
    transport via() const noexcept { return via_; }
    std::string const& agent() const noexcept { return agent_; }
    mcp::revision revision() const noexcept { return revision_.load(std::memory_order_relaxed); }
    void set_revision(mcp::revision r) noexcept {
        revision_.store(r, std::memory_order_relaxed);
        note_change();
    }

    // True when the session is the caller's. "Security Best Practices", Session Hijacking: an id
    // alone proves nothing, it is bound to who opened it. A principal that adopts it does not share
    // it with whoever had a GET stream open before: those end.
    bool admits(http::credential const* who, session_binding binding);

    // notifications/initialized has come.
    bool initialized() const noexcept { return initialized_.load(std::memory_order_relaxed); }
    void set_initialized() noexcept {
        if (!initialized_.exchange(true, std::memory_order_relaxed)) note_change();
    }

    // Never nothing; an empty profile until `initialize` was served.
    std::shared_ptr<client_profile const> client() const;
    void set_client(client_profile p);

    // logging/setLevel: the least severe message the client wants; nothing until it says so.
    std::optional<logging_level> log_level() const;
    void set_log_level(logging_level l);

    // resources/subscribe: false when there are `max_subscriptions` others already.
    static constexpr std::size_t max_subscriptions = 256;
    bool subscribe(std::string_view uri);
    void unsubscribe(std::string_view uri);
    bool subscribed(std::string_view uri) const;

    // A notification that belongs to no request (list_changed, resources/updated): on one of the
    // session's streams. False when there is none.
    bool tell(std::string_view method, json::object const& params);

    // Has a stream that is read, or a request under way: not idle, however quiet.
    bool in_use() const { return streams.any_open() || !calls.empty(); }
    // Ends its requests and its streams, for good.
    void end() noexcept;

    call_table calls;
    session_streams streams;

private:
    void note_change() noexcept { changes_.fetch_add(1, std::memory_order_relaxed); }

    std::string const id_;
    transport const via_;
    std::string const agent_;
    std::atomic<mcp::revision> revision_;
    std::atomic<bool> initialized_{false};
    std::atomic<bool> recalled_{false};
    std::atomic<std::uint64_t> changes_{1};
    std::atomic<std::uint64_t> kept_changes_{0};
    std::atomic<time_point> kept_until_{time_point::min()};
    mutable std::mutex lock_;
    std::unique_ptr<session_owner const> owner_;  // null: nobody yet
    std::shared_ptr<client_profile const> client_;
    std::optional<logging_level> log_level_;
    std::set<std::string, std::less<>> subscriptions_;
};

struct session::image {
    std::string id;
    transport via;
    std::string agent;
    mcp::revision revision;
    bool initialized;
    std::optional<session_owner> opener;
    std::shared_ptr<client_profile const> client;
    std::optional<logging_level> log_level;
    std::set<std::string, std::less<>> subscriptions;
};

// "abcdefgh…": enough to tell sessions apart in a log, too little to use one.
std::string session_label(std::string const& id);

}  // namespace tollgate::mcp

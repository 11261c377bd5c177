// Call table: the requests of one session that are under way, in both directions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/call/client_channel.hpp"

namespace tollgate::mcp {

// A request of the client that runs. All of these may be called by any thread.
class in_flight {
public:
    virtual ~in_flight() = default;
    // The request of that id (as id_text spells it) is wanted no more.
    virtual void cancel(std::string_view id) = 0;
    // Nothing of it is: the session is over.
    virtual void abandon() = 0;
    // The client has answered request `ask` of ours.
    virtual void answered(std::int64_t ask, client_answer a) = 0;
};

// "7" and "\"7\"" are two ids.
std::string id_text(json::value const& id);

// Thread-safe. Holds no request alive.
class call_table {
public:
    // `most` requests of the client at a time; each asks one thing at a time.
    explicit call_table(std::size_t most = 64) noexcept : most_(most) {}

    enum class added { yes, duplicate, too_many, over };
    // MCP 2025-11-25, Base Protocol, "Requests": an id must not be used twice; that is noticed
    // while the first is under way.
    added add(std::vector<std::string> const& ids, std::weak_ptr<in_flight> const& what);
    void remove(std::vector<std::string> const& ids);
    bool has(std::string_view id) const;
    bool empty() const;
    // Does nothing when there is no such request: it may have ended meanwhile.
    void cancel(std::string_view id);
    // All of them end.
    void abandon_all() noexcept;
    // Likewise, and none is taken any more.
    void seal() noexcept;

    // A number for a request of ours to the client, and who waits for the answer.
    std::int64_t ask(std::weak_ptr<in_flight> who);
    void forget(std::int64_t ask);
    // False when nobody waits for it.
    bool answer(std::int64_t ask, client_answer a);

private:
    std::size_t const most_;
    mutable std::mutex lock_;
    bool sealed_ = false;
    std::int64_t next_ask_ = 1;
    std::map<std::string, std::weak_ptr<in_flight>, std::less<>> calls_;
    std::map<std::int64_t, std::weak_ptr<in_flight>> asks_;
};

}  // namespace tollgate::mcp

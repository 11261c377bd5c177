// Conversation: what the events of a realm tell together: who registered, which tokens were issued
// and in which answer, which logins led to them.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/conversation/observation.hpp"

namespace tollgate::control {

struct registration_seen {
    observation const* at;  // the answer that gave the client its id
    std::string client_id;
    std::string secret;
    std::string asked;  // name and redirect URIs, as one text to compare
};

struct tokens_seen {
    observation const* at;  // the answer of the token endpoint
    std::string access;
    std::string refresh;         // "": none came with it
    std::string client_id;       // that asked
    std::int64_t lifetime = -1;  // seconds that were told; -1: none
    bool by_refresh = false;
    bool received = false;  // the answer got away
};

struct login_seen {
    observation const* at;    // GET /authorize, or the POST that began it
    observation const* back;  // the answer that led back to the client; null: none yet
    std::string code;         // that went back
    std::string client_id;
};

// Pure: knows nothing but the events.
class conversation {
public:
    // `dropped`: events that the journal no longer has.
    explicit conversation(std::span<event_ptr const> events, std::uint64_t dropped = 0);
    conversation(conversation const&) = delete;
    conversation& operator=(conversation const&) = delete;

    // Everything, in order.
    std::span<observation const> all() const noexcept { return all_; }
    // What came over HTTP from outside: without preflights, without what the server asks itself.
    std::span<observation const* const> exchanges() const noexcept { return exchanges_; }
    // Those of MCP: POST, GET and DELETE of the MCP endpoints.
    std::span<observation const* const> mcp() const noexcept { return mcp_; }
    std::uint64_t dropped() const noexcept { return dropped_; }
    // Somebody has come: one protocol request at least.
    bool tried() const noexcept { return tried_; }

    std::span<registration_seen const> registrations() const noexcept { return registrations_; }
    std::span<tokens_seen const> tokens() const noexcept { return tokens_; }
    std::span<login_seen const> logins() const noexcept { return logins_; }
    // By the access token or the refresh token; null: never issued while the journal ran.
    tokens_seen const* of_access(std::string_view token) const noexcept;
    tokens_seen const* of_refresh(std::string_view token) const noexcept;
    login_seen const* of_code(std::string_view code) const noexcept;

private:
    void sort_in(observation const& o);
    void note_registration(observation const& o);
    void note_tokens(observation const& o);
    void note_login(observation const& o);

    std::vector<observation> all_;
    std::vector<observation const*> exchanges_;
    std::vector<observation const*> mcp_;
    std::vector<registration_seen> registrations_;
    std::vector<tokens_seen> tokens_;
    // Where a token stands in tokens_: the first answer that had it.
    std::map<std::string, std::size_t, std::less<>> by_access_;
    std::map<std::string, std::size_t, std::less<>> by_refresh_;
    std::vector<login_seen> logins_;
    std::uint64_t dropped_;
    bool tried_ = false;
};

// The client that a token request names: in the body, by Basic, or as the server found out.
std::string client_of(observation const& o);

}  // namespace tollgate::control

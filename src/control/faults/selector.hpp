// Fault selectors: which requests a fault is about, a pure match against facts of a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/administrations.hpp"
#include "control/faults/effects/condition.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// One header condition: present, or present with exactly that value.
struct header_rule {
    std::string name;
    std::optional<std::string> value;
    header_rule(std::string n, std::optional<std::string> v)
        : name(std::move(n)), value(std::move(v)) {}
};

// Empty members match everything.
struct selector {
    std::vector<std::string> endpoints;
    std::string grant_type;
    std::string client_id;
    std::string subject;
    std::string session;  // its id, or what it begins with: names_session()
    std::string mcp_method;
    std::string tool;
    std::string family;  // of the grant that the presented token came of
    std::string flow;    // as the journal calls it
    std::vector<header_rule> headers;
    condition also;  // without endpoints

    bool everything() const noexcept;
};

// What has to be looked up before a selector (or a trigger) can be asked.
enum need : unsigned {
    need_nothing = 0,
    need_form = 1u << 0,     // grant_type: the token endpoint's body
    need_client = 1u << 1,   // client_id: form, query, Basic, or the principal
    need_subject = 1u << 2,  // the principal
    need_session = 1u << 3,  // Mcp-Session-Id or ?sessionId=
    need_message = 1u << 4,  // the JSON-RPC message: method, tool
    need_token = 1u << 5,    // the token that is presented
    need_family = 1u << 6,   // the record of that token
    need_flow = 1u << 7,     // the journal
};
unsigned needs_of(selector const& s) noexcept;

struct rpc_call {
    std::string method;
    std::string tool;
    rpc_call(std::string m, std::string t) : method(std::move(m)), tool(std::move(t)) {}
};

struct request_facts {
    std::string_view endpoint;
    std::string grant_type;
    std::string client_id;
    std::string subject;
    std::string session;
    std::string family;
    std::string flow;
    std::string token;            // a digest, or a hash of what the token endpoint was given
    std::vector<rpc_call> calls;  // more than one for a batch
    http::request const* request = nullptr;
    http::context* asked = nullptr;  // what conditions look at
};

// The facts of this request that `needs` asks for; the others stay empty. Without `to` neither
// family nor flow, which somebody must be asked about.
task<request_facts> gather_facts(http::context& c, unsigned needs, administrations const& to);
request_facts gather_facts(http::context& c, unsigned needs);

// A session is named by its id, or by its first characters, eight or more, also with the "…" that
// the journal writes behind them: nobody else is shown the whole id, which is a secret.
inline constexpr std::size_t shortest_session_name = 8;
std::string_view without_ellipsis(std::string_view session) noexcept;
bool names_session(std::string_view name, std::string_view id) noexcept;

bool about_endpoint(selector const& s, std::string_view endpoint) noexcept;
bool matches(selector const& s, request_facts const& f);

// Why a request to one of its endpoints does not match: the member, what it wants, what was sent.
struct difference {
    std::string member;
    std::string wanted;
    std::string got;
};
std::optional<difference> first_difference(selector const& s, request_facts const& f);

}  // namespace tollgate::control

#include "app/translate.hpp"

#include <algorithm>

#include "app/policy_choices.hpp"

namespace tollgate {

namespace {

mcp::auth_mode auth_of(config const& c) {
    if (c.mcp.auth == "none") return mcp::auth_mode::none;
    return c.mcp.auth == "tools-only" ? mcp::auth_mode::tools_only : mcp::auth_mode::required;
}

mcp::answer_form answers_of(config const& c) {
    if (c.mcp.answers == "json") return mcp::answer_form::json;
    return c.mcp.answers == "stream" ? mcp::answer_form::stream : mcp::answer_form::automatic;
}

// A token that is bound to a key is no bearer token, and userinfo is asked with bearer tokens.
bool dpop_can_be_checked(config const& c) {
    bool const by_identity = c.validation.strategy == "userinfo";
    return c.tokens.dpop != "off" && !(by_identity && c.has_foreign_tokens());
}

// RFC 9728 section 2: the issuer of the tokens, wherever it is known. What else it can grant, only
// its people know.
void set_foreign_tokens(config const& c, mcp::policy& p) {
    auto const& issuer = c.upstream.issuer;
    if (!issuer.empty()) p.authorization_servers = {issuer};
    p.grantable_scopes = p.scopes;
    for (auto const& scope : c.upstream.scopes)
        if (std::ranges::find(p.scopes, scope) == p.scopes.end())
            p.grantable_scopes.push_back(scope);
}

}  // namespace

mcp::policy mcp_policy(config const& c) {
    mcp::policy p;
    p.versions = c.mcp.versions;
    auto const speaks = [&](std::string_view transport) {
        return std::ranges::find(c.mcp.transports, transport) != c.mcp.transports.end();
    };
    p.streamable_http = speaks("streamable-http");
    p.legacy_sse = speaks("sse");
    p.sessions =
        c.mcp.sessions == "stateless" ? mcp::session_mode::stateless : mcp::session_mode::stateful;
    p.binding = c.mcp.session_binding == "token" ? mcp::session_binding::token
                                                 : mcp::session_binding::principal;
    p.answers = answers_of(c);
    p.auth = auth_of(c);
    p.scopes = required_scopes(c);
    p.challenge_realm = c.mcp.challenge_realm;
    p.relative_metadata = c.mcp.resource_metadata == "relative";
    p.grantable_scopes = c.authorization_server.scopes;
    if (c.has_foreign_tokens()) set_foreign_tokens(c, p);
    p.fixtures = c.mcp.fixtures;
    p.page_size = c.mcp.page_size;
    p.max_sessions = c.mcp.max_sessions;
    p.session_idle = c.mcp.session_idle;
    p.replay_bytes = c.mcp.replay_bytes;
    p.heartbeat = c.mcp.heartbeat;
    p.sse_retry = c.mcp.sse_retry;
    p.ask_timeout = c.mcp.ask_timeout;
    p.task_ttl = c.mcp.task_ttl;
    p.recheck = c.validation.recheck;
    p.dpop_spoken = dpop_can_be_checked(c);
    p.dpop_required = c.tokens.dpop == "required";
    return p;
}

}  // namespace tollgate

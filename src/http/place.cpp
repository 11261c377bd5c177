#include "http/place.hpp"

#include "http/agent_path.hpp"
#include "http/web_address.hpp"

namespace tollgate::http {

namespace {

bool same_host(std::string_view a, std::string_view b) noexcept {
    return a == b || (is_loopback_name(a) && is_loopback_name(b));
}

bool same_origin(web_address const& a, web_address const& b) noexcept {
    return a.tls == b.tls && a.port == b.port && same_host(a.host, b.host);
}

// The path of `uri` when it is a URL at `origin` or an alias of it. A query or a fragment stays in
// it, so that it equals no path.
std::optional<std::string_view> path_at(std::string_view uri, std::string_view origin) {
    auto const theirs = split_url(uri);
    auto const ours = split_url(origin);
    if (!theirs || !ours || !same_origin(*theirs, *ours)) return std::nullopt;
    return theirs->rest;
}

}  // namespace

bool is_loopback_name(std::string_view host) noexcept {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool same_origin(std::string_view a, std::string_view b) noexcept {
    auto const left = split_url(a);
    auto const right = split_url(b);
    return left && right && left->rest.empty() && right->rest.empty() && same_origin(*left, *right);
}

std::string place::resource_metadata_url(std::string_view below_base) const {
    std::string url = mcp_origin + "/.well-known/oauth-protected-resource" + base;
    url += below_base;
    return url;
}

std::string place::mcp_path() const {
    return with_agent(paths.mcp, agent);
}

std::string place::sse_path() const {
    return with_agent(paths.sse, agent);
}

std::string place::messages_path() const {
    return with_agent(paths.messages, agent);
}

bool place::has_agents() const noexcept {
    return has_agent(paths.mcp);
}

std::string place::default_resource() const {
    if (!has_agents()) return mcp_url();
    return agents_are_shared() ? mcp_base() : std::string();
}

std::optional<std::string_view> place::below_mcp_base(std::string_view uri) const {
    auto const path = path_at(uri, mcp_origin);
    if (!path || !path->starts_with(base)) return std::nullopt;
    return path->substr(base.size());
}

// The agent whose MCP or SSE URL this is.
std::optional<std::string_view> place::agent_of(std::string_view uri) const {
    auto const below = below_mcp_base(uri);
    if (!below) return std::nullopt;
    auto name = agent_in(*below, paths.mcp);
    if (!name) name = agent_in(*below, paths.sse);
    if (!name || !is_agent_name(*name)) return std::nullopt;
    return name;
}

// The base itself, with or without '/'.
bool place::is_mcp_base(std::string_view uri) const {
    auto const below = below_mcp_base(uri);
    return below && (below->empty() || *below == "/");
}

bool place::is_own_resource(std::string_view uri) const {
    if (has_agents()) {
        if (agents_are_shared() && is_mcp_base(uri)) return true;
        auto const named = agent_of(uri);
        return named && (agent.empty() || *named == agent);
    }
    auto const below = below_mcp_base(uri);
    return below && (below->empty() || *below == "/" || *below == paths.mcp || *below == paths.sse);
}

bool place::covers_resource(std::string_view granted, std::string_view asked) const {
    if (granted == asked || is_one_resource(granted, asked)) return true;
    return agents_are_shared() && is_mcp_base(granted) && is_own_resource(asked);
}

bool place::is_one_resource(std::string_view a, std::string_view b) const {
    if (!is_own_resource(a) || !is_own_resource(b)) return false;
    return !has_agents() || agent_of(a) == agent_of(b);
}

bool place::is_own_issuer(std::string_view uri) const {
    auto const as_path = path_at(uri, as_origin);
    if (as_path && *as_path == base) return true;
    auto const mcp_path = path_at(uri, mcp_origin);
    return mcp_path && *mcp_path == base;
}

}  // namespace tollgate::http

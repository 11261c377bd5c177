#include "http/realm/place.hpp"

#include <algorithm>

#include "http/message/url.hpp"
#include "http/realm/agent_path.hpp"

namespace tollgate::http {

namespace {

// What stands behind the origin of `uri` when that is `origin` or an alias of it.
std::optional<std::string_view> behind_origin(std::string_view uri, std::string_view origin) {
    // Most often they are spelled alike.
    if (uri.starts_with(origin)) {
        auto const rest = uri.substr(origin.size());
        if (rest.empty() || rest.front() == '/') return rest;
    }
    auto const theirs = split_url(uri);
    auto const ours = split_url(origin);
    if (!theirs || !ours || !same_origin(*theirs, *ours)) return std::nullopt;
    return theirs->rest;
}

// The path of `uri` behind `path` when it is a URL at `origin` or an alias of it. A query or a
// fragment stays in it, so that it equals no path.
std::optional<std::string_view> below(std::string_view uri, std::string_view origin,
                                      std::string_view path) {
    auto const theirs = behind_origin(uri, origin);
    if (!theirs || !theirs->starts_with(path)) return std::nullopt;
    auto const rest = theirs->substr(path.size());
    return rest.empty() || rest.front() == '/' ? std::optional(rest) : std::nullopt;
}

// Likewise below an origin and path in one.
std::optional<std::string_view> below(std::string_view uri, std::string_view base) {
    auto const parts = split_url(base);
    if (!parts) return std::nullopt;
    return below(uri, base.substr(0, base.size() - parts->rest.size()), parts->rest);
}

bool names_one(std::string_view uri, std::string_view base) {
    auto const rest = below(uri, base);
    return rest && rest->empty();
}

bool names_one(std::string_view uri, std::vector<std::string> const& bases) {
    return std::ranges::any_of(bases, [uri](auto const& base) { return names_one(uri, base); });
}

bool is_among(std::string_view uri, other_names const* names) {
    return names != nullptr && (names_one(uri, names->issuers) || names_one(uri, names->mcp_bases));
}

}  // namespace

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
    auto found = below(uri, mcp_origin, base);
    if (found) return found;
    for (auto const* others : {before.get(), kin.get()}) {
        if (others == nullptr) continue;
        for (auto const& name : others->mcp_bases) {
            found = below(uri, name);
            if (found) return found;
        }
    }
    return std::nullopt;
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

// By the names that its documents speak.
bool place::is_spoken_issuer(std::string_view uri) const {
    for (auto const* origin : {&as_origin, &mcp_origin}) {
        if (origin == &mcp_origin && !mcp_is_issuer) continue;
        auto const rest = below(uri, *origin, base);
        if (rest && rest->empty()) return true;
    }
    return false;
}

bool place::is_issuer_now(std::string_view uri) const {
    return is_spoken_issuer(uri) || is_among(uri, kin.get());
}

// A token says the second in which it was issued.
bool place::is_issued_beside(std::string_view issuer, time_point then) const {
    if (kin == nullptr || is_spoken_issuer(issuer)) return false;
    return std::ranges::any_of(kin->until, [&](auto const& of) {
        auto const last = std::chrono::floor<std::chrono::seconds>(of.second);
        return then >= last + std::chrono::seconds(1) && names_one(issuer, of.first);
    });
}

std::string place::issuer_today(std::string const& name) const {
    if (is_spoken_issuer(name)) return name;
    for (auto const* others : {before.get(), kin.get()}) {
        if (others == nullptr) continue;
        if (names_one(name, others->issuers)) return issuer();
        if (names_one(name, others->mcp_bases)) return mcp_base();
    }
    return name;
}

bool place::is_own_issuer(std::string_view uri) const {
    return is_issuer_now(uri) || is_among(uri, before.get());
}

}  // namespace tollgate::http

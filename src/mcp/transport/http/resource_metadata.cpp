// RFC 9728: what the MCP server says about itself as a protected resource.
#include "http/pipeline/discovery_reply.hpp"
#include "mcp/transport/http/streamable.hpp"

namespace tollgate::mcp {

namespace {

json::array strings(std::vector<std::string> const& items) {
    json::array out;
    for (auto const& item : items)
        out.emplace_back(json::string_view(item));
    return out;
}

// RFC 9728 §3.3: `resource` must be identical to the URL that the document was derived from, so
// there is one document for the origin and one for each endpoint, with agents one for each agent's.
std::optional<std::string> resource_of(endpoint const& e) {
    auto const& place = e.http.place();
    auto const path = e.http.path();
    std::string const document = "/oauth-protected-resource";
    // With agents the origin is no resource unless it stands for all of them.
    bool const base_too = !place.has_agents() || place.agents_are_shared();
    if (path.ends_with(document) && base_too) return place.mcp_base();
    if (e.policy->streamable_http && path.ends_with(document + place.mcp_path())) {
        return place.mcp_url();
    }
    if (e.offers_sse() && path.ends_with(document + place.sse_path())) return place.sse_url();
    return std::nullopt;
}

// RFC 9728 §2. A proof is signed by the client's own key, never with a shared secret.
void add_dpop(json::object& document, policy const& p) {
    if (!p.dpop_spoken) return;
    document["dpop_signing_alg_values_supported"] = strings({"RS256", "PS256", "ES256", "EdDSA"});
    if (p.dpop_required) document["dpop_bound_access_tokens_required"] = true;
}

// All that the document depends on besides the policy.
std::string key_of(http::context const& c) {
    auto const& where = c.place();
    std::string key;
    key.reserve(256);
    for (auto const part :
         {c.path(), std::string_view(where.mcp_origin), std::string_view(where.as_origin),
          std::string_view(where.base), std::string_view(where.agent)})
        key.append(part).append(1, '\n');
    return key;
}

json::object document_of(endpoint const& e, std::string const& resource) {
    auto const& place = e.http.place();
    json::object document;
    document["resource"] = resource;
    auto issuers = e.policy->authorization_servers;
    if (issuers.empty()) issuers.push_back(place.issuer());
    document["authorization_servers"] = strings(issuers);
    // RFC 9728 §3.2: what has no elements is left out.
    if (!e.policy->scopes.empty()) document["scopes_supported"] = strings(e.policy->scopes);
    document["bearer_methods_supported"] = strings({"header"});
    add_dpop(document, *e.policy);
    auto const& agent = place.agent;
    document["resource_name"] = agent.empty() ? "tollgate" : "tollgate, agent " + agent;
    return document;
}

}  // namespace

task<outcome<http::reply>> get_resource_metadata(server& s, http::context& c) {
    endpoint const e(s, c);
    auto const key = key_of(c);
    if (auto const before = e.policy->metadata.find(key))
        co_return http::discovery_reply(c, *before);
    auto const resource = resource_of(e);
    if (!resource) co_return not_offered();
    auto const document = document_of(e, *resource);
    auto const made = e.policy->metadata.keep(key, document);
    co_return http::discovery_reply(c, *made);
}

}  // namespace tollgate::mcp

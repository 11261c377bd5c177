#include "oauth/test_page/setup.hpp"

#include <algorithm>
#include <utility>

#include "oauth/clients/test_page_client.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t longest_parameter = 2048;

// Both go into the links of the page and into the request to the provider.
outcome<void> check_query(http::form const& query) {
    for (std::string_view const name : {"client_id", "resource"}) {
        auto const all = query.all(name);
        if (all.size() > 1)
            return errors::invalid_request.because(std::string(name) + " is there twice");
        auto const plain = [](char c) { return c >= 0x20 && c < 0x7F; };
        if (all.empty() ||
            (all.front().size() <= longest_parameter && std::ranges::all_of(all.front(), plain)))
            continue;
        return errors::invalid_request.because(std::string(name) +
                                               " is at most 2048 printable ASCII characters");
    }
    return {};
}

// Who a browser is sent to, and what it is shown of the back channel.
provider_metadata own_provider(http::place const& here) {
    provider_metadata m;
    m.issuer = here.issuer();
    m.authorization_endpoint = m.issuer + here.endpoints->authorize;
    m.token_endpoint = m.issuer + here.endpoints->token;
    m.userinfo_endpoint = m.issuer + here.endpoints->userinfo;
    m.sends_issuer = true;
    return m;
}

// What the MCP server wants, and what userinfo has something to say for.
scope_list own_scopes(policy const& rules) {
    auto scopes = default_scopes(rules);
    for (std::string_view const more : {"openid", "profile"})
        if (has_scope(rules.scopes, more)) scopes = with_scope(std::move(scopes), more);
    return scopes;
}

task<outcome<known_provider>> who_is_asked(test_page& p, http::place const& here) {
    if (p.asks_own()) co_return std::make_shared<provider_metadata const>(own_provider(here));
    co_return co_await p.upstream.metadata();
}

void take_client(test_page const& p, http::form const& query, test_page_setup& s) {
    auto const& known = p.upstream.options();
    s.client_id = s.own ? std::string(test_page_client_id) : known.client_id;
    s.has_secret = !s.own && !known.client_secret.empty() && !known.client_id.empty();
    auto const given = query.one("client_id");
    if (!given || *given == s.client_id) return;
    s.client_id = *given;
    s.overridden = true;
    // The secret is that of the configured client.
    s.has_secret = false;
}

// Our own server is told for which resource the token is (RFC 8707 §2). Most others know nothing of
// our MCP URL, and would refuse the login as one for an invalid_target.
void take_resource(http::place const& here, http::form const& query, test_page_setup& s) {
    s.needs_agent = here.has_agents() && here.agent.empty();
    // An empty one is said here, not omitted: by it a person leaves the resource out.
    auto const& empty = query.without_value();
    s.resource_given = query.has("resource") || std::ranges::find(empty, "resource") != empty.end();
    if (s.resource_given)
        s.resource = query.one("resource").value_or("");
    else if (s.own && !s.needs_agent)
        s.resource = here.mcp_url();
}

void find_missing(test_page_setup& s) {
    if (s.own || s.failure) return;
    if (s.client_id.empty()) s.missing.push_back({"OAUTH_CLIENT_ID", "upstream.client_id", false});
    if (s.provider.authorization_endpoint.empty())
        s.missing.push_back({"OAUTH_AUTH_URL", "upstream.authorization_endpoint", true});
    if (s.provider.token_endpoint.empty())
        s.missing.push_back({"OAUTH_TOKEN_URL", "upstream.token_endpoint", true});
}

}  // namespace

std::string test_page_setup::carried() const {
    std::vector<std::pair<std::string, std::string>> all;
    if (overridden) all.emplace_back("client_id", client_id);
    if (resource_given) all.emplace_back("resource", resource);
    return all.empty() ? "" : http::with_query("", all);
}

std::string test_page_setup::login_url() const {
    return mcp_base + std::string(test_page_login_path) + carried();
}

provider_options own_back_channel(http::place const& here) {
    provider_options o;
    // Where the browser goes, unlike what is asked from here.
    o.authorization_endpoint = here.issuer() + here.endpoints->authorize;
    o.token_endpoint = here.internal_issuer + here.endpoints->token;
    o.userinfo_endpoint = here.internal_issuer + here.endpoints->userinfo;
    o.client_id = test_page_client_id;
    return o;
}

task<outcome<test_page_setup>> set_up(test_page& p, http::context& c) {
    auto const query = c.query();
    if (!query) co_return query.error().as(problem::shown_as::page);
    auto const readable = check_query(**query);
    if (!readable) co_return readable.error().as(problem::shown_as::page);
    auto const& here = c.place();
    auto const found = co_await who_is_asked(p, here);

    test_page_setup s;
    s.base = here.base;
    s.mcp_base = here.mcp_base();
    s.mode = p.options.mode;
    s.own = p.asks_own();
    // Without the provider, what is configured can be shown all the same.
    if (found)
        s.provider = **found;
    else
        s.provider = merged(p.upstream.options(), {});
    if (!found) s.failure = found.error();
    auto const& rules = p.as.rules(c);
    s.scopes = s.own ? own_scopes(rules) : p.upstream.options().scopes;
    s.redirect_uri = test_page_redirect_uri(here);
    s.mcp_url = here.mcp_url();
    s.sse_url = here.sse_url();
    s.transports = p.options.transports(c.realm());
    take_client(p, **query, s);
    take_resource(here, **query, s);
    find_missing(s);
    co_return s;
}

}  // namespace tollgate::oauth

#include "oauth/test_page/view.hpp"

#include "http/page/page.hpp"
#include "oauth/clients/test_page_client.hpp"

namespace tollgate::oauth {

namespace {

using http::html;

constexpr std::size_t longest_fact = 2000;
constexpr std::size_t longest_answer = 4000;

void add_missing(html& body, missing_setting const& m, bool has_issuer) {
    body << "<p class=\"error\" role=\"alert\"><strong>Missing ";
    body.text(m.variable) << "</strong><br>Set the environment variable <code>";
    body.text(m.variable) << "</code> or the key <code>";
    body.text(m.key) << "</code> of config.toml";
    if (m.published && has_issuer) body << " (the metadata of the issuer does not name it)";
    if (m.published && !has_issuer)
        body << ", or let the provider say it: <code>OAUTH_ISSUER</code> or "
                "<code>upstream.issuer</code>";
    if (!m.published) body << ", or enter one below";
    body << ".</p>\n";
}

void add_state(html& body, test_page_setup const& s) {
    for (auto const& m : s.missing)
        add_missing(body, m, !s.provider.issuer.empty());
    if (s.failure) {
        body << "<p class=\"error\" role=\"alert\"><strong>The provider cannot be found."
                "</strong><br>";
        body.text(s.failure->description()) << "</p>\n";
    }
    if (!s.needs_agent || s.resource_given) return;
    body.warning("No agent is named.",
                 "Each agent is a resource of its own. Add ?resource= with the URL of one, or no "
                 "resource is asked for.");
}

std::string_view provider_of(test_page_setup const& s) {
    if (!s.own) return "the provider under [upstream]";
    return s.mode == "broker" ? "this server, as a broker" : "this server";
}

void add_client(html& body, test_page_setup const& s) {
    auto id = s.client_id;
    if (s.overridden) id += " (from the address)";
    add_fact(body, "Client ID", s.client_id.empty() ? "missing" : id);
    add_fact(body, "Client secret",
             s.has_secret ? "set, and never shown" : "none: a public client");
}

void add_configuration(html& body, test_page_setup const& s) {
    body << "<h2>Effective configuration</h2>\n<dl>\n";
    add_fact(body, "Mode", s.mode);
    add_fact(body, "Provider", provider_of(s));
    add_fact(body, "Issuer", s.provider.issuer.empty() ? "not named" : s.provider.issuer);
    auto const endpoint = [](std::string const& url) { return url.empty() ? "missing" : url; };
    add_fact(body, "Authorization endpoint", endpoint(s.provider.authorization_endpoint));
    add_fact(body, "Token endpoint", endpoint(s.provider.token_endpoint));
    add_fact(body, "Userinfo endpoint",
             s.provider.userinfo_endpoint.empty()
                 ? "none (OAUTH_USERINFO_URL, upstream.userinfo_endpoint): it is not asked"
                 : s.provider.userinfo_endpoint);
    add_client(body, s);
    add_fact(body, "Scopes",
             s.scopes.empty() ? "none: what the provider likes" : scope_text(s.scopes));
    add_fact(body, "Redirect URI", s.redirect_uri);
    add_fact(body, "Resource", s.resource.empty() ? "none is named" : s.resource);
    if (s.transports.streamable_http) add_fact(body, "MCP URL", s.mcp_url);
    if (s.transports.sse) add_fact(body, "SSE URL", s.sse_url);
    body << "</dl>\n";
    if (!s.own)
        body << "<p><small>The provider must know the redirect URI above, to the letter.</small>"
                "</p>\n";
}

void add_client_form(html& body, test_page_setup const& s) {
    body << "<details";
    if (s.client_id.empty()) body << " open";
    body << ">\n<summary>Log in as another client</summary>\n<form method=\"get\"";
    body.attribute("action", start_path(s)) << ">\n";
    if (s.resource_given) body.hidden("resource", s.resource);
    body << "<label>Client ID <small>(public: no secret is sent)</small>\n<input "
            "name=\"client_id\" required maxlength=\"2048\" autocomplete=\"off\" "
            "autocapitalize=\"off\" spellcheck=\"false\"";
    if (s.overridden) body.attribute("value", s.client_id);
    body << "></label>\n<button>Use this client ID</button>\n</form>\n</details>\n";
}

void add_provider_response(html& body, provider_response const& response) {
    if (response.status == 0) return;
    body << "<h2>What the provider answered</h2>\n<dl>\n";
    add_fact(body, "Status", std::to_string(response.status));
    add_fact(body, "Content-Type", response.content_type.empty() ? "none" : response.content_type);
    body << "</dl>\n";
    if (response.body.empty())
        body.paragraph("The body was empty.");
    else
        (body << "<pre>").foreign(response.body, longest_answer) << "</pre>\n";
}

}  // namespace

std::string start_path(test_page_setup const& s) {
    return s.base + std::string(test_page_path);
}

void add_fact(html& body, http::markup name, std::string_view value) {
    if (value.empty()) return;
    (body << "<dt>" << name << "</dt><dd>").foreign(value, longest_fact) << "</dd>\n";
}

void add_failure(html& body, test_page_failure const& f) {
    body << "<p class=\"error\" role=\"alert\">";
    body.foreign(f.says, longest_fact) << "</p>\n";
    if (!f.facts.empty()) {
        body << "<dl>\n";
        for (auto const& [name, value] : f.facts) {
            (body << "<dt>").foreign(name) << "</dt><dd>";
            body.foreign(value, longest_fact) << "</dd>\n";
        }
        body << "</dl>\n";
    }
    add_provider_response(body, f.response);
    if (f.check.empty()) return;
    body << "<h2>What to check</h2>\n<ul>\n";
    for (auto const& one : f.check)
        (body << "<li>").foreign(one, longest_fact) << "</li>\n";
    body << "</ul>\n";
}

http::reply start_view(test_page_setup const& s, unsigned status) {
    html body;
    body.paragraph(
        "Logs in with the OAuth provider of this MCP server and shows what comes back: "
        "a token for MCP Inspector or curl, and who it belongs to.");
    add_state(body, s);
    if (s.ready()) {
        body << "<div class=\"actions\"><a class=\"button primary\"";
        body.attribute("href", s.login_url()) << ">Start login</a></div>\n";
    }
    add_configuration(body, s);
    add_client_form(body, s);
    http::page page("OAuth test page", std::move(body));
    page.status = s.failure ? s.failure->status() : 200;
    if (status != 0) page.status = status;
    page.forms = http::forms_lead::home;
    page.wide = true;
    return http::html_page(page);
}

}  // namespace tollgate::oauth

#include "control/site_map/site_map.hpp"

#include <string>
#include <vector>

#include "control/site_map/scenario_page.hpp"
#include "http/message/request.hpp"
#include "http/page/page.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

struct entry {
    std::string_view name;
    std::string url;
    std::string_view text;
    bool can_be_opened = true;  // in a browser, by GET
};

std::string inserted(std::string const& origin, std::string_view document,
                     std::string const& path) {
    return origin + "/.well-known/" + std::string(document) + path;
}

void add_mcp(std::vector<entry>& all, http::place const& p, mcp::policy const& rules) {
    if (rules.offers("streamable-http"))
        all.push_back({"MCP server", p.mcp_url(), "for MCP clients: Streamable HTTP", false});
    if (rules.offers("sse"))
        all.push_back({"MCP server, HTTP+SSE", p.sse_url(), "for older clients", false});
    all.push_back({"resource metadata",
                   inserted(p.mcp_origin, "oauth-protected-resource", p.base + p.mcp_path()),
                   "which authorization server the MCP server trusts (RFC 9728)"});
}

std::vector<entry> entries(site_map const& m, context const& c) {
    auto const& p = c.place();
    std::vector<entry> all;
    add_mcp(all, p, *m.mcp().current_policy(c.realm()));
    all.push_back({"authorization server", p.issuer(), "the issuer of the tokens", false});
    all.push_back({"its metadata", inserted(p.as_origin, "oauth-authorization-server", p.base),
                   "where clients register, log in and get tokens (RFC 8414)"});
    if (m.offered().test_page())
        all.push_back({"test page", p.mcp_base() + "/oauth", "log in by hand and see the token"});
    if (m.offered().scenarios)
        all.push_back({"scenarios", p.as_origin + "/s", "ways to misbehave, each with a URL"});
    if (m.offered().control) {
        auto const control = p.issuer() + "/control/";
        all.push_back({"dashboard", control + "ui", "see what your client does, and break things"});
        all.push_back({"control plane", control + "state", "tokens, sessions and switches"});
        all.push_back({"faults", control + "catalogue", "single things that can go wrong"});
    }
    return all;
}

constexpr std::string_view introduction =
    "An OAuth authorization server and an MCP server, made for testing MCP clients. Give a client "
    "the first address: it discovers the rest.";
constexpr std::string_view documentation =
    "More: tollgate --help, man tollgate, and the folder docs of the program.";

std::string as_text(std::vector<entry> const& all) {
    std::string text = "tollgate " TOLLGATE_VERSION "\n" + std::string(introduction) + "\n\n";
    for (auto const& e : all) {
        std::string name(e.name);
        name.resize(22, ' ');
        text += name + e.url + "\n" + std::string(22, ' ') + std::string(e.text) + '\n';
    }
    return text + '\n' + std::string(documentation) + '\n';
}

reply as_page(std::vector<entry> const& all) {
    http::html body;
    body.paragraph(introduction) << "<dl>\n";
    for (auto const& e : all) {
        body << "<dt>";
        body.text(e.name) << "</dt><dd>";
        if (e.can_be_opened) {
            body.link(e.url, e.url);
        } else {
            body << "<code>";
            body.text(e.url) << "</code>";
        }
        body << "<br><small>";
        body.text(e.text) << "</small></dd>\n";
    }
    body << "</dl>\n";
    body.paragraph(documentation);
    http::page page("tollgate " TOLLGATE_VERSION, std::move(body));
    page.wide = true;
    return http::html_page(page);
}

task<outcome<reply>> show_map(site_map& m, context& c) {
    auto const all = entries(m, c);
    bool const page = http::wants_page(c.request());
    auto r = page ? as_page(all) : reply(200, "text/plain; charset=utf-8", as_text(all));
    r.headers.set("Cache-Control", "no-store");
    r.headers.add("Vary", "Accept");
    co_return r;
}

task<outcome<reply>> show_scenarios(site_map&, context& c) {
    return scenario_page(c);
}

constexpr http::route<site_map> map_routes[] = {
    {"/", http::verb::get, "site_map", &show_map, http::no_cors},
};

// Whose realms are made by their first use.
constexpr http::route<site_map> scenario_routes[] = {
    {"/s", http::verb::get, "site_map", &show_scenarios, http::no_cors | http::origin_root},
};

}  // namespace

void site_map::add_routes(http::router& r) {
    r.add(*this, std::span<http::route<site_map> const>(map_routes));
    if (options_.scenarios) r.add(*this, std::span<http::route<site_map> const>(scenario_routes));
}

}  // namespace tollgate::control

#include "control/site_map/scenario_page.hpp"

#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/message/request.hpp"
#include "http/page/page.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::html;
using http::reply;

// 22 characters: what a server with a public URL wants of strangers.
constexpr std::size_t run_bytes = 16;

constexpr std::string_view what_scenarios_are =
    "Give a client the URL of a scenario, use it as always, and ask for the verdict. The part "
    "behind the scenario's name is the RUN, any name you like: another one is a fresh test bed.";
constexpr std::string_view by_ports =
    "It is about the root of an origin and needs ports of its own: tollgate test, or POST "
    "/control/realms with \"isolation\": \"port\".";

struct one_run {
    std::string run;
    context const& c;

    std::string base(scenario const& s) const { return "/s/" + path_form(s.name) + '/' + run; }
    std::string mcp(scenario const& s) const {
        return c.place().mcp_origin + base(s) + c.place().mcp_path();
    }
    std::string verdict(scenario const& s) const {
        return c.place().as_origin + base(s) + "/control/verdict?format=markdown";
    }
};

// What a client is told, by who it is. {name} and {url} stand for the scenario's.
struct client_setup {
    std::string_view client;
    std::string_view where;  // "in a shell", or a file
    std::string_view text;
};

constexpr client_setup setups[] = {
    {"VS Code", "in a shell", R"(code --add-mcp '{"name":"{name}","type":"http","url":"{url}"}')"},
    {"Claude Code", "in a shell", "claude mcp add --transport http {name} {url}"},
    {"Cursor", "in .cursor/mcp.json", R"({"mcpServers": {"{name}": {"url": "{url}"}}})"},
    {"Codex", "in ~/.codex/config.toml, then: codex mcp login {name}",
     "[mcp_servers.{name}]\nurl = \"{url}\""},
    {"Inspector", "in a shell",
     "npx @modelcontextprotocol/inspector --transport http --server-url {url}"},
    {"TypeScript SDK", "in a program",
     "const transport = new StreamableHTTPClientTransport(new URL('{url}'), { authProvider });\n"
     "await client.connect(transport);"},
};

std::string filled_in(std::string_view text, scenario const& s, std::string const& url) {
    // Clients take letters, digits, - and _ in the name of a server.
    std::string name = "tollgate-";
    for (char const ch : s.name)
        name += ch == '.' || ch == '/' ? '-' : ch;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const rest = text.substr(i);
        auto const* const put = rest.starts_with("{name}")  ? &name
                                : rest.starts_with("{url}") ? &url
                                                            : nullptr;
        if (put == nullptr) {
            out += text[i];
            continue;
        }
        out += *put;
        i = text.find('}', i);
    }
    return out;
}

void show_scenario(html& body, scenario const& s, one_run const& r) {
    body << "<dt>";
    body.text(s.name) << "</dt><dd>";
    if (s.own_mcp_origin) {
        body.text(by_ports);
    } else {
        body << "<code>";
        body.text(r.mcp(s)) << "</code>";
    }
    body << "<br><small>";
    body.text(s.summary) << " ";
    if (!s.own_mcp_origin)
        body.link(r.c.place().as_origin + "/s?scenario=" + s.name, "Set up a client");
    body << "</small></dd>\n";
}

http::page list_page(one_run const& r) {
    html body;
    body.paragraph(what_scenarios_are) << "<dl>\n";
    for (auto const& s : all_scenarios())
        show_scenario(body, s, r);
    body << "</dl>\n";
    return {"Scenarios", std::move(body)};
}

http::page setup_page(scenario const& s, one_run const& r) {
    html body;
    body.paragraph(s.summary);
    body.paragraph(s.person);
    body.paragraph("It is over " + s.ends + '.');
    if (s.own_mcp_origin) {
        body.paragraph(by_ports);
        return {"Scenario " + s.name, std::move(body)};
    }
    auto const url = r.mcp(s);
    body << "<pre>";
    body.text(url) << "</pre>\n";
    for (auto const& setup : setups) {
        body << "<p>";
        body.text(setup.client) << ", <small>";
        body.text(filled_in(setup.where, s, url)) << "</small></p>\n<pre>";
        body.text(filled_in(setup.text, s, url)) << "</pre>\n";
    }
    body << "<p>";
    body.link(r.verdict(s), "What the client did right and wrong") << "</p>\n";
    return {"Scenario " + s.name, std::move(body)};
}

reply as_page(scenario const* one, one_run const& r) {
    auto page = one != nullptr ? setup_page(*one, r) : list_page(r);
    page.wide = true;
    return http::html_page(page);
}

std::string list_text(one_run const& r) {
    std::string text(what_scenarios_are);
    text += "\n\n";
    for (auto const& s : all_scenarios()) {
        text += s.name + "\n    " + (s.own_mcp_origin ? std::string(by_ports) : r.mcp(s)) +
                "\n    " + s.summary + '\n';
    }
    return text;
}

std::string setup_text(scenario const& s, one_run const& r) {
    auto const url = r.mcp(s);
    std::string text = s.name + "\n" + s.summary + "\n" + s.person + "\n\n";
    if (s.own_mcp_origin) return text + std::string(by_ports) + '\n';
    text += url + "\n";
    for (auto const& setup : setups)
        text += "\n" + std::string(setup.client) + ", " + filled_in(setup.where, s, url) + ":\n" +
                filled_in(setup.text, s, url) + '\n';
    return text;
}

reply as_text(scenario const* one, one_run const& r) {
    return {200, "text/plain; charset=utf-8", one != nullptr ? setup_text(*one, r) : list_text(r)};
}

}  // namespace

task<outcome<reply>> scenario_page(context& c) {
    auto const query = c.query();
    if (!query) co_return query.error();
    auto const name = (*query)->one("scenario");
    scenario const* one = nullptr;
    if (name) {
        auto const found = find_scenario(*name);
        if (!found) co_return found.error();
        one = *found;
    }
    one_run const r{random_token(run_bytes), c};
    auto answer = http::wants_page(c.request()) ? as_page(one, r) : as_text(one, r);
    answer.headers.set("Cache-Control", "no-store");
    answer.headers.add("Vary", "Accept");
    co_return answer;
}

}  // namespace tollgate::control

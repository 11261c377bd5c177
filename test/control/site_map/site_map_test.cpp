// What stands at "/" and at /s: addresses to give to a client, for a person and for a shell.
#include "control/site_map/site_map.hpp"

#include <cctype>
#include <set>

#include <boost/test/unit_test.hpp>

#include "control/scenarios/scenarios.hpp"
#include "control/support/fakes.hpp"
#include "support/exchange.hpp"

using namespace test;
namespace control = tollgate::control;

namespace {

constexpr auto browser = "text/html,application/xhtml+xml,*/*;q=0.8";

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

struct site {
    control::site_map::options offered;
    bool test_page = true;
    fake_mcp mcp;
    std::unique_ptr<control::site_map> map;
    http::router routes;
    std::unique_ptr<bench> b;

    bench& at() {
        if (b) return *b;
        offered.test_page = [this] { return test_page; };
        map = std::make_unique<control::site_map>(mcp, offered);
        map->add_routes(routes);
        b = std::make_unique<bench>(routes);
        mcp.open(*b->realm);
        return *b;
    }
    answer get(std::string const& target, std::string const& accept = "*/*") {
        return at().get(target, {{"Accept", accept}});
    }
    std::string text(std::string const& target = "/") { return get(target).body; }
    // What stands behind that name in the text.
    std::string address(std::string const& name) {
        auto const all = text();
        auto const line = all.find('\n' + name + ' ');
        if (line == all.npos) return "";
        auto const begin = all.find("http", line);
        return all.substr(begin, all.find('\n', begin) - begin);
    }
};

// The RUN of the first scenario path in it.
std::string run_in(std::string const& text) {
    auto const begin = text.find("/s/plain/") + 9;
    return text.substr(begin, text.find('/', begin) - begin);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(site_map_suite, site)

BOOST_AUTO_TEST_CASE(names_the_addresses_of_both_servers) {
    BOOST_TEST(address("MCP server") == "http://localhost:9101/mcp");
    BOOST_TEST(address("MCP server, HTTP+SSE") == "http://localhost:9101/sse");
    BOOST_TEST(address("authorization server") == "http://localhost:9100");
    BOOST_TEST(address("test page") == "http://localhost:9101/oauth");
    BOOST_TEST(address("scenarios") == "http://localhost:9100/s");
    BOOST_TEST(address("dashboard") == "http://localhost:9100/control/ui");
    BOOST_TEST(address("control plane") == "http://localhost:9100/control/state");
    BOOST_TEST(address("faults") == "http://localhost:9100/control/catalogue");
}

// RFC 9728 §3.1, RFC 8414 §3.1: the well-known segment goes between origin and path.
BOOST_AUTO_TEST_CASE(names_the_documents_of_a_realm_by_insertion) {
    at().where.base = "/r/alpha";
    BOOST_TEST(address("resource metadata") ==
               "http://localhost:9101/.well-known/oauth-protected-resource/r/alpha/mcp");
    BOOST_TEST(address("its metadata") ==
               "http://localhost:9100/.well-known/oauth-authorization-server/r/alpha");
}

BOOST_AUTO_TEST_CASE(speaks_of_a_realm_by_its_base_and_of_scenarios_at_the_origin) {
    at().where.base = "/r/alpha";
    BOOST_TEST(address("MCP server") == "http://localhost:9101/r/alpha/mcp");
    BOOST_TEST(address("authorization server") == "http://localhost:9100/r/alpha");
    BOOST_TEST(address("test page") == "http://localhost:9101/r/alpha/oauth");
    BOOST_TEST(address("dashboard") == "http://localhost:9100/r/alpha/control/ui");
    BOOST_TEST(address("scenarios") == "http://localhost:9100/s");
}

BOOST_AUTO_TEST_CASE(speaks_the_names_of_the_request_and_the_configured_paths) {
    at().where.as_origin = "https://auth.example.com";
    at().where.mcp_origin = "https://mcp.example.com";
    at().where.paths.mcp = "/tools";
    BOOST_TEST(address("MCP server") == "https://mcp.example.com/tools");
    BOOST_TEST(address("resource metadata") ==
               "https://mcp.example.com/.well-known/oauth-protected-resource/tools");
    BOOST_TEST(address("its metadata") ==
               "https://auth.example.com/.well-known/oauth-authorization-server");
}

BOOST_AUTO_TEST_CASE(names_the_transports_that_the_realm_speaks_now) {
    auto rules = *mcp.current_policy(*at().realm);
    rules.transports = {"sse"};
    mcp.set_policy(*at().realm, rules);
    BOOST_TEST(address("MCP server") == "");
    BOOST_TEST(address("MCP server, HTTP+SSE") == "http://localhost:9101/sse");
    rules.transports = {"streamable-http"};
    mcp.set_policy(*at().realm, rules);
    BOOST_TEST(address("MCP server") == "http://localhost:9101/mcp");
    BOOST_TEST(!holds(text(), "HTTP+SSE"));
}

BOOST_AUTO_TEST_CASE(is_silent_of_a_control_plane_that_is_not_served) {
    offered.control = false;
    BOOST_TEST(!holds(text(), "/control/"));
    BOOST_TEST(address("scenarios") == "http://localhost:9100/s");
}

BOOST_AUTO_TEST_CASE(has_no_scenarios_where_nobody_can_make_a_realm_by_its_path) {
    offered.scenarios = false;
    BOOST_TEST(address("scenarios") == "");
    BOOST_TEST(get("/s").status == 404u);
    BOOST_TEST(get("/").status == 200u);
}

BOOST_AUTO_TEST_CASE(asks_each_time_whether_there_is_a_test_page) {
    BOOST_TEST(address("test page") != "");
    test_page = false;
    BOOST_TEST(address("test page") == "");
}

BOOST_AUTO_TEST_CASE(is_text_unless_a_browser_asks) {
    for (auto const* accept : {"*/*", "text/plain", "application/json", "text/html;q=0",
                               "text/html, application/json"}) {
        auto const a = get("/", accept);
        BOOST_TEST(a.header("Content-Type") == "text/plain; charset=utf-8", accept);
        BOOST_TEST(a.body.starts_with("tollgate "), accept);
    }
    auto const page = get("/", browser);
    BOOST_TEST(page.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(page.body.starts_with("<!"));
}

// A cache in between must not give a shell what it has kept for a browser.
BOOST_AUTO_TEST_CASE(is_not_kept_and_differs_by_accept) {
    for (auto const* target : {"/", "/s", "/s?scenario=plain"})
        for (std::string const accept : {"*/*", browser}) {
            auto const a = get(target, accept);
            BOOST_TEST(a.header("Cache-Control") == "no-store", target << accept);
            BOOST_TEST(a.header("Vary") == "Accept", target << accept);
        }
}

BOOST_AUTO_TEST_CASE(links_what_a_browser_can_open_and_shows_the_rest) {
    auto const page = get("/", browser).body;
    BOOST_TEST(holds(page, "<code>http://localhost:9101/mcp</code>"));
    BOOST_TEST(!holds(page, "href=\"http://localhost:9101/mcp\""));
    BOOST_TEST(holds(page, "<code>http://localhost:9100</code>"));
    BOOST_TEST(holds(page, "href=\"http://localhost:9100/control/ui\""));
    BOOST_TEST(holds(page, "href=\"http://localhost:9101/oauth\""));
}

BOOST_AUTO_TEST_CASE(takes_an_address_for_text_and_not_for_html) {
    at().where.paths.mcp = "/a\"<b>";
    auto const page = get("/", browser).body;
    BOOST_TEST(!holds(page, "<b>"));
    BOOST_TEST(holds(page, "&lt;b&gt;"));
}

BOOST_AUTO_TEST_CASE(answers_get_alone) {
    for (std::string const target : {"/", "/s"}) {
        auto const a = at().send(http::verb::post, target, "", {});
        BOOST_TEST(a.status == 405u, target);
        BOOST_TEST(holds(a.header("Allow"), "GET"), target);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(scenario_page_suite, site)

BOOST_AUTO_TEST_CASE(lists_every_scenario_once_with_what_it_does) {
    auto const all = text("/s");
    for (auto const& s : control::all_scenarios()) {
        BOOST_TEST(times(all, '\n' + s.name + "\n    ") == 1u, s.name);
        BOOST_TEST(holds(all, "\n    " + s.summary + '\n'), s.name);
    }
}

// "/" is the end of a segment: in a path it is written as a dot.
BOOST_AUTO_TEST_CASE(writes_a_name_as_it_stands_in_a_path) {
    auto const all = text("/s");
    BOOST_TEST(holds(all, "http://localhost:9101/s/auth.basic-cimd/" + run_in(all) + "/mcp\n"));
    BOOST_TEST(!holds(all, "/s/auth/"));
}

BOOST_AUTO_TEST_CASE(gives_each_look_a_run_of_its_own_for_all_scenarios) {
    auto const one = text("/s"), other = text("/s");
    BOOST_TEST(run_in(one) != run_in(other));
    BOOST_TEST(run_in(one).size() == 22u);
    BOOST_TEST(times(one, '/' + run_in(one) + "/mcp\n") == times(one, "/mcp\n"));
}

BOOST_AUTO_TEST_CASE(gives_no_address_for_what_needs_an_origin_of_its_own) {
    std::size_t apart = 0;
    for (auto const& s : control::all_scenarios()) {
        if (!s.own_mcp_origin) continue;
        ++apart;
        auto const told = text("/s?scenario=" + s.name);
        BOOST_TEST(holds(told, "needs ports of its own"), s.name);
        BOOST_TEST(!holds(told, "http://localhost:9101/"), s.name);
        BOOST_TEST(!holds(get("/s?scenario=" + s.name, browser).body, "/control/verdict"), s.name);
    }
    BOOST_TEST(apart > 0u);
    BOOST_TEST(times(text("/s"), "needs ports of its own") == apart);
}

BOOST_AUTO_TEST_CASE(tells_what_to_write_into_each_client) {
    auto const told = text("/s?scenario=refresh.basic");
    auto const run = told.substr(told.find("/s/refresh.basic/") + 17, 22);
    auto const url = "http://localhost:9101/s/refresh.basic/" + run + "/mcp";
    BOOST_TEST(holds(told, "claude mcp add --transport http tollgate-refresh-basic " + url + '\n'));
    BOOST_TEST(
        holds(told, R"({"mcpServers": {"tollgate-refresh-basic": {"url": ")" + url + "\"}}}\n"));
    BOOST_TEST(holds(told, "[mcp_servers.tollgate-refresh-basic]\nurl = \"" + url + "\"\n"));
    BOOST_TEST(
        holds(told, R"(code --add-mcp '{"name":"tollgate-refresh-basic","type":"http","url":")" +
                        url + "\"}'\n"));
    BOOST_TEST(holds(told, "then: codex mcp login tollgate-refresh-basic:\n"));
    BOOST_TEST(!holds(told, "{name}"));
    BOOST_TEST(!holds(told, "{url}"));
}

// Clients take letters, digits, - and _ in the name of a server.
BOOST_AUTO_TEST_CASE(makes_a_name_for_the_client_that_clients_take) {
    std::set<char> wrong;
    for (auto const& s : control::all_scenarios()) {
        if (s.own_mcp_origin) continue;
        auto const told = text("/s?scenario=" + s.name);
        auto const begin = told.find("[mcp_servers.") + 13;
        for (char const c : told.substr(begin, told.find(']', begin) - begin))
            if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_')
                wrong.insert(c);
    }
    BOOST_TEST(wrong.empty());
}

BOOST_AUTO_TEST_CASE(tells_the_person_what_to_do_and_where_the_verdict_stands) {
    auto const& plain = control::plain_scenario();
    auto const page = get("/s?scenario=plain", browser).body;
    BOOST_TEST(holds(page, plain.summary));
    BOOST_TEST(holds(page, plain.person));
    BOOST_TEST(holds(page, "It is over " + plain.ends + "."));
    BOOST_TEST(holds(page, "href=\"http://localhost:9100/s/plain/" + run_in(page) +
                               "/control/verdict?format=markdown\""));
}

BOOST_AUTO_TEST_CASE(knows_a_scenario_by_its_other_names) {
    auto const by_alias = text("/s?scenario=consent.denied");
    BOOST_TEST(by_alias.starts_with((*control::find_scenario("consent.denied"))->name + '\n'));
    BOOST_TEST(text("/s?scenario=auth.basic-cimd").starts_with("auth/basic-cimd\n"));
}

BOOST_AUTO_TEST_CASE(tells_the_nearest_name_to_who_has_mistyped_one) {
    auto const a = get("/s?scenario=refresh.basik");
    BOOST_TEST(a.status == 404u);
    BOOST_TEST(holds(a.body, "the nearest is \\\"refresh.basic\\\""));
}

BOOST_AUTO_TEST_CASE(refuses_a_query_that_is_none) {
    BOOST_TEST(get("/s?scenario=%zz").status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()

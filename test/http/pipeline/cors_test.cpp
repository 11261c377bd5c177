#include "http/pipeline/cors.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/realm/directory_stub.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

int handled = 0;

task<outcome<reply>> ok(context&) {
    ++handled;
    co_return json_reply(200, "{}");
}

task<outcome<reply>> challenged(context& c) {
    co_return challenge::missing_token(c, {"mcp:tools"});
}

struct fixture {
    test::directory_stub realms;
    naming names = [] {
        naming n;
        n.allowed_origins = {"https://app.example", "chrome-extension://abcdefgh"};
        return n;
    }();
    resolver where{names, realms};
    router routes;
    test::bench bench{routes, stack({cors_layer(where), error_boundary()}, &run_route)};

    fixture() {
        handled = 0;
        routes.add_row("/token", verb::post, "token", plain_route, &ok);
        routes.add_row("/mcp", verb::post, "mcp", guarded, &challenged);
        routes.add_row("/authorize", verb::post, "authorize", navigation | no_cors, &ok);
        routes.add_row("/page", verb::get, "page", no_cors, &ok);
        routes.add_row("/.well-known/document", verb::get, "document",
                       opens_realm | public_document, &ok);
        routes.add_row("/control/reset", verb::post, "control", control_plane | no_cors, &ok);
        routes.add_row("/control/state", verb::get, "control", control_plane | no_cors, &ok);
    }
    test::answer post(std::string const& path, std::string const& origin) {
        return bench.send(verb::post, path, "", {{"Origin", origin}});
    }
    test::answer preflight(std::string const& path, std::string const& origin,
                           std::string const& headers = {}) {
        test::fields fields{{"Origin", origin}, {"Access-Control-Request-Method", "POST"}};
        if (!headers.empty()) fields.emplace_back("Access-Control-Request-Headers", headers);
        return bench.send(verb::options, path, "", std::move(fields));
    }
};

bool exposes_nothing(test::answer const& a) {
    for (auto const& h : a.headers) {
        if (h.name.starts_with("Access-Control-")) return false;
    }
    return true;
}

std::string said_by(test::answer const& a) {
    return std::string(a.json().at("error_description").as_string());
}

void check_foreign(test::answer const& a, char const* says = "server.allowed_origins") {
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(exposes_nothing(a));
    BOOST_TEST(a.json().at("error").as_string() == "origin_not_allowed");
    BOOST_TEST(said_by(a).find(says) != std::string::npos, said_by(a));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cors, fixture)

// RFC 9449 §7.1: scripts may read WWW-Authenticate.
BOOST_AUTO_TEST_CASE(an_allowed_origin_is_echoed_and_may_read_the_mcp_headers) {
    for (auto const* origin : {"http://localhost:6274", "https://app.example"}) {
        auto const a = post("/token", origin);
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(a.header("Access-Control-Allow-Origin") == origin);
        BOOST_TEST(a.header("Vary") == "Origin");
        auto const exposed = a.header("Access-Control-Expose-Headers");
        for (auto const* name : {"WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version"}) {
            BOOST_TEST(exposed.find(name) != std::string_view::npos, name);
        }
        BOOST_TEST(!a.headers.has("Access-Control-Allow-Credentials"));
    }
}

BOOST_AUTO_TEST_CASE(without_an_origin_there_is_only_vary) {
    auto const a = bench.send(verb::post, "/token", "", {});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(exposes_nothing(a));
    BOOST_TEST(a.header("Vary") == "Origin");
}

BOOST_AUTO_TEST_CASE(errors_are_readable_too) {
    auto const challenge = post("/mcp", "http://localhost:6274");
    BOOST_TEST(challenge.status == 401u);
    BOOST_TEST(challenge.header("Access-Control-Allow-Origin") == "http://localhost:6274");
    BOOST_TEST(challenge.headers.has("WWW-Authenticate"));
    auto const missing = post("/nothing", "http://localhost:6274");
    BOOST_TEST(missing.status == 404u);
    BOOST_TEST(missing.headers.has("Access-Control-Allow-Origin"));
    auto const method = bench.get("/token", {{"Origin", "http://localhost:6274"}});
    BOOST_TEST(method.status == 405u);
    BOOST_TEST(method.headers.has("Access-Control-Allow-Origin"));
}

// MCP Streamable HTTP, Security Warning: servers MUST validate the Origin header.
BOOST_AUTO_TEST_CASE(a_foreign_origin_is_403_and_reaches_no_handler) {
    for (auto const* origin : {"https://evil.example", "http://localhost.evil.example",
                               "http://localhost:1/", "chrome-extension://abcdefghi", ""}) {
        check_foreign(post("/token", origin));
        check_foreign(post("/mcp", origin));
        check_foreign(post("/page", origin));
        check_foreign(post("/nothing", origin));
    }
    BOOST_TEST(handled == 0);
}

BOOST_AUTO_TEST_CASE(two_origins_are_none) {
    check_foreign(bench.send(verb::post, "/token", "",
                             {{"Origin", "http://localhost:1"}, {"Origin", "http://localhost:1"}}),
                  "several origins");
}

BOOST_AUTO_TEST_CASE(an_empty_origin_is_called_what_it_is) {
    check_foreign(post("/token", ""), "an empty Origin");
}

// RFC 6454 §7.3: "null" is what a browser sends for an origin that it will not name
BOOST_AUTO_TEST_CASE(the_origin_null_is_refused_and_no_list_is_pointed_at) {
    auto const a = post("/token", "null");
    check_foreign(a, "sandboxed");
    BOOST_TEST(said_by(a).find("server.allowed_origins") == std::string::npos);
    BOOST_TEST(handled == 0);
}

BOOST_AUTO_TEST_CASE(an_extension_that_is_listed_is_an_origin_like_any_other) {
    constexpr auto extension = "chrome-extension://abcdefgh";
    auto const a = post("/token", extension);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Access-Control-Allow-Origin") == extension);
    auto const before = preflight("/mcp", extension);
    BOOST_TEST(before.status == 204u);
    BOOST_TEST(before.header("Access-Control-Allow-Origin") == extension);
}

// Fetch §3.2: "*" is for answers that are the same for everybody, and never goes with credentials
BOOST_AUTO_TEST_CASE(any_page_may_read_a_public_document) {
    for (auto const* origin : {"https://evil.example", "null", "http://localhost:6274", ""}) {
        auto const a = bench.get("/.well-known/document", {{"Origin", origin}});
        BOOST_TEST(a.status == 200u, origin);
        BOOST_TEST(a.header("Access-Control-Allow-Origin") == "*", origin);
        BOOST_TEST(!a.headers.has("Access-Control-Allow-Credentials"));
        BOOST_TEST(!a.headers.has("Vary"));
        test::fields const fields{{"Origin", origin},
                                  {"Access-Control-Request-Method", "GET"},
                                  {"Access-Control-Request-Headers", "mcp-protocol-version"}};
        auto const before = bench.send(verb::options, "/.well-known/document", "", fields);
        BOOST_TEST(before.status == 204u, origin);
        BOOST_TEST(before.header("Access-Control-Allow-Origin") == "*", origin);
        BOOST_TEST(before.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS");
    }
    // A shared cache may hand the same answer to a page.
    BOOST_TEST(bench.get("/.well-known/document").header("Access-Control-Allow-Origin") == "*");
    auto const wrong = post("/.well-known/document", "https://evil.example");
    BOOST_TEST(wrong.status == 405u);
    BOOST_TEST(wrong.header("Access-Control-Allow-Origin") == "*");
}

BOOST_AUTO_TEST_CASE(the_very_origin_that_was_called_is_never_foreign) {
    auto const a = bench.send(verb::post, "/token", "",
                              {{"Host", "tollgate:9100"}, {"Origin", "http://tollgate:9100"}});
    BOOST_TEST(a.status == 200u);
    check_foreign(bench.send(verb::post, "/token", "",
                             {{"Host", "tollgate:9100"}, {"Origin", "https://tollgate:9100"}}));
}

// RFC 9700 §2.6: no CORS at the authorization endpoint
BOOST_AUTO_TEST_CASE(a_form_may_be_sent_from_anywhere_but_is_readable_nowhere) {
    for (auto const* origin : {"https://evil.example", "null", "http://localhost:6274"}) {
        auto const a = post("/authorize", origin);
        BOOST_TEST(a.status == 200u, origin);
        BOOST_TEST(exposes_nothing(a));
    }
}

// RFC 9700 §2.6: no CORS for pages
BOOST_AUTO_TEST_CASE(a_page_is_readable_from_no_other_origin) {
    auto const a = bench.get("/page", {{"Origin", "http://localhost:6274"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(exposes_nothing(a));
    BOOST_TEST(exposes_nothing(preflight("/page", "http://localhost:6274")));
}

BOOST_AUTO_TEST_CASE(control_answers_its_own_origin_and_programs_and_no_other_page) {
    for (auto const* origin :
         {"http://localhost:6274", "https://app.example", "https://evil.example", "null", "",
          "http://127.0.0.1:9100", "https://localhost:9100"}) {
        for (auto const& a :
             {post("/control/reset", origin), bench.get("/control/state", {{"Origin", origin}}),
              preflight("/control/reset", origin),
              bench.send(verb::put, "/control/reset", "", {{"Origin", origin}})}) {
            BOOST_TEST(a.status == 403u, origin);
            BOOST_TEST(exposes_nothing(a));
        }
    }
    BOOST_TEST(handled == 0);
    auto const own = post("/control/reset", "http://localhost:9100");
    BOOST_TEST(own.status == 200u);
    BOOST_TEST(exposes_nothing(own));
    BOOST_TEST(bench.send(verb::post, "/control/reset", "", {}).status == 200u);
}

BOOST_AUTO_TEST_CASE(control_behind_a_public_url_knows_its_own_origin) {
    bench.where.as_origin = "https://as.example";
    BOOST_TEST(post("/control/reset", "https://as.example").status == 200u);
    BOOST_TEST(post("/control/reset", "http://localhost:9101").status == 403u);
}

BOOST_AUTO_TEST_CASE(a_preflight_needs_no_token_and_reaches_no_handler) {
    auto const a = preflight("/mcp", "http://localhost:6274", "Authorization, Content-Type");
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Access-Control-Allow-Origin") == "http://localhost:6274");
    BOOST_TEST(a.header("Access-Control-Allow-Methods") == "POST, OPTIONS");
    BOOST_TEST(a.header("Access-Control-Max-Age") == "600");
    BOOST_TEST(a.header("Vary") == "Origin");
    auto const allowed = a.header("Access-Control-Allow-Headers");
    for (auto const* name : {"authorization", "content-type", "accept", "mcp-protocol-version",
                             "mcp-session-id", "mcp-method", "mcp-name", "last-event-id"}) {
        BOOST_TEST(allowed.find(name) != std::string_view::npos, name);
    }
    BOOST_TEST(handled == 0);
}

BOOST_AUTO_TEST_CASE(a_preflight_grants_the_further_headers_it_asks_for_and_no_garbage) {
    auto const a =
        preflight("/mcp", "http://localhost:6274", "Mcp-Param-City, X-Trace, a b, \"x\"");
    auto const allowed = a.header("Access-Control-Allow-Headers");
    BOOST_TEST(allowed.find("mcp-param-city") != std::string_view::npos);
    BOOST_TEST(allowed.find("x-trace") != std::string_view::npos);
    BOOST_TEST(allowed.find("a b") == std::string_view::npos);
    BOOST_TEST(allowed.find('"') == std::string_view::npos);
    auto const many = preflight("/mcp", "http://localhost:6274", std::string(5000, 'x'));
    BOOST_TEST(many.header("Access-Control-Allow-Headers").size() < 500u);
}

BOOST_AUTO_TEST_CASE(a_preflight_for_nothing_lets_the_script_read_the_404) {
    auto const a = preflight("/.well-known/missing", "http://localhost:6274");
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Access-Control-Allow-Methods").find("GET") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_preflight_of_a_foreign_origin_is_403) {
    check_foreign(preflight("/mcp", "https://evil.example"));
}

BOOST_AUTO_TEST_CASE(options_without_a_preflight_lists_the_methods) {
    auto const a = bench.send(verb::options, "/token", "", {{"Origin", "http://localhost:1"}});
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(a.header("Access-Control-Allow-Origin") == "http://localhost:1");
}

BOOST_AUTO_TEST_CASE(a_page_of_the_network_may_reach_loopback_when_its_origin_is_allowed) {
    test::fields const fields{{"Origin", "https://app.example"},
                              {"Access-Control-Request-Method", "POST"},
                              {"Access-Control-Request-Private-Network", "true"}};
    auto const a = bench.send(verb::options, "/mcp", "", fields);
    BOOST_TEST(a.header("Access-Control-Allow-Private-Network") == "true");
    BOOST_TEST(!preflight("/mcp", "https://app.example")
                    .headers.has("Access-Control-Allow-Private-Network"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "http/pipeline/router.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct service_stub {
    std::string answer = "hello";
};

task<outcome<reply>> say(service_stub& s, context&) {
    co_return reply(200, "text/plain", s.answer);
}

task<outcome<reply>> say_endpoint(context& c) {
    co_return reply(200, "text/plain",
                    std::string(c.endpoint()) + ':' + std::string(c.parameter("a")) + ':' +
                        std::string(c.parameter("b")));
}

constexpr route<service_stub> rows[] = {
    {"/token", verb::post, "token", &say, plain_route},
    {"/authorize", verb::get, "authorize", &say, navigation | no_cors},
    {"/authorize", verb::post, "authorize", &say, navigation | no_cors},
    {"/mcp", verb::get, "mcp", &say, guarded | no_head},
    {"/mcp", verb::post, "mcp", &say, guarded | opens_realm},
    {"/mcp", verb::delete_, "mcp", &say, guarded},
    {"/callback", verb::get, "callback", &say, navigation | no_cors | once},
};

struct fixture {
    service_stub stub;
    router routes;
    test::bench bench{routes, stack({error_boundary()}, &run_route)};

    fixture() {
        routes.add<service_stub>(stub, rows);
        routes.add_row("/register/{a}", verb::get, "registration", plain_route, &say_endpoint);
        routes.add_row("/register/new", verb::get, "fixed", plain_route, &say_endpoint);
        routes.add_row("/{a}/in/{b}", verb::get, "two", plain_route, &say_endpoint);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(routers, fixture)

BOOST_AUTO_TEST_CASE(a_row_answers_its_path_and_method) {
    auto const a = bench.post_form("/token", {});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "hello");
    auto const m = routes.match(verb::post, "/mcp");
    BOOST_TEST(m.endpoint == "mcp");
    BOOST_TEST(m.flags == (guarded | opens_realm));
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404_with_a_sentence) {
    auto const a = bench.get("/nothing");
    BOOST_TEST(a.status == 404u);
    auto const body = a.json();
    BOOST_TEST(body.at("error").as_string() == "not_found");
    BOOST_TEST(std::string(body.at("error_description").as_string()).find("/nothing") !=
               std::string::npos);
    BOOST_TEST(!a.headers.has("Allow"));
    auto const m = routes.match(verb::get, "/nothing");
    BOOST_TEST(m.endpoint.empty());
    BOOST_TEST(m.flags == unsigned(plain_route));
}

BOOST_AUTO_TEST_CASE(paths_are_exact) {
    for (auto const* path : {"/token/", "//token", "/Token", "/tok%65n", "/tokens", "", "/"}) {
        BOOST_TEST(routes.match(verb::post, path).endpoint.empty(), path);
    }
}

// RFC 9110 §15.5.6: a 405 MUST carry Allow.
BOOST_AUTO_TEST_CASE(another_method_is_405_with_allow_and_a_sentence) {
    auto const a = bench.get("/token");
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(a.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(a.body.find("/token answers POST, not GET") != std::string::npos);
    BOOST_TEST(bench.send(verb::put, "/mcp", "", {}).header("Allow") ==
               "GET, POST, DELETE, OPTIONS");  // a GET that opens a stream: no HEAD
}

// RFC 9110 §9.1: a method that is unrecognized or not implemented SHOULD be answered with 501
BOOST_AUTO_TEST_CASE(a_method_that_nothing_here_has_is_501) {
    auto const a = bench.send(verb::other, "/token", "", {});
    BOOST_TEST(a.status == 501u);
    BOOST_TEST(a.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(a.body.find("/token answers POST") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_browser_that_opens_an_address_for_programs_is_told_so_on_a_page) {
    auto const a = bench.get("/token", {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}});
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(a.header("Allow") == "POST, OPTIONS");
    BOOST_TEST(a.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(a.body.find("/token answers POST, not GET. It is an address for programs") !=
               std::string::npos);
    BOOST_TEST(bench.get("/token").header("Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(head_is_answered_by_the_get_row) {
    BOOST_TEST(bench.send(verb::head, "/authorize", "", {}).status == 200u);
    BOOST_TEST(bench.send(verb::head, "/token", "", {}).status == 405u);
}

BOOST_AUTO_TEST_CASE(options_lists_the_methods_and_asks_for_no_token) {
    auto const a = bench.send(verb::options, "/authorize", "", {});
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Allow") == "GET, HEAD, POST, OPTIONS");
    auto const m = routes.match(verb::options, "/mcp");
    BOOST_TEST((m.flags & guarded) == 0u);
    BOOST_TEST((m.flags & opens_realm) == 0u);
    BOOST_TEST(m.endpoint == "mcp");
}

BOOST_AUTO_TEST_CASE(a_405_keeps_what_the_layers_need_but_is_not_guarded) {
    auto const m = routes.match(verb::put, "/mcp");
    BOOST_TEST(m.endpoint == "mcp");
    BOOST_TEST(m.flags == unsigned(plain_route));
    BOOST_TEST(routes.match(verb::put, "/authorize").flags == (navigation | no_cors));
}

// RFC 9110 §9.2.1: HEAD is safe
BOOST_AUTO_TEST_CASE(head_does_not_reach_a_get_that_uses_something_up) {
    BOOST_TEST(bench.get("/callback").status == 200u);
    auto const a = bench.send(verb::head, "/callback", "", {});
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(a.header("Allow") == "GET, OPTIONS");
    BOOST_TEST(bench.send(verb::options, "/callback", "", {}).header("Allow") == "GET, OPTIONS");
}

// RFC 9110 §9.3.7
BOOST_AUTO_TEST_CASE(options_of_the_server_as_a_whole_lists_all_methods) {
    auto const a = bench.send(verb::options, "*", "", {});
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Allow") == "GET, HEAD, POST, DELETE, OPTIONS");
    BOOST_TEST(a.body.empty());
}

BOOST_AUTO_TEST_CASE(a_parameter_is_one_whole_decoded_segment) {
    BOOST_TEST(bench.get("/register/abc").body == "registration:abc:");
    BOOST_TEST(bench.get("/register/a%2Fb%20c").body == "registration:a/b c:");
    BOOST_TEST(bench.get("/x/in/y").body == "two:x:y");
    for (auto const* path : {"/register/", "/register/a/b", "/register", "/register/%zz", "/x/in/",
                             "//in/y", "/x/out/y", "/x/in/y/"}) {
        BOOST_TEST(bench.get(path).status == 404u, path);
    }
}

BOOST_AUTO_TEST_CASE(an_exact_path_goes_before_a_pattern) {
    BOOST_TEST(bench.get("/register/new").body == "fixed::");
}

BOOST_AUTO_TEST_CASE(an_alias_answers_like_its_original_also_for_rows_added_later) {
    routes.alias("/oauth/token", "/token");
    routes.alias("/api/register/{a}", "/register/{a}");
    routes.add_row("/token", verb::get, "token", plain_route, &say_endpoint);
    BOOST_TEST(bench.post_form("/oauth/token", {}).body == "hello");
    BOOST_TEST(bench.get("/oauth/token").body == "token::");
    BOOST_TEST(bench.get("/api/register/7").body == "registration:7:");
    BOOST_TEST(bench.send(verb::put, "/oauth/token", "", {}).header("Allow") ==
               "GET, HEAD, POST, OPTIONS");
}

BOOST_AUTO_TEST_CASE(mistakes_in_a_table_are_found_at_start) {
    BOOST_CHECK_THROW(routes.add_row("/token", verb::post, "t", 0, &say_endpoint),
                      std::logic_error);
    BOOST_CHECK_THROW(routes.add_row("token", verb::post, "t", 0, &say_endpoint), std::logic_error);
    BOOST_CHECK_THROW(routes.add_row("/x", verb::other, "t", 0, &say_endpoint), std::logic_error);
    BOOST_CHECK_THROW(routes.add_row("/x", verb::get, "t", 0, handler()), std::logic_error);
    BOOST_CHECK_THROW(routes.alias("/a", "/missing"), std::logic_error);
    BOOST_CHECK_THROW(routes.alias("/mcp", "/token"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_browser_gets_a_page_that_escapes_the_path) {
    test::fields const browser{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    auto const a = bench.get("/<script>alert(1)</script>", browser);
    BOOST_TEST(a.status == 404u);
    BOOST_TEST(a.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(a.body.find("<script") == std::string::npos);
    auto const program = bench.get("/nothing", {{"Accept", "application/json, text/html"}});
    BOOST_TEST(program.header("Content-Type") == "application/json");
    BOOST_TEST(bench.get("/nothing", {{"Accept", "*/*"}}).header("Content-Type") ==
               "application/json");
}

BOOST_AUTO_TEST_CASE(a_path_that_is_not_text_is_shown_as_printable) {
    auto const a = bench.get("/\xff\x1b");
    BOOST_TEST(a.status == 404u);
    BOOST_TEST(a.body.find("/??") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

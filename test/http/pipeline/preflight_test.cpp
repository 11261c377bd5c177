// CORS preflights and what the answers to scripts say. Fetch, "CORS protocol".
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/cors.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/realm/directory_stub.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

constexpr auto page = "http://localhost:6274";

task<outcome<reply>> ok(context&) {
    co_return json_reply(200, "{}");
}

task<outcome<reply>> varies(context&) {
    auto r = json_reply(200, "{}");
    r.headers.add("Vary", "Accept");
    co_return r;
}

struct fixture {
    test::directory_stub realms;
    naming names;
    resolver where{names, realms};
    router routes;
    test::bench bench{routes, stack({cors_layer(where), error_boundary()}, &run_route)};

    fixture() {
        routes.add_row("/mcp", verb::get, "mcp", guarded | no_head, &ok);
        routes.add_row("/mcp", verb::post, "mcp", guarded, &ok);
        routes.add_row("/mcp", verb::delete_, "mcp", guarded, &ok);
        routes.add_row("/register/{id}", verb::put, "registration", plain_route, &ok);
        routes.add_row("/varies", verb::get, "varies", plain_route, &varies);
    }
    test::answer options(std::string const& path, test::fields more) {
        more.emplace_back("Origin", page);
        return bench.send(verb::options, path, "", std::move(more));
    }
    test::answer preflight(std::string const& path, std::string const& headers = {}) {
        test::fields fields{{"Access-Control-Request-Method", "POST"}};
        if (!headers.empty()) fields.emplace_back("Access-Control-Request-Headers", headers);
        return options(path, std::move(fields));
    }
};

// The members of a list, in lower case. Fails when one is there twice.
std::set<std::string> members(std::string_view list) {
    std::set<std::string> all;
    while (!list.empty()) {
        auto const one = to_lower(next_part(list, ','));
        BOOST_TEST(all.insert(one).second, one << " is there twice");
    }
    return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(preflights, fixture)

// Fetch, "CORS-preflight fetch": its status is an ok status, and it has no body to read
BOOST_AUTO_TEST_CASE(a_preflight_is_answered_with_success_and_nothing_to_read) {
    auto const a = preflight("/mcp");
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.body.empty());
    BOOST_TEST(!a.headers.has("Content-Type"));
    BOOST_TEST(!a.headers.has("WWW-Authenticate"));
}

// Fetch, "CORS-preflight fetch": the method of the request must be among those that are allowed
BOOST_AUTO_TEST_CASE(a_preflight_names_every_method_that_the_path_answers) {
    auto const mcp = members(preflight("/mcp").header("Access-Control-Allow-Methods"));
    BOOST_TEST((mcp == std::set<std::string>{"get", "post", "delete", "options"}));
    auto const one = members(preflight("/register/7").header("Access-Control-Allow-Methods"));
    BOOST_TEST((one == std::set<std::string>{"put", "options"}));
}

// Fetch, "Access-Control-Allow-Headers": Authorization is covered by no wildcard, it must be named
BOOST_AUTO_TEST_CASE(authorization_is_named_and_no_wildcard_stands_in_for_it) {
    auto const allowed = members(preflight("/mcp").header("Access-Control-Allow-Headers"));
    BOOST_TEST(allowed.contains("authorization"));
    BOOST_TEST(!allowed.contains("*"));
}

BOOST_AUTO_TEST_CASE(a_header_that_is_always_allowed_is_named_once_however_it_is_asked_for) {
    auto const a = preflight("/mcp", "AUTHORIZATION, Content-Type,mcp-session-id, DPoP");
    auto const asked = members(a.header("Access-Control-Allow-Headers"));
    auto const usual = members(preflight("/mcp").header("Access-Control-Allow-Headers"));
    BOOST_TEST((asked == usual));
}

BOOST_AUTO_TEST_CASE(a_list_of_requested_headers_cannot_split_the_answer) {
    for (auto const* wanted :
         {"x-a: evil", "x-a;b", "(x)", "x=y", "x/y", "x-\xc3\xa4", "<x>", ",,"}) {
        auto const a = preflight("/mcp", wanted);
        auto const usual = preflight("/mcp");
        BOOST_TEST(a.header("Access-Control-Allow-Headers") ==
                       usual.header("Access-Control-Allow-Headers"),
                   wanted);
    }
}

// 4096 bytes of names are looked at; a list that is longer asks for nothing.
BOOST_AUTO_TEST_CASE(a_list_of_requested_headers_is_bounded) {
    std::string const fits = "x-" + std::string(4094, 'a');
    BOOST_TEST(
        members(preflight("/mcp", fits).header("Access-Control-Allow-Headers")).contains(fits));
    BOOST_TEST(!members(preflight("/mcp", fits + 'a').header("Access-Control-Allow-Headers"))
                    .contains(fits + 'a'));
}

// Fetch, "CORS-preflight request": what asks for no method is an ordinary OPTIONS
BOOST_AUTO_TEST_CASE(options_that_asks_for_no_method_is_no_preflight) {
    auto const a = options("/mcp", {{"Access-Control-Request-Headers", "x-a"}});
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.header("Allow") == "GET, POST, DELETE, OPTIONS");
    BOOST_TEST(!a.headers.has("Access-Control-Allow-Methods"));
    BOOST_TEST(!a.headers.has("Access-Control-Allow-Headers"));
}

BOOST_AUTO_TEST_CASE(only_options_is_a_preflight) {
    auto const a = bench.post_json("/mcp", "{}",
                                   {{"Origin", page}, {"Access-Control-Request-Method", "POST"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "{}");
    BOOST_TEST(!a.headers.has("Access-Control-Max-Age"));
}

// Fetch, "CORS protocol and HTTP caches": whoever answers by Origin says so, with an Origin or not
BOOST_AUTO_TEST_CASE(an_answer_that_depends_on_the_origin_says_so_beside_what_else_it_depends_on) {
    for (bool const from_page : {true, false}) {
        auto const a =
            bench.get("/varies", from_page ? test::fields{{"Origin", page}} : test::fields{});
        std::set<std::string> on;
        for (auto const& h : a.headers)
            if (iequals(h.name, "Vary")) on.merge(members(h.value));
        BOOST_TEST((on == std::set<std::string>{"accept", "origin"}));
    }
}

// Fetch, "CORS protocol and credentials": no cookie goes along, so no answer may allow it
BOOST_AUTO_TEST_CASE(no_answer_allows_credentials) {
    for (auto const& a :
         {preflight("/mcp"), bench.get("/varies", {{"Origin", page}}), preflight("/nothing")})
        BOOST_TEST(!a.headers.has("Access-Control-Allow-Credentials"));
}

// What a script cannot read it cannot act on: MCP and OAuth say these in header fields.
BOOST_AUTO_TEST_CASE(scripts_may_read_every_field_that_the_protocols_use) {
    auto const a = bench.get("/varies", {{"Origin", page}});
    auto const exposed = members(a.header("Access-Control-Expose-Headers"));
    for (auto const* name : {"www-authenticate", "mcp-session-id", "mcp-protocol-version",
                             "retry-after", "dpop-nonce"})
        BOOST_TEST(exposed.contains(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

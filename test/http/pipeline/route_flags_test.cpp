// What a look-up tells the layers, and routes at paths of the configuration's own.
#include <array>
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/moved_routes.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct service_stub {
    std::string name = "service";
};

task<outcome<reply>> tell(service_stub& s, context& c) {
    co_return reply(
        200, "text/plain",
        s.name + ' ' + std::string(c.endpoint()) + ' ' + std::string(c.parameter("client_id")));
}

task<outcome<reply>> tell_plain(context& c) {
    co_return reply(200, "text/plain",
                    std::string(c.parameter("a")) + '/' + std::string(c.parameter("b")));
}

constexpr std::array<route<service_stub>, 4> moving{{
    {"/token", verb::post, "token", &tell, plain_route},
    {"/register", verb::post, "registration", &tell, opens_realm},
    {"/register/{client_id}", verb::get, "client", &tell, guarded},
    {"/healthz", verb::get, "health", &tell, origin_root},
}};

struct fixture {
    router routes;
    test::bench bench{routes, stack({error_boundary()}, &run_route)};

    void add(std::string_view path, verb method, unsigned flags = plain_route) {
        routes.add_row(path, method, "endpoint", flags, &tell_plain);
    }
    unsigned flags_of(verb method, std::string_view path) const {
        return routes.match(method, path).flags;
    }
    std::string allow_at(std::string const& path) {
        return std::string(bench.send(verb::options, path, "", {}).header("Allow"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(route_flags_, fixture)

// What stands below /control is judged by its rules before anybody learns that there is nothing.
BOOST_AUTO_TEST_CASE(a_path_below_control_is_of_the_control_plane_though_nothing_is_there) {
    for (auto const* path : {"/control", "/control/", "/control/nothing", "/control/a/b"})
        BOOST_TEST(flags_of(verb::get, path) == (control_plane | no_cors), path);
    for (auto const* path : {"/controls", "/control.json", "/Control/x", "/x/control", ""})
        BOOST_TEST(flags_of(verb::get, path) == unsigned(plain_route), path);
}

BOOST_AUTO_TEST_CASE(a_method_that_is_missing_keeps_the_rules_of_its_path_and_asks_for_no_token) {
    add("/control/reset", verb::post, control_plane | no_cors | guarded);
    add("/document", verb::get, public_document | opens_realm);
    add("/healthz", verb::get, origin_root | once);
    for (auto const method : {verb::put, verb::options, verb::other}) {
        BOOST_TEST(flags_of(method, "/control/reset") == (control_plane | no_cors));
        BOOST_TEST(flags_of(method, "/document") == unsigned(public_document));
        BOOST_TEST(flags_of(method, "/healthz") == unsigned(origin_root));
    }
}

// The strictest of its rows speaks for a path.
BOOST_AUTO_TEST_CASE(a_path_with_different_rows_is_refused_by_the_rules_of_all_of_them) {
    add("/mixed", verb::get, no_cors);
    add("/mixed", verb::post, navigation);
    BOOST_TEST(flags_of(verb::get, "/mixed") == unsigned(no_cors));
    BOOST_TEST(flags_of(verb::put, "/mixed") == (no_cors | navigation));
}

// RFC 9110 §9.3.2: a GET that opens a stream answers HEAD by itself, and Allow does not offer it
BOOST_AUTO_TEST_CASE(head_of_a_stream_is_not_offered_and_reaches_its_handler) {
    add("/stream", verb::get, no_head);
    BOOST_TEST(allow_at("/stream") == "GET, OPTIONS");
    BOOST_TEST(routes.match(verb::head, "/stream").endpoint == "endpoint");
    BOOST_TEST(routes.match(verb::head, "/stream").allow.empty());
}

BOOST_AUTO_TEST_CASE(head_has_a_row_of_its_own_where_there_is_one) {
    add("/own", verb::get, once);
    routes.add_row("/own", verb::head, "head", plain_route, &tell_plain);
    BOOST_TEST(routes.match(verb::head, "/own").endpoint == "head");
    BOOST_TEST(allow_at("/own") == "GET, HEAD, OPTIONS");
}

// RFC 9110 §10.2.1: Allow lists the methods of the target resource, each once
BOOST_AUTO_TEST_CASE(allow_lists_all_methods_of_a_path_in_one_order) {
    for (auto const method : {verb::delete_, verb::patch, verb::put, verb::post, verb::get})
        add("/all", method);
    BOOST_TEST(allow_at("/all") == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    auto const found = routes.match(verb::get, "/all");
    BOOST_TEST(found.allow.empty());  // it is no refusal
}

BOOST_AUTO_TEST_CASE(options_may_have_a_row_of_its_own) {
    add("/own", verb::options);
    BOOST_TEST(routes.match(verb::options, "/own").endpoint == "endpoint");
    BOOST_TEST(bench.send(verb::options, "/own", "", {}).status == 200u);
}

// RFC 9110 §9.3.7: no other method is about the server as a whole
BOOST_AUTO_TEST_CASE(the_asterisk_is_a_path_of_nothing_but_for_options) {
    add("/x", verb::get);
    BOOST_TEST(bench.send(verb::get, "*", "", {}).status == 404u);
    BOOST_TEST(bench.send(verb::options, "*", "", {}).status == 204u);
}

BOOST_AUTO_TEST_CASE(patterns_are_tried_in_the_order_in_which_they_were_added) {
    routes.add_row("/{a}/x", verb::get, "first", plain_route, &tell_plain);
    routes.add_row("/y/{b}", verb::get, "second", plain_route, &tell_plain);
    BOOST_TEST(routes.match(verb::get, "/y/x").endpoint == "first");
    BOOST_TEST(routes.match(verb::get, "/y/z").endpoint == "second");
    BOOST_TEST(bench.get("/y/x").body == "y/");  // nothing is left of the one that did not fit
}

// RFC 3986 §2.4: a segment is split off first and decoded afterwards
BOOST_AUTO_TEST_CASE(an_encoded_slash_or_dot_is_data_and_no_path) {
    add("/v/{a}", verb::get);
    BOOST_TEST(bench.get("/v/a%2Fb").body == "a/b/");
    BOOST_TEST(bench.get("/v/%2E%2E").body == "../");
    BOOST_TEST(bench.get("/v/a+b").body == "a+b/");
    BOOST_TEST(bench.get("/v/%").status == 404u);
}

BOOST_AUTO_TEST_CASE(braces_without_a_name_are_just_a_path) {
    add("/v/{}", verb::get);
    BOOST_TEST(routes.match(verb::get, "/v/x").endpoint.empty());
    BOOST_TEST(routes.match(verb::get, "/v/{}").endpoint == "endpoint");
}

BOOST_AUTO_TEST_CASE(endpoints_move_with_what_stands_below_them_and_leave_nothing_behind) {
    service_stub service;
    endpoint_paths paths;
    paths.token = "/oauth2/token";
    paths.registration = "/clients";
    add_moved<service_stub>(routes, service, moving, paths);
    BOOST_TEST(bench.post_form("/oauth2/token", {}).body == "service token ");
    BOOST_TEST(bench.post_form("/clients", {}).body == "service registration ");
    BOOST_TEST(bench.get("/clients/7").body == "service client 7");
    BOOST_TEST(bench.get("/healthz").body == "service health ");
    for (auto const* gone : {"/token", "/register", "/register/7"})
        BOOST_TEST(bench.get(gone).status == 404u, gone);
}

BOOST_AUTO_TEST_CASE(a_moved_endpoint_keeps_its_flags) {
    service_stub service;
    endpoint_paths paths;
    paths.registration = "/clients";
    add_moved<service_stub>(routes, service, moving, paths);
    BOOST_TEST(flags_of(verb::post, "/clients") == unsigned(opens_realm));
    BOOST_TEST(flags_of(verb::get, "/clients/7") == unsigned(guarded));
}

BOOST_AUTO_TEST_CASE(two_endpoints_moved_to_one_path_and_method_are_found_at_start) {
    service_stub service;
    endpoint_paths paths;
    paths.token = paths.registration = "/same";
    BOOST_CHECK_THROW(add_moved<service_stub>(routes, service, moving, paths), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

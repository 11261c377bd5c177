// Which events a pattern is about, and which patterns are refused.
#include "control/expectations/pattern.hpp"

#include <boost/test/unit_test.hpp>

#include "control/expectations/judging.hpp"
#include "control/verdict/exchanges.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

bool fits(std::string const& wanted, observation const& o) {
    json::value const v{{"of", json::parse(wanted)}};
    object_reader in(v.get_object());
    auto const p = read_pattern(in, "of");
    auto const ok = in.finish();
    BOOST_REQUIRE_MESSAGE(bool(ok), (ok ? "" : ok.error().description()));
    return p.matches(o);
}
bool fits(std::string const& wanted, exchange x) {
    story s;
    s.add(std::move(x));
    return fits(wanted, observe(s.events().front()));
}
bool fits(std::string const& wanted, event_type type, std::string outcome = "ok") {
    story s;
    s.note(type, std::move(outcome));
    return fits(wanted, observe(s.events().front()));
}

std::string mistake(std::string const& wanted) {
    json::value const v{{"of", json::parse(wanted)}};
    object_reader in(v.get_object());
    static_cast<void>(read_pattern(in, "of"));
    auto const ok = in.finish();
    return ok ? "" : ok.error().description();
}

exchange with_status(unsigned status) {
    auto x = story::call();
    x.status = status;
    return x;
}

exchange faulted(std::vector<std::string> names) {
    auto x = story::call();
    x.faults = std::move(names);
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(are_about_exchanges_unless_they_name_another_type) {
    BOOST_TEST(fits(R"({"method":"POST"})", story::call()));
    BOOST_TEST(!fits(R"({"outcome":"ok"})", event_type::refresh));
    BOOST_TEST(fits(R"({"type":"refresh","outcome":"ok"})", event_type::refresh));
    BOOST_TEST(!fits(R"({"type":"refresh"})", story::call()));
}

BOOST_AUTO_TEST_CASE(are_about_every_type_of_a_list) {
    for (auto const type : {event_type::refresh, event_type::login})
        BOOST_TEST(fits(R"({"type":["refresh","login"]})", type));
    BOOST_TEST(!fits(R"({"type":["refresh","login"]})", event_type::session));
    BOOST_TEST(fits(R"({"type":"!exchange"})", event_type::session));
}

BOOST_AUTO_TEST_CASE(want_every_member_that_they_name) {
    BOOST_TEST(fits(R"({"endpoint":"mcp","status":200})", story::call()));
    BOOST_TEST(!fits(R"({"endpoint":"mcp","status":401})", story::call()));
    BOOST_TEST(!fits(R"({"endpoint":"token","status":200})", story::call()));
}

BOOST_AUTO_TEST_CASE(want_one_of_the_values_of_a_list) {
    BOOST_TEST(fits(R"({"status":[404,"200"]})", story::call()));
    BOOST_TEST(!fits(R"({"status":[404,"401"]})", story::call()));
}

BOOST_AUTO_TEST_CASE(take_a_star_for_anything_and_nothing_for_nothing) {
    BOOST_TEST(fits(R"({"token":"*"})", story::call()));
    BOOST_TEST(!fits(R"({"token":"*"})", story::call("")));
    BOOST_TEST(fits(R"({"token":""})", story::call("")));
    BOOST_TEST(!fits(R"({"token":""})", story::call()));
}

BOOST_AUTO_TEST_CASE(take_xx_for_the_statuses_of_one_hundred) {
    for (unsigned const status : {400u, 404u, 499u})
        BOOST_TEST(fits(R"({"status":"4xx"})", with_status(status)), status);
    for (unsigned const status : {399u, 500u})
        BOOST_TEST(!fits(R"({"status":"4xx"})", with_status(status)), status);
}

// Only behind a digit: "fxx" is a word like another.
BOOST_AUTO_TEST_CASE(take_xx_behind_a_letter_for_what_it_says) {
    auto const named = [](std::string const& name) {
        return story::rpc(R"({"id":1,"method":"tools/call","params":{"name":")" + name + R"("}})");
    };
    BOOST_TEST(fits(R"({"body.params/name":"fxx"})", named("fxx")));
    BOOST_TEST(!fits(R"({"body.params/name":"fxx"})", named("foo")));
}

BOOST_AUTO_TEST_CASE(take_a_star_at_the_end_for_a_beginning) {
    BOOST_TEST(fits(R"({"mcp_method":"tools/*"})", story::call()));
    BOOST_TEST(fits(R"({"mcp_method":"tools/call*"})", story::call()));
    BOOST_TEST(!fits(R"({"mcp_method":"resources/*"})", story::call()));
    BOOST_TEST(!fits(R"({"mcp_method":"*/call"})", story::call()));
    BOOST_TEST(!fits(R"({"error":"in*"})", story::call()));
}

BOOST_AUTO_TEST_CASE(take_an_exclamation_mark_for_whatever_does_not_fit) {
    BOOST_TEST(fits(R"({"status":"!404"})", story::call()));
    BOOST_TEST(!fits(R"({"status":"!200"})", story::call()));
    BOOST_TEST(!fits(R"({"status":"!2xx"})", story::call()));
    BOOST_TEST(!fits(R"({"mcp_method":"!tools/*"})", story::call()));
    BOOST_TEST(fits(R"({"mcp_method":"!resources/*"})", story::call()));
    // What is not there is nothing that must not be.
    BOOST_TEST(fits(R"({"error":"!invalid_client"})", story::call()));
    BOOST_TEST(!fits(R"({"token":"!*"})", story::call()));
    BOOST_TEST(fits(R"({"token":"!"})", story::call()));
    BOOST_TEST(!fits(R"({"token":"!"})", story::call("")));
}

BOOST_AUTO_TEST_CASE(compare_values_letter_by_letter) {
    BOOST_TEST(!fits(R"({"method":"post"})", story::call()));
    BOOST_TEST(!fits(R"({"method":"POS"})", story::call()));
    BOOST_TEST(!fits(R"({"method":" POST"})", story::call()));
}

BOOST_AUTO_TEST_CASE(name_one_of_the_faults_that_acted) {
    auto const two = faulted({"token.slow", "mcp.unavailable"});
    BOOST_TEST(fits(R"({"fault":"token.slow"})", two));
    BOOST_TEST(fits(R"({"fault":"mcp.unavailable"})", two));
    BOOST_TEST(fits(R"({"fault":"*"})", two));
    BOOST_TEST(!fits(R"({"fault":"token"})", two));
    BOOST_TEST(!fits(R"({"fault":""})", two));
    BOOST_TEST(fits(R"({"fault":""})", story::call()));
    BOOST_TEST(!fits(R"({"fault":"*"})", story::call()));
}

BOOST_AUTO_TEST_CASE(name_faults_by_their_beginning) {
    BOOST_TEST(fits(R"({"fault":"mcp.*"})", faulted({"token.slow", "mcp.unavailable"})));
    BOOST_TEST(!fits(R"({"fault":"mcp.*"})", faulted({"token.slow"})));
    BOOST_TEST(!fits(R"({"fault":"mcp.*"})", story::call()));
}

BOOST_AUTO_TEST_CASE(name_faults_of_which_none_has_acted) {
    BOOST_TEST(fits(R"({"fault":"!mcp.slow"})", faulted({"token.slow"})));
    BOOST_TEST(fits(R"({"fault":"!mcp.slow"})", story::call()));
    BOOST_TEST(!fits(R"({"fault":"!mcp.slow"})", faulted({"token.slow", "mcp.slow"})));
    BOOST_TEST(!fits(R"({"fault":"!mcp.*"})", faulted({"token.slow", "mcp.slow"})));
    BOOST_TEST(fits(R"({"fault":"!*"})", story::call()));
    BOOST_TEST(!fits(R"({"fault":"!*"})", faulted({"token.slow"})));
    BOOST_TEST(fits(R"({"fault":"!"})", faulted({"token.slow"})));
    BOOST_TEST(!fits(R"({"fault":"!"})", story::call()));
}

// What nobody but the client does is what counts.
BOOST_AUTO_TEST_CASE(never_fit_a_preflight_a_question_of_the_server_or_the_control_plane) {
    auto preflight = story::call();
    preflight.method = "OPTIONS";
    BOOST_TEST(!fits(R"({"method":"*"})", preflight));
    exchange introspection;
    introspection.endpoint = "introspect";
    BOOST_TEST(!fits(R"({"endpoint":"introspect"})", introspection));
    BOOST_TEST(!fits(R"({"type":"control"})", event_type::control));
}

BOOST_AUTO_TEST_CASE(that_are_not_there_fit_nothing) {
    json::object const nothing;
    object_reader in(nothing);
    story s;
    s.add(story::call());
    BOOST_TEST(!read_pattern(in, "of").matches(observe(s.events().front())));
    BOOST_TEST(bool(in.finish()));
}

BOOST_AUTO_TEST_CASE(are_refused_where_they_are_no_table_or_an_empty_one) {
    for (auto const* wanted : {"{}", "[]", R"("token")", "7", "null"})
        BOOST_TEST(mistake(wanted) == "/of: expected a table that names members of events", wanted);
}

BOOST_AUTO_TEST_CASE(are_refused_with_the_nearest_name_of_a_member) {
    BOOST_TEST(mistake(R"({"statsu":200})") ==
               R"(/of/statsu: is no member of an event; the nearest is "status")");
    BOOST_TEST(mistake(R"({"form.":"x"})") ==
               R"(/of/form.: is no member of an event; the nearest is "form.NAME")");
}

BOOST_AUTO_TEST_CASE(are_refused_where_a_value_is_no_text_and_no_whole_number) {
    auto const why = "/of/status: expected a text, a whole number or a list of them";
    for (auto const* value : {"true", "null", "1.5", "{}", "[]", "[[200]]"})
        BOOST_TEST(mistake(R"({"status":)" + std::string(value) + '}') == why, value);
}

// Half of a list would be another pattern.
BOOST_AUTO_TEST_CASE(are_refused_where_one_value_of_a_list_is_none) {
    for (auto const* value : {"[200,true]", "[null,200]", R"(["2xx",1.5])"})
        BOOST_TEST(mistake(R"({"status":)" + std::string(value) + '}') ==
                       "/of/status: expected a text, a whole number or a list of them",
                   value);
}

BOOST_AUTO_TEST_CASE(are_refused_where_they_name_a_type_or_an_endpoint_that_no_event_has) {
    BOOST_TEST(mistake(R"({"type":"refersh"})") ==
               R"(/of/type: "refersh" is no type of an event; the nearest is "refresh")");
    BOOST_TEST(mistake(R"({"endpoint":["mcp","tokne"]})") ==
               R"(/of/endpoint: "tokne" is no endpoint; the nearest is "token")");
    BOOST_TEST(mistake(R"({"endpoint":"!tokne"})").starts_with(R"(/of/endpoint: "!tokne" is no)"));
}

BOOST_AUTO_TEST_CASE(may_leave_open_which_endpoint_it_is) {
    for (auto const* value : {"", "!", "*", "openid*", "!to*", "identity_provider"})
        BOOST_TEST(mistake(R"({"endpoint":")" + std::string(value) + R"("})") == "", value);
}

BOOST_AUTO_TEST_SUITE_END()

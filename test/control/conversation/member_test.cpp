// What of an event can be named by a text.
#include "control/conversation/member.hpp"

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

observation seen(exchange x) {
    story s;
    s.add(std::move(x));
    return observe(s.events().front());
}

// "(none)" where the event has no such member.
std::string member(observation const& o, std::string_view name) {
    return member_of(o, name).value_or("(none)");
}
std::string member(exchange x, std::string_view name) {
    auto const o = seen(std::move(x));
    return member(o, name);
}

exchange asserting(pairs const& form) {
    exchange x;
    x.endpoint = "token";
    x.sent = {{"Content-Type", "application/x-www-form-urlencoded"}};
    x.body = story::encoded(form);
    return x;
}

std::string jwt(std::string const& claims) {
    return "e30." + tollgate::base64url(claims) + ".sig";
}

exchange by_basic(std::string const& pair) {
    return with_header(asserting({}), "Authorization", "Basic " + tollgate::to_base64(pair));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(members)

BOOST_AUTO_TEST_CASE(of_an_exchange_are_what_was_asked_and_answered) {
    auto x = refused(story::call(), 403, "insufficient_scope");
    x.target = "/mcp?a=b";
    auto const o = seen(x);
    BOOST_TEST(member(o, "type") == "exchange");
    BOOST_TEST(member(o, "endpoint") == "mcp");
    BOOST_TEST(member(o, "method") == "POST");
    BOOST_TEST(member(o, "path") == "/mcp");
    BOOST_TEST(member(o, "host") == "localhost:9100");
    BOOST_TEST(member(o, "status") == "403");
    BOOST_TEST(member(o, "client_id") == "c");
    BOOST_TEST(member(o, "mcp_method") == "tools/call");
    BOOST_TEST(member(o, "error") == "insufficient_scope");
    BOOST_TEST(member(o, "scheme") == "Bearer");
    BOOST_TEST(member(o, "token") == "at-1");
}

BOOST_AUTO_TEST_CASE(are_the_facts_that_the_server_found_out) {
    event e;
    e.facts.family = "f";
    e.facts.session = "s";
    e.facts.tool = "echo";
    e.facts.decision = "deny";
    e.facts.grant_type = "refresh_token";
    e.outcome = "ok";
    e.type = event_type::refresh;
    auto const o = observe(std::make_shared<event const>(std::move(e)));
    BOOST_TEST(member(o, "type") == "refresh");
    BOOST_TEST(member(o, "family") == "f");
    BOOST_TEST(member(o, "session") == "s");
    BOOST_TEST(member(o, "tool") == "echo");
    BOOST_TEST(member(o, "decision") == "deny");
    BOOST_TEST(member(o, "grant_type") == "refresh_token");
    BOOST_TEST(member(o, "outcome") == "ok");
}

BOOST_AUTO_TEST_CASE(that_say_nothing_are_none) {
    story s;
    s.note(event_type::session, "");
    auto const o = observe(s.events().front());
    for (auto const* name :
         {"endpoint",        "method",    "path",       "host",        "status",
          "outcome",         "client_id", "grant_type", "family",      "session",
          "mcp_method",      "tool",      "error",      "decision",    "scheme",
          "basic_id",        "token",     "form.a",     "query.a",     "header.a",
          "answer_header.a", "body.a",    "answer.a",   "assertion.a", "location.a"})
        BOOST_TEST(member(o, name) == "(none)", name);
}

BOOST_AUTO_TEST_CASE(of_an_unknown_name_are_none) {
    for (auto const* name : {"", "endpiont", "Endpoint", "form", "from.a", "endpoint.x"}) {
        BOOST_TEST(member(story::call(), name) == "(none)", name);
        BOOST_TEST(!is_member(name), name);
    }
}

// What the client asked for, also where the server did not understand it.
BOOST_AUTO_TEST_CASE(name_the_grant_that_was_sent_before_the_one_that_was_understood) {
    BOOST_TEST(member(asserting({{"grant_type", "mine"}}), "grant_type") == "mine");
}

BOOST_AUTO_TEST_CASE(name_the_client_of_basic_only_where_a_colon_ends_it) {
    BOOST_TEST(member(by_basic("c:secret"), "basic_id") == "c");
    BOOST_TEST(member(by_basic("c:"), "basic_id") == "c");
    BOOST_TEST(member(by_basic("c:a:b"), "basic_id") == "c");
    BOOST_TEST(member(by_basic("c"), "basic_id") == "(none)");
    BOOST_TEST(member(story::call(), "basic_id") == "(none)");
}

// RFC 6749 §2.3.1: the identifier is encoded as in a form; one may be a URL.
BOOST_AUTO_TEST_CASE(name_the_client_of_basic_decoded) {
    BOOST_TEST(member(by_basic("https%3A%2F%2Fc.example%2Fa+b:x"), "basic_id") ==
               "https://c.example/a b");
    BOOST_TEST(member(by_basic("50%:x"), "basic_id") == "50%");
}

BOOST_AUTO_TEST_CASE(name_no_token_that_came_by_another_scheme_than_bearer_and_dpop) {
    auto const by = [](std::string const& scheme) {
        return member(with_header(story::call(""), "Authorization", scheme + " t"), "token");
    };
    BOOST_TEST(by("Bearer") == "t");
    BOOST_TEST(by("DPoP") == "t");
    BOOST_TEST(by("Basic") == "(none)");
}

BOOST_AUTO_TEST_CASE(are_parameters_of_form_and_query_by_their_name) {
    auto x = asserting({{"a.b", "1"}, {"a", "2"}});
    x.target = "/token?a=3";
    BOOST_TEST(member(x, "form.a.b") == "1");
    BOOST_TEST(member(x, "form.a") == "2");
    BOOST_TEST(member(x, "query.a") == "3");
    BOOST_TEST(member(x, "query.b") == "(none)");
}

BOOST_AUTO_TEST_CASE(are_no_parameter_that_is_there_twice) {
    auto x = asserting({});
    x.body = "a=1&a=2";
    BOOST_TEST(member(x, "form.a") == "(none)");
}

BOOST_AUTO_TEST_CASE(are_fields_in_any_case_of_their_name) {
    auto x = with_header(story::call(), "X-A", "1");
    x.got = {{"WWW-Authenticate", "Bearer"}};
    BOOST_TEST(member(x, "header.x-a") == "1");
    BOOST_TEST(member(x, "answer_header.www-authenticate") == "Bearer");
    BOOST_TEST(member(x, "answer_header.x-a") == "(none)");
}

// RFC 6901 without the first slash.
BOOST_AUTO_TEST_CASE(are_places_in_json_by_pointer) {
    auto const x = story::rpc(R"({"params":{"a/b":"1","c~d":"2","list":["x","y"]},"n":7})");
    BOOST_TEST(member(x, "body.params/a~1b") == "1");
    BOOST_TEST(member(x, "body.params/c~0d") == "2");
    BOOST_TEST(member(x, "body.params/list/1") == "y");
    BOOST_TEST(member(x, "body.params/list/2") == "(none)");
    BOOST_TEST(member(x, "body.params/none") == "(none)");
    BOOST_TEST(member(x, "body.n/x") == "(none)");
    BOOST_TEST(member(x, "body.bad~2") == "(none)");
    BOOST_TEST(member(x, "answer.id") == "1");
}

BOOST_AUTO_TEST_CASE(that_are_no_text_are_written_as_json) {
    auto const x = story::rpc(R"({"a":7,"b":true,"c":null,"d":[1,"x"],"e":{"f":"g"}})");
    BOOST_TEST(member(x, "body.a") == "7");
    BOOST_TEST(member(x, "body.b") == "true");
    BOOST_TEST(member(x, "body.c") == "null");
    BOOST_TEST(member(x, "body.d") == R"([1,"x"])");
    BOOST_TEST(member(x, "body.e") == R"({"f":"g"})");
}

BOOST_AUTO_TEST_CASE(that_are_an_empty_text_are_none) {
    BOOST_TEST(member(story::rpc(R"({"a":""})"), "body.a") == "(none)");
}

// RFC 7523: of a client, or of a grant; what stands for the client counts first.
BOOST_AUTO_TEST_CASE(are_claims_of_the_assertion_that_was_sent) {
    auto const client = jwt(R"({"iss":"client"})"), grant = jwt(R"({"iss":"grant"})");
    BOOST_TEST(member(asserting({{"client_assertion", client}}), "assertion.iss") == "client");
    BOOST_TEST(member(asserting({{"assertion", grant}}), "assertion.iss") == "grant");
    BOOST_TEST(member(asserting({{"assertion", grant}, {"client_assertion", client}}),
                      "assertion.iss") == "client");
}

BOOST_AUTO_TEST_CASE(are_no_claims_of_what_is_no_jwt) {
    for (auto const* text : {"", "abc", "e30.!!.sig", "e30.e3.sig", "e30..sig", "."})
        BOOST_TEST(member(asserting({{"assertion", text}}), "assertion.iss") == "(none)", text);
}

// The signature is for the server to look at: it may as well be missing.
BOOST_AUTO_TEST_CASE(are_claims_of_a_jwt_without_its_signature) {
    auto const half = "e30." + tollgate::base64url(R"({"aud":["a","b"]})");
    BOOST_TEST(member(asserting({{"assertion", half}}), "assertion.aud/1") == "b");
}

BOOST_AUTO_TEST_CASE(are_parameters_of_the_url_that_an_answer_leads_to) {
    story s;
    s.login("code-7");
    auto const o = observe(s.events().front());
    BOOST_TEST(member(o, "location.code") == "code-7");
    BOOST_TEST(member(o, "location.state") == state_1);
    BOOST_TEST(member(o, "location.error") == "(none)");
}

BOOST_AUTO_TEST_CASE(have_any_name_behind_the_dot_of_a_family_but_not_none) {
    for (std::string const family : {"form.", "query.", "header.", "answer_header.", "body.",
                                     "answer.", "assertion.", "location."}) {
        BOOST_TEST(is_member(family + "anything"), family);
        BOOST_TEST(!is_member(family), family);
    }
    BOOST_TEST(is_member("status"));
}

BOOST_AUTO_TEST_CASE(have_a_nearest_name_for_one_that_was_mistyped) {
    BOOST_TEST(nearest_member("endpiont") == "endpoint");
    BOOST_TEST(nearest_member("statuss") == "status");
    BOOST_TEST(nearest_member("fomr.") == "form.NAME");
}

BOOST_AUTO_TEST_SUITE_END()

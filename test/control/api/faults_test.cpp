#include <boost/test/unit_test.hpp>

#include "control/faults/realm_faults.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

// The sentence with which POST /control/faults refuses that body.
std::string refusal(plane& p, std::string const& body) {
    auto const a = p.post("faults", body);
    BOOST_TEST(a.status == 400u, body << " gave " << a.status << ": " << a.body);
    return a.status == 400 ? described(a) : std::string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(api_faults)

BOOST_FIXTURE_TEST_CASE(creates_shows_lists_and_deletes, plane) {
    auto const made = post("faults", R"({"name":"token.unavailable","trigger":{"nth":2},
        "select":{"client_id":"c1","header":{"X-Test":true}},"expires_in":60,
        "params":{"retry_after":3}})");
    BOOST_TEST(made.status == 201u);
    auto const f = made.json();
    BOOST_TEST(text(f, "name") == "token.unavailable");
    BOOST_TEST(f.at("trigger") == json::parse(R"({"nth":2})"));
    BOOST_TEST(f.at("select") == json::parse(R"({"client_id":"c1","header":{"X-Test":true}})"));
    BOOST_TEST(f.at("params") == json::parse(R"({"retry_after":3})"));
    BOOST_TEST(text(f, "stage") == "before");
    BOOST_TEST(text(f, "expires_at") == "2027-01-15T08:01:00Z");
    auto const id = text(f, "id");
    BOOST_TEST(get("faults/" + id).json() == f);
    BOOST_TEST(get("faults").json().at("faults").as_array().size() == 1u);
    BOOST_TEST(del("faults/" + id).status == 204u);
    BOOST_TEST(get("faults/" + id).status == 404u);
    BOOST_TEST(del("faults/" + id).status == 404u);
}

BOOST_FIXTURE_TEST_CASE(deletes_all_of_them_and_says_how_many, plane) {
    fault(R"({"name":"token.unavailable"})");
    fault(R"({"name":"scope.forbidden"})");
    BOOST_TEST(del("faults").json().at("removed").as_int64() == 2);
    BOOST_TEST(del("faults").body == R"({"removed":0,"unfired":[]})");
}

BOOST_FIXTURE_TEST_CASE(shows_every_kind_of_trigger_as_it_was_given, plane) {
    for (auto const* t :
         {R"({"always":true})", R"({"next":3})", R"({"every":2})", R"({"after":0})",
          R"({"probability":0.5})", R"({"script":["ok","fault"]})", R"({"first_per":"session"})"}) {
        auto const a =
            post("faults", R"({"name":"mcp.server_error","trigger":)" + std::string(t) + "}");
        BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
        BOOST_TEST(a.json().at("trigger") == json::parse(t));
    }
}

BOOST_FIXTURE_TEST_CASE(gives_the_same_sequence_for_the_same_seed, plane) {
    auto const sequence = [&] {
        fault(R"({"name":"token.server_error","trigger":{"probability":0.5,"seed":11}})");
        std::string marks;
        for (int i = 0; i < 40; ++i)
            marks += token().status == 500 ? 'x' : '-';
        del("faults");
        return marks;
    };
    auto const first = sequence();
    BOOST_TEST(first.find('x') != std::string::npos);
    BOOST_TEST(first.find('-') != std::string::npos);
    BOOST_TEST(sequence() == first);
}

BOOST_FIXTURE_TEST_CASE(names_the_mistake_in_a_wrong_body, plane) {
    BOOST_TEST(refusal(*this, "{}") ==
               "/name: is missing; expected the name of a fault, or effects");
    BOOST_TEST(refusal(*this, R"({"name":"refresh.invalid_grand"})") ==
               "/name: no fault is called \"refresh.invalid_grand\"; the nearest is "
               "\"refresh.invalid_grant\"");
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"status":99}})") ==
               "/params/status: expected a whole number from 200 to 599");
    BOOST_TEST(refusal(*this, R"({"name":"token.unavailable","params":{"retry":1}})") ==
               "/params/retry: is not known here; the nearest known member is \"retry_after\"");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","params":{"x":1}})") ==
               "/params/x: is not known here");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","select":{"endpoint":"tokn"}})") ==
               "/select/endpoint: no endpoint is called \"tokn\"; the nearest is \"token\"");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","select":{"endpoint":"mcp"}})") ==
               "/select/endpoint: \"token.server_error\" does not act at the endpoint \"mcp\"");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","select":{"header":{"X":1}}})") ==
               "/select/header/X: expected a string, or true for any value");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","trigger":{"nth":0}})") ==
               "/trigger/nth: expected a whole number from 1 to 1000000000");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","trigger":{"script":["ok",1]}})") ==
               "/trigger/script/1: expected \"ok\" or \"fault\"");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","trigger":{"always":false}})") ==
               "/trigger/always: expected true");
    BOOST_TEST(refusal(*this, R"({"name":"token.server_error","expires_in":0})")
                   .starts_with("/expires_in: expected a number from 0.001"));
}

BOOST_FIXTURE_TEST_CASE(wants_exactly_one_trigger, plane) {
    for (auto const* t : {R"({})", R"({"nth":1,"next":2})", R"({"seed":4})"}) {
        auto const text =
            refusal(*this, R"({"name":"token.server_error","trigger":)" + std::string(t) + "}");
        BOOST_TEST(text.starts_with("/trigger"), text);
    }
}

// It would be silent for ever, and its creator would think that the client does not care.
BOOST_FIXTURE_TEST_CASE(refuses_a_selector_that_no_request_can_match, plane) {
    auto const with = [this](std::string const& select) {
        return refusal(*this, R"({"name":"token.server_error","select":)" + select + "}");
    };
    BOOST_TEST(with(R"({"grant_type":"refresh"})") ==
               "/select/grant_type: nothing is called \"refresh\" here; the nearest is "
               "\"refresh_token\"");
    BOOST_TEST(with(R"({"mcp_method":"tools/cal"})") ==
               "/select/mcp_method: nothing is called \"tools/cal\" here; the nearest is "
               "\"tools/call\"");
    BOOST_TEST(with(R"({"tool":"eco"})") ==
               "/select/tool: nothing is called \"eco\" here; the nearest is \"echo\"");
}

// RFC 6749 §4.5: an extension grant is named by an absolute URI.
BOOST_FIXTURE_TEST_CASE(takes_a_grant_type_of_somebody_else_that_is_a_uri, plane) {
    fault(R"({"name":"token.server_error","select":{"grant_type":"urn:example:grant"}})");
    BOOST_TEST(token({{"grant_type", "urn:example:grant"}}).status == 500u);
    BOOST_TEST(token().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_filter_of_answers_that_contradicts_the_stage, plane) {
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"status":500,"only":"error"}})") ==
               "/params/only: chooses among the server's answers: it needs the stage \"mutate\" or "
               "\"replace\"");
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"status":500,"stage":"after_commit",
                                  "only":"error"}})")
                   .starts_with("/params/only: contradicts the stage \"after_commit\""));
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"merge_patch":{},"only":"all"}})") ==
               "/params/only: expected one of \"success\", \"error\"");
}

BOOST_FIXTURE_TEST_CASE(refuses_a_raw_fault_that_does_nothing_or_contradicts_its_stage, plane) {
    BOOST_TEST(refusal(*this, R"({"name":"raw"})").starts_with("/params/status: is missing"));
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"stage":"mutate","body":"x"}})")
                   .starts_with("/params/body: cannot be altered as a whole"));
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"stage":"replace","merge_patch":{}}})")
                   .starts_with("/params/merge_patch: "));
    BOOST_TEST(refusal(*this, R"({"name":"raw","params":{"stage":"later","status":500}})") ==
               "/params/stage: expected one of \"before\", \"replace\", \"mutate\", "
               "\"after_commit\"");
}

// RFC 9110 §5.5 and §5.6.2; a fault must not split the answer or break its framing.
BOOST_FIXTURE_TEST_CASE(refuses_headers_that_would_break_the_answer, plane) {
    for (auto const* headers :
         {R"({"X-A":"1\r\nX-B: 2"})", R"({"X A":"1"})", R"({"":"1"})", R"({"Content-Length":"3"})",
          R"({"transfer-encoding":"chunked"})", R"({"X-A":{}})"}) {
        auto const text = refusal(*this, R"({"name":"raw","params":{"status":500,"headers":)" +
                                             std::string(headers) + "}}");
        BOOST_TEST(text.starts_with("/params/headers/"), text);
    }
}

BOOST_FIXTURE_TEST_CASE(sends_a_raw_body_as_text_or_as_json, plane) {
    fault(R"({"name":"raw","params":{"status":503,"body":"<html>"}})");
    BOOST_TEST(token().header("Content-Type") == "text/plain; charset=utf-8");
    del("faults");
    fault(R"({"name":"raw","params":{"body":{"a":[1]},"headers":{"X-A":"1"}}})");
    auto const a = token();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("X-A") == "1");
    BOOST_TEST(a.body == R"({"a":[1]})");
}

BOOST_FIXTURE_TEST_CASE(has_a_limit_and_makes_room_when_faults_expire, plane) {
    for (std::size_t i = 0; i < control::realm_faults::most_faults; ++i)
        fault(R"({"name":"token.server_error","expires_in":60})");
    BOOST_TEST(post("faults", R"({"name":"token.server_error"})").status == 409u);
    b.clock.advance(std::chrono::seconds(60));
    BOOST_TEST(post("faults", R"({"name":"token.server_error"})").status == 201u);
}

BOOST_FIXTURE_TEST_CASE(wants_json_and_says_how_to_send_it, plane) {
    auto const undeclared = b.send(http::verb::post, "/control/faults", R"({"name":"raw"})",
                                   {{"Content-Type", "application/x-www-form-urlencoded"}});
    BOOST_TEST(undeclared.status == 400u);
    BOOST_TEST(described(undeclared).find("curl -H content-type:application/json") !=
               std::string::npos);
    BOOST_TEST(described(post("faults")) ==
               "\"\" (the whole body): is empty; expected a JSON object");
    BOOST_TEST(described(post("faults", "[]")) ==
               "\"\" (the whole body): expected an object, got an array");
    BOOST_TEST(described(post("faults", "{\"name\":"))
                   .starts_with("\"\" (the whole body): the body is not JSON"));
}

BOOST_AUTO_TEST_SUITE_END()

// Multi round-trip requests (2026-07-28): input_required, answers, and the state between.
#include "mcp/server/modern_fixture.hpp"

using test::error_of;
using test::text_of;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace http = tollgate::http;

namespace {

json::object parsed(char const* text) {
    return json::parse(text).as_object();
}

struct round_trips : test::modern {
    round_trips() {
        with_fixtures();
        declares(parsed(R"({"elicitation":{},"sampling":{},"roots":{}})"));
    }
    // The first round of that tool.
    json::object begins(std::string const& tool) {
        calls("test_input_required_result_" + tool);
        return result("input_required");
    }
    // The next round: the same call, with what the client brings.
    void brings(json::object const& round, char const* answers) {
        params["requestState"] = round.at("requestState");
        params["inputResponses"] = parsed(answers);
    }
};

constexpr char alice[] = R"({"user_name":{"action":"accept","content":{"name":"Alice"}}})";
constexpr char yes[] = R"({"confirm":{"action":"accept","content":{"ok":true}}})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_round_trip, round_trips)

// MCP 2026-07-28, Multi Round-Trip Requests, "InputRequiredResult": resultType, inputRequests
// and requestState.
BOOST_AUTO_TEST_CASE(asks_in_the_first_round_and_completes_in_the_second) {
    auto const first = begins("elicitation");
    auto const& asked = first.at("inputRequests").at("user_name");
    BOOST_TEST(asked.at("method").as_string() == "elicitation/create");
    BOOST_TEST(asked.at("params").at("message").as_string() == "What is your name?");
    BOOST_TEST(!first.contains("content"));
    brings(first, alice);
    id = 8;
    BOOST_TEST(text_of(send()) == "Hello, Alice!");
}

BOOST_AUTO_TEST_CASE(a_user_who_declines_is_an_answer) {
    auto const first = begins("elicitation");
    brings(first, R"({"user_name":{"action":"decline"}})");
    BOOST_TEST(text_of(send()) == "Hello, stranger!");
}

BOOST_AUTO_TEST_CASE(asks_the_model_and_for_roots_likewise) {
    auto round = begins("sampling");
    auto const key = std::string(round.at("inputRequests").as_object().begin()->key());
    brings(round, R"({"capital_question":{"role":"assistant","model":"m",
                      "content":{"type":"text","text":"Paris"}}})");
    BOOST_TEST(text_of(send()) == "Paris");
    round = begins("list_roots");
    brings(round, R"({"client_roots":{"roots":[{"uri":"file:///a"}]}})");
    BOOST_TEST(text_of(send()) == "The client has 1 roots");
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Error Handling": missing information is requested
// again, and what is not recognized is ignored.
BOOST_AUTO_TEST_CASE(asks_again_for_what_is_missing_and_ignores_what_it_did_not_ask) {
    begins("elicitation");
    params["inputResponses"] = parsed(R"({"wrong_key":{"action":"accept"}})");
    BOOST_TEST(result("input_required").at("inputRequests").as_object().contains("user_name"));
    auto answers = parsed(alice);
    answers["extra"] = 7;
    params["inputResponses"] = answers;
    BOOST_TEST(text_of(send()) == "Hello, Alice!");
}

BOOST_AUTO_TEST_CASE(keeps_answers_that_came_before_the_others) {
    auto const first = begins("multiple_inputs");
    BOOST_TEST(first.at("inputRequests").as_object().size() == 3u);
    brings(first, alice);
    auto const second = result("input_required");
    BOOST_TEST(second.at("inputRequests").as_object().size() == 2u);
    BOOST_TEST(!second.at("inputRequests").as_object().contains("user_name"));
    brings(second, R"({"client_roots":{"roots":[]},"greeting":{"role":"assistant","model":"m",
                       "content":{"type":"text","text":"Hi"}}})");
    BOOST_TEST(text_of(send()) == "Hi Alice");
}

BOOST_AUTO_TEST_CASE(goes_through_several_rounds_with_a_new_state_each) {
    auto const first = begins("multi_round");
    brings(first, R"({"step1":{"action":"accept","content":{"name":"Alice"}}})");
    auto const second = result("input_required");
    BOOST_TEST(second.at("inputRequests").as_object().contains("step2"));
    BOOST_TEST(second.at("requestState") != first.at("requestState"));
    brings(second, R"({"step2":{"action":"accept","content":{"color":"blue"}}})");
    BOOST_TEST(text_of(send()) == "Alice likes blue");
    // Without the state, the first answer is gone.
    params.erase("requestState");
    BOOST_TEST(result("input_required").at("inputRequests").as_object().contains("step1"));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Error Handling": malformed answers are an error of
// the protocol.
BOOST_AUTO_TEST_CASE(refuses_malformed_answers_and_names_them) {
    begins("elicitation");
    for (auto const* answers :
         {R"({"user_name":12345})", R"({"user_name":{"action":"maybe"}})",
          R"({"user_name":{"action":"accept","content":{"name":7}}})", R"({"user_name":null})"}) {
        params["inputResponses"] = parsed(answers);
        auto const a = send();
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32602);
        BOOST_TEST(a.json().at("error").at("message").as_string().find("user_name") !=
                   json::string::npos);
    }
    params["inputResponses"] = nullptr;
    BOOST_TEST(error_of(send()) == -32602);
    params["inputResponses"] = json::object();
    params["requestState"] = 7;
    BOOST_TEST(error_of(send()) == -32602);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": state that fails verification
// MUST be rejected, whatever the tool does with it.
BOOST_AUTO_TEST_CASE(refuses_a_state_that_was_changed_or_made_up) {
    auto const first = begins("tampered_state");
    auto const state = std::string(first.at("requestState").as_string());
    brings(first, yes);
    for (auto const& bent :
         {state + "-TAMPERED", state.substr(1), std::string("x"), std::string()}) {
        params["requestState"] = bent;
        BOOST_TEST(error_of(send()) == -32602);
    }
    params["requestState"] = state;
    BOOST_TEST(text_of(send()) == "Confirmed: state-ok");
    calls("echo", {{"message", "hi"}});
    params["requestState"] = state;
    BOOST_TEST(error_of(send()) == -32602);
}

BOOST_AUTO_TEST_CASE(a_tool_that_needs_its_state_back_says_so) {
    begins("request_state");
    params["inputResponses"] = parsed(yes);
    BOOST_TEST(error_of(send()) == -32602);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": bound to the principal and the
// originating request.
BOOST_AUTO_TEST_CASE(refuses_the_state_of_somebody_else_another_tool_or_other_arguments) {
    auto const first = begins("request_state");
    brings(first, yes);
    token = "bob";
    BOOST_TEST(error_of(send()) == -32602);
    token = "alice@another-client";
    BOOST_TEST(error_of(send()) == -32602);
    token = "alice";
    auto const right = params;
    calls("test_input_required_result_tampered_state");
    brings(first, yes);
    BOOST_TEST(error_of(send()) == -32602);
    calls("test_input_required_result_request_state", {{"another", 1}});
    brings(first, yes);
    BOOST_TEST(error_of(send()) == -32602);
    calls("test_input_required_result_request_state");
    params = right;
    BOOST_TEST(text_of(send()) == "Confirmed: state-ok");
}

BOOST_AUTO_TEST_CASE(refuses_the_state_of_another_realm) {
    auto const first = begins("request_state");
    brings(first, yes);
    b.realm = std::make_shared<http::realm>("other");
    server.open(*b.realm);
    with_fixtures();
    BOOST_TEST(error_of(send()) == -32602);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": a short expiry. Until then the
// same state may come again: it is bound, not used up.
BOOST_AUTO_TEST_CASE(a_state_lapses_and_may_be_repeated_until_then) {
    auto const first = begins("request_state");
    brings(first, yes);
    BOOST_TEST(text_of(send()) == "Confirmed: state-ok");
    b.clock.advance(std::chrono::minutes(14));
    BOOST_TEST(text_of(send()) == "Confirmed: state-ok");
    b.clock.advance(std::chrono::minutes(1));
    BOOST_TEST(error_of(send()) == -32602);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": MUST NOT send inputRequests
// that the client has not declared support for.
BOOST_AUTO_TEST_CASE(asks_only_what_the_client_can_answer) {
    declares(parsed(R"({"sampling":{}})"));
    auto const round = begins("capabilities");
    auto const& asked = round.at("inputRequests").as_object();
    BOOST_TEST(asked.size() == 1u);
    BOOST_TEST(asked.begin()->value().at("method").as_string() == "sampling/createMessage");
}

// MCP 2026-07-28, Basic, "_meta": -32021 and HTTP 400, with the capabilities that are missing.
BOOST_AUTO_TEST_CASE(a_capability_that_is_missing_is_named) {
    declares({});
    calls("test_missing_capability");
    refused(-32021);
    BOOST_TEST(send().json().at("error").at("data") ==
               json::parse(R"({"requiredCapabilities":{"sampling":{}}})"));
    declares(parsed(R"({"elicitation":{"url":{}}})"));
    calls("test_input_required_result_elicitation");
    refused(-32021);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Supported Requests": prompts/get is one of them.
BOOST_AUTO_TEST_CASE(a_prompt_may_ask_too) {
    gets("test_input_required_result_prompt");
    auto const first = result("input_required");
    brings(first, R"({"user_context":{"action":"accept","content":{"context":"blue"}}})");
    auto const done = result();
    BOOST_TEST(json::serialize(done.at("messages")).find("blue") != std::string::npos);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Supported Requests": MUST NOT on any other request.
BOOST_AUTO_TEST_CASE(other_requests_never_ask) {
    for (auto const* m : {"tools/list", "prompts/list", "server/discover"}) {
        method = m;
        params = {{"requestState", "made up"}};
        headers = {{"MCP-Protocol-Version", "2026-07-28"}};
        result();
    }
}

BOOST_AUTO_TEST_SUITE_END()

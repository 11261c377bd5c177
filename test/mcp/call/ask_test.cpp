// ask_client: the same questions on the stream of a legacy call and in the rounds of a modern one.
#include "mcp/call/ask.hpp"

#include "mcp/server/call_bench.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;

namespace {

json::object object(std::string const& text) {
    return json::parse(text).as_object();
}

constexpr char accepts[] = R"({"action":"accept","content":{"name":"Ada"}})";
constexpr char says_hi[] =
    R"({"role":"assistant","model":"m","content":{"type":"text","text":"Hi"}})";
constexpr char everything[] = R"({"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}})";

struct asking : test::call_bench {
    std::vector<mcp::input_request> wanted;

    asking() {
        declares(everything);
        params(R"({"name":"t"})");
    }
    void wants_name() {
        wanted.push_back(mcp::elicit_form(
            "name", "Who?", object(R"({"type":"object","properties":{"name":{"type":"string"}},
                "required":["name"]})")));
    }
    void wants_greeting() { wanted.push_back(mcp::sample("greeting", "Greet", 5)); }
    void wants_page() {
        wanted.push_back(mcp::elicit_url("page", "Visit", "https://example.com/", "e1"));
    }
    mcp::asked asked_in(revision r) {
        auto const c = call(r);
        return test::run(io, mcp::ask_client(c, wanted));
    }
    // The error that it stopped with.
    mcp::rpc_error error_in(revision r) {
        auto const got = asked_in(r);
        BOOST_REQUIRE(got.stopped.has_value());
        BOOST_TEST(got.answers.empty());
        return std::get<mcp::rpc_error>(*got.stopped);
    }
    // The input_required result of a modern round.
    json::object round() {
        auto const got = asked_in(revision::v2026_07_28);
        BOOST_REQUIRE(got.stopped.has_value());
        return std::get<json::object>(*got.stopped);
    }
    // The same call again, with the state of `last` and these answers.
    void brings(json::object const& last, std::string const& answers) {
        auto& p = body.as_object()["params"].as_object();
        p["requestState"] = last.at("requestState");
        p["inputResponses"] = object(answers);
    }
};

std::string keys(json::object const& o) {
    std::string all;
    for (auto const& member : o)
        all += std::string(member.key()) + ' ';
    return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_ask_client, asking)

BOOST_AUTO_TEST_CASE(a_legacy_call_asks_one_question_after_the_other_on_its_stream) {
    wants_name();
    wants_greeting();
    out.answers.emplace_back(object(accepts));
    out.answers.emplace_back(object(says_hi));
    auto const got = asked_in(revision::v2025_06_18);
    BOOST_TEST(!got.stopped.has_value());
    BOOST_TEST(!got.resumed);
    BOOST_REQUIRE(out.asked.size() == 2u);
    BOOST_TEST(out.asked[0].first == "elicitation/create");
    BOOST_TEST(out.asked[1].first == "sampling/createMessage");
    BOOST_TEST(got.answers.at("name") == object(accepts));
    BOOST_TEST(got.answers.at("greeting") == object(says_hi));
}

// MCP 2025-11-25, Schema, ElicitRequestURLParams: elicitationId is of this revision alone.
BOOST_AUTO_TEST_CASE(a_question_is_put_as_the_revision_of_the_call_knows_it) {
    wants_page();
    out.answers.emplace_back(object(R"({"action":"accept"})"));
    asked_in(revision::v2025_11_25);
    BOOST_TEST(out.asked.at(0).second.at("elicitationId") == "e1");
    auto const requests = round().at("inputRequests").as_object();
    BOOST_TEST(!requests.at("page").at("params").as_object().contains("elicitationId"));
    BOOST_TEST(requests.at("page").at("params").at("mode") == "url");
}

BOOST_AUTO_TEST_CASE(the_error_of_a_client_ends_the_questions) {
    wants_name();
    wants_greeting();
    out.answers.emplace_back(mcp::rpc_error(-1, "User rejected"));
    auto const e = error_in(revision::v2025_11_25);
    BOOST_TEST(e.code == -1);
    BOOST_TEST(e.message == "User rejected");
    BOOST_TEST(out.asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_wrong_answer_ends_the_questions_and_is_named) {
    wants_name();
    wants_greeting();
    out.answers.emplace_back(object(R"({"action":"accept","content":{"name":7}})"));
    auto const e = error_in(revision::v2025_11_25);
    BOOST_TEST(e.code == -32602);
    BOOST_TEST(e.message.find("\"name\" (elicitation/create)") != std::string::npos, e.message);
    BOOST_TEST(e.message.find("/name: must be a string") != std::string::npos, e.message);
    BOOST_TEST(out.asked.size() == 1u);
}

// MCP 2025-11-25, Client Features, Elicitation, "Response Actions": decline and cancel are answers.
BOOST_AUTO_TEST_CASE(a_user_who_does_not_want_to_has_answered) {
    for (auto const* action : {"decline", "cancel"}) {
        wanted.clear();
        wants_name();
        out.answers.emplace_back(json::object{{"action", action}});
        auto const got = asked_in(revision::v2025_11_25);
        BOOST_TEST(!got.stopped.has_value());
        BOOST_TEST(got.answers.at("name").at("action") == action);
    }
}

// MCP 2025-11-25, Lifecycle, "Operation": only capabilities that were negotiated are used. All that
// is wanted at once is asked, or nothing.
BOOST_AUTO_TEST_CASE(nothing_is_asked_where_one_capability_is_missing) {
    declares(R"({"elicitation":{}})");
    wants_name();
    wants_greeting();
    for (auto const r : {revision::v2024_11_05, revision::v2025_11_25}) {
        auto const e = error_in(r);
        BOOST_TEST(e.code == -32602);
        BOOST_TEST(e.message.ends_with(": sampling"), e.message);
        BOOST_TEST(e.data.is_null());
    }
    BOOST_TEST(out.asked.empty());
}

// MCP 2026-07-28, Basic, "_meta": -32021, and data.requiredCapabilities lists what is missing.
BOOST_AUTO_TEST_CASE(a_modern_client_is_told_every_capability_that_is_missing) {
    declares(R"({"elicitation":{}})");
    wants_name();
    wants_greeting();
    wants_greeting();
    wants_page();
    auto const e = error_in(revision::v2026_07_28);
    BOOST_TEST(e.code == -32021);
    BOOST_TEST(e.data == json::parse(R"({"requiredCapabilities":
        {"sampling":{},"elicitation":{"url":{}}}})"));
    BOOST_TEST(e.message.find("elicitation in URL mode") != std::string::npos, e.message);
    BOOST_TEST(e.message.find("sampling") == e.message.rfind("sampling"), e.message);
}

// MCP 2026-07-28, Multi Round-Trip Requests, "InputRequiredResult": every question by its key, and
// an opaque state; nothing travels on the stream.
BOOST_AUTO_TEST_CASE(a_modern_call_ends_with_all_its_questions) {
    wants_name();
    wants_greeting();
    auto const r = round();
    BOOST_TEST(keys(r) == "resultType inputRequests requestState ");
    BOOST_TEST(r.at("resultType") == "input_required");
    BOOST_TEST(keys(r.at("inputRequests").as_object()) == "name greeting ");
    BOOST_TEST(r.at("inputRequests").at("greeting") ==
               json::parse(R"({"method":"sampling/createMessage","params":{"messages":
                   [{"role":"user","content":{"type":"text","text":"Greet"}}],"maxTokens":5}})"));
    BOOST_TEST(out.asked.empty());
    BOOST_TEST(out.said.empty());
}

BOOST_AUTO_TEST_CASE(nothing_wanted_is_nothing_asked) {
    for (auto const r : {revision::v2025_11_25, revision::v2026_07_28}) {
        auto const got = asked_in(r);
        BOOST_TEST(!got.stopped.has_value());
        BOOST_TEST(got.answers.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_call_has_resumed_only_when_its_state_came_back) {
    wants_name();
    auto const first = round();
    body.as_object()["params"] = {{"name", "t"}, {"inputResponses", {{"name", object(accepts)}}}};
    BOOST_TEST(!asked_in(revision::v2026_07_28).resumed);
    brings(first, R"({"name":)" + std::string(accepts) + '}');
    auto const got = asked_in(revision::v2026_07_28);
    BOOST_TEST(got.resumed);
    BOOST_TEST(got.answers.at("name") == object(accepts));
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_given_stands_whatever_comes_later) {
    wants_name();
    wants_greeting();
    brings(round(), R"({"name":)" + std::string(accepts) + '}');
    auto const second = round();
    BOOST_TEST(keys(second.at("inputRequests").as_object()) == "greeting ");
    brings(second, R"({"name":{"action":"decline"},"greeting":)" + std::string(says_hi) + '}');
    auto const got = asked_in(revision::v2026_07_28);
    BOOST_REQUIRE(!got.stopped.has_value());
    BOOST_TEST(got.answers.at("name") == object(accepts));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Error Handling": information that is missing is
// requested again; that which is there is not.
BOOST_AUTO_TEST_CASE(a_round_that_brings_nothing_is_asked_the_same_again) {
    wants_name();
    auto const first = round();
    brings(first, "{}");
    auto const second = round();
    BOOST_TEST(second.at("inputRequests") == first.at("inputRequests"));
    brings(second, R"({"Name":)" + std::string(accepts) + '}');
    BOOST_TEST(round().at("inputRequests") == first.at("inputRequests"));
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_wrong_form_can_be_mended_with_the_same_state) {
    wants_name();
    auto const first = round();
    brings(first, R"({"name":{"action":"maybe"}})");
    BOOST_TEST(error_in(revision::v2026_07_28).code == -32602);
    brings(first, R"({"name":)" + std::string(accepts) + '}');
    BOOST_TEST(!asked_in(revision::v2026_07_28).stopped.has_value());
}

BOOST_AUTO_TEST_CASE(answers_that_are_too_large_to_be_carried_are_an_error) {
    wants_name();
    wants_greeting();
    auto const first = round();
    brings(first, R"({"name":{"action":"accept","content":{"name":")" + std::string(200'000, 'x') +
                      R"("}}})");
    BOOST_TEST(error_in(revision::v2026_07_28).code == -32603);
}

// MCP 2026-07-28, Schema, RetryRequestParams: inputResponses is an object, requestState a string.
BOOST_AUTO_TEST_CASE(what_a_round_brings_has_the_right_types) {
    struct row {
        char const* params;
        char const* flaw;
    };
    row const rows[] = {
        {R"({"inputResponses":null})", "params.inputResponses must be an object"},
        {R"({"inputResponses":[]})", "params.inputResponses must be an object"},
        {R"({"inputResponses":"{}"})", "params.inputResponses must be an object"},
        {R"({"requestState":null})", "params.requestState must be a string"},
        {R"({"requestState":{}})", "params.requestState must be a string"},
    };
    for (auto const& r : rows) {
        params(r.params);
        auto const wrong = mcp::flaw_in_round_trip(call(revision::v2026_07_28));
        BOOST_REQUIRE(wrong.has_value());
        BOOST_TEST(wrong->code == -32602);
        BOOST_TEST(wrong->message == r.flaw);
    }
    for (auto const* fine : {"{}", R"({"inputResponses":{}})", R"({"inputResponses":{"a":7}})"}) {
        params(fine);
        BOOST_TEST(!mcp::flaw_in_round_trip(call(revision::v2026_07_28)).has_value(), fine);
    }
    body = json::parse(R"({"jsonrpc":"2.0","id":1,"method":"resources/read"})");
    BOOST_TEST(!mcp::flaw_in_round_trip(call(revision::v2026_07_28)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

// What a tool may ask of the client, and what a right answer looks like.
#include "mcp/protocol/input.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

json::object object(char const* text) {
    return json::parse(text).as_object();
}

mcp::input_request form() {
    auto schema = object(R"({"type":"object","properties":{"name":{"type":"string"}},)"
                         R"("required":["name"]})");
    return mcp::elicit_form("user_name", "What is your name?", std::move(schema));
}

mcp::input_request page() {
    return mcp::elicit_url("sign_in", "Please sign in", "https://example.com/in", "e1");
}

bool fits(mcp::input_request const& r, char const* answer) {
    return !mcp::flaw_in_answer(r, json::parse(answer));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_input)

// MCP 2026-07-28, Elicitation, "Capabilities": an empty object means form mode only; the server
// MUST NOT use a mode that the client did not declare.
BOOST_AUTO_TEST_CASE(an_empty_elicitation_capability_means_forms_alone) {
    BOOST_TEST(mcp::can_answer(object(R"({"elicitation":{}})"), form()));
    BOOST_TEST(!mcp::can_answer(object(R"({"elicitation":{}})"), page()));
    BOOST_TEST(!mcp::can_answer(object(R"({"elicitation":{"url":{}}})"), form()));
    BOOST_TEST(mcp::can_answer(object(R"({"elicitation":{"url":{}}})"), page()));
    BOOST_TEST(mcp::can_answer(object(R"({"elicitation":{"url":{},"form":{}}})"), form()));
    BOOST_TEST(!mcp::can_answer(object("{}"), form()));
    BOOST_TEST(!mcp::can_answer(object(R"({"elicitation":true})"), form()));
}

BOOST_AUTO_TEST_CASE(sampling_and_roots_need_their_own_capability) {
    auto const both = object(R"({"sampling":{},"roots":{}})");
    BOOST_TEST(mcp::can_answer(both, mcp::sample("s", "Hi", 10)));
    BOOST_TEST(mcp::can_answer(both, mcp::list_roots("r")));
    BOOST_TEST(!mcp::can_answer(object(R"({"roots":{}})"), mcp::sample("s", "Hi", 10)));
    BOOST_TEST(!mcp::can_answer(object(R"({"sampling":{}})"), mcp::list_roots("r")));
}

// MCP 2026-07-28, Basic, "_meta": data.requiredCapabilities lists the missing capabilities.
BOOST_AUTO_TEST_CASE(says_which_capability_is_needed_in_the_form_of_the_declaration) {
    BOOST_TEST(mcp::needed_capability(mcp::sample("s", "Hi", 10)) == object(R"({"sampling":{}})"));
    BOOST_TEST(mcp::needed_capability(mcp::list_roots("r")) == object(R"({"roots":{}})"));
    BOOST_TEST(mcp::needed_capability(form()) == object(R"({"elicitation":{}})"));
    BOOST_TEST(mcp::needed_capability(page()) == object(R"({"elicitation":{"url":{}}})"));
}

BOOST_AUTO_TEST_CASE(an_elicitation_id_is_sent_to_the_one_revision_that_knows_it) {
    BOOST_TEST(params_for(page(), mcp::revision::v2025_11_25).contains("elicitationId"));
    BOOST_TEST(!params_for(page(), mcp::revision::v2026_07_28).contains("elicitationId"));
    BOOST_TEST(params_for(form(), mcp::revision::v2026_07_28).contains("requestedSchema"));
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Error Handling": the server SHOULD validate that
// the data is a valid InputResponses object.
BOOST_AUTO_TEST_CASE(an_elicitation_answer_has_an_action_and_content_that_fits_the_schema) {
    BOOST_TEST(fits(form(), R"({"action":"accept","content":{"name":"Alice"}})"));
    BOOST_TEST(fits(form(), R"({"action":"decline"})"));
    BOOST_TEST(fits(form(), R"({"action":"cancel"})"));
    BOOST_TEST(!fits(form(), R"({"action":"accept"})"));
    BOOST_TEST(!fits(form(), R"({"action":"accept","content":[]})"));
    BOOST_TEST(!fits(form(), R"({"action":"accept","content":{"name":5}})"));
    BOOST_TEST(!fits(form(), R"({"action":"maybe"})"));
    BOOST_TEST(!fits(form(), "{}"));
    BOOST_TEST(!fits(form(), "12345"));
    BOOST_TEST(!fits(form(), "null"));
    BOOST_TEST(fits(page(), R"({"action":"accept"})"));
}

BOOST_AUTO_TEST_CASE(a_sampling_answer_is_a_message_of_a_model) {
    auto const s = mcp::sample("s", "Hi", 10);
    BOOST_TEST(fits(s, R"({"role":"assistant","model":"m","content":{"type":"text","text":"x"}})"));
    BOOST_TEST(
        fits(s, R"({"role":"assistant","model":"m","content":[{"type":"text","text":"x"}]})"));
    BOOST_TEST(!fits(s, R"({"role":"robot","model":"m","content":{"type":"text"}})"));
    BOOST_TEST(!fits(s, R"({"role":"assistant","content":{"type":"text"}})"));
    BOOST_TEST(!fits(s, R"({"role":"assistant","model":"m"})"));
    BOOST_TEST(!fits(s, R"({"role":"assistant","model":"m","content":"x"})"));
    BOOST_TEST(!fits(s, R"({"role":"assistant","model":"m","content":["x"]})"));
}

BOOST_AUTO_TEST_CASE(a_roots_answer_lists_uris) {
    auto const r = mcp::list_roots("r");
    BOOST_TEST(fits(r, R"({"roots":[]})"));
    BOOST_TEST(fits(r, R"({"roots":[{"uri":"file:///a","name":"A"}]})"));
    BOOST_TEST(!fits(r, R"({"roots":[{"name":"A"}]})"));
    BOOST_TEST(!fits(r, R"({"roots":{}})"));
    BOOST_TEST(!fits(r, "{}"));
}

BOOST_AUTO_TEST_CASE(reads_what_was_accepted_and_what_the_model_said) {
    BOOST_TEST(mcp::accepted(json::parse(R"({"action":"accept"})")));
    BOOST_TEST(!mcp::accepted(json::parse(R"({"action":"decline"})")));
    BOOST_TEST(!mcp::accepted(json::parse("7")));
    auto const one = json::parse(R"({"content":{"type":"text","text":"Paris"}})");
    BOOST_TEST(mcp::sampled_text(one) == "Paris");
    auto const several =
        json::parse(R"({"content":[{"type":"image"},{"type":"text","text":"Rome"}]})");
    BOOST_TEST(mcp::sampled_text(several) == "Rome");
    BOOST_TEST(mcp::sampled_text(json::parse(R"({"content":{"type":"image"}})")) == "");
}

BOOST_AUTO_TEST_SUITE_END()

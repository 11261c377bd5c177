// The form of each question to the client, per revision, and the flaws of the answers to it.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/protocol/input.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

json::object object(char const* text) {
    return json::parse(text).as_object();
}

mcp::input_request form(char const* schema) {
    return mcp::elicit_form("f", "Who?", object(schema));
}
mcp::input_request page() {
    return mcp::elicit_url("p", "Please visit", "https://example.com/in", "e1");
}

// What is wrong with the answer; "" when it is one.
std::string flaw(mcp::input_request const& r, char const* answer) {
    return mcp::flaw_in_answer(r, json::parse(answer)).value_or("");
}

constexpr char named[] =
    R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"]})";

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_input_forms)

// MCP 2025-11-25, Client Features, Elicitation, "Creating Elicitation Requests": a form may be
// asked for without a mode, which older revisions do not know; a page has the mode "url".
BOOST_AUTO_TEST_CASE(elicitation_is_a_form_or_a_page) {
    auto const f = form(named);
    BOOST_TEST(f.key == "f");
    BOOST_TEST(f.method == "elicitation/create");
    BOOST_TEST(f.params == (json::object{{"message", "Who?"}, {"requestedSchema", object(named)}}));
    auto const p = page();
    BOOST_TEST(p.key == "p");
    BOOST_TEST(p.method == "elicitation/create");
    BOOST_TEST(p.params == object(R"({"mode":"url","message":"Please visit",
        "url":"https://example.com/in","elicitationId":"e1"})"));
}

// MCP 2025-11-25, Client Features, Sampling, "Creating Messages": messages and maxTokens are
// required.
BOOST_AUTO_TEST_CASE(sampling_is_one_message_of_the_user_with_a_limit) {
    auto const s = mcp::sample("s", "What is \"this\"?", 50);
    BOOST_TEST(s.method == "sampling/createMessage");
    BOOST_TEST(s.params == object(R"({"messages":[{"role":"user",
        "content":{"type":"text","text":"What is \"this\"?"}}],"maxTokens":50})"));
}

BOOST_AUTO_TEST_CASE(roots_are_asked_for_without_params) {
    auto const r = mcp::list_roots("r");
    BOOST_TEST(r.method == "roots/list");
    BOOST_TEST(r.params.empty());
}

// MCP 2025-11-25, Schema, ElicitRequestURLParams: elicitationId; neither before nor after.
BOOST_AUTO_TEST_CASE(each_revision_gets_the_params_that_it_knows) {
    for (auto const v : mcp::all_revisions) {
        auto const params = mcp::params_for(page(), v);
        BOOST_TEST(params.contains("elicitationId") == (v == mcp::revision::v2025_11_25), v);
        BOOST_TEST(params.at("url") == "https://example.com/in", v);
        BOOST_TEST(mcp::params_for(form(named), v) == form(named).params, v);
    }
}

BOOST_AUTO_TEST_CASE(a_sentence_calls_each_capability_by_its_name) {
    BOOST_TEST(mcp::capability_title(form(named)) == "elicitation");
    BOOST_TEST(mcp::capability_title(page()) == "elicitation in URL mode");
    BOOST_TEST(mcp::capability_title(mcp::sample("s", "x", 1)) == "sampling");
    BOOST_TEST(mcp::capability_title(mcp::list_roots("r")) == "roots");
}

// MCP 2025-11-25, Client Features, Elicitation, "Capabilities": a mode that is declared may be
// used, another may not.
BOOST_AUTO_TEST_CASE(a_client_is_asked_in_the_modes_that_it_declares) {
    struct row {
        char const* declared;
        bool forms;
        bool pages;
    };
    row const rows[] = {{R"({"elicitation":{"form":{}}})", true, false},
                        {R"({"elicitation":{"form":{},"url":{}}})", true, true},
                        {R"({"elicitation":{"url":{}}})", false, true},
                        {R"({"elicitation":{"unknown":{}}})", true, false},
                        {R"({"elicitation":null})", false, false},
                        {R"({"elicitation":[]})", false, false},
                        {R"({"sampling":{},"roots":{}})", false, false}};
    for (auto const& r : rows) {
        BOOST_TEST(mcp::can_answer(object(r.declared), form(named)) == r.forms, r.declared);
        BOOST_TEST(mcp::can_answer(object(r.declared), page()) == r.pages, r.declared);
    }
}

BOOST_AUTO_TEST_CASE(a_capability_that_is_no_object_is_not_declared) {
    for (auto const* declared :
         {R"({"sampling":true,"roots":true})", R"({"sampling":1,"roots":""})",
          R"({"sampling":null,"roots":null})"}) {
        BOOST_TEST(!mcp::can_answer(object(declared), mcp::sample("s", "x", 1)), declared);
        BOOST_TEST(!mcp::can_answer(object(declared), mcp::list_roots("r")), declared);
    }
}

// MCP 2025-11-25, Client Features, Elicitation, "Response Actions": content comes with accept
// alone.
BOOST_AUTO_TEST_CASE(the_content_of_a_form_counts_when_it_was_accepted) {
    for (auto const* action : {"decline", "cancel"}) {
        auto const text = std::string(R"({"action":")") + action + R"(","content":{"name":7}})";
        BOOST_TEST(flaw(form(named), text.c_str()) == "", action);
    }
    BOOST_TEST(flaw(form(named), R"({"action":"accept","content":{"name":7}})") != "");
}

BOOST_AUTO_TEST_CASE(a_form_that_requires_nothing_may_come_back_without_content) {
    auto const optional = form(R"({"type":"object","properties":{"n":{"type":"integer"}}})");
    BOOST_TEST(flaw(optional, R"({"action":"accept"})") == "");
    BOOST_TEST(flaw(optional, R"({"action":"accept","content":{}})") == "");
    for (auto const* content : {"null", "[]", R"("x")", "1"}) {
        auto const text = std::string(R"({"action":"accept","content":)") + content + '}';
        BOOST_TEST(flaw(optional, text.c_str()) == "content must be an object", content);
    }
}

BOOST_AUTO_TEST_CASE(the_flaw_of_a_form_points_at_its_field) {
    auto const f = form(R"({"type":"object","properties":{"mail":{"type":"string",
        "format":"email"},"age":{"type":"integer","minimum":18}}})");
    BOOST_TEST(flaw(f, R"({"action":"accept","content":{"age":17}})") ==
               "content does not fit the requested schema: /age: must be at least 18");
    BOOST_TEST(flaw(f, R"({"action":"accept","content":{"mail":"nobody"}})") ==
               "content does not fit the requested schema: /mail: must have the format email");
}

// MCP 2025-11-25, Schema, ElicitResult: "accept", "decline" or "cancel".
BOOST_AUTO_TEST_CASE(an_action_is_spelled_exactly) {
    for (auto const* action : {R"("Accept")", R"("accepted")", R"("")", "true", "null", "{}"}) {
        auto const text = std::string(R"({"action":)") + action + R"(,"content":{"name":"a"}})";
        BOOST_TEST(flaw(form(named), text.c_str()) == "action must be accept, decline or cancel",
                   action);
        BOOST_TEST(!mcp::accepted(json::parse(text)), action);
    }
}

// MCP 2025-11-25, Schema, CreateMessageResult: role, content and model; content is a block or,
// since this revision, several.
BOOST_AUTO_TEST_CASE(the_flaw_of_a_sampling_answer_is_named) {
    auto const s = mcp::sample("s", "x", 1);
    struct row {
        char const* answer;
        char const* flaw;
    };
    row const rows[] = {
        {R"({"role":"user","model":"m","content":{"type":"text","text":""}})", ""},
        {R"({"role":"assistant","model":"m","content":{"type":"audio"}})", ""},
        {R"({"model":"m","content":{"type":"text"}})", "role must be assistant or user"},
        {R"({"role":"system","model":"m","content":{}})", "role must be assistant or user"},
        {R"({"role":"user","model":7,"content":{"type":"text"}})", "model must be a string"},
        {R"({"role":"user","model":"m"})", "content is missing"},
        {R"({"role":"user","model":"m","content":{"text":"x"}})",
         "content must be a content block"},
        {R"({"role":"user","model":"m","content":{"type":1}})", "content must be a content block"},
        {R"({"role":"user","model":"m","content":null})", "content must be a content block"},
        {R"({"role":"user","model":"m","content":[{"type":"text"},7]})",
         "content must hold content blocks"},
        {"[]", "must be an object"},
    };
    for (auto const& r : rows)
        BOOST_TEST(flaw(s, r.answer) == r.flaw, r.answer);
}

// MCP 2025-11-25, Schema, Root: a uri is required, a name is not.
BOOST_AUTO_TEST_CASE(the_flaw_of_a_list_of_roots_is_named) {
    auto const r = mcp::list_roots("r");
    BOOST_TEST(flaw(r, R"({"roots":[{"uri":"file:///a"},{"uri":"file:///b","name":"B"}]})") == "");
    for (auto const* roots : {"null", "{}", R"("file:///a")"}) {
        auto const text = std::string(R"({"roots":)") + roots + '}';
        BOOST_TEST(flaw(r, text.c_str()) == "roots must be an array", roots);
    }
    for (auto const* one : {R"("file:///a")", R"({"name":"A"})", R"({"uri":7})", "null"}) {
        auto const text = std::string(R"({"roots":[{"uri":"file:///a"},)") + one + "]}";
        BOOST_TEST(flaw(r, text.c_str()) == "each root must have a uri", one);
    }
}

BOOST_AUTO_TEST_CASE(the_first_text_of_a_model_is_what_it_said) {
    struct row {
        char const* result;
        char const* text;
    };
    row const rows[] = {
        {R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})", "a"},
        {R"({"content":[]})", ""},
        {R"({"content":[7,{"type":"image","data":""}]})", ""},
        {R"({"content":"a"})", ""},
        {R"({"content":{"type":"text","text":7}})", ""},
        {"{}", ""},
        {"null", ""},
    };
    for (auto const& r : rows)
        BOOST_TEST(mcp::sampled_text(json::parse(r.result)) == r.text, r.result);
}

BOOST_AUTO_TEST_SUITE_END()

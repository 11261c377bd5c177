// Fixtures of the official conformance suite that ask the client for something: sampling and
// elicitation of the legacy revisions; and two of our own, for roots and for elicitation in URL
// mode. Messages and schemas are those that the suite prescribes.
#include <chrono>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/crypto.hpp"
#include "mcp/ask.hpp"
#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"

namespace tollgate::mcp {

namespace {

constexpr offer elicitation_legacy{
    .fixture = true, .since = revision::v2025_06_18, .until = revision::v2025_11_25};
constexpr offer only_2025_11{
    .fixture = true, .since = revision::v2025_11_25, .until = revision::v2025_11_25};

// "action=accept, content={…}"
std::string describe(json::value const& elicit_result) {
    auto const& result = elicit_result.as_object();
    std::string out = "action=";
    out += result.at("action").as_string();
    auto const* const content = result.if_contains("content");
    out += ", content=";
    out += content != nullptr ? json::serialize(*content) : "{}";
    return out;
}

// One question with the key "answer"; `prefix` stands before what came back.
task<outcome<tool_result>> ask_one(call const& c, input_request question, std::string_view prefix) {
    std::vector<input_request> wanted;
    wanted.push_back(std::move(question));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const text = std::string(prefix) + describe(got.answers.at("answer"));
    co_return text_result(c, text);
}

task<outcome<tool_result>> run_sampling(call const& c, json::object const& arguments) {
    std::vector<input_request> wanted;
    wanted.push_back(sample("answer", arguments.at("prompt").get_string(), 100));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    std::string text = "LLM response: ";
    text += sampled_text(got.answers.at("answer"));
    co_return text_result(c, text);
}

task<outcome<tool_result>> run_roots(call const& c, json::object const&) {
    std::vector<input_request> wanted;
    wanted.push_back(list_roots("answer"));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const text = "Roots: " + json::serialize(got.answers.at("answer").at("roots"));
    co_return text_result(c, text);
}

constexpr char user_form[] = R"({"type":"object","properties":{
    "username":{"type":"string","description":"User's response"},
    "email":{"type":"string","description":"User's email address"}},
    "required":["username","email"]})";

constexpr char form_with_defaults[] = R"({"type":"object","properties":{
    "name":{"type":"string","description":"User name","default":"John Doe"},
    "age":{"type":"integer","description":"User age","default":30},
    "score":{"type":"number","description":"User score","default":95.5},
    "status":{"type":"string","description":"User status",
        "enum":["active","inactive","pending"],"default":"active"},
    "verified":{"type":"boolean","description":"Verification status","default":true}},
    "required":[]})";

constexpr char form_with_enums[] = R"({"type":"object","properties":{
    "untitledSingle":{"type":"string","description":"Choose one",
        "enum":["option1","option2","option3"]},
    "titledSingle":{"type":"string","description":"Choose one with titles","oneOf":[
        {"const":"value1","title":"First Option"},
        {"const":"value2","title":"Second Option"},
        {"const":"value3","title":"Third Option"}]},
    "legacyEnum":{"type":"string","description":"Choose one in the older form",
        "enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},
    "untitledMulti":{"type":"array","description":"Choose several","minItems":1,"maxItems":3,
        "items":{"type":"string","enum":["option1","option2","option3"]}},
    "titledMulti":{"type":"array","description":"Choose several with titles","minItems":1,
        "maxItems":3,"items":{"anyOf":[
        {"const":"value1","title":"First Choice"},
        {"const":"value2","title":"Second Choice"},
        {"const":"value3","title":"Third Choice"}]}}},
    "required":[]})";

json::object form(char const* text) {
    return json::parse(text).as_object();
}

task<outcome<tool_result>> run_elicitation(call const& c, json::object const& arguments) {
    auto question = elicit_form("answer", arguments.at("message").get_string(), form(user_form));
    auto r = co_await ask_one(c, std::move(question), "User response: ");
    co_return r;
}

task<outcome<tool_result>> run_defaults(call const& c, json::object const&) {
    auto question = elicit_form("answer", "Please review and update the form fields with defaults",
                                form(form_with_defaults));
    auto r = co_await ask_one(c, std::move(question), "Elicitation completed: ");
    co_return r;
}

task<outcome<tool_result>> run_enums(call const& c, json::object const&) {
    auto question =
        elicit_form("answer", "Please select options from the enum fields", form(form_with_enums));
    auto r = co_await ask_one(c, std::move(question), "Elicitation completed: ");
    co_return r;
}

constexpr char url_message[] = "Please visit this page. Nothing happens there.";

std::string page_for(std::string const& id) {
    return "https://example.com/elicitation?id=" + id;
}

// 2025-11-25, "Completion Notifications for URL Mode Elicitation". The page is said to be done
// soon after the user agreed to visit it.
task<outcome<tool_result>> run_url(call const& c, json::object const&) {
    auto const id = random_token(16);
    auto const page = page_for(id);
    std::vector<input_request> wanted;
    wanted.push_back(elicit_url("answer", url_message, page, id));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const& answer = got.answers.at("answer");
    if (!accepted(answer)) co_return text_result(c, "Elicitation ended: " + describe(answer));
    bool const goes_on = co_await c.out.sleep(std::chrono::milliseconds(50));
    if (!goes_on) co_return error_result(c, "Cancelled.");
    json::object done;
    done["elicitationId"] = id;
    c.out.notify("notifications/elicitation/complete", std::move(done));
    co_return text_result(c, "Elicitation completed.");
}

rpc_error elicitation_required() {
    auto const id = random_token(16);
    auto const one = elicit_url("answer", url_message, page_for(id), id);
    json::array list;
    list.push_back(one.params);
    json::object data;
    data["elicitations"] = std::move(list);
    return rpc_error(error_code::url_elicitation_required,
                     "This request requires a visit to a page first", std::move(data));
}

// 2025-11-25, "URL Elicitation Required Error".
task<outcome<tool_result>> run_required(call const& c, json::object const& arguments) {
    if (arguments.contains("visited")) co_return text_result(c, "You have visited the page.");
    auto const page = elicit_url("answer", url_message, page_for("x"), "x");
    if (!can_answer(c.client_capabilities, page)) {
        co_return error_result(c, "Your client does not declare elicitation in URL mode.");
    }
    co_return refused_result(c, elicitation_required());
}

constexpr std::string_view prompt_schema =
    R"({"type":"object","properties":{"prompt":{"type":"string",)"
    R"("description":"The prompt to send to the model"}},"required":["prompt"]})";
constexpr std::string_view message_schema =
    R"({"type":"object","properties":{"message":{"type":"string",)"
    R"("description":"The message to show to the user"}},"required":["message"]})";
constexpr std::string_view visited_schema =
    R"({"type":"object","properties":{"visited":{"const":true,)"
    R"("description":"Said when the call is repeated"}},"additionalProperties":false})";

tool const sampling{
    .name = "test_sampling",
    .title = "Sampling",
    .description = "Asks the client's language model.",
    .input_schema = prompt_schema,
    .when = {.fixture = true, .until = revision::v2025_11_25},
    .run = &run_sampling,
};

tool const roots{
    .name = "test_roots",
    .title = "Roots",
    .description = "Asks the client for its roots.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_roots,
};

tool const elicitation{
    .name = "test_elicitation",
    .title = "Elicitation",
    .description = "Asks the user for a name and an address.",
    .input_schema = message_schema,
    .when = elicitation_legacy,
    .run = &run_elicitation,
};

tool const defaults{
    .name = "test_elicitation_sep1034_defaults",
    .title = "Elicitation with defaults",
    .description = "Asks the user to fill in a form with a default for every type.",
    .input_schema = no_parameters,
    .when = only_2025_11,
    .run = &run_defaults,
};

tool const enums{
    .name = "test_elicitation_sep1330_enums",
    .title = "Elicitation with enums",
    .description = "Asks the user to choose from every form of enum.",
    .input_schema = no_parameters,
    .when = only_2025_11,
    .run = &run_enums,
};

tool const url_mode{
    .name = "test_elicitation_url",
    .title = "Elicitation in URL mode",
    .description = "Asks the user to visit a page, and says when the visit is over.",
    .input_schema = no_parameters,
    .when = only_2025_11,
    .run = &run_url,
};

tool const url_required{
    .name = "test_url_elicitation_required",
    .title = "Elicitation required",
    .description = "Answers with the error -32042 until it is called with visited = true.",
    .input_schema = visited_schema,
    .when = only_2025_11,
    .run = &run_required,
};

}  // namespace

std::span<tool const* const> asking_fixtures() {
    static constexpr tool const* all[] = {&sampling, &elicitation, &defaults,    &enums,
                                          &roots,    &url_mode,    &url_required};
    return all;
}

}  // namespace tollgate::mcp

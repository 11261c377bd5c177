// Fixtures of the official conformance suite for multi round-trip requests. Texts are those that
// the suite prescribes.
#include <boost/json/parse.hpp>

#include "mcp/ask.hpp"
#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"
#include "mcp/prompt.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::string_view name_form =
    R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"]})";
constexpr std::string_view color_form =
    R"({"type":"object","properties":{"color":{"type":"string"}},"required":["color"]})";
constexpr std::string_view ok_form =
    R"({"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]})";

constexpr std::string_view context_form =
    R"({"type":"object","properties":{"context":{"type":"string"}},"required":["context"]})";

using inputs = std::vector<input_request>;

inputs just(input_request one) {
    inputs out;
    out.push_back(std::move(one));
    return out;
}

input_request form(char const* key, std::string_view message, std::string_view schema) {
    return elicit_form(key, message, json::parse(view(schema)).as_object());
}

inputs one_of_each() {
    inputs out;
    out.push_back(form("user_name", "What is your name?", name_form));
    out.push_back(sample("greeting", "Generate a greeting", 50));
    out.push_back(list_roots("client_roots"));
    return out;
}

// The text that the user gave, or a sentence where the user gave none.
std::string given(asked const& got, char const* key, char const* field) {
    auto const& answer = got.answers.at(key);
    if (!accepted(answer)) return "stranger";
    return std::string(answer.at("content").at(field).as_string());
}

task<outcome<tool_result>> run_elicitation(call const& c, json::object const&) {
    auto wanted = just(form("user_name", "What is your name?", name_form));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const text = "Hello, " + given(got, "user_name", "name") + "!";
    co_return text_result(c, text);
}

task<outcome<tool_result>> run_sampling(call const& c, json::object const&) {
    auto wanted = just(sample("capital_question", "What is the capital of France?", 100));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    co_return text_result(c, sampled_text(got.answers.at("capital_question")));
}

task<outcome<tool_result>> run_list_roots(call const& c, json::object const&) {
    auto wanted = just(list_roots("client_roots"));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const& roots = got.answers.at("client_roots").at("roots").as_array();
    auto const text = "The client has " + std::to_string(roots.size()) + " roots";
    co_return text_result(c, text);
}

// The state must have come back: the answers alone are not enough.
task<outcome<tool_result>> run_request_state(call const& c, json::object const&) {
    auto wanted = just(form("confirm", "Please confirm", ok_form));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    if (!got.resumed) {
        other_answer missing =
            rpc_error(error_code::invalid_params, "params.requestState is missing");
        co_return stopped_result(c, std::move(missing));
    }
    co_return text_result(c, "Confirmed: state-ok");
}

task<outcome<tool_result>> run_multiple_inputs(call const& c, json::object const&) {
    auto wanted = one_of_each();
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto text = std::string(sampled_text(got.answers.at("greeting")));
    text += ' ';
    text += given(got, "user_name", "name");
    co_return text_result(c, text);
}

task<outcome<tool_result>> run_multi_round(call const& c, json::object const&) {
    auto one = just(form("step1", "Step 1: What is your name?", name_form));
    auto first = co_await ask_client(c, std::move(one));
    if (first.stopped) co_return stopped_result(c, std::move(*first.stopped));
    auto two = just(form("step2", "Step 2: What is your favorite color?", color_form));
    auto second = co_await ask_client(c, std::move(two));
    if (second.stopped) co_return stopped_result(c, std::move(*second.stopped));
    auto const text = given(first, "step1", "name") + " likes " + given(second, "step2", "color");
    co_return text_result(c, text);
}

// Asks what this client can answer, and nothing else.
task<outcome<tool_result>> run_capabilities(call const& c, json::object const&) {
    auto wanted = one_of_each();
    std::erase_if(wanted, [&](auto const& one) { return !can_answer(c.client_capabilities, one); });
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    auto const text = "Answers: " + std::to_string(got.answers.size());
    co_return text_result(c, text);
}

task<outcome<prompt_result>> get_asking_prompt(call const& c, prompt_arguments const&) {
    auto wanted = just(form("user_context", "What context should the prompt use?", context_form));
    auto got = co_await ask_client(c, std::move(wanted));
    prompt_result r(c);
    if (got.stopped) {
        r.instead = std::move(*got.stopped);
        co_return r;
    }
    r.add(text_block("Use this context: " + given(got, "user_context", "context"), c.memory));
    co_return r;
}

constexpr offer modern{.fixture = true, .since = revision::v2026_07_28};

tool const elicitation{
    .name = "test_input_required_result_elicitation",
    .title = "Input required: elicitation",
    .description = "Asks for a name and greets it.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_elicitation,
    .quick = true,
};
tool const sampling{
    .name = "test_input_required_result_sampling",
    .title = "Input required: sampling",
    .description = "Asks the client's language model.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_sampling,
    .quick = true,
};
tool const roots{
    .name = "test_input_required_result_list_roots",
    .title = "Input required: roots",
    .description = "Asks for the client's roots.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_list_roots,
    .quick = true,
};
tool const request_state{
    .name = "test_input_required_result_request_state",
    .title = "Input required: state",
    .description = "Asks for a confirmation and wants its requestState back.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_request_state,
    .quick = true,
};
tool const tampered_state{
    .name = "test_input_required_result_tampered_state",
    .title = "Input required: tampered state",
    .description = "Asks for a confirmation; refuses a changed requestState, as every tool does.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_request_state,
    .quick = true,
};
tool const multiple_inputs{
    .name = "test_input_required_result_multiple_inputs",
    .title = "Input required: several inputs",
    .description = "Asks for a name, a greeting and roots at once.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_multiple_inputs,
    .quick = true,
};
tool const multi_round{
    .name = "test_input_required_result_multi_round",
    .title = "Input required: several rounds",
    .description = "Asks for a name, then for a color.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_multi_round,
    .quick = true,
};
tool const by_capabilities{
    .name = "test_input_required_result_capabilities",
    .title = "Input required: capabilities",
    .description = "Asks for what the client declares that it can answer.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_capabilities,
    .quick = true,
};

}  // namespace

prompt const asking_prompt_fixture{
    .name = "test_input_required_result_prompt",
    .title = "Input required: prompt",
    .description = "A prompt that asks for its context.",
    .when = modern,
    .get = &get_asking_prompt,
};

std::span<tool const* const> round_trip_fixtures() {
    static constexpr tool const* all[] = {&elicitation,   &sampling,       &roots,
                                          &request_state, &tampered_state, &multiple_inputs,
                                          &multi_round,   &by_capabilities};
    return all;
}

}  // namespace tollgate::mcp

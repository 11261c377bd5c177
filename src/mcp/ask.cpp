#include "mcp/ask.hpp"

#include <utility>

#include "mcp/request_state.hpp"

namespace tollgate::mcp {

namespace {

rpc_error invalid_params(std::string sentence) {
    return rpc_error(error_code::invalid_params, std::move(sentence));
}

asked stop(other_answer why) {
    asked out;
    out.stopped = std::move(why);
    return out;
}

std::optional<rpc_error> cannot_answer(call const& c, std::vector<input_request> const& wanted) {
    json::object missing;
    std::string sentence = "This request requires the client capabilities:";
    for (auto const& r : wanted) {
        if (can_answer(c.client_capabilities, r)) continue;
        for (auto& member : needed_capability(r))
            missing[member.key()] = std::move(member.value());
        sentence += ' ';
        sentence += capability_title(r);
    }
    if (missing.empty()) return std::nullopt;
    if (is_modern(c.revision)) return missing_capability(std::move(missing), std::move(sentence));
    return invalid_params(std::move(sentence));
}

rpc_error wrong_answer(input_request const& r, std::string const& flaw) {
    return invalid_params("The answer to \"" + r.key + "\" (" + r.method + "): " + flaw);
}

json::value const* param(call const& c, char const* name) {
    return c.request.params != nullptr ? c.request.params->if_contains(name) : nullptr;
}

// What earlier rounds have answered; flaw_in_round_trip() has seen to it that the state opens.
json::object remembered(call const& c, bool& resumed) {
    auto const* const state = param(c, "requestState");
    if (state == nullptr) return {};
    auto opened = open_state(c, state->as_string());
    if (!opened) return {};
    resumed = true;
    return std::move(*opened);
}

// "If the client fails to send all the information requested […] the server SHOULD respond with
// a new InputRequiredResult requesting the missing information again".
other_answer require_input(call const& c, std::vector<input_request> const& missing,
                           json::object const& known) {
    auto state = seal_state(c, known);
    if (!state) return state.error();
    json::object requests;
    for (auto const& r : missing) {
        json::object one;
        one["method"] = r.method;
        one["params"] = params_for(r, c.revision);
        requests[r.key] = std::move(one);
    }
    json::object result;
    result["resultType"] = "input_required";
    result["inputRequests"] = std::move(requests);
    result["requestState"] = std::move(*state);
    return result;
}

asked pick(std::vector<input_request> const& wanted, json::object& known, bool resumed) {
    asked out;
    out.resumed = resumed;
    for (auto const& r : wanted)
        out.answers[r.key] = std::move(known.at(r.key));
    return out;
}

// Answers to what was never asked are ignored: "the server SHOULD ignore any information it does
// not recognize or need".
asked look_at_round_trip(call const& c, std::vector<input_request> const& wanted) {
    bool resumed = false;
    auto known = remembered(c, resumed);
    auto const* const brought = param(c, "inputResponses");
    std::vector<input_request> missing;
    for (auto const& r : wanted) {
        if (known.contains(r.key)) continue;
        auto const* const answer =
            brought != nullptr ? brought->as_object().if_contains(r.key) : nullptr;
        if (answer == nullptr) {
            missing.push_back(r);
            continue;
        }
        if (auto const flaw = flaw_in_answer(r, *answer)) return stop(wrong_answer(r, *flaw));
        known[r.key] = *answer;
    }
    if (missing.empty()) return pick(wanted, known, resumed);
    return stop(require_input(c, missing, known));
}

task<asked> ask_on_the_stream(call const& c, std::vector<input_request> wanted) {
    asked out;
    for (auto const& r : wanted) {
        auto params = params_for(r, c.revision);
        auto answer = co_await c.out.ask(r.method, std::move(params));
        if (!answer) co_return stop(answer.error());
        if (auto const flaw = flaw_in_answer(r, *answer)) co_return stop(wrong_answer(r, *flaw));
        out.answers[r.key] = std::move(*answer);
    }
    co_return out;
}

}  // namespace

task<asked> ask_client(call const& c, std::vector<input_request> wanted) {
    if (auto wrong = cannot_answer(c, wanted)) co_return stop(std::move(*wrong));
    if (is_modern(c.revision)) co_return look_at_round_trip(c, wanted);
    auto out = co_await ask_on_the_stream(c, std::move(wanted));
    co_return out;
}

rpc_error missing_capability(json::object required, std::string sentence) {
    json::object data;
    data["requiredCapabilities"] = std::move(required);
    return rpc_error(error_code::missing_client_capability, std::move(sentence), std::move(data));
}

std::optional<rpc_error> flaw_in_round_trip(call const& c) {
    auto const* const brought = param(c, "inputResponses");
    if (brought != nullptr && !brought->is_object()) {
        return invalid_params("params.inputResponses must be an object");
    }
    auto const* const state = param(c, "requestState");
    if (state == nullptr) return std::nullopt;
    if (!state->is_string()) return invalid_params("params.requestState must be a string");
    auto const opened = open_state(c, state->get_string());
    if (!opened) return opened.error();
    return std::nullopt;
}

}  // namespace tollgate::mcp

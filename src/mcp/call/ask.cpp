#include "mcp/call/ask.hpp"

#include <set>
#include <utility>

#include "mcp/call/request_state.hpp"

namespace tollgate::mcp {

namespace {

rpc_error bad_params(std::string sentence) {
    return rpc_error(error_code::invalid_params, std::move(sentence));
}

asked stop(other_answer why) {
    asked out;
    out.stopped = std::move(why);
    return out;
}

// What is wanted twice is wanted in both ways: {"elicitation": {}} means forms, which are named
// beside URLs.
void add_capability(json::object& missing, std::string_view name, json::value const& wanted) {
    auto const* known = missing.if_contains(name);
    if (known == nullptr) {
        missing[name] = wanted;
        return;
    }
    auto both = known->as_object();
    bool const forms = both.empty() || wanted.as_object().empty();
    bool const same = both == wanted.as_object();
    for (auto const& member : wanted.as_object())
        both[member.key()] = member.value();
    if (forms && !same && name == "elicitation") both["form"] = json::object();
    missing[name] = std::move(both);
}

// Names all that is missing, so that one answer tells what the client would have to declare.
std::optional<rpc_error> cannot_answer(call const& c, std::vector<input_request> const& wanted) {
    json::object missing;
    std::set<std::string_view> titles;
    std::string sentence = "This request requires the client capabilities:";
    for (auto const& r : wanted) {
        if (can_answer(c.client_capabilities, r)) continue;
        for (auto const& member : needed_capability(r))
            add_capability(missing, member.key(), member.value());
        titles.insert(capability_title(r));
    }
    if (missing.empty()) return std::nullopt;
    for (auto const title : titles)
        sentence.append(1, ' ').append(title);
    if (is_modern(c.revision)) return missing_capability(std::move(missing), std::move(sentence));
    return bad_params(std::move(sentence));
}

rpc_error wrong_answer(input_request const& r, std::string const& flaw) {
    return bad_params("The answer to \"" + r.key + "\" (" + r.method + "): " + flaw);
}

json::value const* param(call const& c, char const* name) {
    return c.request.params != nullptr ? c.request.params->if_contains(name) : nullptr;
}

// What a call knows of its earlier rounds: the answers that they brought, and the keys of what the
// last one asked. flaw_in_round_trip() has seen to it that the state opens.
class earlier_rounds {
public:
    explicit earlier_rounds(call const& c) {
        auto const* const brought = param(c, "inputResponses");
        if (brought != nullptr) brought_ = &brought->as_object();
        auto const* const state = param(c, "requestState");
        if (state == nullptr) return;
        auto opened = open_state(c, state->as_string());
        if (!opened) return;
        resumed_ = true;
        // Sealed by us, so its form is known.
        answers_ = std::move(opened->at("answers").as_object());
        asked_ = std::move(opened->at("asked").as_array());
    }

    bool resumed() const noexcept { return resumed_; }
    json::value const* answer(input_request const& r) const {
        auto const* const known = answers_.if_contains(r.key);
        // An earlier answer to a question that has changed since is none.
        return known != nullptr && !flaw_in_answer(r, *known) ? known : nullptr;
    }
    json::value const* brought(input_request const& r) const {
        return brought_ != nullptr ? brought_->if_contains(r.key) : nullptr;
    }
    // For the next round: all that was asked and answered so far, also by a question before this
    // one, and what is asked now.
    json::object to_keep(json::object const& now, std::vector<input_request> const& asked) const {
        auto answers = answers_;
        for (auto const& key : asked_) {
            auto const* const late =
                brought_ != nullptr ? brought_->if_contains(key.as_string()) : nullptr;
            if (late != nullptr) answers.emplace(key.as_string(), *late);
        }
        for (auto const& [key, value] : now)
            answers.insert_or_assign(key, value);
        json::array keys;
        for (auto const& r : asked)
            keys.emplace_back(r.key);
        json::object out;
        out["answers"] = std::move(answers);
        out["asked"] = std::move(keys);
        return out;
    }

private:
    json::object const* brought_ = nullptr;
    json::object answers_;
    json::array asked_;
    bool resumed_ = false;
};

// "If the client fails to send all the information requested […] the server SHOULD respond with
// a new InputRequiredResult requesting the missing information again".
other_answer require_input(call const& c, std::vector<input_request> const& missing,
                           json::object const& kept) {
    auto state = seal_state(c, kept);
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

// Answers to what was never asked are ignored: "the server SHOULD ignore any information it does
// not recognize or need".
asked look_at_round_trip(call const& c, std::vector<input_request> const& wanted) {
    earlier_rounds const before(c);
    asked out;
    out.resumed = before.resumed();
    std::vector<input_request> missing;
    for (auto const& r : wanted) {
        // What an earlier round has answered stays, whatever is brought now.
        auto const* answer = before.answer(r);
        if (answer == nullptr) answer = before.brought(r);
        if (answer == nullptr) {
            missing.push_back(r);
            continue;
        }
        if (auto const flaw = flaw_in_answer(r, *answer)) return stop(wrong_answer(r, *flaw));
        out.answers[r.key] = *answer;
    }
    if (missing.empty()) return out;
    return stop(require_input(c, missing, before.to_keep(out.answers, missing)));
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
        return bad_params("params.inputResponses must be an object");
    }
    auto const* const state = param(c, "requestState");
    if (state == nullptr) return std::nullopt;
    if (!state->is_string()) return bad_params("params.requestState must be a string");
    auto const opened = open_state(c, state->get_string());
    if (!opened) return opened.error();
    return std::nullopt;
}

}  // namespace tollgate::mcp

// Questions to the client while a call runs, asked the same way in every era.
//
//     std::vector<input_request> wanted;
//     wanted.push_back(elicit_form("user_name", "What is your name?", schema));
//     auto got = co_await ask_client(c, std::move(wanted));
//     if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
//     use(got.answers.at("user_name"));
//
// Legacy revisions send each question as a request on the call's own stream and wait. In
// 2026-07-28 the call ends with an input_required result and comes again with the answers: the
// tool then runs anew from its start, and ask_client returns what is known by now. A tool may
// therefore ask several times in a row; what it does before asking must bear being done again.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "mcp/call/call.hpp"
#include "mcp/protocol/input.hpp"

namespace tollgate::mcp {

// In place of what the call was to give: a result of its own (input_required), or an error.
using other_answer = std::variant<json::object, rpc_error>;

struct asked {
    json::object answers;  // by key, all of what was wanted; each has the right form
    // The client came back with the state of an earlier round (2026-07-28).
    bool resumed = false;
    std::optional<other_answer> stopped;  // set: `answers` is empty and the call ends with this
};

// Asks for all of `wanted` at once. Stops with -32021 when the client has not declared the
// capability for one of them (in legacy eras an error that says so), with -32602 for an answer
// of the wrong form, and with the client's own error.
task<asked> ask_client(call const& c, std::vector<input_request> wanted);

// -32021 with data.requiredCapabilities.
rpc_error missing_capability(json::object required, std::string sentence);

// What is wrong with inputResponses and requestState of a request that may have them: -32602.
// Checked before the method runs, so that a tampered state is refused by every one of them.
std::optional<rpc_error> flaw_in_round_trip(call const& c);

}  // namespace tollgate::mcp

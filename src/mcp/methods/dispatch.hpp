// Method dispatch: from a JSON-RPC request to its answer, by the table of methods.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "mcp/call/call.hpp"
#include "mcp/protocol/subscription.hpp"
#include "mcp/session/session.hpp"

namespace tollgate::mcp {

// The text of a complete result.
struct prepared {
    std::string result;
};

// subscriptions/listen: the answer is a stream that stays open.
struct subscription {
    subscription_filter honoured;
};

// What a method made of a request. A problem in its place is an answer of HTTP itself.
using method_result = std::variant<json::object, prepared, subscription, rpc_error>;

// A finished answer. A transport decides how it travels.
struct answer {
    std::string text;                    // the JSON-RPC response
    int error = 0;                       // its error code
    std::optional<subscription> listen;  // set: `text` is empty and a stream is to be opened
};

task<outcome<answer>> dispatch(call const& c);

// The methods of the table, and what clients notify of.
std::vector<std::string_view> known_methods();

// True when the request may wait, or say something before its answer. The others are `quick`.
bool may_stream(message const& request, toolbox const& tools);

// One row per method, in method_*.cpp.
task<outcome<method_result>> initialize(call const& c);
task<outcome<method_result>> ping(call const& c);
task<outcome<method_result>> discover(call const& c);
task<outcome<method_result>> listen(call const& c);
task<outcome<method_result>> list_tools(call const& c);
task<outcome<method_result>> call_tool(call const& c);
task<outcome<method_result>> get_task(call const& c);
task<outcome<method_result>> update_task(call const& c);
task<outcome<method_result>> cancel_task(call const& c);
task<outcome<method_result>> list_resources(call const& c);
task<outcome<method_result>> list_resource_templates(call const& c);
task<outcome<method_result>> read_resource(call const& c);
task<outcome<method_result>> subscribe(call const& c);
task<outcome<method_result>> unsubscribe(call const& c);
task<outcome<method_result>> list_prompts(call const& c);
task<outcome<method_result>> get_prompt(call const& c);
task<outcome<method_result>> complete(call const& c);
task<outcome<method_result>> set_log_level(call const& c);

// What `initialize` says of the client.
client_profile profile_in(message const& initialize);

// One page of a list, as the answer to its method.
class listing;
method_result listed(call const& c, listing const& list);

// What the server declares, for initialize and server/discover alike: what there is in the
// revision and transport of the call under the realm's policy (lifecycle.cpp).
json::object capabilities(call const& c);

// Lifecycle, "Version Negotiation": the version asked for when it is spoken, else the newest
// legacy one. Fails with -32602 when the request names none.
boost::system::result<revision, rpc_error> negotiate(message const& request, revision_set spoken);

// -32602, for a method whose params are not as they must be.
inline rpc_error invalid_params(std::string sentence) {
    return rpc_error(error_code::invalid_params, std::move(sentence));
}

}  // namespace tollgate::mcp

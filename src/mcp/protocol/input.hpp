// Input requests: what a tool or prompt wants from the client, described once for every era. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mcp/protocol/jsonrpc.hpp"
#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

// One question to the client: elicitation/create, sampling/createMessage or roots/list.
struct input_request {
    std::string key;  // names question and answer; unique within one call or task
    std::string method;
    json::object params;
};

// A form for the user; `schema` is the requestedSchema.
input_request elicit_form(std::string key, std::string_view message, json::object schema);
// A page that the user is to visit. `id` names it to legacy clients (elicitationId, 2025-11-25).
input_request elicit_url(std::string key, std::string_view message, std::string_view url,
                         std::string_view id);
// One user message for the client's language model.
input_request sample(std::string key, std::string_view prompt, int max_tokens);
input_request list_roots(std::string key);

// The capability that a client must declare for that, as data.requiredCapabilities of -32021
// wants it: {"sampling": {}}.
json::object needed_capability(input_request const& r);
// "sampling", "roots", "elicitation" or "elicitation in URL mode".
std::string_view capability_title(input_request const& r) noexcept;
// Whether a client that declared `capabilities` may be asked that: {"elicitation": {}} means forms
// alone (Elicitation, "Capabilities").
bool can_answer(json::object const& capabilities, input_request const& r);

// The params as that revision knows them; older ones have no `mode` and no `elicitationId`.
json::object params_for(input_request const& r, revision v);

// What is wrong with a result of the client, as a sentence; nothing when it is one, also when the
// user declined. A form's content must fit the requested schema.
std::optional<std::string> flaw_in_answer(input_request const& r, json::value const& answer);

// Whether the user filled in the form or agreed to visit the page.
bool accepted(json::value const& elicit_result);
// The first text of a sampling result; empty when there is none.
std::string_view sampled_text(json::value const& sampling_result);

}  // namespace tollgate::mcp

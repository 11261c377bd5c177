// Client messages: whether what a client sent has the form that the JSON schema of its revision of
// MCP demands. As the official suite judges them (its check wire-schema-valid).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace tollgate::control {

// What is wrong with the JSON-RPC message, or with one of a batch, as a sentence that begins with
// the JSON pointer of the culprit; nothing when it is well-formed. A method that the revision does
// not know is held to JSON-RPC alone. `revision`: "2025-11-25"; empty or unknown ones are taken for
// 2025-03-26, which a client speaks that names none (MCP 2025-11-25, Protocol Version Header).
std::optional<std::string> flaw_of_client_message(boost::json::value const& message,
                                                  std::string_view revision);

}  // namespace tollgate::control

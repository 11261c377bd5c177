// Client messages of a session besides requests: notifications, and answers to ours.
#pragma once

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// Acts on it where it means something here; anything else is ignored, as are cancellations of what
// is over and answers that nobody waits for (MCP 2025-11-25, Cancellation, "Error Handling").
// `m` is no request.
void take_client_message(session& s, message const& m);

// Likewise each of a batch.
void take_client_messages(session& s, json::array const& batch);

// The id of the request that was read: an error has it wherever it could be read (JSON-RPC 2.0 §5).
json::value const* id_in(boost::system::result<json::value const*, refusal> const& body);

// Why a request may not run: another one with its id does.
std::optional<refusal> under_way(session const& s, message const& request);

// 2025-03-26, Transports, "Sending Messages to the Server": an array of requests and notifications,
// or one of responses.
std::optional<refusal> wrong_mixture(json::array const& batch);

}  // namespace tollgate::mcp

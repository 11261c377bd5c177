// Streamable HTTP: the MCP endpoint. Both eras share it.
#pragma once

#include "http/message/reply.hpp"
#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// The rows of the route table.
task<endpoint_result> post_mcp(endpoint const& e);
task<endpoint_result> get_mcp(endpoint const& e);
task<endpoint_result> delete_mcp(endpoint const& e);
task<endpoint_result> open_sse(endpoint const& e);
task<endpoint_result> post_messages(endpoint const& e);
task<outcome<http::reply>> get_resource_metadata(server& s, http::context& c);

// The session that Mcp-Session-Id names.
session_or_refusal session_in_header(endpoint const& e);

// What is known without waiting.
task<endpoint_result> at_once(endpoint_result known);
// What a legacy client posted: one message, `m`, or an array of them.
task<endpoint_result> post_legacy(endpoint const& e, json::value const& body, message m);
task<endpoint_result> post_legacy_batch(endpoint const& e, json::value const& body);
// One message of a modern client.
task<endpoint_result> post_modern(endpoint const& e, message m);

}  // namespace tollgate::mcp

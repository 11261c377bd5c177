// Streamable HTTP: the MCP endpoint. Both eras share it.
#pragma once

#include "http/message/reply.hpp"
#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// The rows of the route table.
task<outcome<http::reply>> post_mcp(server& s, http::context& c);
task<outcome<http::reply>> get_mcp(server& s, http::context& c);
task<outcome<http::reply>> delete_mcp(server& s, http::context& c);
task<outcome<http::reply>> open_sse(server& s, http::context& c);
task<outcome<http::reply>> post_messages(server& s, http::context& c);
task<outcome<http::reply>> get_resource_metadata(server& s, http::context& c);

// The session that Mcp-Session-Id names.
session_or_refusal session_in_header(endpoint const& e);

// One message of a legacy or a modern client; `body` is what was posted.
task<outcome<http::reply>> post_legacy(endpoint const& e, json::value const& body);
task<outcome<http::reply>> post_modern(endpoint const& e, message const& m);

}  // namespace tollgate::mcp

// JSON-RPC 2.0 as MCP uses it: what a message is, and the text of an answer. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

namespace json = boost::json;

namespace error_code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal = -32603;
inline constexpr int resource_not_found = -32002;            // until 2025-11-25
inline constexpr int url_elicitation_required = -32042;      // 2025-11-25
inline constexpr int header_mismatch = -32020;               // 2026-07-28
inline constexpr int missing_client_capability = -32021;     // 2026-07-28
inline constexpr int unsupported_protocol_version = -32022;  // 2026-07-28
}  // namespace error_code

struct rpc_error {
    int code = 0;
    std::string message;
    json::value data;  // null = none

    rpc_error() = default;  // boost::system::result wants one
    rpc_error(int c, std::string m) : code(c), message(std::move(m)) {}
    rpc_error(int c, std::string m, json::value d)
        : code(c), message(std::move(m)), data(std::move(d)) {}
};

// A classified message; points into the parsed body.
struct message {
    enum class kind { request, notification, response };
    message::kind kind = message::kind::request;
    json::value const* id = nullptr;  // of a request or response
    std::string_view method;          // of a request or notification
    json::object const* params = nullptr;
    json::object const* meta = nullptr;   // params._meta
    json::value const* result = nullptr;  // of a response: one of these two
    json::object const* error = nullptr;
};

// Not a message: the sentence for -32600, and the id where one could still be read.
struct not_a_message {
    std::string why;
    json::value const* id = nullptr;
};

// MCP narrows JSON-RPC: an id is a string or an integer and never null, params is an object.
boost::system::result<message, not_a_message> classify(json::value const& body);

// How an error says that no id could be read: JSON-RPC 2.0 §5 wants null, the schemas of MCP
// allow only its absence from 2025-11-25 on.
enum class unknown_id { null, absent };
constexpr unknown_id id_style(revision r) noexcept {
    return r >= revision::v2025_11_25 ? unknown_id::absent : unknown_id::null;
}

// {"jsonrpc":"2.0","id":…,"result":…}; `result` is JSON text.
std::string response_text(json::value const& id, std::string_view result);
std::string error_text(json::value const* id, rpc_error const& error,
                       unknown_id none = unknown_id::null);
std::string notification_text(std::string_view method, json::object const& params);
// Answers to a batch (2025-03-26) as one array.
std::string batch_text(std::vector<std::string> const& answers);

}  // namespace tollgate::mcp

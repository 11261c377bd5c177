// Tool: what one is. To add one: a file tools/NAME.cpp with a `tool const`, a line in builtin.cpp.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "mcp/call/ask.hpp"
#include "mcp/call/call.hpp"
#include "mcp/offerings/availability.hpp"

namespace tollgate::mcp {

struct tool_result {
    json::array content;                    // see content.hpp
    std::optional<json::value> structured;  // fits the output schema; sent from 2025-06-18 on
    bool is_error = false;
    // The call ends otherwise: input is required, or with an error of the protocol.
    std::optional<other_answer> instead;

    explicit tool_result(call const& c) : content(c.memory) {}
};

tool_result text_result(call const& c, std::string_view text);
// A tool execution error: the model is to read it and do better.
tool_result error_result(call const& c, std::string_view text);
// When ask_client() has stopped. Legacy clients read a tool execution error where modern ones get
// one of the protocol (-32021).
tool_result stopped_result(call const& c, other_answer why);
// The structured content, and the same as text for clients that do not know it ("Structured
// Content": SHOULD).
tool_result structured_result(call const& c, json::object value);
tool_result refused_result(call const& c, rpc_error error);

// ToolAnnotations. `destructive` and `idempotent` mean nothing for a tool that only
// reads.
struct tool_hints {
    bool read_only = true;
    bool destructive = false;
    bool idempotent = true;
    bool open_world = false;
};

// Written with designated initializers; a schema is checked when the program starts.
struct tool {
    std::string_view name{};
    // What clients show in place of the name, some of them alone: empty for a tool that people look
    // for by its name.
    std::string_view title{};
    std::string_view description{};
    std::string_view input_schema{};   // JSON text of an object schema; arguments are checked by it
    std::string_view output_schema{};  // likewise, of the structured content; empty: none
    tool_hints hints{};
    availability available{};
    bool icon = false;

    // `arguments` fits the schema. A problem is an answer of HTTP itself (403 and a challenge).
    task<outcome<tool_result>> (*run)(call const& c, json::object const& arguments) = nullptr;
    // Never waits for anything and uses nothing of call::out: is answered without the machinery
    // that a request needs which may talk, be cancelled, or outlive its connection.
    bool quick = false;
};

// The schema of a tool without parameters: accepts {} and nothing else.
inline constexpr std::string_view no_parameters =
    R"({"type":"object","additionalProperties":false})";

extern tool const echo;
extern tool const echo_tool;
extern tool const add;
extern tool const whoami;
extern tool const needs_scope;
extern tool const show_auth_token;
extern tool const slow;
extern tool const make_authenticated_request;
extern tool const make_authenticated_request_by_login;  // of the same name

}  // namespace tollgate::mcp

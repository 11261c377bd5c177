// Message translation between the lines of stdio and the requests of Streamable HTTP: what a line
// is, the request that stands for it, and the line that stands for an answer. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/message/reply.hpp"
#include "http/message/request.hpp"

namespace tollgate::mcp {

// What must be known of a line before it is answered.
struct stdio_message {
    std::string text;
    std::string id;  // of a request, as JSON text; else empty
    std::string method;
    std::string cancelled_id;  // of a notifications/cancelled, as JSON text
    bool is_request = false;
    bool expects_nothing = false;  // a notification or a response: nobody answers these
    bool names_version = false;    // params._meta says which: 2026-07-28 and later

    // Whatever cannot be understood is left for the server to refuse.
    static stdio_message read(std::string line);
};

// A request with all that it points to.
struct stdio_request {
    std::string const body;
    std::string const session;
    std::string const version;
    std::string const last_event;
    http::request request;

    stdio_request(http::verb method, std::string_view path, std::string b, std::string s,
                  std::string v, std::string e);
    stdio_request(stdio_request const&) = delete;
    stdio_request& operator=(stdio_request const&) = delete;
};

// The one session of a legacy conversation; nothing before initialize and in the modern era.
class stdio_session {
public:
    bool begun() const noexcept { return begun_; }
    // True when `answer` has begun a session that has a stream of its own.
    bool begin(stdio_message const& m, http::reply const& answer);

    stdio_request request_for(stdio_message const& m) const;
    // The stream of what the server says by itself, or the rest of one that broke off.
    stdio_request stream_request(std::string last_event) const;

    // The answer to a line that is longer than `limit` bytes: -32700.
    std::string too_long(std::size_t limit) const;

private:
    bool begun_ = false;
    std::string id_;
    std::string version_;
};

// Asks the guard alone.
stdio_request guard_question();

// The line to write for a whole answer; empty when there is none to be written. What is no JSON-RPC
// (a challenge) becomes an error with the status as its code, which is outside of the range that
// JSON-RPC and MCP keep for themselves, and status and challenge as data.
std::string line_of(stdio_message const& m, http::reply const& answer);
// Why the guard refuses, for a person.
std::string described(http::reply const& answer);
// True when `line` is a response to the request `id` (JSON text).
bool is_response_to(std::string_view line, std::string_view id);

}  // namespace tollgate::mcp

// The MCP server on stdin and stdout: newline-delimited JSON-RPC (MCP, Transports, "stdio").
//
// A line is a request of Streamable HTTP without the HTTP: it goes through the same guard and the
// same handlers, in process, and what comes back, on whatever stream, becomes lines again. So all
// revisions, sessions, cancellation and questions to the client behave as they do over HTTP.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "http/message/reply.hpp"
#include "http/message/request.hpp"
#include "http/realm/place.hpp"

namespace tollgate::mcp {

struct stdio_options {
    int in = 0;  // descriptors; they stay the caller's
    int out = 1;
    std::size_t max_line = 1 << 20;            // bytes; a longer line is answered with -32700
    std::chrono::milliseconds grace{10'000};   // for what is under way when the input ends
    std::chrono::milliseconds recheck{5'000};  // of the token
};

enum class stdio_end {
    input_ended,
    output_gone,  // nobody reads any more
    refused,      // the token is not, or no longer, good; or nobody could tell at the start
    stopped,
};

class stdio_server {
public:
    // Answers one request to the MCP endpoint as the HTTP server would, guard and all. A GET of
    // "/" asks the guard alone.
    using exchange = std::function<task<http::reply>(http::request const&)>;

    // `executor` runs one handler at a time. Throws boost::system::system_error when a descriptor
    // is none.
    stdio_server(exchange ask, boost::asio::any_io_executor executor, stdio_options o);
    ~stdio_server();
    stdio_server(stdio_server const&) = delete;
    stdio_server& operator=(stdio_server const&) = delete;

    // Reads until the input ends, then lets what is under way finish for `grace`. Once.
    task<stdio_end> run();
    // Ends run() without that grace. On the executor.
    void stop();
    // What the guard said when it ended with `refused`: its description, for a person.
    std::string const& why() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate::mcp

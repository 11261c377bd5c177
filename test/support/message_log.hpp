// Keeps what travelled between a test and the server, for the checker of MCP messages
// (test/clients/lib/messages): every message that the server sends in any test is validated against
// the JSON schema of its revision. Does nothing unless RECORD_MCP_MESSAGES names a folder.
//
// What counts is who speaks, never what is said: the MCP server in process (test/mcp/fixture.hpp)
// and the whole program over its sockets and pipes (test/flow/program.hpp). A handler or a server
// that a test has made up is not listened to.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/message/reply.hpp"
#include "http/message/request.hpp"

namespace test {

namespace http = tollgate::http;

bool recording() noexcept;

// An exchange in process. A body that is a stream is written down when it ends: what is returned
// takes the place of `answer`.
http::reply recorded(http::request const& asked, http::reply answer);

// What went into a `tollgate stdio` and what came out of it.
void record_pipes(std::string_view in, std::string_view out);

// The bytes of one connection, written down at the end of its life if it was to be kept and MCP was
// spoken on it.
class connection_log {
public:
    connection_log() = default;
    ~connection_log();
    connection_log(connection_log const&) = delete;
    connection_log& operator=(connection_log const&) = delete;

    // Before the first byte: the peer is the program under test.
    void keep() noexcept { kept_ = recording(); }
    void sent(std::string_view bytes);
    void received(std::string_view bytes);

private:
    bool kept_ = false;
    std::string sent_;
    std::string received_;
};

}  // namespace test

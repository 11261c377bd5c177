// The server on two pipes whose other ends the test holds.
#include "mcp/transport/stdio/stdio.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <string>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::mcp;
namespace asio = boost::asio;

namespace {

struct pipe_ends {
    int read = -1;
    int write = -1;
    pipe_ends() {
        int both[2];
        BOOST_REQUIRE(::pipe(both) == 0);
        read = both[0];
        write = both[1];
    }
    ~pipe_ends() {
        ::close(read);
        if (write >= 0) ::close(write);
    }
    pipe_ends(pipe_ends const&) = delete;
    pipe_ends& operator=(pipe_ends const&) = delete;
};

task<http::reply> answer_to(http::request const& r) {
    co_return r.body.empty() ? http::reply(204)
                             : http::json_reply(200, R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_stdio_server)

// MCP 2025-11-25, Lifecycle, "Shutdown": a client that is gone is not waited for.
BOOST_AUTO_TEST_CASE(ends_when_its_output_is_cut_although_the_input_stays_open) {
    std::signal(SIGPIPE, SIG_IGN);
    asio::io_context io;
    pipe_ends in;
    stdio_options options;
    options.in = in.read;
    stdio_end how = stdio_end::stopped;
    bool ended = false;
    {
        pipe_ends out;
        options.out = ::dup(out.write);
    }
    stdio_server server(&answer_to, io.get_executor(), options);
    auto running = server.run();
    asio::co_spawn(io, std::move(running), [&](std::exception_ptr failed, stdio_end e) {
        BOOST_TEST(!failed);
        how = e;
        ended = true;
    });
    std::string_view const line = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
    BOOST_REQUIRE(::write(in.write, line.data(), line.size()) == ssize_t(line.size()));
    io.run_for(std::chrono::seconds(5));
    BOOST_TEST(ended);
    BOOST_TEST((how == stdio_end::output_gone));
    ::close(options.out);
}

BOOST_AUTO_TEST_SUITE_END()

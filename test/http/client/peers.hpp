// What the tests of the client share: a server that echoes, one that says fixed things, a client.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "http/client/client.hpp"
#include "http/client/pool.hpp"
#include "http/net/certs.hpp"
#include "support/folder.hpp"
#include "support/live_server.hpp"
#include "support/waiting.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using boost::system::error_code;
using test::live_server;
using tcp = asio::ip::tcp;
using result = boost::system::result<http::client_response>;

namespace test::client_peers {

class pieces_of : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        if (left_-- == 0) co_return std::nullopt;
        co_return std::string(1000, 'c');
    }
    void close() noexcept override {}

private:
    int left_ = 10;
};

inline std::atomic<int> requests{0};

inline tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                         asio::any_io_executor ex) {
    ++requests;
    http::reply a(200, "text/plain", "");
    a.headers.add("X-Got", std::string(r.method_text) + ' ' + std::string(r.host()) + ' ' +
                               std::string(r.target));
    a.headers.add("X-Custom", std::string(r.header("X-Custom")));
    a.body = std::string(r.body);
    if (r.path == "/redirect") {
        a.status = 302;
        a.headers.add("Location", "/elsewhere");
    }
    if (r.path == "/big") a.body.assign(100000, 'x');
    if (r.path == "/chunked") a.stream = std::make_unique<pieces_of>();
    if (r.path == "/slow") {
        asio::steady_timer timer(ex, 1h);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return a;
}

using script = std::vector<std::string>;  // an answer for each request, then close
using scripts = std::deque<script>;

// Says fixed things: one script for every accepted connection, in order; "" closes at once.
class scripted {
public:
    explicit scripted(scripts all) : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        port = acceptor_.local_endpoint().port();
        thread_ = std::thread([this, all = std::move(all)] { run(all); });
    }
    ~scripted() { thread_.join(); }
    unsigned short port = 0;
    std::atomic<int> read{0};
    std::atomic<int> closed{0};  // connections

private:
    void run(scripts const& all) {
        for (auto const& one : all) {
            auto socket = acceptor_.accept();
            for (auto const& say : one) {
                asio::streambuf request;
                error_code ec;
                asio::read_until(socket, request, "\r\n\r\n", ec);
                if (ec) break;
                ++read;
                asio::write(socket, asio::buffer(say), ec);
            }
            socket.close();
            ++closed;
        }
    }
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

struct client_fixture {
    asio::io_context io;
    std::optional<http::client> client{http::client::options{}};

    result send(http::outbound what) {
        std::optional<result> got;
        auto work = client->send(std::move(what));
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, result r) {
            BOOST_REQUIRE(!e);
            got.emplace(std::move(r));
        });
        BOOST_REQUIRE(test::run_until(io, [&] { return got.has_value(); }));
        return std::move(*got);
    }
    result get(std::string const& url) { return send(http::outbound(url)); }
    std::size_t idle() { return http::client_pool::of(io.get_executor()).size(); }
};

inline std::string url_of(unsigned short port, std::string const& path,
                          std::string const& host = "http://127.0.0.1:") {
    return host + std::to_string(port) + path;
}

inline constexpr char const* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace test::client_peers

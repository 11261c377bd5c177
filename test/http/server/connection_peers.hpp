// A server with handlers and streams of every kind, for the tests of connections.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "support/live_server.hpp"
#include "support/raw_client.hpp"
#include "support/waiting.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using test::eventually;
using test::get;
using test::live_server;
using test::post;
using test::raw_client;

namespace test::session_peers {

// What the streams of a test went through.
struct stream_log {
    std::atomic<int> alive{0};
    std::atomic<int> closed{0};
    std::atomic<bool> cancelled{false};
};
inline stream_log seen;

// Requests of "/held": those that are served, and whether they are answered.
struct held_requests {
    std::atomic<int> begun{0};
    std::atomic<bool> released{false};
};
inline held_requests held;

// "0", "", "1", "", … `count` times with a pause between; ends early when closed.
class counting : public http::body_stream {
public:
    counting(asio::any_io_executor ex, int count, std::chrono::milliseconds pause)
        : timer_(ex), count_(count), pause_(pause) {
        ++seen.alive;
    }
    ~counting() override { --seen.alive; }
    tollgate::task<std::optional<std::string>> next() override {
        if (empty_ = !empty_; empty_) co_return std::string();
        if (at_ > 0 && !closing_) {
            timer_.expires_after(pause_);
            try {
                co_await timer_.async_wait(asio::use_awaitable);
            } catch (boost::system::system_error const&) {
                if (!closing_) {
                    seen.cancelled = true;
                    throw;
                }
            }
        }
        if (closing_ || at_ == count_) co_return std::nullopt;
        co_return std::to_string(at_++);
    }
    void close() noexcept override {
        ++seen.closed;
        closing_ = true;
        timer_.cancel();
    }

private:
    asio::steady_timer timer_;
    int count_;
    std::chrono::milliseconds pause_;
    int at_ = 0;
    bool empty_ = false;
    bool closing_ = false;
};

class throwing : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        if (first_) {
            first_ = false;
            co_return std::string("first");
        }
        throw std::runtime_error("the stream broke");
    }
    void close() noexcept override {}

private:
    bool first_ = true;
};

class flood : public http::body_stream {
public:
    flood() { ++seen.alive; }
    ~flood() override { --seen.alive; }
    tollgate::task<std::optional<std::string>> next() override {
        co_return std::string(256 << 10, 'f');
    }
    void close() noexcept override {}
};

inline std::unique_ptr<http::body_stream> stream_for(std::string_view path,
                                                     asio::any_io_executor ex) {
    if (path == "/stream") return std::make_unique<counting>(ex, 3, 10ms);
    if (path == "/forever") return std::make_unique<counting>(ex, 1000000, 1h);
    if (path == "/throwing") return std::make_unique<throwing>();
    if (path == "/flood") return std::make_unique<flood>();
    return nullptr;
}

inline tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                         asio::any_io_executor ex) {
    http::reply a(200, "text/plain", "");
    a.stream = stream_for(r.path, ex);
    if (a.stream) {
        a.headers.set("Content-Type", "text/event-stream");
        co_return a;
    }
    if (r.path == "/throw") throw std::runtime_error("no reply");
    if (r.path == "/slow") {
        asio::steady_timer timer(ex, 50ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (r.path == "/held") {
        ++held.begun;
        while (!held.released) {
            asio::steady_timer timer(ex, 1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
    }
    if (r.path == "/none") a.status = 204;
    if (r.path == "/unchanged") a.status = 304;
    if (r.path == "/big") {
        a.body.assign(8 << 20, 'b');
        co_return a;
    }
    if (r.path == "/bye") a.headers.add("Connection", "close");
    a.body = std::string(r.method_text) + ' ' + std::string(r.target) + ' ' + std::string(r.body);
    co_return a;
}

struct server_fixture {
    http::server::options options = live_server::small();
    std::unique_ptr<live_server> server;

    live_server& start() {
        seen.closed = 0;
        seen.cancelled = false;
        server = std::make_unique<live_server>(&serve, options);
        return *server;
    }
    static bool no_streams() {
        return eventually([] { return seen.alive == 0; });
    }
};

}  // namespace test::session_peers

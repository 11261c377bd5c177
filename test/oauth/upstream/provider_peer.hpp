// A provider on loopback that answers what the test says and remembers what it was asked.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/client/client.hpp"
#include "oauth/bearer/validators.hpp"
#include "support/exchange.hpp"
#include "support/live_server.hpp"

namespace test {

struct heard {
    std::string method, target, authorization, internal, content_type, body;
    http::header_list headers;  // all of them
};

class provider_peer {
public:
    std::function<http::reply(heard const&)> script;
    std::chrono::milliseconds delay{0};  // set before it is asked

    void answers(unsigned status, std::string type, std::string body) {
        script = [=](heard const&) { return http::reply(status, type, body); };
    }
    void answers_json(std::string body) { answers(200, "application/json", std::move(body)); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    std::vector<heard> asked() {
        std::lock_guard const lock(mutex_);
        return asked_;
    }
    std::size_t count() { return asked().size(); }

private:
    static tollgate::task<http::reply> deliver(http::reply r, std::chrono::milliseconds after) {
        if (after.count() > 0) {
            auto const executor = co_await boost::asio::this_coro::executor;
            boost::asio::steady_timer timer(executor, after);
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        co_return r;
    }
    tollgate::task<http::reply> hear(http::request const& r) {
        heard h;
        h.method = r.method_text;
        h.target = r.target;
        h.authorization = r.header("Authorization");
        h.internal = r.header("Tollgate-Internal");
        h.content_type = r.header("Content-Type");
        h.body = r.body;
        for (auto const& line : r.headers)
            h.headers.add(std::string(line.name), std::string(line.value));
        auto answer = script(h);
        {
            std::lock_guard const lock(mutex_);
            asked_.push_back(std::move(h));
        }
        return deliver(std::move(answer), delay);
    }

    std::mutex mutex_;
    std::vector<heard> asked_;
    live_server server_{[this](http::request const& r, http::listener_info const&,
                               boost::asio::any_io_executor) { return hear(r); }};
};

// A validator under test: the peer, a client, the place whose own AS the peer is.
struct validator_bench {
    boost::asio::io_context io;
    provider_peer peer;
    http::client client{http::client::options()};
    tollgate::manual_clock time;
    http::place where;
    std::unique_ptr<tollgate::oauth::token_validator> validator;

    validator_bench() {
        where.realm = std::make_shared<http::realm>("default");
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
        where.internal_issuer = peer.url();
    }
    tollgate::outcome<http::principal> ask(std::string token = "tok") {
        auto question = validator->validate(std::move(token), where);
        return run(io, std::move(question));
    }
    unsigned status(std::string token = "tok") {
        auto const got = ask(std::move(token));
        return got ? 200u : got.error().status();
    }
    std::string why(std::string token = "tok") {
        auto const got = ask(std::move(token));
        return got ? "accepted" : got.error().log_text();
    }
};

// An address where nobody listens.
inline std::string nobody() {
    return "http://127.0.0.1:1";
}

}  // namespace test

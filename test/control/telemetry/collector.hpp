// A collector of spans that remembers what it was sent and answers as the test says.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/metrics.hpp"
#include "support/live_server.hpp"

namespace test {

class collector {
public:
    struct post {
        std::string path, content_type, authorization;
        boost::json::value body;

        boost::json::array const& spans() const {
            return body.at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array();
        }
    };
    struct saying {
        unsigned status = 200;
        std::string body = "{}";
        std::string retry_after{};
        bool silent = false;  // for ever
    };

    // What it says first; then it takes everything. `when_asked`: done once, before the first
    // answer.
    explicit collector(std::deque<saying> first = {}, std::function<void()> when_asked = {})
        : says_(std::move(first)), when_asked_(std::move(when_asked)) {}

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1/traces";
    }
    std::vector<post> posts() const {
        std::lock_guard const lock(mutex_);
        return posts_;
    }
    // Of all posts, in the order in which they came.
    std::vector<boost::json::value> spans() const {
        std::vector<boost::json::value> all;
        for (auto const& p : posts())
            all.insert(all.end(), p.spans().begin(), p.spans().end());
        return all;
    }

private:
    saying take(http::request const& r) {
        std::lock_guard const lock(mutex_);
        if (auto const now = std::exchange(when_asked_, {})) now();
        posts_.push_back({std::string(r.path), std::string(r.header("Content-Type")),
                          std::string(r.header("Authorization")), boost::json::parse(r.body)});
        if (says_.empty()) return {};
        auto next = says_.front();
        says_.pop_front();
        return next;
    }
    static tollgate::task<http::reply> answer(saying s, boost::asio::any_io_executor on) {
        if (s.silent) {
            boost::asio::steady_timer timer(on, std::chrono::hours(1));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        http::reply r(s.status, "application/json", s.body);
        if (!s.retry_after.empty()) r.headers.set("Retry-After", s.retry_after);
        co_return r;
    }

    mutable std::mutex mutex_;
    std::deque<saying> says_;
    std::vector<post> posts_;
    std::function<void()> when_asked_;
    live_server server_{
        [this](http::request const& r, http::listener_info const&,
               boost::asio::any_io_executor on) { return answer(take(r), std::move(on)); }};
};

// What /metrics says of that counter now.
inline long metric_value(std::string const& name) {
    auto const text = tollgate::render_metrics();
    auto const at = text.find('\n' + name + ' ');
    return at == text.npos ? 0 : std::stol(text.substr(at + name.size() + 2));
}

}  // namespace test

#include "control/faults/effects/altered_stream.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tollgate::control::effects {

namespace asio = boost::asio;

namespace {

// Ends early when the peer goes away.
task<void> wait_on(asio::any_io_executor on, std::chrono::milliseconds wait) {
    asio::steady_timer timer(on, wait);
    auto const token = asio::as_tuple(asio::use_awaitable);
    [[maybe_unused]] auto const done = co_await timer.async_wait(token);
}

// Events are told apart by the empty line behind each; ours end lines with LF.
class altered_stream final : public http::body_stream {
public:
    altered_stream(std::unique_ptr<http::body_stream> body, handler_of_events each,
                   asio::any_io_executor on, handling first)
        : body_(std::move(body)),
          each_(std::move(each)),
          on_(std::move(on)),
          first_(std::move(first)) {}

    task<std::optional<std::string>> next() override {
        if (!std::exchange(begun_, true)) {
            ended_ = first_.end;
            if (!first_.text.empty()) co_return std::move(first_.text);
        }
        for (;;) {
            if (ended_) {
                auto const hold = std::exchange(hold_, std::chrono::milliseconds{0});
                if (hold.count() != 0) co_await wait_on(on_, hold);
                co_return std::nullopt;
            }
            auto const end = waiting_.find("\n\n");
            if (end == std::string::npos) {
                auto piece = co_await body_->next();
                if (!piece) co_return rest();
                waiting_ += *piece;
                continue;
            }
            auto event = waiting_.substr(0, end + 2);
            waiting_.erase(0, end + 2);
            auto done = each_(++number_, std::move(event));
            auto const wait = done.wait;
            if (wait.count() != 0) co_await wait_on(on_, wait);
            ended_ = done.end;
            hold_ = done.hold;
            if (!done.text.empty()) co_return std::move(done.text);
        }
    }

    void close() noexcept override { body_->close(); }

private:
    std::optional<std::string> rest() {
        ended_ = true;
        if (waiting_.empty()) return std::nullopt;
        return std::move(waiting_);
    }

    std::unique_ptr<http::body_stream> body_;
    handler_of_events each_;
    asio::any_io_executor on_;
    handling first_;
    std::string waiting_;
    std::size_t number_ = 0;
    std::chrono::milliseconds hold_{0};
    bool begun_ = false;
    bool ended_ = false;
};

class paced_stream final : public http::body_stream {
public:
    paced_stream(std::unique_ptr<http::body_stream> body, std::size_t piece,
                 std::chrono::milliseconds pause, asio::any_io_executor on)
        : body_(std::move(body)), piece_(piece), pause_(pause), on_(std::move(on)) {}

    task<std::optional<std::string>> next() override {
        if (waiting_.empty()) {
            auto more = co_await body_->next();
            if (!more) co_return std::nullopt;
            waiting_ = std::move(*more);
        } else {
            auto const wait = pause_;
            co_await wait_on(on_, wait);
        }
        auto out = waiting_.substr(0, piece_);
        waiting_.erase(0, piece_);
        co_return out;
    }

    void close() noexcept override { body_->close(); }

private:
    std::unique_ptr<http::body_stream> body_;
    std::size_t piece_;
    std::chrono::milliseconds pause_;
    asio::any_io_executor on_;
    std::string waiting_;
};

}  // namespace

std::unique_ptr<http::body_stream> alter_events(std::unique_ptr<http::body_stream> body,
                                                handler_of_events each, asio::any_io_executor on,
                                                handling first) {
    return std::make_unique<altered_stream>(std::move(body), std::move(each), std::move(on),
                                            std::move(first));
}

std::unique_ptr<http::body_stream> pace_stream(std::unique_ptr<http::body_stream> body,
                                               std::size_t piece, std::chrono::milliseconds pause,
                                               asio::any_io_executor on) {
    return std::make_unique<paced_stream>(std::move(body), piece, pause, std::move(on));
}

}  // namespace tollgate::control::effects

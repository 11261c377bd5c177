// Gate: holds the requests that match until it is opened, so that a test can line them up.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "control/faults/effects/effect.hpp"

namespace tollgate::control {

// Once open it stays open: what a client does next is not held. Thread-safe.
class gate final : public effect {
public:
    // `count`: opens when so many are held; nothing: only by open(). `patience`: how long one
    // request is held at most, in real time; then it goes on alone.
    gate(std::optional<std::size_t> count, std::chrono::milliseconds patience) noexcept
        : count_(count), patience_(patience) {}

    unsigned seams() const noexcept override { return before_handler; }
    // Waits. A client that gives up is held no longer.
    task<std::optional<http::reply>> before(http::context& c,
                                            administrations const& to) const override;

    // How many were held then.
    std::size_t open() const;

    struct state {
        std::size_t held = 0;
        std::size_t passed = 0;  // went through, held before or not
        bool open = false;
    };
    state now() const;
    std::optional<std::size_t> count() const noexcept { return count_; }
    std::chrono::milliseconds patience() const noexcept { return patience_; }

private:
    using timer = std::shared_ptr<boost::asio::steady_timer>;

    // Nothing when it need not wait.
    timer enter(http::context& c) const;
    void leave(timer const& t) const;
    std::size_t open_locked() const;

    std::optional<std::size_t> const count_;
    std::chrono::milliseconds const patience_;
    mutable std::mutex mutex_;
    mutable std::vector<timer> held_;
    mutable std::size_t passed_ = 0;
    mutable bool open_ = false;
};

}  // namespace tollgate::control

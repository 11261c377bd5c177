#include "control/gates/gate.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tollgate::control {

namespace asio = boost::asio;

task<std::optional<http::reply>> gate::before(http::context& c, administrations const&) const {
    auto const mine = enter(c);
    if (!mine) co_return std::nullopt;
    auto const token = asio::as_tuple(asio::use_awaitable);
    [[maybe_unused]] auto const woken = co_await mine->async_wait(token);
    leave(mine);
    co_return std::nullopt;
}

gate::timer gate::enter(http::context& c) const {
    std::lock_guard const lock(mutex_);
    auto const mine = std::make_shared<asio::steady_timer>(c.executor(), patience_);
    if (!open_ && (!count_ || held_.size() + 1 < *count_)) {
        held_.push_back(mine);
        return mine;
    }
    // The one that the others waited for.
    if (!open_) open_locked();
    ++passed_;
    return nullptr;
}

void gate::leave(timer const& t) const {
    std::lock_guard const lock(mutex_);
    std::erase(held_, t);
    ++passed_;
}

std::size_t gate::open() const {
    std::lock_guard const lock(mutex_);
    return open_locked();
}

// A timer belongs to its connection: it is woken there.
std::size_t gate::open_locked() const {
    open_ = true;
    for (auto const& t : held_)
        asio::post(t->get_executor(), [t] { t->cancel(); });
    return held_.size();
}

gate::state gate::now() const {
    std::lock_guard const lock(mutex_);
    return {held_.size(), passed_, open_};
}

}  // namespace tollgate::control

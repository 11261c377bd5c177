#include "http/client/pool.hpp"

#include <algorithm>

#include <boost/asio/query.hpp>

#include "http/net/leave_hooks.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

asio::execution_context::id client_pool::id;

client_pool::client_pool(asio::execution_context& context)
    : asio::execution_context::service(context) {
    leave_hooks::of(context).add([this] { close_all(); });
}

client_pool& client_pool::of(asio::any_io_executor const& executor) {
    return asio::use_service<client_pool>(asio::query(executor, asio::execution::context));
}

std::unique_ptr<stream_io> client_pool::take(client_mark const& owner, std::string const& host) {
    std::scoped_lock const held(lock_);
    auto const now = steady::now();
    // The youngest first: its peer is the least likely to have closed it.
    for (auto at = idle_.end(); at != idle_.begin();) {
        --at;
        if (at->owner.get() != &owner || at->host != host) continue;
        auto connection = std::move(at->connection);
        bool const good = at->until > now && connection->quiet();
        at = idle_.erase(at);
        if (good) return connection;
    }
    return nullptr;
}

void client_pool::put(std::shared_ptr<client_mark> const& owner, std::string const& host,
                      std::unique_ptr<stream_io> connection, keeping how,
                      asio::any_io_executor const& executor) {
    {
        std::scoped_lock const known(owner->lock);
        owner->pools.insert(this);
    }
    std::scoped_lock const held(lock_);
    owners_.insert(owner);
    auto const same = [&](idle const& one) { return one.owner == owner && one.host == host; };
    auto const count = std::count_if(idle_.begin(), idle_.end(), same);
    // Enough of them are idle: this one ends here.
    if (static_cast<std::size_t>(count) >= how.idle_per_host) return;
    idle_.push_back(idle{owner, host, std::move(connection), steady::now() + how.idle_for});
    if (!timer_) timer_.emplace(executor);
    arm();
}

// With the lock held.
void client_pool::arm() {
    if (armed_ || idle_.empty()) return;
    auto const first = std::min_element(
        idle_.begin(), idle_.end(), [](idle const& a, idle const& b) { return a.until < b.until; });
    armed_ = true;
    timer_->expires_at(first->until);
    timer_->async_wait([this](error_code const& ec) {
        if (ec != asio::error::operation_aborted) expire();
    });
}

void client_pool::expire() {
    std::scoped_lock const held(lock_);
    armed_ = false;
    auto const now = steady::now();
    idle_.remove_if([now](idle const& one) { return one.until <= now; });
    arm();
}

void client_pool::forget(client_mark const& owner) {
    std::scoped_lock const held(lock_);
    idle_.remove_if([&owner](idle const& one) { return one.owner.get() == &owner; });
    std::erase_if(owners_, [&owner](auto const& one) { return one.get() == &owner; });
}

void client_pool::close_all() {
    std::scoped_lock const held(lock_);
    idle_.clear();
    timer_.reset();
    armed_ = false;
}

std::size_t client_pool::size() {
    std::scoped_lock const held(lock_);
    return idle_.size();
}

void client_pool::shutdown() {
    std::set<std::shared_ptr<client_mark>> owners;
    {
        std::scoped_lock const held(lock_);
        owners.swap(owners_);
    }
    for (auto const& owner : owners) {
        std::scoped_lock const known(owner->lock);
        owner->pools.erase(this);
    }
    close_all();
}

}  // namespace tollgate::http

#include "http/relay/pool.hpp"

#include <utility>

#include <boost/asio/query.hpp>

#include "http/net/leave_hooks.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds between_looks{1};

}  // namespace

asio::execution_context::id relay_pool::id;

relay_pool::relay_pool(asio::execution_context& context)
    : asio::execution_context::service(context) {
    leave_hooks::of(context).add([this] { close_all(); });
}

relay_pool& relay_pool::of(asio::any_io_executor const& executor) {
    return asio::use_service<relay_pool>(asio::query(executor, asio::execution::context));
}

task<std::shared_ptr<relay_link>> relay_pool::take(std::string instance, std::string address,
                                                   asio::any_io_executor executor, error_code& ec) {
    auto& waiting = idle_[instance];
    while (!waiting.empty()) {
        auto one = std::move(waiting.back());
        waiting.pop_back();
        if (!one->is_quiet()) continue;
        watch_over(one, executor);
        co_return one;
    }
    if (!terms_ || used_.size() >= most_links) {
        ec = asio::error::no_buffer_space;
        co_return nullptr;
    }
    auto made = std::make_shared<relay_link>(executor, std::move(instance));
    watch_over(made, executor);
    auto key = terms_->key;
    co_await made->open(std::move(address), std::move(key), ec);
    if (ec) co_return nullptr;
    co_return made;
}

void relay_pool::put(std::shared_ptr<relay_link> link) {
    used_.remove_if([&](auto const& one) { return one.expired() || one.lock() == link; });
    if (!link->is_clean()) return link->close();
    auto& waiting = idle_[link->instance()];
    if (waiting.size() < most_idle) waiting.push_back(std::move(link));
}

void relay_pool::watch_over(std::shared_ptr<relay_link> const& link,
                            asio::any_io_executor const& executor) {
    used_.push_back(link);
    if (looking_) return;
    if (!timer_) timer_.emplace(executor);
    looking_ = true;
    timer_->expires_after(between_looks);
    timer_->async_wait([this](error_code const& ec) {
        if (!ec) look();
    });
}

// An instance that hangs answers nobody, and closes nothing: when the others miss it, whoever
// waits for it is told.
void relay_pool::look() {
    looking_ = false;
    for (auto at = used_.begin(); at != used_.end();) {
        auto const link = at->lock();
        if (link && !terms_->lives(link->instance())) link->close();
        at = link ? std::next(at) : used_.erase(at);
    }
    std::erase_if(idle_, [this](auto const& one) { return !terms_->lives(one.first); });
    if (used_.empty()) return;
    looking_ = true;
    timer_->expires_after(between_looks);
    timer_->async_wait([this](error_code const& ec) {
        if (!ec) look();
    });
}

void relay_pool::close_all() {
    idle_.clear();
    timer_.reset();
    looking_ = false;
}

}  // namespace tollgate::http

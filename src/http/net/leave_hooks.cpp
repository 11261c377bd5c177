#include "http/net/leave_hooks.hpp"

#include <utility>

namespace tollgate::http {

namespace asio = boost::asio;

asio::execution_context::id leave_hooks::id;

leave_hooks::leave_hooks(asio::execution_context& context)
    : asio::execution_context::service(context) {}

leave_hooks& leave_hooks::of(asio::execution_context& context) {
    return asio::use_service<leave_hooks>(context);
}

void leave_hooks::add(std::function<void()> hook) {
    std::scoped_lock const held(lock_);
    hooks_.push_back(std::move(hook));
}

// Without the lock: a hook may wait for somebody who adds one.
void leave_hooks::run() {
    std::unique_lock held(lock_);
    auto const all = hooks_;
    held.unlock();
    for (auto const& hook : all)
        hook();
}

void leave_hooks::shutdown() {
    std::scoped_lock const held(lock_);
    hooks_.clear();
}

}  // namespace tollgate::http

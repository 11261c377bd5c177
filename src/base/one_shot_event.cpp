#include "base/one_shot_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace tollgate {

namespace asio = boost::asio;

// A channel that never carries anything: closing it completes every receive, now and later.
struct one_shot_event::impl {
    asio::experimental::concurrent_channel<void(boost::system::error_code)> channel;
    explicit impl(asio::any_io_executor const& executor) : channel(executor) {}
};

one_shot_event::one_shot_event(asio::any_io_executor executor)
    : impl_(std::make_unique<impl>(executor)) {}
one_shot_event::~one_shot_event() = default;

task<void> one_shot_event::wait() {
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await impl_->channel.async_receive(token);
}

void one_shot_event::open() {
    impl_->channel.close();
}

}  // namespace tollgate

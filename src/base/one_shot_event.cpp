#include "base/one_shot_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace tollgate {

namespace asio = boost::asio;

// A channel that never carries anything: closing it completes every receive, now and later.
struct gate::impl {
    asio::experimental::concurrent_channel<void(boost::system::error_code)> channel;
    explicit impl(asio::any_io_executor const& executor) : channel(executor) {}
};

gate::gate(asio::any_io_executor executor) : impl_(std::make_unique<impl>(executor)) {}
gate::~gate() = default;

task<void> gate::wait() {
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await impl_->channel.async_receive(token);
}

void gate::open() {
    impl_->channel.close();
}

}  // namespace tollgate

#include "http/net/byte_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "http/net/tls.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using any_socket = asio::generic::stream_protocol::socket;

struct byte_stream::layer {
    layer(any_socket& below, asio::ssl::context& context) : through(below, context) {}
    asio::ssl::stream<any_socket&> through;
};

byte_stream::byte_stream(asio::any_io_executor const& executor) : socket_(executor) {}

byte_stream::~byte_stream() = default;

task<void> byte_stream::connect(any_endpoint to, error_code& ec) {
    error_code ignored;
    socket_.close(ignored);
    co_await socket_.async_connect(to, redirect_error(use_awaitable, ec));
    // Nagle's algorithm would hold back what is whole already. A local socket has none.
    if (!ec) socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

task<void> byte_stream::start_tls(asio::ssl::context& context, std::string const& host,
                                  error_code& ec) {
    tls_ = std::make_unique<layer>(socket_, context);
    expect_host(tls_->through.native_handle(), host);
    auto const side = asio::ssl::stream_base::client;
    return tls_->through.async_handshake(side, redirect_error(use_awaitable, ec));
}

task<std::size_t> byte_stream::read_some(asio::mutable_buffer room, error_code& ec) {
    if (tls_) return tls_->through.async_read_some(room, redirect_error(use_awaitable, ec));
    return socket_.async_read_some(room, redirect_error(use_awaitable, ec));
}

task<std::size_t> byte_stream::write(asio::const_buffer all, error_code& ec) {
    if (tls_) return asio::async_write(tls_->through, all, redirect_error(use_awaitable, ec));
    return asio::async_write(socket_, all, redirect_error(use_awaitable, ec));
}

void byte_stream::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace tollgate::http

#include "http/net/stream_io.hpp"

#include <sys/socket.h>

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

struct stream_io::layer {
    layer(tcp::socket& below, asio::ssl::context& context) : stream(below, context) {}
    asio::ssl::stream<tcp::socket&> stream;
    asio::ssl::stream_base::handshake_type side = asio::ssl::stream_base::server;
};

stream_io::stream_io(tcp::socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    // Nagle's algorithm would only hold back what is whole already.
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
}

stream_io::~stream_io() = default;

void stream_io::use_tls(asio::ssl::context& context, std::string const& verify_host) {
    tls_ = std::make_unique<layer>(socket_, context);
    if (verify_host.empty()) return;
    tls_->side = asio::ssl::stream_base::client;
    expect_host(tls_->stream.native_handle(), verify_host);
}

task<void> stream_io::handshake(error_code& ec) {
    return tls_->stream.async_handshake(tls_->side, redirect_error(use_awaitable, ec));
}

task<void> stream_io::tls_shutdown(error_code& ec) {
    // As if the peer had said goodbye already: RFC 8446 §6.1 lets us close without waiting for it.
    SSL_set_shutdown(tls_->stream.native_handle(), SSL_RECEIVED_SHUTDOWN);
    return tls_->stream.async_shutdown(redirect_error(use_awaitable, ec));
}

task<std::size_t> stream_io::read_some(asio::mutable_buffer room, error_code& ec) {
    if (tls_) return tls_->stream.async_read_some(room, redirect_error(use_awaitable, ec));
    return socket_.async_read_some(room, redirect_error(use_awaitable, ec));
}

bool stream_io::write_now(pieces& p, error_code& ec) {
    if (tls_ || framed_) return false;
    for (;;) {
        if (p[0].size() + p[1].size() == 0) return true;
        // A list of buffers costs the system more than one of them.
        auto n = p[1].size() == 0 ? socket_.write_some(p[0], ec) : socket_.write_some(p, ec);
        if (ec == asio::error::would_block || ec == asio::error::try_again) {
            ec.clear();
            return false;
        }
        if (ec) return true;
        for (auto& piece : p) {
            auto const step = std::min(n, piece.size());
            piece += step;
            n -= step;
        }
    }
}

task<std::size_t> stream_io::write(pieces p, error_code& ec) {
    if (tls_) return asio::async_write(tls_->stream, p, redirect_error(use_awaitable, ec));
    if (framed_) return write_frame(p, ec);
    return asio::async_write(socket_, p, redirect_error(use_awaitable, ec));
}

stream_io::frame_head stream_io::head_of(char what, std::uint32_t number) noexcept {
    auto const byte = [number](int shift) { return static_cast<unsigned char>(number >> shift); };
    return {static_cast<unsigned char>(what), byte(24), byte(16), byte(8), byte(0)};
}

task<std::size_t> stream_io::write_frame(pieces p, error_code& ec) {
    auto const size = p[0].size() + p[1].size();
    if (size == 0) co_return std::size_t(0);
    frame_head_ = head_of(data_frame, static_cast<std::uint32_t>(size));
    std::array<asio::const_buffer, 3> const all{asio::buffer(frame_head_), p[0], p[1]};
    auto const n = co_await asio::async_write(socket_, all, redirect_error(use_awaitable, ec));
    co_return n;
}

task<std::size_t> stream_io::write_mark(char what, std::uint32_t number, error_code& ec) {
    frame_head_ = head_of(what, number);
    auto const all = asio::buffer(frame_head_);
    auto const n = co_await asio::async_write(socket_, all, redirect_error(use_awaitable, ec));
    co_return n;
}

task<void> stream_io::wait_for_error(error_code& ec) {
    return socket_.async_wait(tcp::socket::wait_error, redirect_error(use_awaitable, ec));
}

bool stream_io::quiet() noexcept {
    char byte = 0;
    auto const n = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void stream_io::cancel() noexcept {
    error_code ignored;
    socket_.cancel(ignored);
}

void stream_io::shutdown_send() noexcept {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void stream_io::close() noexcept {
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace tollgate::http

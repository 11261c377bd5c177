#include "http/relay/link.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crypto.hpp"
#include "http/relay/preamble.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;

namespace {

constexpr std::chrono::milliseconds opening_time{2'000};
constexpr std::chrono::milliseconds sending_time{10'000};

std::uint32_t number_at(char const* at) noexcept {
    std::uint32_t n = 0;
    for (int i = 0; i < 4; ++i)
        n = n << 8 | static_cast<unsigned char>(at[i]);
    return n;
}

unsigned short port_of(std::string const& digits) noexcept {
    unsigned short port = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port;
}

std::string big_endian(std::size_t n) {
    std::string all(4, '\0');
    for (int i = 3; i >= 0; --i, n >>= 8)
        all[static_cast<std::size_t>(i)] = static_cast<char>(n & 255);
    return all;
}

}  // namespace

void notice_dead_instance(tcp::socket& s) {
    using asio::detail::socket_option::integer;
    error_code ignored;
    s.set_option(asio::socket_base::keep_alive(true), ignored);
    s.set_option(integer<IPPROTO_TCP, TCP_KEEPIDLE>(4), ignored);
    s.set_option(integer<IPPROTO_TCP, TCP_KEEPINTVL>(2), ignored);
    s.set_option(integer<IPPROTO_TCP, TCP_KEEPCNT>(3), ignored);
}

relay_link::relay_link(asio::any_io_executor const& executor, std::string instance)
    : executor_(executor),
      instance_(std::move(instance)),
      io_(tcp::socket(executor)),
      limit_(executor) {}

void relay_link::limit(std::chrono::milliseconds time) {
    late_ = false;
    limit_.expires_after(time);
    limit_.async_wait([here = weak_from_this()](error_code const& ec) {
        auto const self = here.lock();
        if (ec || !self) return;
        self->late_ = true;
        self->close();
    });
}

void relay_link::no_limit() {
    limit_.cancel();
}

task<void> relay_link::open(std::string address, std::string key, error_code& ec) {
    limit(opening_time);
    co_await connect(std::move(address), ec);
    if (!ec) co_await prove(std::move(key), ec);
    no_limit();
    if (late_) ec = asio::error::timed_out;
    clean_ = !ec;
    if (ec) close();
}

task<void> relay_link::connect(std::string address, error_code& ec) {
    auto const colon = address.rfind(':');
    if (colon == std::string::npos) {
        ec = asio::error::invalid_argument;
        co_return;
    }
    auto host = address.substr(0, colon);
    auto const port = address.substr(colon + 1);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    error_code no_literal;
    auto const literal = asio::ip::make_address(host, no_literal);
    if (no_literal) {
        tcp::resolver names(executor_);
        auto const found =
            co_await names.async_resolve(host, port, redirect_error(use_awaitable, ec));
        if (ec) co_return;
        co_await asio::async_connect(io_.socket(), found, redirect_error(use_awaitable, ec));
    } else {
        tcp::endpoint const to(literal, port_of(port));
        co_await io_.socket().async_connect(to, redirect_error(use_awaitable, ec));
    }
    if (ec) co_return;
    error_code ignored;
    io_.socket().set_option(tcp::no_delay(true), ignored);
    io_.socket().non_blocking(true, ignored);
    notice_dead_instance(io_.socket());
}

task<void> relay_link::prove(std::string key, error_code& ec) {
    auto const hello = co_await read(relay_hello.size(), ec);
    if (!ec && hello != relay_hello) ec = asio::error::no_protocol_option;
    if (ec) co_return;
    auto const theirs = co_await read(nonce_size, ec);
    if (ec) co_return;
    auto const ours = sha256(random_token());
    auto const mine = ours + relay_proof(key, relay_side::caller, theirs, ours, instance_);
    pieces const all{asio::buffer(mine), {}};
    co_await io_.write(all, ec);
    if (ec) co_return;
    auto const proof = co_await read(proof_size, ec);
    auto const wanted = relay_proof(key, relay_side::called, theirs, ours, instance_);
    if (!ec && !equal_in_constant_time(proof, wanted)) ec = asio::error::access_denied;
}

task<void> relay_link::fill(error_code& ec) {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == buffer_.size()) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
    }
    asio::mutable_buffer const room(buffer_.data() + end_, buffer_.size() - end_);
    auto const n = co_await io_.read_some(room, ec);
    end_ += n;
}

task<std::string> relay_link::read(std::size_t size, error_code& ec) {
    while (!ec && end_ - begin_ < size)
        co_await fill(ec);
    std::string all;
    if (ec) co_return all;
    all.assign(buffer_.data() + begin_, size);
    begin_ += size;
    co_return all;
}

task<void> relay_link::send(std::string const& preamble, std::string_view head,
                            std::string_view body, error_code& ec) {
    clean_ = false;
    auto const first = big_endian(preamble.size()) + preamble + std::string(head);
    pieces const all{asio::buffer(first), asio::buffer(body)};
    limit(sending_time);
    co_await io_.write(all, ec);
    no_limit();
}

task<relay_link::frame> relay_link::next(error_code& ec) {
    constexpr std::size_t head_size = 5;
    frame f;
    while (!ec && left_ == 0 && end_ - begin_ < head_size)
        co_await fill(ec);
    if (ec) co_return f;
    if (left_ == 0) {
        f.what = buffer_[begin_];
        f.number = number_at(buffer_.data() + begin_ + 1);
        begin_ += head_size;
        if (f.what != stream_io::data_frame) {
            clean_ = f.what != relay_mark::watch && !spoiled_;
            co_return f;
        }
        left_ = f.number;
    }
    while (!ec && begin_ == end_)
        co_await fill(ec);
    if (ec) co_return f;
    auto const size = std::min<std::size_t>(left_, end_ - begin_);
    f.what = stream_io::data_frame;
    f.data = std::string_view(buffer_.data() + begin_, size);
    begin_ += size;
    left_ -= static_cast<std::uint32_t>(size);
    co_return f;
}

// A stray byte might be taken for the beginning of the next request: there is none.
void relay_link::ask_to_close() noexcept {
    spoiled_ = true;
    error_code ignored;
    io_.socket().write_some(asio::buffer(&relay_close_request, 1), ignored);
}

void relay_link::close() noexcept {
    clean_ = false;
    io_.close();
}

}  // namespace tollgate::http

#include "exchange.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace bench {

namespace asio = boost::asio;

namespace {

constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> as_values;

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return (x | 32) == (y | 32); });
}

std::size_t number(std::string_view text) {
    std::size_t n = 0;
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
}

}  // namespace

std::string_view field_of(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        auto const line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        if (!same_letters(line.substr(0, name.size()), name)) continue;
        auto const value = line.find_first_not_of(' ', name.size() + 1);
        return value == line.npos ? std::string_view() : line.substr(value);
    }
    return {};
}

task<void> connection::open() {
    asio::ip::tcp::endpoint const there(asio::ip::address_v4::loopback(), port_);
    auto [failed] = co_await socket_.async_connect(there, as_values);
    if (failed) throw std::runtime_error("cannot connect: " + failed.message());
    socket_.set_option(asio::ip::tcp::no_delay(true));
}

task<void> connection::send(std::string_view bytes) {
    auto const what = asio::buffer(bytes);
    auto [failed, n] = co_await asio::async_write(socket_, what, as_values);
    if (failed) throw std::runtime_error("cannot write: " + failed.message());
}

task<void> connection::more() {
    auto const before = read_.size();
    read_.resize(before + 16384);
    auto const room = asio::buffer(read_.data() + before, 16384);
    auto [failed, n] = co_await socket_.async_read_some(room, as_values);
    read_.resize(before + n);
    if (failed) throw std::runtime_error("cannot read: " + failed.message());
}

task<void> connection::read_head(answer& into) {
    auto end = read_.find("\r\n\r\n");
    while (end == read_.npos) {
        co_await more();
        end = read_.find("\r\n\r\n");
    }
    into.head.assign(read_, 0, end + 2);
    into.body.clear();
    into.status =
        static_cast<int>(number(std::string_view(into.head).substr(std::min<std::size_t>(9, end))));
    read_.erase(0, end + 4);
}

task<void> connection::read(answer& into) {
    co_await read_head(into);
    auto const length = number(field_of(into.head, "content-length"));
    if (!field_of(into.head, "transfer-encoding").empty())
        throw std::runtime_error("an answer in chunks:\n" + into.head);
    while (read_.size() < length)
        co_await more();
    into.body.assign(read_, 0, length);
    read_.erase(0, length);
}

task<std::string> connection::read_until(std::string end) {
    auto at = read_.find(end);
    while (at == read_.npos) {
        co_await more();
        at = read_.find(end);
    }
    auto text = read_.substr(0, at + end.size());
    read_.erase(0, text.size());
    co_return text;
}

}  // namespace bench

#include "http/message/url.hpp"

#include <charconv>

#include <boost/asio/ip/address_v4.hpp>

#include "base/text.hpp"
#include "http/message/headers.hpp"

namespace tollgate::http {

namespace {

bool is_host_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool is_address_character(char c) noexcept {
    return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

// The length of the host in front of an optional port, or 0 when it is none.
std::size_t host_length(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos || end < 3) return 0;
        for (char const c : text.substr(1, end - 1)) {
            if (!is_address_character(c)) return 0;
        }
        return end + 1;
    }
    std::size_t n = 0;
    while (n < text.size() && is_host_character(text[n]))
        ++n;
    return n;
}

}  // namespace

std::optional<host_and_port> split_host(std::string_view host) {
    auto const text = to_lower(host);
    auto const length = host_length(text);
    if (length == 0) return std::nullopt;
    host_and_port result{text.substr(0, length), std::nullopt};
    if (length == text.size()) return result;
    if (text[length] != ':') return std::nullopt;
    auto const digits = std::string_view(text).substr(length + 1);
    if (digits.empty()) return result;  // RFC 3986 §3.2.3: an empty port is the default
    unsigned short port = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    result.port = port;
    return result;
}

bool is_localhost(std::string_view host) noexcept {
    return host == "localhost" || host.ends_with(".localhost");
}

bool is_on_this_machine(std::string_view host) {
    if (is_loopback_name(host)) return true;
    boost::system::error_code not_an_address;
    auto const v4 = boost::asio::ip::make_address_v4(host, not_an_address);
    return is_localhost(host) || (!not_an_address && v4.is_loopback());
}

bool is_loopback_name(std::string_view host) noexcept {
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

bool same_origin(web_address const& a, web_address const& b) noexcept {
    bool const same_host =
        a.host == b.host || (is_loopback_name(a.host) && is_loopback_name(b.host));
    return a.tls == b.tls && a.port == b.port && same_host;
}

bool same_origin(std::string_view a, std::string_view b) noexcept {
    auto const left = split_url(a);
    auto const right = split_url(b);
    return left && right && left->rest.empty() && right->rest.empty() && same_origin(*left, *right);
}

std::string make_origin(bool tls, std::string_view host, unsigned short port) {
    std::string origin(tls ? "https://" : "http://");
    origin += host;
    if (port != (tls ? 443 : 80)) origin += ':' + std::to_string(port);
    return origin;
}

std::string web_address::origin() const {
    return make_origin(tls, host, port);
}

std::optional<web_address> split_url(std::string_view url) {
    auto const mark = url.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    auto const scheme = url.substr(0, mark);
    web_address address;
    address.tls = iequals(scheme, "https");
    if (!address.tls && !iequals(scheme, "http")) return std::nullopt;
    auto const after = url.substr(mark + 3);
    auto const end = std::min(after.find_first_of("/?#"), after.size());
    auto authority = split_host(after.substr(0, end));
    if (!authority) return std::nullopt;
    address.host = std::move(authority->host);
    address.port = authority->port.value_or(address.tls ? 443 : 80);
    address.rest = after.substr(end);
    return address;
}

}  // namespace tollgate::http

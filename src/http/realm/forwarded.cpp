#include "http/realm/forwarded.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/message/url.hpp"

namespace tollgate::http {

namespace {

constexpr std::size_t longest_host = 255;

// Each proxy appends: the first one is what the client asked.
std::string_view first_of(std::string_view list) noexcept {
    return trim(list.substr(0, list.find(',')));
}

// RFC 7239 §4: for=192.0.2.43;proto=https;host="mcp.example:8443", of the first element.
std::string_view parameter(std::string_view forwarded, std::string_view name) noexcept {
    auto rest = first_of(forwarded);
    while (!rest.empty()) {
        auto const end = rest.find(';');
        auto const pair = trim(rest.substr(0, end));
        rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
        auto const equals = pair.find('=');
        if (equals == pair.npos || !iequals(pair.substr(0, equals), name)) continue;
        auto value = pair.substr(equals + 1);
        if (value.size() > 1 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

std::string_view forwarded_value(request const& r, std::string_view older,
                                 std::string_view name) noexcept {
    auto const value = first_of(r.header(older));
    return value.empty() ? parameter(r.header("Forwarded"), name) : value;
}

bool is_forwarded(request const& r) noexcept {
    return std::ranges::any_of(r.headers, [](header_view const& h) {
        return iequals(h.name, "Forwarded") || iequals(h.name, "X-Forwarded-Proto") ||
               iequals(h.name, "X-Forwarded-Host");
    });
}

// A Host that was found to name a listener. Most requests have the one of the request before.
struct own_host {
    std::string text;
    unsigned short port = 0;
    bool tls = false;

    bool is_of(request const& r, listener_info const& l) const noexcept {
        return port == l.port && tls == l.tls && text == r.host();
    }
};

}  // namespace

std::string_view forwarded_scheme(request const& r) noexcept {
    return forwarded_value(r, "X-Forwarded-Proto", "proto");
}

std::string_view forwarded_host(request const& r) noexcept {
    return forwarded_value(r, "X-Forwarded-Host", "host").substr(0, longest_host);
}

namespace {

std::string find_foreign_origin(request const& r, listener_info const& l) {
    auto const through = forwarded_host(r);
    auto const named = split_host(through.empty() ? r.host() : through);
    if (!named) return {};
    auto const scheme = forwarded_scheme(r);
    bool const tls = scheme.empty() ? l.tls : iequals(scheme, "https");
    unsigned short const usual = tls ? 443 : 80;
    auto const port = named->port.value_or(usual);
    bool const own = port == l.port && tls == l.tls && is_on_this_machine(named->host);
    // A name without a port comes of clients that leave it out, too (tests, HTTP/1.0 tools).
    if (own || (through.empty() && !named->port)) return {};
    return make_origin(tls, named->host, port);
}

}  // namespace

std::string foreign_origin(request const& r, listener_info const& l) {
    thread_local own_host last;
    if (is_forwarded(r)) return find_foreign_origin(r, l);
    if (last.is_of(r, l)) return {};
    auto origin = find_foreign_origin(r, l);
    if (origin.empty() && r.host().size() <= longest_host)
        last = own_host{std::string(r.host()), l.port, l.tls};
    return origin;
}

}  // namespace tollgate::http

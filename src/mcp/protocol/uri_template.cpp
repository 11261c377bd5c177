#include "mcp/protocol/uri_template.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace tollgate::mcp {

namespace {

bool is_alnum(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 3986 §2.3; what level 1 leaves as it is (RFC 6570 §3.2.2).
bool is_unreserved(char c) noexcept {
    return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// RFC 3986 §3.3, but for pct-encoded.
bool is_pchar(char c) noexcept {
    constexpr std::string_view others = "!$&'()*+,;=:@";
    return is_unreserved(c) || others.find(c) != std::string_view::npos;
}

char to_upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_name(std::string_view name) noexcept {
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

int hex(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// What one expression may have expanded to, as long as it goes; `rest` begins behind it. Nothing
// when a percent sign is not followed by two hexadecimal digits, or the value is no UTF-8.
std::optional<std::string> take_value(std::string_view& rest) {
    std::string value;
    std::size_t i = 0;
    while (i < rest.size()) {
        if (is_pchar(rest[i])) {
            value += rest[i++];
            continue;
        }
        if (rest[i] != '%') break;
        if (i + 2 >= rest.size()) return std::nullopt;
        auto const high = hex(rest[i + 1]);
        auto const low = hex(rest[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        value += static_cast<char>(high * 16 + low);
        i += 3;
    }
    rest.remove_prefix(i);
    if (!is_utf8(value)) return std::nullopt;
    return value;
}

// The end of "SCHEME://AUTHORITY", or of "SCHEME:".
std::size_t end_of_authority(std::string_view uri) noexcept {
    auto const colon = std::min(uri.find_first_of(":/?#"), uri.size());
    if (uri.substr(colon, 3) != "://") return colon;
    return std::min(uri.find_first_of("/?#", colon + 3), uri.size());
}

}  // namespace

std::string normalized_uri(std::string_view uri) {
    std::string out;
    out.reserve(uri.size());
    auto const path = end_of_authority(uri);
    for (std::size_t i = 0; i < uri.size(); ++i) {
        auto const high = uri[i] == '%' && i + 2 < uri.size() ? hex(uri[i + 1]) : -1;
        auto const low = high < 0 ? -1 : hex(uri[i + 2]);
        if (low < 0) {
            out += i < path ? to_lower(uri[i]) : uri[i];
            continue;
        }
        auto const c = static_cast<char>(high * 16 + low);
        if (is_unreserved(c))
            out += i < path ? to_lower(c) : c;
        else
            out.append({'%', to_upper(uri[i + 1]), to_upper(uri[i + 2])});
        i += 2;
    }
    return out;
}

uri_template::uri_template(std::string_view text) : text_(text) {
    auto const wrong = [&] {
        return std::logic_error("no URI template of level 1: " + std::string(text));
    };
    for (;;) {
        auto const open = text.find('{');
        auto const literal = text.substr(0, open);
        if (literal.find('}') != std::string_view::npos) throw wrong();
        // A value goes as far as it can, so what follows it must not look like a part of it.
        if (!parts_.empty() && !literal.empty() && is_pchar(literal.front())) throw wrong();
        if (open == std::string_view::npos) {
            parts_.push_back({literal, {}});
            return;
        }
        auto const close = text.find('}', open);
        if (close == std::string_view::npos) throw wrong();
        auto const name = text.substr(open + 1, close - open - 1);
        if (!is_name(name) || literal.empty()) throw wrong();
        parts_.push_back({literal, name});
        text.remove_prefix(close + 1);
    }
}

std::vector<std::string_view> uri_template::names() const {
    std::vector<std::string_view> out;
    for (auto const& p : parts_) {
        if (!p.name.empty()) out.push_back(p.name);
    }
    return out;
}

std::optional<uri_template::values> uri_template::match(std::string_view uri) const {
    values out;
    for (auto const& p : parts_) {
        if (!uri.starts_with(p.literal)) return std::nullopt;
        uri.remove_prefix(p.literal.size());
        if (p.name.empty()) break;
        auto value = take_value(uri);
        if (!value || value->empty()) return std::nullopt;
        out.emplace(p.name, std::move(*value));
    }
    if (!uri.empty()) return std::nullopt;
    return out;
}

}  // namespace tollgate::mcp

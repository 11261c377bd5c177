// The formats that elicitation knows: email, uri, date, date-time. JSON Schema Validation 2020-12
// §7.3; in shape, not in whether the mailbox or the host is there.
#include <algorithm>
#include <array>
#include <charconv>

#include "mcp/schema/rule.hpp"

namespace tollgate::mcp::schema_rules {

namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_alpha(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Neither blanks nor control characters.
bool is_solid(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
}

// A local part and a domain with a letter or digit at both ends (RFC 5321 §4.1.2 without quoted
// strings and address literals).
bool is_email(std::string_view text) noexcept {
    auto const at = text.rfind('@');
    // RFC 5321 §4.5.3.1: 64 octets for the local part, and 254 are what a path of 256 leaves for
    // all.
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    auto const local = text.substr(0, at);
    auto const domain = text.substr(at + 1);
    if (!is_solid(text) || local.find('@') != std::string_view::npos) return false;
    if (local.front() == '.' || local.back() == '.') return false;
    if (local.find("..") != std::string_view::npos) return false;
    if (domain.empty() || domain.find("..") != std::string_view::npos) return false;
    auto const inside = [](char c) {
        return is_alpha(c) || is_digit(c) || c == '-' || c == '.' ||
               (static_cast<unsigned char>(c) & 0x80) != 0;
    };
    auto const edge = [](char c) { return c != '-' && c != '.'; };
    return std::all_of(domain.begin(), domain.end(), inside) && edge(domain.front()) &&
           edge(domain.back());
}

// RFC 3986 §3: a scheme and something after it, in the characters of a URI.
bool is_uri(std::string_view text) noexcept {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    if (!is_alpha(text.front())) return false;
    for (char const c : text.substr(0, colon)) {
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
    }
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F &&
               std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
    });
}

// The number of `digits` digits at `from`; -1 when they are none.
int digits_at(std::string_view text, std::size_t from, std::size_t digits) noexcept {
    int n = 0;
    for (auto i = from; i < from + digits; ++i) {
        if (i >= text.size() || !is_digit(text[i])) return -1;
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

// RFC 3339 §5.6, full-date.
bool is_date(std::string_view text) noexcept {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    auto const year = digits_at(text, 0, 4);
    auto const month = digits_at(text, 5, 2);
    auto const day = digits_at(text, 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1) return false;
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool const leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

// "Z" or "+hh:mm".
bool is_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return true;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    auto const hours = digits_at(text, 1, 2);
    auto const minutes = digits_at(text, 4, 2);
    return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59;
}

// RFC 3339 §5.6, full-time; a leap second is a second.
bool is_time(std::string_view text) noexcept {
    if (text.size() < 9 || text[2] != ':' || text[5] != ':') return false;
    auto const hours = digits_at(text, 0, 2);
    auto const minutes = digits_at(text, 3, 2);
    auto const seconds = digits_at(text, 6, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    if (seconds < 0 || seconds > 60) return false;
    std::size_t end = 8;
    if (text[end] == '.') {
        auto const first = ++end;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        if (end == first) return false;
    }
    return is_offset(text.substr(end));
}

bool is_date_time(std::string_view text) noexcept {
    if (text.size() < 11 || (text[10] != 'T' && text[10] != 't')) return false;
    return is_date(text.substr(0, 10)) && is_time(text.substr(11));
}

struct known_format {
    std::string_view name;
    bool (*fits)(std::string_view) noexcept;
};

constexpr known_format formats[] = {
    {"email", &is_email}, {"uri", &is_uri}, {"date", &is_date}, {"date-time", &is_date_time}};

}  // namespace

bool is_known_format(std::string_view format) noexcept {
    return std::any_of(std::begin(formats), std::end(formats),
                       [&](known_format const& f) { return f.name == format; });
}

bool has_format(std::string_view format, std::string_view text) {
    for (auto const& f : formats) {
        if (f.name == format) return f.fits(text);
    }
    return true;
}

}  // namespace tollgate::mcp::schema_rules

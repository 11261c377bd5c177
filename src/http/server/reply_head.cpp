#include "http/server/reply_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/log.hpp"
#include "base/text.hpp"

namespace tollgate::http {
namespace {

std::string_view reason(unsigned status) noexcept {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 202:
            return "Accepted";
        case 204:
            return "No Content";
        case 301:
            return "Moved Permanently";
        case 302:
            return "Found";
        case 303:
            return "See Other";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 411:
            return "Length Required";
        case 412:
            return "Precondition Failed";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 502:
            return "Bad Gateway";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Status";
    }
}

bool breaks_framing(header const& line) noexcept {
    constexpr std::string_view bad("\r\n\0", 3);
    return line.name.empty() || !std::all_of(line.name.begin(), line.name.end(), is_token_char) ||
           line.value.find_first_of(bad) != std::string::npos;
}

bool is_ours(std::string_view name) noexcept {
    switch (name.size()) {
        case 10:
            return iequals(name, "Connection") || iequals(name, "Keep-Alive");
        case 14:
            return iequals(name, "Content-Length");
        case 17:
            return iequals(name, "Transfer-Encoding");
        default:
            return false;
    }
}

// What we answer is of the type that we say (Fetch, "X-Content-Type-Options"): what a peer sent and
// an answer repeats is never a page or a script.
constexpr std::string_view nosniff = "X-Content-Type-Options";
// RFC 9700 §4.2.4: the URL that led here, and what stands in it, does not go along.
constexpr std::string_view referrer_policy = "Referrer-Policy";

bool is_redirect(unsigned status) noexcept {
    return status >= 300 && status < 400;
}

void append_number(std::string& out, std::uint64_t n) {
    std::array<char, 20> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    out.append(digits.data(), end);
}

void append_status_line(std::string& out, unsigned status, unsigned version) {
    out += version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
    append_number(out, status);
    out += ' ';
    out += reason(status);
    out += "\r\n";
}

void append_frame(std::string& out, reply_frame const& frame) {
    if (frame.length) {
        out += "Content-Length: ";
        append_number(out, *frame.length);
        out += "\r\n";
    }
    if (frame.chunked) out += "Transfer-Encoding: chunked\r\n";
    if (!frame.keep_alive)
        out += "Connection: close\r\n";
    else if (frame.version == 10)
        out += "Connection: keep-alive\r\n";
}

}  // namespace

bool is_bodiless(unsigned status) noexcept {
    return status < 200 || status == 204 || status == 304;
}

void append_head(std::string& out, reply const& r, reply_frame const& frame) {
    append_status_line(out, r.status, frame.version);
    bool has_date = false;
    bool has_server = false;
    bool has_nosniff = false;
    bool leads_on = false;
    bool has_referrer_policy = false;
    for (auto const& line : r.headers) {
        if (breaks_framing(line)) {
            log(log_level::error, "header_dropped", {{"name", line.name}});
            continue;
        }
        if (is_ours(line.name)) continue;
        has_date = has_date || iequals(line.name, "Date");
        has_server = has_server || iequals(line.name, "Server");
        has_nosniff = has_nosniff || iequals(line.name, nosniff);
        leads_on = leads_on || iequals(line.name, "Location");
        has_referrer_policy = has_referrer_policy || iequals(line.name, referrer_policy);
        out += line.name;
        out += ": ";
        out += line.value;
        out += "\r\n";
    }
    if (!has_server) out += "Server: tollgate\r\n";
    if (!has_nosniff) out.append(nosniff).append(": nosniff\r\n");
    if (leads_on && !has_referrer_policy && is_redirect(r.status))
        out.append(referrer_policy).append(": no-referrer\r\n");
    if (!has_date) {
        out += "Date: ";
        out += frame.date;
        out += "\r\n";
    }
    append_frame(out, frame);
    out += "\r\n";
}

std::string http_date(std::int64_t seconds_since_epoch) {
    using namespace std::chrono;
    constexpr std::array<char const*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    sys_seconds const at{seconds(seconds_since_epoch)};
    auto const midnight = floor<std::chrono::days>(at);
    year_month_day const date(midnight);
    hh_mm_ss const time(at - midnight);
    std::array<char, 64> text;
    auto const n = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        days[weekday(midnight).c_encoding()], static_cast<unsigned>(date.day()),
        months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(n));
}

}  // namespace tollgate::http

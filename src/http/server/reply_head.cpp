#include "http/server/reply_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/log/log.hpp"
#include "base/text.hpp"

namespace tollgate::http {
namespace {

struct named_status {
    unsigned status;
    std::string_view reason;
};

// RFC 9110 §15 and the registry of its status codes, in their order.
constexpr named_status named_statuses[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

std::string_view reason(unsigned status) noexcept {
    auto const at = std::ranges::lower_bound(named_statuses, status, {}, &named_status::status);
    return at != std::end(named_statuses) && at->status == status ? at->reason : "Status";
}

// Without a branch, so that the compiler looks at many characters at a time.
bool ends_line(std::string_view value) noexcept {
    unsigned found = 0;
    for (char const c : value)
        found |= static_cast<unsigned>(c == '\r') | static_cast<unsigned>(c == '\n') |
                 static_cast<unsigned>(c == '\0');
    return found != 0;
}

bool breaks_framing(header const& line) noexcept {
    return line.name.empty() || !is_token_text(line.name) || ends_line(line.value);
}

bool is_ours(std::string_view name) noexcept {
    // By its length first: most fields are none of these.
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

}  // namespace tollgate::http

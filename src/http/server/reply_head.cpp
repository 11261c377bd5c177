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

// Once for each: the C library looks at many characters at a time.
bool ends_line(std::string_view value) noexcept {
    return value.find('\n') != value.npos || value.find('\r') != value.npos ||
           value.find('\0') != value.npos;
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

// Writes behind what is there, in room that is made once: a head is made of some thirty pieces.
class head_writer {
public:
    head_writer(std::string& out, std::size_t most) : out_(out), used_(out.size()) {
        out_.resize(used_ + most);
    }

    void text(std::string_view piece) noexcept {
        used_ += piece.copy(out_.data() + used_, piece.size());
    }
    void number(std::uint64_t n) noexcept {
        auto* const end = out_.data() + out_.size();
        used_ =
            static_cast<std::size_t>(std::to_chars(out_.data() + used_, end, n).ptr - out_.data());
    }
    void field(std::string_view name, std::string_view value) noexcept {
        text(name);
        text(": ");
        text(value);
        text("\r\n");
    }
    void end() { out_.resize(used_); }

private:
    std::string& out_;
    std::size_t used_;
};

// All that we add is shorter, but for the date.
constexpr std::size_t longest_of_ours = 384;

std::size_t most_bytes(reply const& r, reply_frame const& frame) noexcept {
    auto most = longest_of_ours + frame.date.size();
    for (auto const& line : r.headers)
        most += line.name.size() + line.value.size() + 4;
    return most;
}

void write_status_line(head_writer& out, unsigned status, unsigned version) {
    out.text(version == 10 ? "HTTP/1.0 " : "HTTP/1.1 ");
    out.number(status);
    out.text(" ");
    out.text(reason(status));
    out.text("\r\n");
}

void write_frame(head_writer& out, reply_frame const& frame) {
    if (frame.length) {
        out.text("Content-Length: ");
        out.number(*frame.length);
        out.text("\r\n");
    }
    if (frame.chunked) out.field("Transfer-Encoding", "chunked");
    if (!frame.keep_alive)
        out.field("Connection", "close");
    else if (frame.version == 10)
        out.field("Connection", "keep-alive");
}

}  // namespace

bool is_bodiless(unsigned status) noexcept {
    return status < 200 || status == 204 || status == 304;
}

void append_head(std::string& to, reply const& r, reply_frame const& frame) {
    head_writer out(to, most_bytes(r, frame));
    write_status_line(out, r.status, frame.version);
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
        out.field(line.name, line.value);
    }
    if (!has_server) out.text("Server: tollgate\r\n");
    if (!has_nosniff) out.field(nosniff, "nosniff");
    if (leads_on && !has_referrer_policy && is_redirect(r.status))
        out.field(referrer_policy, "no-referrer");
    if (!has_date) out.field("Date", frame.date);
    write_frame(out, frame);
    out.text("\r\n");
    out.end();
}

}  // namespace tollgate::http

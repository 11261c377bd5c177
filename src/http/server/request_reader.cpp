#include "http/server/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "base/text.hpp"

namespace tollgate::http {
namespace {

// Of an idle connection, which a stream may be for all day: most heads fit in.
constexpr std::size_t first_size = 1 << 10;
constexpr std::size_t least_room = 512;
constexpr std::size_t least_rest = 1 << 10;
constexpr std::size_t rest_size = 16 << 10;
// What a connection may keep from a large request while it is idle.
constexpr std::size_t idle_size = 64 << 10;

constexpr refusal no_request_line{400, "The request line is not METHOD TARGET HTTP/1.1."};

std::string_view last_word(std::string_view line) noexcept {
    return line.substr(line.rfind(' ') + 1);
}

// "GET /": a peer that speaks HTTP/0.9 waits for its answer now, and sends nothing more.
bool names_no_version(std::string_view line) noexcept {
    return !last_word(line).starts_with("HTTP/");
}

// RFC 9110 §2.5: a message of a higher minor version is processed as if it were of the highest one
// that we know.
bool names_newer_minor(std::string_view line) noexcept {
    auto const version = last_word(line);
    return version.size() == 8 && version.starts_with("HTTP/1.") && version[7] >= '2' &&
           version[7] <= '9';
}

}  // namespace

request_reader::request_reader(limits const& allowed, std::string peer, bool loopback, bool tls)
    : allowed_(allowed), buffer_(first_size) {
    request_.peer = std::move(peer);
    request_.peer_is_loopback = loopback;
    request_.tls = tls;
}

std::span<char> request_reader::room() {
    if (stage_ == stage::body) {
        // The head's bytes must stay where they are: the request points at them.
        if (rest_.size() - rest_used_ < least_rest) rest_.resize(rest_used_ + rest_size);
        return {rest_.data() + rest_used_, rest_.size() - rest_used_};
    }
    if (buffer_.size() - used_ < least_room) make_room(least_room);
    return {buffer_.data() + used_, buffer_.size() - used_};
}

// Only before the head is parsed: nothing points into the buffer.
void request_reader::make_room(std::size_t wanted) {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, used_ - begin_);
        used_ -= begin_;
        begin_ = 0;
    }
    auto size = std::max(buffer_.size(), first_size);
    while (size - used_ < wanted)
        size *= 2;
    buffer_.resize(size);
}

request_reader::stage request_reader::feed(std::size_t n) {
    if (stage_ == stage::head) {
        used_ += n;
        return scan_head();
    }
    if (stage_ != stage::body) return stage_;
    rest_used_ += n;
    return parse_body();
}

request_reader::stage request_reader::next() {
    if (begin_ == used_) begin_ = used_ = 0;
    parser_.reset();
    request_.headers.clear();
    request_.body = {};
    body_.clear();
    if (body_.capacity() > idle_size) std::string().swap(body_);
    if (rest_.capacity() > idle_size) std::vector<char>().swap(rest_);
    if (begin_ == used_ && buffer_.size() > idle_size) std::vector<char>(first_size).swap(buffer_);
    rest_used_ = 0;
    line_ = fields_ = scanned_ = 0;
    stage_ = stage::head;
    keep_alive_ = true;
    expectation_ = false;
    if (!later_.empty()) {
        if (buffer_.size() - used_ < later_.size()) make_room(later_.size());
        std::memcpy(buffer_.data() + used_, later_.data(), later_.size());
        used_ += later_.size();
        later_.clear();
    }
    return used_ == begin_ ? stage_ : scan_head();
}

void request_reader::let_go() noexcept {
    http::request who;
    who.method = request_.method;
    who.version = request_.version;
    who.peer = std::move(request_.peer);
    who.peer_is_loopback = request_.peer_is_loopback;
    who.tls = request_.tls;
    request_ = std::move(who);
    parser_.reset();
    head_size_ = 0;
    std::string().swap(request_line_);
    std::string().swap(body_);
    std::vector<char>().swap(rest_);
    if (begin_ != used_) return;
    begin_ = used_ = 0;
    std::vector<char>().swap(buffer_);
}

bool request_reader::take_expectation() noexcept {
    return stage_ == stage::body && std::exchange(expectation_, false);
}

request_reader::stage request_reader::refuse(refusal why) {
    refusal_ = why;
    keep_alive_ = false;
    return stage_ = stage::refused;
}

// Line by line until the empty one. Beast gets the head only when it is whole: what it parses is
// pointed at, and the buffer moves while it grows. That also tells a peer early that speaks
// something else, ends its lines with LF alone, or never ends them.
request_reader::stage request_reader::scan_head() {
    // RFC 9112 §2.2: empty lines before the request line are ignored.
    while (line_ == 0 && used_ - begin_ >= 2 && buffer_[begin_] == '\r' &&
           buffer_[begin_ + 1] == '\n') {
        begin_ += 2;
        scanned_ = 0;
    }
    if (auto wrong = foreign_protocol()) return refuse(*wrong);
    std::string_view const seen(buffer_.data() + begin_, used_ - begin_);
    for (;;) {
        auto const end = seen.find('\n', std::max(line_, scanned_));
        scanned_ = seen.size();
        auto const so_far = std::min(end, seen.size());
        if (line_ == 0 && so_far > allowed_.max_request_line + 1)
            return refuse({414, "The request line is too long."});
        if (line_ > 0 && so_far - fields_ > allowed_.max_header + 2)
            return refuse({431, "The header fields of the request are too large."});
        if (end == std::string_view::npos) return stage_;
        if (end == line_ || seen[end - 1] != '\r')
            return refuse({400, "A line of the request does not end with CR LF."});
        if (line_ == 0) {
            request_line_.assign(seen.substr(0, end - 1));
            if (names_no_version(request_line_)) return refuse(no_request_line);
            fields_ = end + 1;
        } else if (end == line_ + 1) {
            return parse_head(end + 1);
        }
        line_ = scanned_ = end + 1;
    }
}

// Peers that speak something else never send an empty line: they are told at once.
std::optional<refusal> request_reader::foreign_protocol() const {
    std::string_view const seen(buffer_.data() + begin_, used_ - begin_);
    if (seen.empty()) return std::nullopt;
    // The first byte of a TLS handshake.
    if (seen.front() == '\x16')
        return refusal{400, "This port speaks plain HTTP: use http:// instead of https://."};
    if (seen.starts_with("PRI * HTTP/2"))
        return refusal{400, "This server speaks HTTP/1.1, not HTTP/2 with prior knowledge."};
    if (!is_token_char(seen.front()) && seen.front() != '\r' && seen.front() != '\n')
        return refusal{400, "This is not an HTTP request."};
    return std::nullopt;
}

request_reader::stage request_reader::parse_head(std::size_t size) {
    head_at_ = begin_;
    head_size_ = size;
    if (names_newer_minor(request_line_)) buffer_[begin_ + request_line_.size() - 1] = '1';
    parser_.emplace(allowed_, request_, body_);
    boost::system::error_code ec;
    begin_ += parser_->put(boost::asio::buffer(buffer_.data() + begin_, used_ - begin_), ec);
    if (ec && ec != boost::beast::http::error::need_more)
        return refuse(parser_->why(ec, request_line_));
    // The head is whole: who still wants more of it ("GET / H") has found it malformed.
    if (!parser_->is_header_done()) return refuse(no_request_line);
    keep_alive_ = parser_->persists();
    expectation_ = parser_->expects_continue();
    if (!parser_->is_done()) {
        // What Beast has not taken yet (a chunk's size line) goes on in the other buffer.
        rest_used_ = used_ - begin_;
        if (rest_.size() < rest_used_ + rest_size) rest_.resize(rest_used_ + rest_size);
        std::memcpy(rest_.data(), buffer_.data() + begin_, rest_used_);
        begin_ = used_;
    }
    return after_put(ec);
}

request_reader::stage request_reader::parse_body() {
    boost::system::error_code ec;
    auto const taken = parser_->put(boost::asio::buffer(rest_.data(), rest_used_), ec);
    rest_used_ -= taken;
    std::memmove(rest_.data(), rest_.data() + taken, rest_used_);
    if (parser_->is_done()) {
        later_.insert(later_.begin(), rest_.data(), rest_.data() + rest_used_);
        rest_used_ = 0;
    }
    return after_put(ec);
}

request_reader::stage request_reader::after_put(boost::system::error_code ec) {
    if (ec && ec != boost::beast::http::error::need_more)
        return refuse(parser_->why(ec, request_line_));
    // What Beast leaves is framing whose line has not ended: the data itself it takes at once.
    if (!parser_->is_done() && rest_used_ > allowed_.max_header)
        return refuse({400, "The chunked body is malformed."});
    if (!parser_->is_done()) return stage_ = stage::body;
    request_.body = body_;
    return stage_ = stage::ready;
}

}  // namespace tollgate::http

#include "http/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tollgate::http {
namespace {

constexpr std::size_t first_size = 4 << 10;
constexpr std::size_t least_room = 1 << 10;
constexpr std::size_t step = 16 << 10;
// What a connection may keep from a large request while it is idle.
constexpr std::size_t idle_size = 64 << 10;

constexpr refusal too_large{413, "The request body is too large."};

}  // namespace

request_reader::request_reader(limits const& allowed, std::string peer, bool loopback, bool tls)
    : allowed_(allowed), buffer_(first_size) {
    request_.peer = std::move(peer);
    request_.peer_is_loopback = loopback;
    request_.tls = tls;
}

std::span<char> request_reader::room() {
    if (stage_ != stage::body) {
        if (buffer_.size() - used_ < least_room) make_room(least_room);
        return {buffer_.data() + used_, buffer_.size() - used_};
    }
    if (facts_.chunked) {
        scratch_.resize(step);
        return {scratch_.data(), scratch_.size()};
    }
    if (spare_ == 0) {  // grows with what arrives, not with what was announced
        spare_ = std::min(missing_, std::max(step, body_.size()));
        body_.resize(body_.size() + spare_);
    }
    return {body_.data() + (body_.size() - spare_), spare_};
}

// Only before the head is parsed: nothing points into the buffer.
void request_reader::make_room(std::size_t wanted) {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, used_ - begin_);
        used_ -= begin_;
        line_ -= begin_;
        scanned_ -= begin_;
        if (fields_ != 0) fields_ -= begin_;
        begin_ = 0;
    }
    auto size = buffer_.size();
    while (size - used_ < wanted)
        size *= 2;
    buffer_.resize(size);
}

request_reader::stage request_reader::feed(std::size_t n) {
    if (stage_ == stage::head) {
        used_ += n;
        return scan();
    }
    if (stage_ != stage::body) return stage_;
    if (facts_.chunked) return decode(std::string_view(scratch_).substr(0, n));
    spare_ -= n;
    missing_ -= n;
    if (missing_ == 0) body_complete(body_);
    return stage_;
}

request_reader::stage request_reader::next() {
    begin_ = end_;
    if (begin_ == used_) begin_ = used_ = 0;
    facts_ = head_facts{};
    request_.headers.clear();
    request_.body = {};
    body_.clear();
    if (body_.capacity() > idle_size) std::string().swap(body_);
    if (begin_ == used_ && buffer_.size() > idle_size) std::vector<char>(first_size).swap(buffer_);
    stage_ = stage::head;
    scanned_ = line_ = end_ = begin_;
    fields_ = 0;
    if (!later_.empty()) {
        if (buffer_.size() - used_ < later_.size()) make_room(later_.size());
        std::memcpy(buffer_.data() + used_, later_.data(), later_.size());
        used_ += later_.size();
        later_.clear();
    }
    return used_ == begin_ ? stage_ : scan();
}

bool request_reader::take_expectation() noexcept {
    return stage_ == stage::body && std::exchange(facts_.expects_continue, false);
}

request_reader::stage request_reader::refuse(refusal why) {
    refusal_ = why;
    facts_.keep_alive = false;
    return stage_ = stage::refused;
}

// Looks for the empty line, one line at a time, so that a limit is noticed when it is passed.
request_reader::stage request_reader::scan() {
    if (auto wrong = foreign_protocol()) return refuse(*wrong);
    while (scanned_ < used_) {
        auto* const from = buffer_.data() + scanned_;
        auto* const found = static_cast<char*>(std::memchr(from, '\n', used_ - scanned_));
        if (found == nullptr) {
            scanned_ = used_;
            break;
        }
        auto const end = static_cast<std::size_t>(found - buffer_.data()) + 1;
        if (end - line_ < 2 || found[-1] != '\r')
            return refuse({400, "A line of the request does not end with CR LF."});
        bool const empty = end - line_ == 2;
        scanned_ = line_ = end;
        if (empty && fields_ != 0) return head_complete(end);
        // RFC 9112 §2.2: empty lines before the request line are ignored.
        if (empty) {
            begin_ = end_ = end;
        } else if (fields_ == 0) {
            if (end - begin_ - 2 > allowed_.max_request_line) return refuse(line_too_long());
            fields_ = end;
        } else if (end - fields_ > allowed_.max_header) {
            return refuse(fields_too_large());
        }
    }
    if (fields_ == 0 && used_ - begin_ > allowed_.max_request_line + 1)
        return refuse(line_too_long());
    if (fields_ != 0 && used_ - fields_ > allowed_.max_header) return refuse(fields_too_large());
    return stage_;
}

refusal request_reader::line_too_long() noexcept {
    return {414, "The request line is too long."};
}

refusal request_reader::fields_too_large() noexcept {
    return {431, "The header fields of the request are too large."};
}

// Peers that speak something else never send an empty line: they are told at once.
std::optional<refusal> request_reader::foreign_protocol() const {
    std::string_view const seen(buffer_.data() + begin_, used_ - begin_);
    if (seen.empty() || fields_ != 0) return std::nullopt;
    if (seen.front() == '\x16')
        return refusal{400, "This port speaks plain HTTP: use http:// instead of https://."};
    if (seen.starts_with("PRI * HTTP/2"))
        return refusal{400, "This server speaks HTTP/1.1, not HTTP/2 with prior knowledge."};
    if (!is_token_char(seen.front()) && seen.front() != '\r' && seen.front() != '\n')
        return refusal{400, "This is not an HTTP request."};
    return std::nullopt;
}

request_reader::stage request_reader::head_complete(std::size_t end) {
    std::string_view const head(buffer_.data() + begin_, end - begin_);
    if (auto wrong = parse_head(head, allowed_, request_, facts_)) return refuse(*wrong);
    std::string_view const behind(buffer_.data() + end, used_ - end);
    if (facts_.chunked) {
        stage_ = stage::body;
        chunks_ = chunk_decoder(allowed_.max_body, allowed_.max_header);
        auto const taken = chunks_.decode(behind, body_);
        end_ = end + taken;
        return after_chunks();
    }
    auto const length = static_cast<std::size_t>(facts_.content_length.value_or(0));
    if (length <= behind.size()) {
        end_ = end + length;
        body_complete(behind.substr(0, length));
        return stage_;
    }
    body_.assign(behind);
    end_ = used_;
    missing_ = length - behind.size();
    spare_ = 0;
    return stage_ = stage::body;
}

request_reader::stage request_reader::decode(std::string_view bytes) {
    auto const taken = chunks_.decode(bytes, body_);
    later_.append(bytes.substr(taken));
    return after_chunks();
}

request_reader::stage request_reader::after_chunks() {
    switch (chunks_.now()) {
        case chunk_decoder::state::done:
            body_complete(body_);
            return stage_;
        case chunk_decoder::state::too_large:
            return refuse(too_large);
        case chunk_decoder::state::malformed:
            return refuse({400, "The chunked body is malformed."});
        default:
            return stage_;
    }
}

void request_reader::body_complete(std::string_view body) {
    request_.body = body;
    stage_ = stage::ready;
}

}  // namespace tollgate::http

// Request reader: bytes of a connection in, requests out. Buffering and limits without a socket.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/request.hpp"
#include "http/server/request_parser.hpp"
#include "http/server/server.hpp"

namespace tollgate::http {

// The request's views point into the reader: they hold until next().
class request_reader {
public:
    enum class stage {
        head,     // more bytes are needed before the request is known
        body,     // the head is known, more bytes of the body are needed
        ready,    // request() is whole
        refused,  // why() says it; nothing more is read
    };

    request_reader(limits const& allowed, std::string peer, bool loopback, bool tls);

    // Where the next bytes belong; never empty while in `head` or `body`.
    std::span<char> room();
    // `n` bytes were put into room().
    stage feed(std::size_t n);
    // Forgets the request. Bytes that came after it are kept and may hold the next one.
    stage next();

    // Of a request that a stream answers, which may take all day: its views are over, and most of
    // its memory is given back. What came behind it stays.
    void let_go() noexcept;

    // Bytes that came while the answer was being streamed. At most `keep_limit` are held.
    static constexpr std::size_t keep_limit = 16 << 10;
    bool may_keep() const noexcept { return later_.size() < keep_limit; }
    void keep(std::string_view bytes) { later_.append(bytes); }

    stage now() const noexcept { return stage_; }
    // No byte of a request has come.
    bool idle() const noexcept { return stage_ == stage::head && used_ == begin_; }
    // True once a request, when the peer waits for "100 Continue" with its body.
    bool take_expectation() noexcept;
    bool keep_alive() const noexcept { return keep_alive_; }
    http::request const& request() const noexcept { return request_; }
    refusal const& why() const noexcept { return refusal_; }
    // Request line and fields as they came, with the empty line. Of a request that is ready.
    std::string_view head() const noexcept { return {buffer_.data() + head_at_, head_size_}; }

private:
    stage refuse(refusal why);
    stage scan_head();
    stage parse_head(std::size_t size);
    stage parse_body();
    stage after_put(boost::system::error_code ec);
    std::optional<refusal> foreign_protocol() const;
    void make_room(std::size_t wanted);

    limits const& allowed_;
    http::request request_;
    std::optional<request_parser> parser_;
    refusal refusal_{400, {}};
    stage stage_ = stage::head;
    bool keep_alive_ = true;
    bool expectation_ = false;
    std::vector<char> buffer_;  // [begin_, used_): what has come and was not consumed
    std::size_t begin_ = 0;
    std::size_t used_ = 0;
    std::size_t head_at_ = 0;
    std::size_t head_size_ = 0;
    // Of the head, counted from begin_: where the line that is not whole yet starts, where the
    // fields start, and up to where no further line feed was found.
    std::size_t line_ = 0;
    std::size_t fields_ = 0;
    std::size_t scanned_ = 0;
    std::vector<char> rest_;  // of a body that did not come together with its head
    std::size_t rest_used_ = 0;
    std::string request_line_;  // for what is said about a malformed one
    std::string body_;
    std::string later_;  // follows what is in buffer_
};

}  // namespace tollgate::http

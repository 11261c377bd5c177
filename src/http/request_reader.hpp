// Bytes of a connection in, requests out: buffering, limits and framing without a socket.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/chunked.hpp"
#include "http/request_head.hpp"

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

    // Bytes that came while the answer was being streamed. At most `keep_limit` are held.
    static constexpr std::size_t keep_limit = 16 << 10;
    bool may_keep() const noexcept { return later_.size() < keep_limit; }
    void keep(std::string_view bytes) { later_.append(bytes); }

    stage now() const noexcept { return stage_; }
    // No byte of a request has come.
    bool idle() const noexcept { return stage_ == stage::head && used_ == begin_; }
    // True once a request, when the peer waits for "100 Continue" with its body.
    bool take_expectation() noexcept;
    bool keep_alive() const noexcept { return facts_.keep_alive; }
    http::request const& request() const noexcept { return request_; }
    refusal const& why() const noexcept { return refusal_; }

private:
    stage refuse(refusal why);
    static refusal line_too_long() noexcept;
    static refusal fields_too_large() noexcept;
    stage scan();
    std::optional<refusal> foreign_protocol() const;
    stage head_complete(std::size_t end);
    stage decode(std::string_view bytes);
    stage after_chunks();
    void body_complete(std::string_view body);
    void make_room(std::size_t wanted);

    limits const& allowed_;
    http::request request_;
    head_facts facts_;
    refusal refusal_{400, {}};
    stage stage_ = stage::head;
    std::vector<char> buffer_;  // [begin_, used_) is what has come and was not consumed
    std::size_t begin_ = 0;
    std::size_t used_ = 0;
    std::size_t scanned_ = 0;  // there is no end of line between line_ and here
    std::size_t line_ = 0;     // start of the line that is being looked for
    std::size_t fields_ = 0;   // start of the first field; 0: still in the request line
    std::size_t end_ = 0;      // of the request, as far as it lies in buffer_
    std::size_t missing_ = 0;  // bytes of the body that must still come
    std::size_t spare_ = 0;    // bytes at the end of body_ that are room, not body
    chunk_decoder chunks_;
    std::string body_;     // a body that did not come together with its head
    std::string scratch_;  // chunked bytes on their way to body_
    std::string later_;    // follows what is in buffer_
};

}  // namespace tollgate::http

// Status line and fields of an answer as bytes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message/http_date.hpp"
#include "http/message/reply.hpp"

namespace tollgate::http {

// What the connection decides about an answer.
struct reply_frame {
    unsigned version = 11;
    bool keep_alive = true;
    bool chunked = false;                 // a stream to a HTTP/1.1 peer
    std::optional<std::uint64_t> length;  // nothing for a stream, 204 and 304
    std::string_view date;                // IMF-fixdate
};

// True for answers that have no body whatever the handler says (RFC 9110 §6.4.1).
bool is_bodiless(unsigned status) noexcept;

// Appends the head. Fields that frame the message are ours: those that `r` brings are ignored;
// fields that would break the framing (CR, LF, NUL) are dropped and logged. Unless `r` brings its
// own, there are Server, Date, X-Content-Type-Options and, with Location, Referrer-Policy.
void append_head(std::string& to, reply const& r, reply_frame const& frame);

}  // namespace tollgate::http

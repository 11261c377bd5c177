// The chunked transfer coding (RFC 9112 §7.1), decoded as the bytes arrive. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate::http {

class chunk_decoder {
public:
    enum class state { size, data, data_end, trailer, done, malformed, too_large };

    chunk_decoder() : chunk_decoder(0, 0) {}
    // The body may have `max_body` bytes, the trailer lines `max_trailer` together.
    chunk_decoder(std::size_t max_body, std::size_t max_trailer)
        : max_body_(max_body), max_trailer_(max_trailer) {}

    // Appends what `in` holds of the body to `body`; returns how many bytes were used. They are
    // all used unless the coding ended (or broke) before.
    std::size_t decode(std::string_view in, std::string& body);

    state now() const noexcept { return state_; }
    bool over() const noexcept { return state_ >= state::done; }

private:
    std::size_t take_line(std::string_view in);
    void line_complete(std::string_view line);
    void start_chunk(std::string_view line);

    std::size_t max_body_;
    std::size_t max_trailer_;
    state state_ = state::size;
    std::uint64_t left_ = 0;   // of the current chunk
    std::size_t taken_ = 0;    // of the body
    std::size_t trailer_ = 0;  // bytes of trailer lines
    std::string line_;         // a framing line that came in pieces
};

}  // namespace tollgate::http

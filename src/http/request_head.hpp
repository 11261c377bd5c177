// The head of a request (request line and fields), parsed strictly. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/request.hpp"
#include "http/server.hpp"

namespace tollgate::http {

// Why a request never reaches the service.
struct refusal {
    unsigned status;
    std::string_view sentence;  // one line for the peer
};

// What the connection has to know of a head.
struct head_facts {
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;
};

// `head` runs from the method to the empty line, both included, and ends every line with CRLF.
// `into` gets views into `head`; its body and its peer are left alone.
std::optional<refusal> parse_head(std::string_view head, limits const& allowed, request& into,
                                  head_facts& facts);

// True for bytes that a field name or a method may hold (RFC 9110 §5.6.2).
bool is_token_char(char c) noexcept;

}  // namespace tollgate::http

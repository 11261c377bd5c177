// Event ids that name a stream and a place in it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate::sse {

// MCP 2025-11-25, Transports, "Resumability and Redelivery": unique across the streams of a
// session, and they say which stream they are of. The stream is named by a random token, so that
// nobody finds an id by trying, and an id says nothing about other streams.
struct event_id {
    std::string_view stream;   // base64url
    std::uint64_t number = 0;  // of the event in its stream
};

std::string to_text(event_id const& id);
// Nothing when the text cannot be one of ours. Points into `text`.
std::optional<event_id> parse_event_id(std::string_view text) noexcept;

// A new stream's name: 96 random bits.
std::string random_stream_token();

}  // namespace tollgate::sse

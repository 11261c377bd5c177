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
    std::string_view stream;   // its name: a token, or one with a subject
    std::uint64_t number = 0;  // of the event in its stream
};

std::string to_text(event_id const& id);
// Nothing when the text cannot be one of ours. Points into `text`.
std::optional<event_id> parse_event_id(std::string_view text) noexcept;

// A new stream's name: 96 random bits.
std::string random_stream_token();

// The name of a new stream that says what the stream is about: who reads it learns what there was
// to come even where nothing else of the stream is known any more. A subject that is longer than
// that is left out.
inline constexpr std::size_t longest_subject = 128;
std::string random_stream_token(std::string_view subject);
// The subject of a stream of that name; nothing when it has none.
std::optional<std::string> subject_of(std::string_view stream);

}  // namespace tollgate::sse

// Server-sent events as values, and the only way to turn one into bytes.
//
// WHATWG HTML, "Server-sent events" (9.2): a stream is a sequence of lines; an empty line ends
// an event. Text that is allowed to smuggle a line break in could forge events, so bytes for a
// stream exist only as a `frame`, and a frame is only made by `encode`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/message/problem.hpp"

namespace tollgate::sse {

struct event {
    std::string event;                // the event's type; empty = "message"
    std::optional<std::string> id;    // becomes the reader's last event id
    std::optional<std::string> data;  // any text; its line breaks are kept
    std::optional<std::chrono::milliseconds> retry;
    std::string comment;  // for people and proxies; readers skip it
};

// One or more whole events, as they go over the wire.
class frame {
public:
    std::string const& bytes() const noexcept { return bytes_; }

private:
    explicit frame(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;

    friend outcome<frame> encode(sse::event const& e);
    friend frame message(std::string_view data);
    friend frame comment(std::string_view text);
};

// Line breaks in data and comment become several lines. Refuses what cannot be written: a line
// break or NUL in `event` or `id` (9.2.6: an id with NUL is ignored), a negative retry, and an
// event without any field.
outcome<frame> encode(event const& e);

// `event: message` with that data. Cannot fail.
frame message(std::string_view data);
// A line that readers skip: keeps proxies from closing a quiet stream.
frame comment(std::string_view text);

}  // namespace tollgate::sse

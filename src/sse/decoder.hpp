// SSE decoder: reads server-sent events piece by piece, as a browser's EventSource does.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::sse {

struct received {
    std::string event;  // "message" when the stream named none
    std::string data;
    std::string id;  // the last event id as of this event
};

// Pure: bytes in, events out; a piece may end anywhere, also inside a line or between CR and LF.
class decoder {
public:
    // An event that grows beyond `max_event` bytes fails the stream: memory stays bounded.
    explicit decoder(std::size_t max_event = 1 << 20) : max_event_(max_event) {}

    // The events that `piece` completed. An event without data is dropped, as the standard says.
    std::vector<received> feed(std::string_view piece);

    bool failed() const noexcept { return failed_; }
    std::string const& last_id() const noexcept { return id_; }
    std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }
    // Comment lines seen so far (heartbeats).
    std::size_t comments() const noexcept { return comments_; }

private:
    void end_line(std::vector<received>& out);
    void field(std::string_view name, std::string_view value);
    void dispatch(std::vector<received>& out);

    std::size_t max_event_;
    std::string line_;
    bool after_cr_ = false;
    bool first_line_ = true;
    bool failed_ = false;
    std::string event_;
    std::string data_;
    std::string id_;
    std::string pending_id_;
    std::optional<std::chrono::milliseconds> retry_;
    std::size_t comments_ = 0;
};

}  // namespace tollgate::sse

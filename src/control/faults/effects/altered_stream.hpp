// Streams of events that are altered on their way out.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "http/message/reply.hpp"

namespace tollgate::control::effects {

// What becomes of one event of a stream. `text` is the event as it goes over the wire.
struct handling {
    std::string text;
    std::chrono::milliseconds wait{0};
    bool end = false;                   // the stream breaks off behind it
    std::chrono::milliseconds hold{0};  // and says nothing for so long before it does
};
using handler_of_events = std::function<handling(std::size_t number, std::string event)>;

// `each` is asked about every event from number 1 on. Before the first, and before the server has
// said anything, `first` is sent; empty: nothing is.
std::unique_ptr<http::body_stream> alter_events(std::unique_ptr<http::body_stream> body,
                                                handler_of_events each,
                                                boost::asio::any_io_executor on,
                                                handling first = {});

// The same bytes, so many at a time, with a pause between two pieces.
std::unique_ptr<http::body_stream> pace_stream(std::unique_ptr<http::body_stream> body,
                                               std::size_t piece, std::chrono::milliseconds pause,
                                               boost::asio::any_io_executor on);

}  // namespace tollgate::control::effects

// Event draft: an event that is to be written down, as views of what others hold until it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "control/journal/event.hpp"
#include "http/pipeline/exchange_facts.hpp"

namespace tollgate::control {

// One half of an exchange, as recorded_message has it.
struct message_draft {
    std::string_view start;
    std::string_view fields;
    std::string_view body;
    std::size_t body_size = 0;
};

struct exchange_draft {
    message_draft request;
    message_draft response;
    time_point arrived{};
    std::string_view peer;
    bool streamed = false;
    delivery how = delivery::pending;
};

// Its members are those of an event.
struct event_draft {
    event_type type = event_type::exchange;
    time_point time{};
    std::string_view endpoint;
    std::string_view flow;  // empty: the journal finds it
    http::exchange_facts const* facts = nullptr;
    std::string_view mcp_method;  // in the place of that of the facts
    std::uint64_t of = 0;
    std::string_view outcome;
    std::string_view stream_event;
    std::string_view stream_id;
    std::string_view stream_data;
    exchange_draft const* exchange = nullptr;
};

}  // namespace tollgate::control

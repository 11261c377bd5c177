// Journal events: what happened in a realm, as it is read. Secrets are still in them: they leave
// by the views alone, which replace them (control/journal/redaction.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/words.hpp"
#include "http/pipeline/exchange_facts.hpp"

namespace tollgate::control {

enum class event_type {
    exchange,      // a request and its answer
    stream,        // an event on a stream, or its end
    message,       // a JSON-RPC request or notification of the MCP server
    login,         // /authorize came to an end: a code, or an error
    refresh,       // a refresh token was presented
    registration,  // a client was registered, changed or deleted
    revocation,    // a token was revoked
    session,       // an MCP session began or ended
    fault,         // a fault acted
    control,       // somebody used the control plane
};
constexpr auto words_of(event_type) {
    return std::to_array<word<event_type>>({{"exchange", event_type::exchange},
                                            {"stream", event_type::stream},
                                            {"message", event_type::message},
                                            {"login", event_type::login},
                                            {"refresh", event_type::refresh},
                                            {"registration", event_type::registration},
                                            {"revocation", event_type::revocation},
                                            {"session", event_type::session},
                                            {"fault", event_type::fault},
                                            {"control", event_type::control}});
}

// How an answer got away, as far as it is known when the event is read.
enum class delivery : std::uint8_t { pending, delivered, cut };

// One half of an exchange.
struct recorded_message {
    std::string start;   // "GET /mcp?x=y", "200"
    std::string fields;  // "name: value\r\n" each, in their order
    std::string body;    // its beginning
    std::size_t body_size = 0;
};

struct recorded_exchange {
    recorded_message request;
    recorded_message response;
    time_point arrived{};
    std::string peer;
    bool streamed = false;  // the body is events of their own
    delivery how = delivery::pending;
};

struct event {
    std::uint64_t seq = 0;  // from 1 on, without gaps
    event_type type = event_type::exchange;
    time_point time{};  // of an exchange: of the answer
    std::string endpoint;
    std::string flow;
    http::exchange_facts facts;
    std::uint64_t of = 0;  // the exchange that it belongs to; 0: none, or it is one itself
    std::string outcome;   // "ok", an error code, "opened", "ended", the name of a fault
    // Of an event on a stream.
    std::string stream_event;  // "message", "endpoint"
    std::string stream_id;
    std::string stream_data;
    std::shared_ptr<recorded_exchange> exchange;
};

using event_ptr = std::shared_ptr<event const>;

}  // namespace tollgate::control

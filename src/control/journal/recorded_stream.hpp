// Recorded stream: passes a body on and writes its server-sent events into the journal.
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "control/journal/event.hpp"
#include "http/message/reply.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control {

// `of`: the exchange whose answer the stream is. `time` must outlive the stream.
std::unique_ptr<http::body_stream> record_stream(std::unique_ptr<http::body_stream> body,
                                                 http::realm_ptr realm, event_ptr of,
                                                 tollgate::clock const& time);

}  // namespace tollgate::control

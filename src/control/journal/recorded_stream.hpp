// Recorded stream: passes a body on and writes its server-sent events into the journal.
#pragma once

#include <memory>

#include "control/journal/journal.hpp"
#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// `kept`: what the journal made of the exchange of `c`, whose answer the stream is. The clock of
// `c` must outlive the stream.
std::unique_ptr<http::body_stream> record_stream(std::unique_ptr<http::body_stream> body,
                                                 http::context const& c, recorded_event kept);

}  // namespace tollgate::control

// Event stream: the journal of a realm as server-sent events, for as long as somebody listens.
#pragma once

#include <cstdint>

#include <boost/asio/any_io_executor.hpp>

#include "control/journal/journal.hpp"
#include "http/message/reply.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control::api {

// From event `since` on. The id of each is its number, so that a reader that comes back with
// Last-Event-ID misses nothing that is still kept. `on`: the connection's executor.
http::reply event_stream_reply(http::realm_ptr realm, std::uint64_t since, event_filter wanted,
                               boost::asio::any_io_executor on);

}  // namespace tollgate::control::api

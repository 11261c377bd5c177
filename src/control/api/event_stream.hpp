// Event stream: the journal of a realm as server-sent events, for as long as somebody listens.
#pragma once

#include <cstdint>

#include <boost/asio/any_io_executor.hpp>

#include "control/journal/journal.hpp"
#include "control/realms/realm_registry.hpp"
#include "http/message/reply.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control::api {

// From event `since` on. The id of each is its number, so that a reader that comes back with
// Last-Event-ID misses nothing that is still kept. Ends where events cannot be kept that are to
// outlive the process. `on`: the connection's executor.
http::reply event_stream_reply(realm_registry& realms, http::realm_ptr realm, std::uint64_t since,
                               event_filter wanted, boost::asio::any_io_executor on);

}  // namespace tollgate::control::api

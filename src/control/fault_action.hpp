// What a fault does to an answer: pure functions over replies.
#pragma once

#include <boost/json/value.hpp>

#include "control/fault.hpp"
#include "http/reply.hpp"

namespace tollgate::control {

// RFC 7396 §2: members of `patch` replace those of `target`, null removes.
void merge_patch(boost::json::value& target, boost::json::value const& patch);

// The canned answer.
http::reply canned_reply(action const& a);

// stage::mutate: status and headers are set, a JSON body is patched. False when nothing could be
// altered: a stream, a patch for a body that is no JSON, an error where only successes count.
bool alter(http::reply& r, action const& a);

// What after_commit asks of the handler's answer.
bool succeeded(http::reply const& r) noexcept;

}  // namespace tollgate::control

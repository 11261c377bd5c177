// Fault actions: what a fault does to an answer, as pure functions over replies.
#pragma once

#include <boost/json/value.hpp>

#include "control/faults/fault.hpp"
#include "http/message/reply.hpp"

namespace tollgate::control {

// RFC 7396 §2: members of `patch` replace those of `target`, null removes.
void merge_patch(boost::json::value& target, boost::json::value const& patch);

// The canned answer.
http::reply canned_reply(action const& a);

// stage::mutate: status and headers are set, a JSON body is patched. False when nothing could be
// altered: a stream, a patch for a body that is no JSON.
bool alter(http::reply& r, action const& a);

// Whether the handler's answer is one of those: a status below 400 is a success.
bool is_among(http::reply const& r, answers wanted) noexcept;

}  // namespace tollgate::control

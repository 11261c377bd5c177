// Device pages: what a person sees of the device grant (RFC 8628 §3.3), as values.
#pragma once

#include <string>
#include <string_view>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// Where the code is entered; `mistake` says what was wrong with the last one.
http::reply ask_for_code(http::context const& c, unsigned status, std::string_view mistake);

// What is about to be approved, with the code to compare (§5.4): who asks, for what. With
// `users` the person also says who they are. `seal` proves that the form is ours (see device.cpp).
http::reply ask_for_decision(http::context const& c, device_authorization const& d,
                             client const& asking, policy const& p, std::string_view seal,
                             std::string_view mistake);

http::reply say_decided(bool approved, client const& asking);

}  // namespace tollgate::oauth

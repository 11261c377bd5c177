// Conditional replies with the documents that clients discover the server by.
#pragma once

#include <boost/json/object.hpp>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::http {

// 200 with the document, or 304 for a client that has it already (RFC 9110 §13.1.2). Kept only
// with leave: the policy can change between two requests, and a client that is being tested
// against the change must see it.
reply discovery_reply(context const& c, boost::json::object const& o);

}  // namespace tollgate::http

// Echo API, /anything: answers the request, in the shape of httpbin's.
#pragma once

#include <string_view>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::oauth {

// 200 with what arrived, credentials masked. A problem 400 for a query that is none.
outcome<http::reply> echo(http::context& c, std::string_view subject);

}  // namespace tollgate::oauth

// JSON answers of others: key sets, what an endpoint says of a token. Pure: no I/O.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "http/client/client.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// Nobody could tell (503), and what is said to be dead (401). The texts are for the log.
problem cannot_tell(std::string why);
problem not_valid(std::string why);

using http_result = boost::system::result<http::client_response>;

// A longer answer about one token is none.
inline constexpr std::size_t max_answer_bytes = 64 << 10;

// 200 with a JSON object. `who` names the endpoint in the log text of a failure.
outcome<boost::json::object> object_of(http_result const& got, std::string_view who);

// application/json, or a type of its family.
bool says_json(std::string_view content_type);

}  // namespace tollgate::oauth

// Resource indicators (RFC 8707): which resources a client may name, and what a grant covers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message/form.hpp"
#include "http/message/problem.hpp"
#include "http/realm/place.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// `uri` is a resource that tokens may be for here.
bool is_served(std::string_view uri, http::place const& where, policy const& p);

inline constexpr std::size_t most_resources = 10;  // of one request

// The distinct resources that a request names, each well-formed; none when it names none.
outcome<std::vector<std::string>> named_resources(http::form const& f);
// invalid_target for what is not served here: names it and what is. `parameter`: "resource", or
// "audience".
problem not_served(std::string_view parameter, std::string_view uri, http::place const& where,
                   policy const& p);

// The resources that an authorization request names; the realm's MCP server when it names none,
// unless each agent is one (invalid_target then) or all of them share the base.
// Fails with invalid_target (RFC 8707 §2): not absolute, with a fragment, or not served here.
outcome<std::vector<std::string>> requested_resources(http::form const& f, http::place const& where,
                                                      policy const& p);

// The part of `granted` that a token request asks for; all of it when it asks for none. The
// spellings of one MCP server (origin, MCP URL, SSE URL, loopback names) stand for each other.
outcome<std::vector<std::string>> narrowed_resources(http::form const& f, http::place const& where,
                                                     std::vector<std::string> const& granted);

}  // namespace tollgate::oauth

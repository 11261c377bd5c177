// What the calls about realms have in common.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "control/api/api.hpp"

namespace tollgate::control::api {

// What POST and GET realms say of one. A problem where it has no URL from where was asked.
outcome<boost::json::object> describe(http::realm const& r, http::place const& asked_at);

// From a listener that serves one realm alone, the URLs of the others cannot be named: 400.
outcome<void> at_main_origin(context const& c);

// The realm of the path parameter {name}; 404 when there is none. Looking is no use: it keeps no
// realm alive.
outcome<http::realm_ptr> named_realm(control_plane& p, context const& c);

// The members "isolation" and "ttl" of a realm that is to be made.
std::optional<isolation> read_isolation(object_reader& in);
std::optional<milliseconds> read_ttl(object_reader& in);

}  // namespace tollgate::control::api

// JSON Merge Patch (RFC 7396).
#pragma once

#include <boost/json/value.hpp>

namespace tollgate::control {

// §2: members of `patch` replace those of `target`, null removes.
void merge_patch(boost::json::value& target, boost::json::value const& patch);

}  // namespace tollgate::control

// What was bound, as the realm `default` is to be addressed.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace tollgate {

struct addresses {
    std::string issuer;
    std::string mcp;  // empty when that transport is switched off
    std::string sse;
    // Where the two servers listen, when that is not what they are called (public URLs); else
    // empty.
    std::string bound_issuer;
    std::string bound_mcp;
    std::vector<std::string> control;    // empty when the control plane is off
    std::vector<std::string> listeners;  // a sentence each, for a person
};

// As --ready-json says it.
boost::json::object to_json(addresses const& a);

}  // namespace tollgate

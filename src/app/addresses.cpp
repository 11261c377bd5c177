#include "app/addresses.hpp"

#include <unistd.h>

#include <boost/json/array.hpp>

namespace tollgate {

boost::json::object to_json(addresses const& a) {
    boost::json::object line;
    line["issuer"] = a.issuer;
    line["mcp"] = a.mcp;
    line["sse"] = a.sse;
    line["control"] = boost::json::array(a.control.begin(), a.control.end());
    if (!a.bound_issuer.empty())
        line["bound"] = {{"authorization_server", a.bound_issuer}, {"mcp", a.bound_mcp}};
    line["pid"] = ::getpid();
    return line;
}

}  // namespace tollgate

// Server names, the two servers' own: an interface, because only `app` knows the listeners.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/realm/resolver.hpp"

namespace tollgate::control {

class server_names {
public:
    virtual ~server_names() = default;

    // What is wrong with a public URL, as the end of a sentence; "" when nothing is. Trailing
    // slashes are taken off it.
    virtual std::string settle(std::string& url) const = 0;
    // Takes the names on, for the whole server, and says where it is now (as --ready-json does) and
    // whether each of its origins can be reached from here. Problem 409 when that would lock the
    // control plane or leave a listener without a name.
    virtual task<outcome<boost::json::object>> rename(http::renaming wanted) = 0;
};

}  // namespace tollgate::control

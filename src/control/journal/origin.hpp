// Where a client is before it says who it is.
#pragma once

#include <string>

#include "http/message/request.hpp"
#include "http/realm/peer.hpp"

namespace tollgate::control {

inline std::string origin_of(http::request const& r) {
    return http::peer_of(r) + '|' + std::string(r.header("User-Agent").substr(0, 100));
}

}  // namespace tollgate::control

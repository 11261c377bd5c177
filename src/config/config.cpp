#include "config/config.hpp"

namespace tollgate {

bool config::has_foreign_tokens() const {
    auto const& mode = authorization_server.mode;
    return mode == "proxy" || (mode != "broker" && upstream.configured());
}

}  // namespace tollgate

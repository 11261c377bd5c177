#include "oauth/clients/client_grants.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "oauth/model/errors.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

void limit_grants(client& c, policy const& p) {
    if (c.configured) return;
    auto const lost =
        std::erase_if(c.grant_types, [&](auto const& type) { return !is_registrable(p, type); });
    if (lost == 0) return;
    c.metadata["grant_types"] = boost::json::array(c.grant_types.begin(), c.grant_types.end());
    // RFC 7591 §2.1: code and authorization_code belong together.
    if (!c.may_use(grant_code)) c.metadata["response_types"] = boost::json::array();
}

problem refused_grant(client const& c, policy const& p, std::string_view grant_type) {
    if (c.configured || is_registrable(p, grant_type)) return errors::unauthorized_client;
    return errors::unauthorized_client.because(
        "a client that registered itself may not use this grant type here; it takes an entry in "
        "[[clients]], or the grant in registration.grant_types");
}

}  // namespace tollgate::oauth

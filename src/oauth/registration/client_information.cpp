#include "oauth/registration/client_information.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/message/form.hpp"

namespace tollgate::oauth {

http::reply client_information(http::context const& c, unsigned status, client const& who,
                               registration_secrets const& known) {
    boost::json::object o;
    o["client_id"] = who.id;
    o["client_id_issued_at"] = who.issued_at;
    if (!known.client_secret.empty()) {
        o["client_secret"] = known.client_secret;
        o["client_secret_expires_at"] = 0;  // never
    }
    o["registration_access_token"] = known.registration_token;
    o["registration_client_uri"] = c.place().issuer_here() + c.place().endpoints->registration +
                                   '/' + http::percent_encode(who.id);
    // RFC 7591 §3.2.1: all that is registered. The SDKs take no answer without redirect_uris.
    for (auto const& [name, value] : who.metadata)
        o[name] = value;
    auto r = http::json_reply(status, boost::json::serialize(o));
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Pragma", "no-cache");
    return r;
}

}  // namespace tollgate::oauth

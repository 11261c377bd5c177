// Dynamic client registration (RFC 7591).
#include <utility>

#include <boost/json/serialize.hpp>

#include "oauth/crypto.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/errors.hpp"
#include "oauth/registration.hpp"

namespace tollgate::oauth {

namespace {

outcome<boost::json::object> sent_metadata(http::context& c, policy const& p) {
    auto const body = c.body_json();
    if (!body) return errors::invalid_client_metadata.because(body.error().description());
    return registered_metadata(**body, p);
}

// RFC 7591 §3.2.1: the credentials and all that was registered.
http::reply information(client const& c, std::string const& secret, http::time_point now) {
    boost::json::object o;
    o["client_id"] = c.id;
    o["client_id_issued_at"] = to_epoch(now);
    if (!secret.empty()) {
        o["client_secret"] = secret;
        o["client_secret_expires_at"] = 0;  // never
    }
    for (auto const& [name, value] : c.metadata)
        o[name] = value;
    auto r = http::json_reply(201, boost::json::serialize(o));
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Pragma", "no-cache");
    return r;
}

// A full realm stays full until it is deleted: nobody needs to ask every second.
problem no_place_left() {
    return problem(503, errors::temporarily_unavailable.error(),
                   "this realm holds as many registered clients as it may")
        .with("Retry-After", "60");
}

// Takes one of the realm's places for the client.
task<outcome<void>> keep(server& s, http::context& c, client const& made) {
    auto& state = s.state(c.realm());
    if (!state.take_client_place()) co_return no_place_left();
    auto const added = co_await s.records().add_client(c.realm().name(), made);
    if (!added) state.give_back_client_place();
    co_return added;
}

}  // namespace

endpoint_result register_endpoint(server& s, http::context& c) {
    auto const p = s.current_policy(c.realm());
    if (!p->dynamic_registration) {
        // Not 404: the server understood, and a client that goes on to guess another path would
        // be none the wiser.
        co_return errors::access_denied.at(403).because(
            "this authorization server takes no registrations; use a configured client");
    }
    auto metadata = sent_metadata(c, *p);
    if (!metadata) co_return errors::explained(metadata.error());
    client made;
    made.id = random_token(16);
    made.metadata = std::move(*metadata);
    read_metadata(made);
    std::string const secret = made.auth_method == "none" ? std::string() : random_token();
    if (!secret.empty()) made.secret_digest = digest_of(secret);
    auto const added = co_await keep(s, c, made);
    if (!added) co_return added.error();
    c.note("client_id", made.id);
    co_return information(made, secret, c.now());
}

}  // namespace tollgate::oauth

// Dynamic client registration (RFC 7591).
#include <utility>

#include "oauth/crypto.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/errors.hpp"
#include "oauth/registration.hpp"
#include "oauth/registration_answer.hpp"

namespace tollgate::oauth {

namespace {

outcome<boost::json::object> sent_metadata(http::context& c, policy const& p) {
    auto const body = c.body_json();
    if (!body) return errors::invalid_client_metadata.because(body.error().description());
    return registered_metadata(**body, p);
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
    made.issued_at = to_epoch(c.now());
    made.metadata = std::move(*metadata);
    read_metadata(made);
    registration_secrets secrets;
    secrets.registration_token = random_token();
    made.registration_digest = digest_of(secrets.registration_token);
    if (made.has_secret()) {
        secrets.client_secret = random_token();
        made.secret_digest = digest_of(secrets.client_secret);
    }
    auto const added = co_await keep(s, c, made);
    if (!added) co_return added.error();
    c.note("client_id", made.id);
    co_return client_information(c, 201, made, secrets);
}

}  // namespace tollgate::oauth

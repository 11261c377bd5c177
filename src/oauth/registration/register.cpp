// Dynamic client registration (RFC 7591).
#include <utility>

#include "base/crypto.hpp"
#include "http/realm/peer.hpp"
#include "oauth/clients/client_metadata.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/registration/client_information.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

outcome<boost::json::object> sent_metadata(http::context& c, policy const& p) {
    auto const body = c.body_json();
    if (!body) return errors::invalid_client_metadata.because(body.error().description());
    return registered_metadata(**body, p);
}

// RFC 7591 §5: whoever may register without a token is limited in how often.
outcome<void> check_rate(server& s, http::context const& c) {
    auto const who = http::account_of(c.request(), c.place());
    if (who.local) return {};
    auto const may = s.budget().registrations.take(who, c.real_now());
    if (!may) return too_many_registrations(may);
    return {};
}

// What cannot be erased now has lost its place all the same, and lapses.
task<void> let_go(server& s, http::context& c, client_places::place gone) {
    count_evicted_client();
    auto const erased = co_await s.records(c).erase_client(gone.realm_name, gone.client);
    if (erased) c.note("evicted_client", gone.client);
}

// Takes a place for the client, which may cost others theirs.
task<outcome<void>> keep(server& s, http::context& c, client const& made) {
    auto& places = s.budget().clients;
    client_places::place own;
    own.realm = c.realm().id();
    own.realm_name = c.realm().name();
    own.client = made.id;
    auto const room = places.take(std::move(own), c.real_now());
    if (!room) co_return too_many_clients();
    for (auto const& other : *room) {
        auto gone = other;
        co_await let_go(s, c, std::move(gone));
    }
    auto const until = c.now() + places.unused_life();
    auto const added = co_await s.records(c).add_client(c.realm().name(), made, until);
    if (!added) places.give_back(c.realm().id(), made.id);
    co_return added;
}

// The operator reads which key left out what.
void note_left_out(http::context& c, boost::json::object const& registered) {
    auto const body = c.body_json();
    auto const* const sent = body ? (*body)->as_object().if_contains("redirect_uris") : nullptr;
    auto const* const kept = registered.if_contains("redirect_uris");
    if (!sent || !kept || sent->as_array().size() == kept->as_array().size()) return;
    c.note("why", "registration.redirect_hosts does not list all redirect_uris");
}

}  // namespace

endpoint_result register_endpoint(server& s, http::context& c) {
    auto const& p = s.rules(c);
    if (!p.dynamic_registration) {
        // Not 404: the server understood, and a client that goes on to guess another path would
        // be none the wiser.
        co_return errors::access_denied.at(403).because(
            "this authorization server takes no registrations; use a configured client");
    }
    auto metadata = sent_metadata(c, p);
    if (!metadata) co_return errors::explained(metadata.error());
    // After the metadata: what is refused for what it says leaves nothing behind and is not
    // counted.
    auto const rate = check_rate(s, c);
    if (!rate) co_return errors::explained(rate.error());
    note_left_out(c, *metadata);
    client made;
    made.unused = true;
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
    if (!added) co_return errors::explained(added.error());
    c.facts().client_id = made.id;
    co_return client_information(c, 201, made, secrets);
}

}  // namespace tollgate::oauth

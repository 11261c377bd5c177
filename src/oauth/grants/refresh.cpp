#include <string>
#include <utility>

#include "base/crypto.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"
#include "oauth/server/seeded_tokens.hpp"
#include "oauth/tokens/dpop_binding.hpp"
#include "oauth/upstream/broker/broker.hpp"

namespace tollgate::oauth {

namespace {

bool rotates(policy const& p, client const& who) noexcept {
    switch (p.rotation) {
        case refresh_rotation::always:
            return true;
        case refresh_rotation::never:
            return false;
        case refresh_rotation::public_clients:
            break;
    }
    return who.is_public();
}

// RFC 9700 §4.14.2: a used refresh token means that somebody has a copy, and nobody can tell who.
task<outcome<issued_tokens>> refuse_reuse(token_request const& r, std::string family) {
    if (r.rules.reuse != refresh_reuse::reject) {
        auto const revoked =
            co_await r.as.records(r.http).revoke_family(r.http.realm().name(), family);
        if (!revoked) co_return revoked.error();
        r.http.note("revoked", "family of a refresh token that was used twice");
    }
    co_return errors::invalid_grant.because("the refresh token was used before")
        .log("refresh token used twice");
}

// A used token that answers once more, because its answer may have been lost on the way.
bool in_grace(policy const& p, refresh_token const& t, time_point now) noexcept {
    return p.reuse == refresh_reuse::grace && t.used_at && now < *t.used_at + p.reuse_grace;
}

// A successor is being used, so its client has it: the token it was issued for is used up now, if
// it is not yet. False for what was used although another successor was used before it.
task<outcome<bool>> take_over(token_request const& r, found_refresh const& found,
                              std::string_view secret) {
    if (found.token.predecessor.empty()) co_return true;
    auto const own = digest_of(secret);
    co_return co_await r.as.records(r.http).supersede_refresh(r.http.realm().name(),
                                                              found.token.predecessor, own);
}

// It stays good until one of its successors is used: has one been used while tokens were made?
task<outcome<bool>> still_good(token_request const& r, std::string_view secret) {
    auto const found = co_await r.as.records(r.http).find_refresh(r.http.realm().name(), secret);
    if (!found) co_return found.error();
    co_return !found->token.used;
}

// Uses the token up. False when it was used meanwhile, and that is once too often.
task<outcome<bool>> spend(token_request const& r, std::string_view secret, refresh_reuse rule) {
    auto const& realm = r.http.realm().name();
    if (rule == refresh_reuse::until_successor_used) co_return co_await still_good(r, secret);
    if (rule != refresh_reuse::grace)
        co_return co_await r.as.records(r.http).redeem_refresh(realm, secret);
    auto const spent = co_await r.as.records(r.http).spend_refresh(realm, secret, r.http.now());
    if (!spent) co_return spent.error();
    co_return true;
}

task<outcome<found_refresh>> find(token_request const& r, std::string_view secret,
                                  client const& who) {
    auto found = co_await find_refresh_token(r.as, r.http, std::string(secret));
    // A seed has no owner until somebody presents it, and this one from then on.
    if (found && found->token.grant.client_id.empty())
        found = co_await bind_seed(r.as, r.http, std::string(secret), std::move(*found), who.id);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return errors::invalid_grant.because("the refresh token is unknown, expired or revoked")
            .log("unknown refresh token");
    }
    // RFC 6749 §10.4: the binding to the client to whom it was issued.
    if (found->token.grant.client_id != who.id)
        co_return errors::invalid_grant.log("the refresh token belongs to another client");
    // RFC 9449 §5: a refresh token of a public client is bound to its key.
    auto other_key = key_disagrees(r.http, found->token.grant);
    if (other_key) co_return std::move(*other_key);
    co_return found;
}

// RFC 6749 §6: "MUST NOT include any scope not originally granted by the resource owner".
outcome<scope_list> narrowed_scopes(http::form const& f, scope_list const& granted) {
    auto const text = f.one("scope");
    if (!text) return granted;
    auto asked = parse_scope(*text);
    if (!asked) return malformed_scope(*text);
    if (!is_subset(*asked, granted)) {
        auto const why = refused_scope(*asked, granted);
        return why.because(
            "a refresh cannot widen the scope that was granted (RFC 6749 section "
            "6): " +
            why.description());
    }
    return std::move(*asked);
}

problem lost_meanwhile(problem const& why) {
    if (why.status() != 404 && why.error() != "group_dead") return why;
    return errors::invalid_grant.log("the refresh token was revoked meanwhile");
}

// The order for a request whose checks have all passed.
outcome<token_order> ordered(http::context const& c, http::form const& f, grant what) {
    auto scopes = narrowed_scopes(f, what.scopes);
    if (!scopes) return scopes.error();
    auto audience = narrowed_resources(f, c.place(), what.audience);
    if (!audience) return audience.error();
    token_order order;
    order.grant = std::move(what);
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    return order;
}

// Broker mode: what the provider gave must live, or a token of ours would stand for nothing. As
// long as the new refresh token may be used it is kept.
task<outcome<void>> renew_upstream(token_request const& r, grant const& what,
                                   milliseconds refresh_ttl) {
    if (!what.brokered || !r.as.upstream()) co_return outcome<void>();
    provider_renewal::wish w;
    w.realm = r.http.realm().name();
    w.family = what.login();
    w.keep_until = r.http.now() + refresh_ttl;
    auto const usable = co_await r.as.upstream()->renewals().usable(std::move(w));
    if (!usable) co_return usable.error();
    co_return outcome<void>();
}

}  // namespace

task<outcome<issued_tokens>> issue_for_refresh(token_request const& r) {
    auto const secret = r.form.one("refresh_token");
    if (!secret) co_return errors::invalid_request.because("refresh_token is missing");
    auto const found = co_await find(r, *secret, r.who);
    if (!found) co_return found.error();
    auto const& family = found->token.grant.family;
    r.http.facts().family = family;
    // Before the rest is looked at: a used token is a leak, whatever the request asks for.
    if (found->token.used && !in_grace(r.rules, found->token, r.http.now()))
        co_return co_await refuse_reuse(r, family);
    auto order = ordered(r.http, r.form, found->token.grant);
    if (!order) co_return order.error();
    // Before anything is used up: a provider that is away must not cost the client its token.
    auto const renewed = co_await renew_upstream(r, found->token.grant, r.rules.refresh_ttl);
    if (!renewed) co_return renewed.error();
    auto const taken_over = co_await take_over(r, *found, *secret);
    if (!taken_over) co_return lost_meanwhile(taken_over.error());
    if (!*taken_over) co_return co_await refuse_reuse(r, family);

    bool const rotating = rotates(r.rules, r.who);
    order->with_refresh = rotating;
    order->first_of_client = r.who.unused;
    order->id_token_algorithm = id_token_algorithm(r.rules, r.who.metadata);
    order->exchangeable_id_token = r.who.may_use(grant_token_exchange);
    if (rotating && r.rules.reuse == refresh_reuse::until_successor_used)
        order->predecessor = digest_of(*secret);
    auto issued = co_await issue_tokens(r.as, r.http, std::move(*order));
    if (!issued || !rotating) co_return issued;

    // Last, so that a store that fails before this point leaves the client its old token. Of two
    // requests with the same token one comes first; what the other was given is taken back.
    auto const first = co_await spend(r, *secret, r.rules.reuse);
    if (first && *first) co_return issued;
    co_await withdraw_tokens(r.as, r.http, *issued);
    if (first) co_return co_await refuse_reuse(r, family);
    co_return lost_meanwhile(first.error());
}

}  // namespace tollgate::oauth

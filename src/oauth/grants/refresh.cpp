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
task<outcome<issued_tokens>> refuse_reuse(server& s, http::context& c, std::string family) {
    if (s.current_policy(c.realm())->reuse != refresh_reuse::reject) {
        auto const revoked = co_await s.records().revoke_family(c.realm().name(), family);
        if (!revoked) co_return revoked.error();
        c.note("revoked", "family of a refresh token that was used twice");
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
task<outcome<bool>> take_over(server& s, http::context& c, found_refresh const& found,
                              std::string_view secret) {
    if (found.token.predecessor.empty()) co_return true;
    auto const own = digest_of(secret);
    co_return co_await s.records().supersede_refresh(c.realm().name(), found.token.predecessor,
                                                     own);
}

// It stays good until one of its successors is used: has one been used while tokens were made?
task<outcome<bool>> still_good(server& s, http::context& c, std::string_view secret) {
    auto const found = co_await s.records().find_refresh(c.realm().name(), secret);
    if (!found) co_return found.error();
    co_return !found->token.used;
}

// Uses the token up. False when it was used meanwhile, and that is once too often.
task<outcome<bool>> spend(server& s, http::context& c, std::string_view secret,
                          refresh_reuse rule) {
    auto const& realm = c.realm().name();
    if (rule == refresh_reuse::until_successor_used) co_return co_await still_good(s, c, secret);
    if (rule != refresh_reuse::grace) co_return co_await s.records().redeem_refresh(realm, secret);
    auto const spent = co_await s.records().spend_refresh(realm, secret, c.now());
    if (!spent) co_return spent.error();
    co_return true;
}

task<outcome<found_refresh>> find(server& s, http::context& c, std::string_view secret,
                                  client const& who) {
    auto found = co_await find_refresh_token(s, c, std::string(secret));
    if (found && found->token.what.client_id.empty())
        found = co_await bind_seed(s, c, std::string(secret), std::move(*found), who.id);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return errors::invalid_grant.because("the refresh token is unknown, expired or revoked")
            .log("unknown refresh token");
    }
    // RFC 6749 §10.4: the binding to the client to whom it was issued.
    if (found->token.what.client_id != who.id)
        co_return errors::invalid_grant.log("the refresh token belongs to another client");
    // RFC 9449 §5: a refresh token of a public client is bound to its key.
    auto other_key = key_disagrees(c, found->token.what);
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
    order.what = std::move(what);
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    return order;
}

// Broker mode: what the provider gave must live, or a token of ours would stand for nothing. As
// long as the new refresh token may be used it is kept.
task<outcome<void>> renew_upstream(server& s, http::context& c, grant const& what,
                                   milliseconds refresh_ttl) {
    if (!what.brokered || !s.upstream()) co_return outcome<void>();
    provider_renewal::wish w;
    w.realm = c.realm().name();
    w.family = what.login();
    w.keep_until = c.now() + refresh_ttl;
    auto const usable = co_await s.upstream()->renewals().usable(std::move(w));
    if (!usable) co_return usable.error();
    co_return outcome<void>();
}

}  // namespace

task<outcome<issued_tokens>> issue_for_refresh(server& s, http::context& c, http::form const& f,
                                               client const& who) {
    auto const secret = f.one("refresh_token");
    if (!secret) co_return errors::invalid_request.because("refresh_token is missing");
    auto const found = co_await find(s, c, *secret, who);
    if (!found) co_return found.error();
    auto const p = s.current_policy(c.realm());
    auto const& family = found->token.what.family;
    if (found->token.used && !in_grace(*p, found->token, c.now()))
        co_return co_await refuse_reuse(s, c, family);
    auto order = ordered(c, f, found->token.what);
    if (!order) co_return order.error();
    auto const renewed = co_await renew_upstream(s, c, found->token.what, p->refresh_ttl);
    if (!renewed) co_return renewed.error();
    auto const taken_over = co_await take_over(s, c, *found, *secret);
    if (!taken_over) co_return lost_meanwhile(taken_over.error());
    if (!*taken_over) co_return co_await refuse_reuse(s, c, family);

    bool const rotating = rotates(*p, who);
    order->with_refresh = rotating;
    order->first_of_client = who.unused;
    order->id_token_algorithm = id_token_algorithm(*p, who.metadata);
    order->exchangeable_id_token = who.may_use(grant_token_exchange);
    if (rotating && p->reuse == refresh_reuse::until_successor_used)
        order->predecessor = digest_of(*secret);
    auto issued = co_await issue_tokens(s, c, std::move(*order));
    if (!issued || !rotating) co_return issued;

    // Last, so that a store that fails before this point leaves the client its old token. Of two
    // requests with the same token one comes first; what the other was given is taken back.
    auto const first = co_await spend(s, c, *secret, p->reuse);
    if (first && *first) co_return issued;
    co_await withdraw_tokens(s, c, *issued);
    if (first) co_return co_await refuse_reuse(s, c, family);
    co_return lost_meanwhile(first.error());
}

}  // namespace tollgate::oauth

#include <string>
#include <utility>

#include "oauth/errors.hpp"
#include "oauth/grants.hpp"
#include "oauth/seeds.hpp"
#include "oauth/target.hpp"

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
    if (s.current_policy(c.realm())->reuse == refresh_reuse::revoke_family) {
        auto const revoked = co_await s.records().revoke_family(c.realm().name(), family);
        if (!revoked) co_return revoked.error();
        c.note("revoked", "family of a refresh token that was used twice");
    }
    co_return errors::invalid_grant.because("the refresh token was used before")
        .log("refresh token used twice");
}

task<outcome<refresh_token>> find(server& s, http::context& c, std::string_view secret,
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
    co_return std::move(found->token);
}

// RFC 6749 §6: "MUST NOT include any scope not originally granted by the resource owner".
outcome<scope_list> narrowed_scopes(http::form const& f, scope_list const& granted) {
    auto const text = f.one("scope");
    if (!text) return granted;
    auto asked = parse_scope(*text);
    if (!asked) return errors::invalid_scope.because("scope is malformed");
    if (!is_subset(*asked, granted)) {
        return errors::invalid_scope.because(
            "a refresh cannot widen the scope that was granted (RFC 6749 section 6)");
    }
    return std::move(*asked);
}

}  // namespace

task<outcome<issued_tokens>> issue_for_refresh(server& s, http::context& c, http::form const& f,
                                               client const& who) {
    auto const secret = f.one("refresh_token");
    if (!secret) co_return errors::invalid_request.because("refresh_token is missing");
    auto token = co_await find(s, c, *secret, who);
    if (!token) co_return token.error();
    auto const family = token->what.family;
    if (token->used) co_return co_await refuse_reuse(s, c, family);
    auto scopes = narrowed_scopes(f, token->what.scopes);
    if (!scopes) co_return scopes.error();
    auto audience = narrowed_resources(f, c.place(), token->what.audience);
    if (!audience) co_return audience.error();

    auto const p = s.current_policy(c.realm());
    token_order order;
    order.what = std::move(token->what);
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    order.with_refresh = rotates(*p, who);
    bool const rotating = order.with_refresh;
    auto issued = co_await issue_tokens(s, c, std::move(order));
    if (!issued || !rotating) co_return issued;

    // Last, so that a store that fails before this point leaves the client its old token. Of two
    // requests with the same token one comes first; what the other was given is taken back.
    auto const first = co_await s.records().redeem_refresh(c.realm().name(), *secret);
    if (first && *first) co_return issued;
    co_await withdraw_tokens(s, c, *issued);
    if (first) co_return co_await refuse_reuse(s, c, family);
    if (first.error().status() != 404) co_return first.error();
    co_return errors::invalid_grant.log("the refresh token was revoked meanwhile");
}

}  // namespace tollgate::oauth

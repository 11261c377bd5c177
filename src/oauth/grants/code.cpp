#include <optional>
#include <string>
#include <utility>

#include "base/crypto.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/pkce.hpp"
#include "oauth/model/resource_indicator.hpp"
#include "oauth/tokens/dpop_binding.hpp"

namespace tollgate::oauth {

namespace {

// RFC 6749 §4.1.3: "identical" to the redirect_uri of the authorization request, and there if it
// was there. A client that left it out then may still send the one that was used.
bool redirect_agrees(authorization_code const& code, std::optional<std::string_view> sent) {
    if (!sent) return !code.redirect_sent;
    return *sent == code.redirect_uri;
}

// What the code is bound to besides its client.
std::optional<problem> broken_binding(authorization_code const& code, http::form const& f,
                                      std::string_view verifier) {
    if (!redirect_agrees(code, f.one("redirect_uri"))) {
        return errors::invalid_grant
            .because("redirect_uri differs from the one of the authorization request")
            .log("redirect_uri differs");
    }
    // RFC 7636 §4.6.
    if (!pkce_s256_matches(verifier, code.challenge)) {
        return errors::invalid_grant.because("code_verifier does not match the code_challenge")
            .log("code_verifier does not match");
    }
    return std::nullopt;
}

problem unknown_code(problem const& why) {
    if (why.status() != 404) return why;
    return errors::invalid_grant.because("the code is unknown or has expired").log("unknown code");
}

// RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server MUST
// deny the request and SHOULD revoke (when possible) all tokens previously issued based on that
// authorization code." Whoever presents it: it has leaked.
task<outcome<authorization_code>> refuse_reuse(token_request const& r, policy const& p,
                                               std::string family) {
    auto const used =
        errors::invalid_grant.because("the code was used before").log("code used twice");
    if (p.code_reuse == code_reuse::reject) co_return used;
    auto const revoked = co_await r.as.records(r.http).revoke_family(r.http.realm().name(), family);
    if (!revoked) co_return revoked.error();
    r.http.note("revoked", "family of a code that was used twice");
    co_return used;
}

// A client can spoil its own code only: whoever got hold of somebody else's must not be able to end
// it before its owner comes.
task<outcome<authorization_code>> redeem(token_request const& r, policy const& p,
                                         std::string_view secret, client const& who) {
    auto const& realm = r.http.realm().name();
    auto known = co_await r.as.records(r.http).find_code(realm, secret);
    if (!known) co_return unknown_code(known.error());
    bool const foreign = known->code.grant.client_id != who.id;
    // A foreign code that was redeemed goes on to be refused as reuse: it has leaked.
    if (foreign && (known->first_time || known->code.spoiled))
        co_return errors::invalid_grant.log("the code belongs to another client");
    // Of many requests at the same time this tells exactly one that it is the first.
    auto got = co_await r.as.records(r.http).redeem_found(realm, std::move(*known));
    if (!got) co_return unknown_code(got.error());
    r.http.facts().family = got->code.grant.family;
    if (got->first_time) co_return std::move(got->code);
    // It gave no tokens, so there is nothing to revoke.
    if (got->code.spoiled) {
        co_return errors::invalid_grant
            .because(
                "an earlier try with this code failed, and a code is good for one; authorize "
                "again")
            .log("code spoiled before");
    }
    auto refused = co_await refuse_reuse(r, p, got->code.grant.family);
    co_return refused;
}

outcome<token_order> ordered(http::context& c, policy const& p, http::form const& f,
                             client const& who, authorization_code code) {
    auto audience = narrowed_resources(f, c.place(), code.grant.audience);
    if (!audience) return audience.error();
    token_order order;
    order.scopes = code.grant.scopes;
    order.audience = std::move(*audience);
    order.nonce = std::move(code.nonce);
    order.first_of_client = who.unused;
    order.with_refresh = who.may_use(grant_refresh);
    order.id_token_algorithm = id_token_algorithm(p, who.metadata);
    order.exchangeable_id_token = who.may_use(grant_token_exchange);
    order.grant = std::move(code.grant);
    order.grant.key.clear();  // what it becomes bound to is the matter of issue_tokens
    return order;
}

// The order for a code that is redeemed, once all that it is bound to agrees.
outcome<token_order> order_for(http::context& c, policy const& p, http::form const& f,
                               client const& who, authorization_code code,
                               std::string_view verifier) {
    if (auto broken = broken_binding(code, f, verifier)) return std::move(*broken);
    // RFC 9449 §10: dpop_jkt of the authorization request names the key.
    if (auto other_key = key_disagrees(c, code.grant)) return std::move(*other_key);
    return ordered(c, p, f, who, std::move(code));
}

}  // namespace

task<outcome<issued_tokens>> issue_for_code(token_request const& r) {
    auto const secret = r.form.one("code");
    if (!secret) co_return errors::invalid_request.because("code is missing");
    // What is missing or malformed is told before the code is used up: it costs no second login.
    auto const verifier = r.form.one("code_verifier");
    if (!verifier) co_return errors::invalid_request.because("code_verifier is missing");
    if (!is_pkce_text(*verifier)) {
        co_return errors::invalid_request.because(
            "code_verifier must be 43 to 128 unreserved characters (RFC 7636 section 4.1)");
    }
    auto code = co_await redeem(r, r.rules, *secret, r.who);
    if (!code) co_return code.error();
    auto order = order_for(r.http, r.rules, r.form, r.who, std::move(*code), *verifier);
    if (!order) {
        // Without the note the next error only says less.
        auto const noted = co_await r.as.records(r.http).spoil_code(r.http.realm().name(), *secret);
        if (!noted) r.http.note("spoiled", "not noted: " + noted.error().error());
        co_return order.error();
    }
    auto issued = co_await issue_tokens(r.as, r.http, std::move(*order));
    co_return issued;
}

}  // namespace tollgate::oauth

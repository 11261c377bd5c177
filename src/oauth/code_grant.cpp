#include <optional>
#include <string>
#include <utility>

#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"
#include "oauth/grants.hpp"
#include "oauth/pkce.hpp"
#include "oauth/target.hpp"
#include "oauth/token_binding.hpp"

namespace tollgate::oauth {

namespace {

// RFC 6749 §4.1.3: "identical" to the redirect_uri of the authorization request, and there if it
// was there. A client that left it out then may still send the one that was used.
bool redirect_agrees(authorization_code const& code, std::optional<std::string_view> sent) {
    if (!sent) return !code.redirect_sent;
    return *sent == code.redirect_uri;
}

// What the code is bound to. The descriptions do not tell one from another for a wrong client.
std::optional<problem> broken_binding(authorization_code const& code, http::form const& f,
                                      client const& who, std::string_view verifier) {
    if (code.what.client_id != who.id)
        return errors::invalid_grant.log("the code belongs to another client");
    if (!redirect_agrees(code, f.one("redirect_uri"))) {
        return errors::invalid_grant
            .because("redirect_uri differs from the one of the authorization request")
            .log("redirect_uri differs");
    }
    if (!pkce_s256_matches(verifier, code.challenge)) {
        return errors::invalid_grant.because("code_verifier does not match the code_challenge")
            .log("code_verifier does not match");
    }
    return std::nullopt;
}

task<outcome<authorization_code>> redeem(server& s, http::context& c, policy const& p,
                                         std::string_view secret) {
    auto const& realm = c.realm().name();
    auto got = co_await s.records().redeem_code(realm, secret);
    if (!got) {
        if (got.error().status() != 404) co_return got.error();
        co_return errors::invalid_grant.because("the code is unknown or has expired")
            .log("unknown code");
    }
    if (got->first_time) co_return std::move(got->code);
    auto const used = errors::invalid_grant.because("the code was used before");
    if (p.code_reuse == code_reuse::reject) co_return used.log("code used twice");
    // RFC 6749 §4.1.2: "If an authorization code is used more than once, the authorization server
    // MUST deny the request and SHOULD revoke (when possible) all tokens previously issued based
    // on that authorization code." Whoever presents it: it has leaked.
    auto const revoked = co_await s.records().revoke_family(realm, got->code.what.family);
    if (!revoked) co_return revoked.error();
    c.note("revoked", "family of a code that was used twice");
    co_return used.log("code used twice");
}

}  // namespace

task<outcome<issued_tokens>> issue_for_code(server& s, http::context& c, http::form const& f,
                                            client const& who) {
    auto const secret = f.one("code");
    if (!secret) co_return errors::invalid_request.because("code is missing");
    auto const verifier = f.one("code_verifier");
    if (!verifier) co_return errors::invalid_request.because("code_verifier is missing");
    if (!is_pkce_text(*verifier)) {
        co_return errors::invalid_request.because(
            "code_verifier must be 43 to 128 unreserved characters (RFC 7636 section 4.1)");
    }
    auto const p = s.current_policy(c.realm());
    auto code = co_await redeem(s, c, *p, *secret);
    if (!code) co_return code.error();
    auto broken = broken_binding(*code, f, who, *verifier);
    if (broken) co_return std::move(*broken);
    // RFC 9449 §10: dpop_jkt of the authorization request names the key.
    auto other_key = key_disagrees(c, code->what);
    if (other_key) co_return std::move(*other_key);
    auto audience = narrowed_resources(f, c.place(), code->what.audience);
    if (!audience) co_return audience.error();

    token_order order;
    order.scopes = code->what.scopes;
    order.audience = std::move(*audience);
    order.nonce = std::move(code->nonce);
    order.first_of_client = who.unused;
    order.with_refresh = who.may_use(grant_refresh);
    order.id_token_algorithm = id_token_algorithm(*p, who.metadata);
    order.exchangeable_id_token = who.may_use(grant_token_exchange);
    order.what = std::move(code->what);
    order.what.key.clear();  // what it becomes bound to is the matter of issue_tokens
    co_return co_await issue_tokens(s, c, std::move(order));
}

}  // namespace tollgate::oauth

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
task<outcome<authorization_code>> refuse_reuse(server& s, http::context& c, policy const& p,
                                               std::string family) {
    auto const used =
        errors::invalid_grant.because("the code was used before").log("code used twice");
    if (p.code_reuse == code_reuse::reject) co_return used;
    auto const revoked = co_await s.records().revoke_family(c.realm().name(), family);
    if (!revoked) co_return revoked.error();
    c.note("revoked", "family of a code that was used twice");
    co_return used;
}

// A client can spoil its own code only: whoever got hold of somebody else's must not be able to end
// it before its owner comes.
task<outcome<authorization_code>> redeem(server& s, http::context& c, policy const& p,
                                         std::string_view secret, client const& who) {
    auto const& realm = c.realm().name();
    auto const known = co_await s.records().find_code(realm, secret);
    if (!known) co_return unknown_code(known.error());
    bool const foreign = known->code.what.client_id != who.id;
    if (foreign && (known->first_time || known->code.spoiled))
        co_return errors::invalid_grant.log("the code belongs to another client");
    auto got = co_await s.records().redeem_code(realm, secret);
    if (!got) co_return unknown_code(got.error());
    if (got->first_time) co_return std::move(got->code);
    if (got->code.spoiled) {
        co_return errors::invalid_grant
            .because(
                "an earlier try with this code failed, and a code is good for one; authorize "
                "again")
            .log("code spoiled before");
    }
    auto refused = co_await refuse_reuse(s, c, p, got->code.what.family);
    co_return refused;
}

outcome<token_order> ordered(http::context& c, policy const& p, http::form const& f,
                             client const& who, authorization_code code) {
    auto audience = narrowed_resources(f, c.place(), code.what.audience);
    if (!audience) return audience.error();
    token_order order;
    order.scopes = code.what.scopes;
    order.audience = std::move(*audience);
    order.nonce = std::move(code.nonce);
    order.first_of_client = who.unused;
    order.with_refresh = who.may_use(grant_refresh);
    order.id_token_algorithm = id_token_algorithm(p, who.metadata);
    order.exchangeable_id_token = who.may_use(grant_token_exchange);
    order.what = std::move(code.what);
    order.what.key.clear();  // what it becomes bound to is the matter of issue_tokens
    return order;
}

// The order for a code that is redeemed, once all that it is bound to agrees.
outcome<token_order> order_for(http::context& c, policy const& p, http::form const& f,
                               client const& who, authorization_code code,
                               std::string_view verifier) {
    if (auto broken = broken_binding(code, f, verifier)) return std::move(*broken);
    // RFC 9449 §10: dpop_jkt of the authorization request names the key.
    if (auto other_key = key_disagrees(c, code.what)) return std::move(*other_key);
    return ordered(c, p, f, who, std::move(code));
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
    auto code = co_await redeem(s, c, *p, *secret, who);
    if (!code) co_return code.error();
    auto order = order_for(c, *p, f, who, std::move(*code), *verifier);
    if (!order) {
        // Without the note the next error only says less.
        auto const noted = co_await s.records().spoil_code(c.realm().name(), *secret);
        if (!noted) c.note("spoiled", "not noted: " + noted.error().error());
        co_return order.error();
    }
    auto issued = co_await issue_tokens(s, c, std::move(*order));
    co_return issued;
}

}  // namespace tollgate::oauth

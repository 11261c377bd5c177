// Token revocation (RFC 7009).
#include <utility>

#include "oauth/client_auth/assertion.hpp"
#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/server/endpoints.hpp"
#include "oauth/server/seeded_tokens.hpp"

namespace tollgate::oauth {

namespace {

// RFC 7009 §2.1: refused, or one client could end the tokens of another.
problem somebody_elses() {
    return errors::invalid_grant.because("the token was issued to another client");
}

bool is_own_id_token(http::context const& c, std::string_view token) {
    auto const seen = look_into(token);
    if (!seen || !seen->is_typ("JWT")) return false;
    auto const issuer = seen->text("iss");
    return issuer && c.place().is_own_issuer(*issuer);
}

// RFC 7009 §2.1: revoking a refresh token takes the access tokens of the same grant with it.
// A seed that has no owner belongs to whoever holds it.
task<outcome<void>> revoke_refresh(server& s, http::context& c, std::string token,
                                   client const& who) {
    auto const found = co_await find_refresh_token(s, c, token);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        // RFC 7009 §2.2.1: what is ours and lives by its signature alone.
        if (is_own_id_token(c, token)) {
            co_return errors::unsupported_token_type.because(
                "an id_token cannot be revoked (RFC 7009 section 2.2.1)");
        }
        // §2.2: an unknown token is a revoked token.
        co_return outcome<void>();
    }
    auto const& what = found->token.grant;
    c.facts().family = what.family;
    if (!what.client_id.empty() && what.client_id != who.id) co_return somebody_elses();
    auto const done = co_await s.records(c).revoke_family(c.realm().name(), what.family);
    if (!done) co_return done.error();
    c.note("revoked", "family of a refresh token");
    co_return outcome<void>();
}

// The grant lives on (RFC 7009 §2.1: the server MAY end it, too); what came of this token does not.
task<outcome<void>> revoke(server& s, http::context& c, std::string token, client const& who) {
    auto const found = co_await s.records(c).find_access(c.realm().name(), token);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return co_await revoke_refresh(s, c, std::move(token), who);
    }
    c.facts().family = found->grant.family;
    if (found->grant.client_id != who.id) co_return somebody_elses();
    auto const done = co_await s.records(c).revoke_access(c.realm().name(), token, *found);
    if (!done) co_return done.error();
    c.note("revoked", "access token");
    co_return outcome<void>();
}

}  // namespace

endpoint_result revoke_endpoint(server& s, http::context& c) {
    auto const sent = c.body_form();
    if (!sent) co_return sent.error();
    http::form const& f = **sent;
    if (f.repeated())
        co_return errors::invalid_request.because("a parameter is there more than once");
    auto const who = co_await authenticate_client(s, c, f);
    if (!who) co_return who.error();
    // token_type_hint only says where to look first (RFC 7009 §2.1): both places are looked at.
    auto const token = f.one("token");
    if (!token) co_return errors::invalid_request.because("token is missing");
    std::string secret(*token);
    auto const done = co_await revoke(s, c, std::move(secret), **who);
    if (!done) co_return errors::explained(done.error());
    http::reply r(200);
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

}  // namespace tollgate::oauth

#include "oauth/bearer/local_validator.hpp"

#include <utility>

#include "oauth/model/user_claims.hpp"

namespace tollgate::oauth {

namespace {

class local_validator final : public token_validator {
public:
    explicit local_validator(server& s) noexcept : server_(s) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        auto found =
            co_await server_.records().find_access_by(where.realm->name(), std::move(token.digest));
        if (!found) {
            if (found.error().status() == 404)
                co_return problem(401, "invalid_token", "").log("unknown access token");
            // The store's failure says nothing against the token.
            co_return problem(503, "temporarily_unavailable", "").log(found.error().error());
        }
        co_return principal_of(std::move(*found), *where.realm);
    }

private:
    http::principal principal_of(access_token&& t, http::realm const& realm) const {
        // By the policy of now: a user who was removed has no claims any more.
        auto const p = server_.state(realm).current();
        http::principal who;
        who.claims = claims_of(*p, t.grant.subject, t.grant.scopes);
        who.subject = std::move(t.grant.subject);
        who.client_id = std::move(t.grant.client_id);
        who.scopes = std::move(t.grant.scopes);
        who.audience = std::move(t.grant.audience);
        who.expires_at = t.expires_at;
        who.issuer = std::move(t.grant.issuer);
        who.key = std::move(t.grant.key);
        who.strategy = "local";
        return who;
    }

    server& server_;
};

}  // namespace

std::unique_ptr<token_validator> make_local_validator(server& s) {
    return std::make_unique<local_validator>(s);
}

}  // namespace tollgate::oauth

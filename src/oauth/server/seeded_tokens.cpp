#include "oauth/server/seeded_tokens.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

task<outcome<found_refresh>> find_refresh_token(server& s, http::context& c, std::string secret) {
    auto const& realm = c.realm().name();
    auto found = co_await s.records(c).find_refresh(realm, secret);
    if (found || found.error().status() != 404) co_return found;
    auto const digest = digest_of(secret);
    auto& state = s.state(c.realm());
    if (state.is_waiting_seed(digest)) {
        refresh_token seed;
        seed.grant.family = random_token(16);
        seed.issued_at = c.now();
        seed.expires_at = c.now() + s.rules(c).refresh_ttl;
        auto const added = co_await s.records(c).use_seed(realm, secret, seed);
        // A conflict: another request presents it at this moment and has made the record.
        if (!added && added.error().status() != 409) co_return added.error();
        // Only now: until the record stood there, others had to find the seed.
        state.drop_seed(digest);
    }
    // Again in any case: between the first look and the question above somebody may have made it.
    co_return co_await s.records(c).find_refresh(realm, secret);
}

task<outcome<found_refresh>> bind_seed(server& s, http::context& c, std::string secret,
                                       found_refresh seed, std::string client_id) {
    auto const& p = s.rules(c);
    auto standard = c.place().default_resource();
    if (standard.empty()) {
        co_return errors::invalid_target.because(
            "each agent is a resource of its own here: a seeded refresh token is for none of them");
    }
    auto& what = seed.token.grant;
    what.client_id = std::move(client_id);
    what.subject = default_user(p);
    what.issuer = c.place().issuer_here();
    what.scopes = default_scopes(p);
    what.audience.push_back(std::move(standard));
    what.authenticated_at = to_epoch(c.now());
    auto const bound = co_await s.records(c).bind_refresh(c.realm().name(), secret, seed);
    if (bound) co_return seed;
    if (bound.error().status() != 409) co_return bound.error();
    co_return co_await s.records(c).find_refresh(c.realm().name(), secret);
}

}  // namespace tollgate::oauth

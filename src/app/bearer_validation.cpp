#include "app/bearer_validation.hpp"

#include <utility>

#include "app/translate.hpp"
#include "mcp/server/realm_state.hpp"
#include "oauth/bearer/local_validator.hpp"

namespace tollgate {

bearer_rules::bearer_rules(config const& c, std::string internal_credential,
                           oauth::provider& provider, http::client& outbound, oauth::server& as,
                           mcp::server& mcp, tollgate::clock const& clock,
                           std::function<bool()> draining)
    : as_(as), mcp_(mcp) {
    auto options = validator_options(c, std::move(internal_credential));
    bool const foreign = c.has_foreign_tokens();
    if (foreign && options.endpoint.empty()) options.upstream = &provider;
    bool const asks_ourselves = !foreign && options.endpoint.empty();
    options.own_secret = [&as](http::realm const& r) { return as.hs256_verifier(r); };
    auto const& ttl = c.validation.cache_ttl;
    oauth::validator_set all;
    // Each outbound strategy has its own memory: an answer of one says nothing about another.
    auto introspection = oauth::make_introspection_validator(outbound, options);
    all.introspection = oauth::make_caching_validator(std::move(introspection), ttl, clock);
    auto userinfo = oauth::make_userinfo_validator(outbound, options);
    all.userinfo = oauth::make_caching_validator(std::move(userinfo), ttl, clock);
    all.jwt = oauth::make_jwt_validator(outbound, options, clock);
    all.local = oauth::make_local_validator(as);
    auto choose = [&as, asks_ourselves, draining = std::move(draining)](http::realm const& r) {
        // A drain closes the door through which we would ask ourselves; what is still under
        // way is judged by the same records without it.
        if (asks_ourselves && draining()) return oauth::strategy::local;
        return as.state(r).current()->validation;
    };
    validator_ = oauth::make_switching_validator(std::move(all), std::move(choose));
}

oauth::bearer_requirement bearer_rules::requirement(http::context const& c) const {
    auto const policy = mcp_.policy_of(c);
    oauth::bearer_requirement wanted;
    wanted.required = policy->auth != mcp::auth_mode::none;
    wanted.anonymous_too = policy->auth == mcp::auth_mode::tools_only;
    wanted.dpop = as_.dpop(c);
    if (!wanted.required) return wanted;
    wanted.scopes = policy->scopes;
    wanted.unreachable = as_.rules(c).unreachable;
    return wanted;
}

http::challenge_wording bearer_rules::wording(http::context const& c) const {
    auto const policy = mcp_.policy_of(c);
    http::challenge_wording w;
    w.realm = policy->challenge_realm;
    w.relative_metadata = policy->resource_metadata == mcp::metadata_reference::relative;
    return w;
}

}  // namespace tollgate

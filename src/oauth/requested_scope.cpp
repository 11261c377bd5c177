#include "oauth/requested_scope.hpp"

#include "oauth/defaults.hpp"
#include "oauth/errors.hpp"

namespace tollgate::oauth {

scope_list grantable_scopes(policy const& p, scope_list const& limit) {
    return limit.empty() ? p.scopes : intersection(limit, p.scopes);
}

outcome<scope_list> requested_scopes(http::form const& f, policy const& p, client const& who) {
    return requested_scopes(f, grantable_scopes(p, who.scope_limit), default_scopes(p));
}

outcome<scope_list> requested_scopes(http::form const& f, scope_list const& limit,
                                     scope_list const& standard) {
    auto const text = f.one("scope");
    if (!text) {
        auto scopes = intersection(standard, limit);
        if (scopes.empty() && !standard.empty()) {
            return errors::invalid_scope.because(
                "scope is missing and none of the default scopes may be granted here");
        }
        return scopes;
    }
    auto asked = parse_scope(*text);
    if (!asked) return errors::invalid_scope.because("scope is malformed");
    if (!is_subset(*asked, limit))
        return errors::invalid_scope.because("a requested scope cannot be granted");
    return std::move(*asked);
}

}  // namespace tollgate::oauth

#include "oauth/model/requested_scope.hpp"

#include "oauth/model/errors.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

scope_list grantable_scopes(policy const& p, scope_list const& limit) {
    return limit.empty() ? p.scopes : intersection(limit, p.scopes);
}

problem malformed_scope(std::string_view text) {
    return errors::invalid_scope.because("scope " + errors::told_value(text) +
                                         " is malformed: scope names are printable ASCII with one "
                                         "space between them (RFC 6749 section 3.3)");
}

problem refused_scope(scope_list const& asked, scope_list const& allowed) {
    scope_list refused;
    for (auto const& scope : asked) {
        if (!has_scope(allowed, scope)) refused.push_back(scope);
    }
    auto const what = errors::told_values(refused, " ", 5);
    if (allowed.empty())
        return errors::invalid_scope.because("scope " + what + " cannot be granted, nor any other");
    return errors::invalid_scope.because("scope " + what + " cannot be granted; these can: " +
                                         errors::told_values(allowed, " ", 30));
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
    if (!asked) return malformed_scope(*text);
    if (!is_subset(*asked, limit)) return refused_scope(*asked, limit);
    return std::move(*asked);
}

}  // namespace tollgate::oauth

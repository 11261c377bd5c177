#include "config/policies.hpp"

#include <algorithm>

namespace tollgate {

namespace {

constexpr std::string_view openid = "openid";

bool has_openid(std::vector<std::string> const& scopes) {
    return std::ranges::find(scopes, openid) != scopes.end();
}

// A token without `openid` has no userinfo, so under that strategy the scope belongs to what is
// asked for (OpenID Connect Core §5.3).
void settle_scopes(mcp::policy& p, oauth::strategy s) {
    if (p.openid_for_userinfo) std::erase(p.scopes, openid);
    p.openid_for_userinfo = s == oauth::strategy::userinfo && !has_openid(p.scopes);
    if (p.openid_for_userinfo) p.scopes.emplace_back(openid);
}

}  // namespace

void settle(policies& both) {
    auto const dpop = both.oauth.dpop;
    // A token that is bound to a key is no bearer token, and a provider's userinfo is asked with
    // bearer tokens.
    both.mcp.dpop_checkable =
        both.oauth.validation != oauth::strategy::userinfo || !both.oauth.foreign_tokens;
    both.mcp.dpop_spoken = dpop != oauth::dpop_mode::off && both.mcp.dpop_checkable;
    both.mcp.dpop_required = dpop == oauth::dpop_mode::required;
    settle_scopes(both.mcp, both.oauth.validation);
}

std::string objection_to_strategy(policies const& both) {
    auto const& p = both.oauth;
    if (p.asks_itself && p.validation == oauth::strategy::userinfo && !has_openid(p.scopes))
        return "\"userinfo\" needs \"openid\" in authorization_server.scopes: userinfo answers to "
               "no other token";
    if (p.asks_itself && p.validation == oauth::strategy::jwt &&
        p.format != oauth::token_format::jwt)
        return "\"jwt\" needs tokens.format = \"jwt\": opaque tokens have no signature to check";
    if (both.mcp.auth == mcp::auth_mode::none) return {};
    for (auto const& [strategy, why] : p.unusable_strategies)
        if (strategy == p.validation) return why;
    return {};
}

}  // namespace tollgate

#include "app/policy_choices.hpp"

#include <algorithm>

namespace tollgate {

oauth::strategy strategy_of(config const& c) {
    auto const& name = c.validation.strategy;
    if (name == "userinfo") return oauth::strategy::userinfo;
    if (name == "jwt") return oauth::strategy::jwt;
    if (name == "local") return oauth::strategy::local;
    return oauth::strategy::introspection;
}

std::vector<std::string> required_scopes(config const& c) {
    auto scopes = c.mcp.scopes;
    bool const wants_openid = strategy_of(c) == oauth::strategy::userinfo;
    if (wants_openid && std::ranges::find(scopes, "openid") == scopes.end())
        scopes.emplace_back("openid");
    return scopes;
}

oauth::jws_algorithm signing_alg_of(config const& c) {
    return oauth::algorithm_named(c.tokens.signing_alg).value_or(oauth::jws_algorithm::rs256);
}

}  // namespace tollgate

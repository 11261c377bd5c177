#include "oauth/identity.hpp"

#include <algorithm>
#include <array>

namespace tollgate::oauth {

bool is_protocol_claim(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 15> names{
        "iss",   "sub",       "aud", "exp",     "nbf",    "iat",       "jti",  "azp",
        "nonce", "auth_time", "acr", "at_hash", "c_hash", "client_id", "scope"};
    return std::ranges::find(names, name) != names.end();
}

boost::json::object claims_of(policy const& p, std::string_view subject) {
    boost::json::object claims;
    claims["sub"] = subject;
    auto const u = std::ranges::find(p.users, subject, &user::name);
    if (u == p.users.end()) return claims;
    for (auto const& [name, value] : u->claims) {
        if (!is_protocol_claim(name)) claims[name] = value;
    }
    return claims;
}

}  // namespace tollgate::oauth

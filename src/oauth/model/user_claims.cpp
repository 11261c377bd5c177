#include "oauth/model/user_claims.hpp"

#include <algorithm>
#include <array>

#include "base/crypto.hpp"

namespace tollgate::oauth {

namespace {

struct standard_claim {
    std::string_view name;
    std::string_view scope;
};

// OpenID Connect Core §5.4.
constexpr std::array standard_claims{
    standard_claim{"name", "profile"},
    standard_claim{"family_name", "profile"},
    standard_claim{"given_name", "profile"},
    standard_claim{"middle_name", "profile"},
    standard_claim{"nickname", "profile"},
    standard_claim{"preferred_username", "profile"},
    standard_claim{"profile", "profile"},
    standard_claim{"picture", "profile"},
    standard_claim{"website", "profile"},
    standard_claim{"gender", "profile"},
    standard_claim{"birthdate", "profile"},
    standard_claim{"zoneinfo", "profile"},
    standard_claim{"locale", "profile"},
    standard_claim{"updated_at", "profile"},
    standard_claim{"email", "email"},
    standard_claim{"email_verified", "email"},
    standard_claim{"address", "address"},
    standard_claim{"phone_number", "phone"},
    standard_claim{"phone_number_verified", "phone"},
};

bool may_tell(std::string_view claim, scope_list const& scopes) {
    if (is_protocol_claim(claim)) return false;
    auto const scope = scope_of_claim(claim);
    return scope.empty() || has_scope(scopes, scope);
}

bool is_called(user const& u, std::string_view hint) noexcept {
    if (u.name == hint) return true;
    for (std::string_view const name : {"email", "preferred_username", "phone_number"}) {
        auto const* value = u.claims.if_contains(name);
        if (value && value->is_string() && std::string_view(value->get_string()) == hint)
            return true;
    }
    return false;
}

}  // namespace

bool is_protocol_claim(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 20> names{
        "iss", "sub",       "aud", "exp",     "nbf",    "iat",       "jti",
        "azp", "nonce",     "acr", "at_hash", "c_hash", "client_id", "scope",
        "cnf", "auth_time", "act", "may_act", "active", "token_type"};
    return std::ranges::find(names, name) != names.end();
}

std::string_view scope_of_claim(std::string_view name) noexcept {
    auto const at = std::ranges::find(standard_claims, name, &standard_claim::name);
    return at == standard_claims.end() ? std::string_view() : at->scope;
}

boost::json::object claims_of(policy const& p, std::string_view subject, scope_list const& scopes) {
    boost::json::object claims;
    claims["sub"] = subject;
    add_user_claims(claims, p, subject, scopes);
    return claims;
}

void add_user_claims(boost::json::object& o, policy const& p, std::string_view subject,
                     scope_list const& scopes) {
    auto const* u = find_user(p, subject);
    if (!u) return;
    for (auto const& [name, value] : u->claims) {
        if (may_tell(name, scopes) && !o.contains(name)) o[name] = value;
    }
}

void add_confirmation(boost::json::object& o, std::string_view key) {
    if (key.empty()) return;
    boost::json::object cnf;
    cnf["jkt"] = key;
    o["cnf"] = std::move(cnf);
}

user const* find_user(policy const& p, std::string_view name) noexcept {
    auto const u = std::ranges::find(p.users, name, &user::name);
    return u == p.users.end() ? nullptr : &*u;
}

user const* find_hinted_user(policy const& p, std::string_view hint) noexcept {
    // A name goes before what may stand among the claims of somebody else.
    if (auto const* exact = find_user(p, hint)) return exact;
    auto const u =
        std::ranges::find_if(p.users, [hint](user const& x) { return is_called(x, hint); });
    return u == p.users.end() ? nullptr : &*u;
}

bool password_fits(user const& u, std::string_view password) {
    // Both sides are digests: of one length, and not to be guessed byte by byte.
    return u.password_digest.empty() ||
           equal_in_constant_time(u.password_digest, digest_of(password));
}

}  // namespace tollgate::oauth

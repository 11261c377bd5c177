// User claims for userinfo and id_token, and the user that a hint means.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/model/policy.hpp"
#include "oauth/model/scope.hpp"

namespace tollgate::oauth {

// {"sub": …} and those configured claims of that user that `scopes` give leave to tell: a
// standard claim goes with its scope (OpenID Connect Core §5.4: profile, email, address, phone),
// any other with every token. The protocol's own are left out: a configuration cannot forge
// `exp` or `scope`. A user that the policy no longer names keeps the bare `sub`.
boost::json::object claims_of(policy const& p, std::string_view subject, scope_list const& scopes);

// The same claims beside those that are there, which they never replace (introspection, JWT).
void add_user_claims(boost::json::object& o, policy const& p, std::string_view subject,
                     scope_list const& scopes);

// {"cnf": {"jkt": …}} (RFC 9449 §6.1, §6.2); nothing without a key.
void add_confirmation(boost::json::object& o, std::string_view key);

bool is_protocol_claim(std::string_view name) noexcept;

// The scope that a standard claim goes with; empty for a claim of another name.
std::string_view scope_of_claim(std::string_view name) noexcept;

// The user of that name; nullptr when the policy knows none.
user const* find_user(policy const& p, std::string_view name) noexcept;
// The user that a login_hint means: by name, or by the claim email, preferred_username or
// phone_number (OpenID Connect Core §3.1.2.1). nullptr: nobody.
user const* find_hinted_user(policy const& p, std::string_view hint) noexcept;
// True when `u` has no password, or this one. Takes the same time for every wrong one.
bool password_fits(user const& u, std::string_view password);

}  // namespace tollgate::oauth

// OAuth policy: what a realm's authorization server is configured to do. Not its faults.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/words.hpp"
#include "oauth/jose/algorithm.hpp"
#include "oauth/model/scope.hpp"

namespace tollgate::oauth {

using seconds = std::chrono::seconds;
using milliseconds = std::chrono::milliseconds;

// Who says yes: nobody is asked; a person presses a button; a person says who they are and does.
enum class consent_mode { automatic, page, login };
constexpr auto words_of(consent_mode) {
    return std::to_array<word<consent_mode>>({{"auto", consent_mode::automatic},
                                              {"page", consent_mode::page},
                                              {"login", consent_mode::login}});
}
enum class token_format { opaque, jwt };  // RFC 9068
constexpr auto words_of(token_format) {
    return std::to_array<word<token_format>>(
        {{"opaque", token_format::opaque}, {"jwt", token_format::jwt}});
}
enum class refresh_rotation { public_clients, always, never };
constexpr auto words_of(refresh_rotation) {
    return std::to_array<word<refresh_rotation>>({{"public", refresh_rotation::public_clients},
                                                  {"always", refresh_rotation::always},
                                                  {"never", refresh_rotation::never}});
}
// A refresh token that was rotated away and comes back (RFC 9700 §4.14.2):
//   revoke_family         it and everything of its grant dies
//   reject                it alone is refused
//   grace                 for policy::reuse_grace after its first use it answers again with another
//                         pair of the same family; then as revoke_family
//   until_successor_used  it stays good until a token that was issued for it is used. Of several
//                         successors the first to be used is the one; what comes back of the
//                         others, and of the old token, is as revoke_family
enum class refresh_reuse { revoke_family, reject, grace, until_successor_used };
constexpr auto words_of(refresh_reuse) {
    return std::to_array<word<refresh_reuse>>(
        {{"revoke-family", refresh_reuse::revoke_family},
         {"reject", refresh_reuse::reject},
         {"grace", refresh_reuse::grace},
         {"until-successor-used", refresh_reuse::until_successor_used}});
}
// A code that comes back (RFC 6749 §4.1.2): "MUST deny the request and SHOULD revoke (when
// possible) all tokens previously issued based on that authorization code".
//   revoke_family  everything of its grant dies
//   reject         it alone is refused
enum class code_reuse { revoke_family, reject };
constexpr auto words_of(code_reuse) {
    return std::to_array<word<code_reuse>>(
        {{"revoke-family", code_reuse::revoke_family}, {"reject", code_reuse::reject}});
}
enum class introspection_access { protected_, open };
constexpr auto words_of(introspection_access) {
    return std::to_array<word<introspection_access>>(
        {{"protected", introspection_access::protected_}, {"open", introspection_access::open}});
}
enum class dpop_mode { off, optional, required };  // RFC 9449
constexpr auto words_of(dpop_mode) {
    return std::to_array<word<dpop_mode>>({{"off", dpop_mode::off},
                                           {"optional", dpop_mode::optional},
                                           {"required", dpop_mode::required}});
}
// Which resources (RFC 8707) tokens may be for: our own and those of a list, or any.
enum class accepted_resources { own, any };
constexpr auto words_of(accepted_resources) {
    return std::to_array<word<accepted_resources>>(
        {{"own", accepted_resources::own}, {"any", accepted_resources::any}});
}
// What a token that cannot be checked is answered with: 503, or 401 as if it were bad.
enum class unreachable_answer { unavailable, unauthorized };
constexpr auto words_of(unreachable_answer) {
    return std::to_array<word<unreachable_answer>>(
        {{"503", unreachable_answer::unavailable}, {"401", unreachable_answer::unauthorized}});
}
enum class strategy { introspection, userinfo, jwt, local };
constexpr auto words_of(strategy) {
    return std::to_array<word<strategy>>({{"introspection", strategy::introspection},
                                          {"userinfo", strategy::userinfo},
                                          {"jwt", strategy::jwt},
                                          {"local", strategy::local}});
}

struct user {
    std::string name;
    boost::json::object claims;
    std::string password_digest{};  // digest_of the password; empty: needs none
    bool short_password = false;    // guesses at it are counted (http/limits/guess_limit.hpp)
};

// Whose assertions are taken for authorization grants (RFC 7523 §3): a workload identity provider,
// or an enterprise's identity provider (identity assertion authorization grants, "ID-JAG").
struct trusted_issuer {
    std::string issuer;        // their `iss`, compared as a string
    boost::json::object jwks;  // RFC 7517; empty: jwks_uri
    std::string jwks_uri;
    bool workloads = true;            // plain JWT assertions
    bool id_jag = true;               // typ oauth-id-jag+jwt
    std::vector<std::string> scopes;  // all that they may stand for; empty: what the policy grants
};

// A client that a scenario brings along: in no store, and in no list of registered ones.
struct known_client {
    std::string id;
    std::string secret;       // empty: public, or one that has keys
    std::string auth_method;  // empty: by what it has
    std::vector<std::string> grant_types{"authorization_code", "refresh_token"};
    boost::json::object jwks{};  // for private_key_jwt
};

// A plain value; replaced as a whole (realm_state::set_policy), read once per request.
struct policy {
    consent_mode consent = consent_mode::automatic;
    // Somebody else's authorization server is asked who the person is (broker.hpp).
    bool brokered = false;
    bool deny_consent = false;  // whoever would be asked has said no
    // Redirects of every client are compared to the byte, the port of loopback as well: RFC 8252
    // §7.3 forbids it, and many servers do it.
    bool exact_redirects = false;
    // Pages also offer to send the client a code that will not redeem, or a state not its own.
    // Nothing: unless there is a public URL, because a client of the wide world that is sent a
    // wrong answer has not asked for a test.
    std::optional<bool> test_buttons;
    introspection_access introspection = introspection_access::protected_;
    std::vector<std::string> scopes{"openid",         "profile",   "email",
                                    "offline_access", "mcp:tools", "mcp:admin"};
    accepted_resources resources = accepted_resources::own;
    std::vector<std::string> resource_list;  // further resources besides our own

    token_format format = token_format::opaque;
    jws_algorithm signing_alg = jws_algorithm::rs256;  // of JWT access tokens
    dpop_mode dpop = dpop_mode::optional;
    bool dpop_nonce = false;  // proofs must carry a nonce of ours (RFC 9449 §8, §9)
    milliseconds access_ttl{3'600'000};
    milliseconds refresh_ttl{2'592'000'000};
    milliseconds code_ttl{120'000};
    oauth::code_reuse code_reuse = oauth::code_reuse::revoke_family;
    refresh_rotation rotation = refresh_rotation::public_clients;
    refresh_reuse reuse = refresh_reuse::revoke_family;
    milliseconds reuse_grace{10'000};
    milliseconds device_code_ttl{600'000};  // RFC 8628 §3.2: expires_in
    milliseconds device_interval{5'000};    // and interval

    // Grants that the token endpoint has (oauth/model/supported.hpp).
    std::vector<std::string> grant_types{"authorization_code",
                                         "refresh_token",
                                         "client_credentials",
                                         "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                         "urn:ietf:params:oauth:grant-type:token-exchange",
                                         "urn:ietf:params:oauth:grant-type:device_code"};
    // Those of them that clients may have which nobody here vouched for: they registered
    // themselves, or are what a document of theirs says. Any other needs its entry in the
    // configuration.
    std::vector<std::string> registration_grant_types{
        "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"};
    std::vector<std::string> configured_grant_types;  // what such entries have; set by the server
    std::vector<trusted_issuer> trusted_issuers;      // none: no jwt-bearer grant

    // Granted when a client asks for none, and what the MCP server requires; openid besides where
    // tokens are validated by userinfo (default_scopes()).
    std::vector<std::string> default_scopes{"mcp:tools"};

    // How clients may authenticate (oauth/model/supported.hpp), in the order of the metadata.
    std::vector<std::string> auth_methods{"none", "client_secret_basic", "client_secret_post",
                                          "private_key_jwt"};
    bool dynamic_registration = true;
    // Whoever registers for a way to authenticate that there is not gets one that there is
    // (RFC 7591 §3.2.1), and is not refused.
    bool replaces_auth_method = false;
    // Every redirect URI of this machine is taken, registered or not: for clients that are known
    // here before they come, so that nobody can know where they listen.
    bool any_loopback_redirect = false;
    std::vector<known_client> known_clients;
    std::string default_auth_method = "client_secret_basic";
    std::vector<std::string> default_grant_types{"authorization_code"};
    std::vector<std::string> redirect_hosts{"*"};
    // A client_id may be the https URL of the client's own metadata document; with
    // `loopback_metadata` also a plain http URL on this machine.
    bool client_documents = true;
    bool loopback_metadata = false;

    std::vector<user> users{{"demo", {}}};  // the first is who approves automatically

    oauth::strategy validation = oauth::strategy::introspection;
    // Validation asks this very server, which knows its own tokens; else somebody else.
    bool asks_itself = true;
    bool foreign_tokens = false;  // a provider issues the tokens of the MCP server
    // What cannot work here whatever else is in the policy, each with the reason.
    std::vector<std::pair<oauth::strategy, std::string>> unusable_strategies;
    unreachable_answer unreachable = unreachable_answer::unavailable;
};

// Who approves automatically: the first user.
std::string default_user(policy const& p);

// policy::default_scopes, with openid where tokens are validated by userinfo: without it the
// token could not be used at all (OpenID Connect Core §5.3).
scope_list default_scopes(policy const& p);

}  // namespace tollgate::oauth

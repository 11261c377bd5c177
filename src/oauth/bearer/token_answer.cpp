#include "oauth/bearer/token_answer.hpp"

#include <optional>

#include <boost/json/array.hpp>

#include "base/log/log.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find(' ', at), text.size());
        if (end != at) all.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return all;
}

// The readers below leave `into` alone when the member is not there, and return false when it is
// there with a type that it must not have.
bool read_text(json::object const& o, std::string_view name, std::string& into) {
    auto const* v = o.if_contains(name);
    if (!v) return true;
    if (!v->is_string()) return false;
    into = v->get_string();
    return true;
}

bool read_scope(json::object const& o, std::optional<std::vector<std::string>>& into) {
    std::string text;
    if (!o.contains("scope")) return true;
    if (!read_text(o, "scope", text)) return false;
    into = words(text);
    return true;
}

// RFC 7519 §4.1.3: a string or an array of strings.
bool read_audience(json::object const& o, std::vector<std::string>& into) {
    auto const* v = o.if_contains("aud");
    if (!v) return true;
    if (v->is_string()) {
        into.emplace_back(v->get_string());
        return true;
    }
    if (!v->is_array()) return false;
    for (auto const& one : v->get_array()) {
        if (!one.is_string()) return false;
        into.emplace_back(one.get_string());
    }
    return true;
}

bool read_expiry(json::object const& o, std::optional<time_point>& into) {
    auto const* v = o.if_contains("exp");
    if (!v) return true;
    into = numeric_date(*v);
    return into.has_value();
}

// RFC 7800 §3.1, RFC 9449 §6: the key that the token is bound to. A confirmation of another kind
// cannot be had here: its name is a thumbprint that no key has.
bool read_confirmation(json::object const& o, std::optional<std::string>& into) {
    auto const* cnf = o.if_contains("cnf");
    if (!cnf) return true;
    if (!cnf->is_object()) return false;
    std::string key = "of an unknown kind";
    if (!read_text(cnf->get_object(), "jkt", key)) return false;
    into = std::move(key);
    return true;
}

// Whom an introspection answer speaks of. Some providers name nobody: then only the token itself
// can tell one caller from another, and two callers must not be taken for one.
bool read_subject(json::object const& o, std::string_view token_digest, http::principal& into) {
    std::string username;
    if (!read_text(o, "sub", into.subject) || !read_text(o, "username", username)) return false;
    if (into.subject.empty()) into.subject = username;
    if (into.subject.empty()) into.subject = "token:" + std::string(token_digest);
    return true;
}

// Our own AS names every scope that a token has, and an empty scope cannot be written (RFC 6749
// §3.3): without the member there is none. Of a foreign provider we would not know.
void take_silence_for_no_scope(http::principal& who) {
    if (!who.scopes) who.scopes.emplace();
}

bool says_insufficient_scope(http::client_response const& a) {
    for (auto const& h : a.headers)
        if (http::iequals(h.name, "WWW-Authenticate") &&
            h.value.find("insufficient_scope") != std::string::npos)
            return true;
    return false;
}

}  // namespace

bool read_token_claims(json::object const& claims, http::principal& into) {
    return read_scope(claims, into.scopes) && read_text(claims, "client_id", into.client_id) &&
           read_audience(claims, into.audience) && read_expiry(claims, into.expires_at) &&
           read_text(claims, "iss", into.issuer) && read_confirmation(claims, into.key);
}

outcome<http::principal> principal_of_introspection(http_result const& got, bool own,
                                                    std::string_view token_digest) {
    // It is we who were refused (RFC 7662 §2.3), which says nothing about the token.
    if (got && (got->status == 401 || got->status == 403)) {
        log(log_level::error, "introspection_credentials_refused",
            {{"status", std::to_string(got->status)},
             {"hint", "check validation.client_id and validation.client_secret"}});
        return cannot_tell("the introspection endpoint refused our own credentials");
    }
    auto claims = object_of(got, "the introspection endpoint");
    if (!claims) return claims.error();
    auto const* active = claims->if_contains("active");
    if (!active || !active->is_bool())
        return cannot_tell("the introspection endpoint did not say whether the token is active");
    if (!active->get_bool()) return not_valid("introspection: not active");

    // A refresh token is active, too. RFC 9449 §6.2: of type DPoP is what names its key in cnf.
    std::string type = own ? "" : "Bearer";
    http::principal who;
    who.key.emplace();
    if (!read_text(*claims, "token_type", type) || !read_token_claims(*claims, who) ||
        !read_subject(*claims, token_digest, who))
        return cannot_tell("the introspection endpoint gave a member a wrong type");
    bool const bound = http::iequals(type, "DPoP") && !who.key->empty();
    if (!bound && !http::iequals(type, "Bearer"))
        return not_valid("introspection: not an access token");
    if (own) take_silence_for_no_scope(who);
    who.strategy = "introspection";
    who.claims = std::move(*claims);
    return who;
}

outcome<http::principal> principal_of_userinfo(http_result const& got, bool own) {
    if (got && got->status == 401) return not_valid("userinfo: 401");
    // RFC 6750 §3.1: the token is good and lacks a scope (openid).
    if (got && got->status == 403 && (own || says_insufficient_scope(*got)))
        return problem(403, "insufficient_scope", "The access token lacks a scope.")
            .log("userinfo: 403");
    auto claims = object_of(got, "the userinfo endpoint");
    if (!claims) return claims.error();
    http::principal who;
    // OpenID Connect Core §5.3.2: the sub claim MUST always be there.
    if (!read_text(*claims, "sub", who.subject) || who.subject.empty())
        return cannot_tell("the userinfo endpoint did not name a subject");
    if (own) who.key.emplace();
    if (own && !read_token_claims(*claims, who))
        return cannot_tell("the userinfo endpoint gave a member a wrong type");
    if (own) take_silence_for_no_scope(who);
    who.strategy = "userinfo";
    who.claims = std::move(*claims);
    return who;
}

}  // namespace tollgate::oauth

// Verification of a JWT in compact form: every check in one column, nothing chosen by the token.

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/json.hpp"
#include "oauth/jose/jws.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

// Beyond this (the year 2255) a time_point of nanoseconds overflows.
constexpr double last_second = 9.0e9;

problem refused(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid.")
        .log("jwt: " + std::move(why));
}

// RFC 8725 §3.1, §3.2, §3.10: an algorithm that the caller allows, no key that the token brings.
outcome<jws_algorithm> check_header(json::object const& header,
                                    std::vector<jws_algorithm> const& allowed) {
    auto const alg = algorithm_named(text_member(header, "alg").value_or(""));
    if (!alg || std::ranges::find(allowed, *alg) == allowed.end())
        return refused("alg: not one that is allowed here");
    // RFC 7515 §4.1.11: we understand no extension, so each one that is critical refuses.
    if (header.contains("crit")) return refused("crit: an extension that is not understood");
    // RFC 7797 §3: an unencoded payload is such an extension, and never one of a JWT (§7).
    for (std::string_view const name : {"b64", "jku", "jwk", "x5u", "x5c"})
        if (header.contains(name)) return refused(std::string(name) + ": not taken from a token");
    return *alg;
}

outcome<void> check_signature(jws_parts const& p, jws_algorithm alg,
                              std::vector<verification_key> const& keys) {
    auto const* kid = p.header.if_contains("kid");
    if (kid && !kid->is_string()) return refused("kid: not a string");
    auto const fits = [alg](verification_key const& key) { return key.fits(alg); };
    if (!kid && std::ranges::count_if(keys, fits) != 1)
        return refused("kid: missing, and there is not exactly one key");
    bool known = false;
    // Keys of one set may share a kid (RFC 7517 §4.5): each of them is tried.
    for (auto const& key : keys) {
        if (kid && key.key_id != std::string_view(kid->get_string())) continue;
        known = true;
        if (key.verify(alg, p.signed_bytes, p.signature)) return {};
    }
    if (known) return refused("signature: wrong");
    return problem(401, "unknown_kid", "The access token is not valid.").log("jwt: kid: unknown");
}

bool is_plain(json::object const& header) {
    return !header.contains("typ") || is_typ(header, "JWT");
}

outcome<void> check_times(json::object const& claims, jwt_expectations const& expected) {
    struct {
        char const* name;
        bool required;
    } constexpr times[] = {{"exp", true}, {"nbf", false}, {"iat", false}};
    for (auto const& [name, required] : times) {
        auto const* value = claims.if_contains(name);
        if (!value && !required) continue;
        auto const at = value ? numeric_date(*value) : std::nullopt;
        if (!at) return refused(std::string(name) + ": not a number that is a date");
        if (required) {
            // RFC 7519 §4.1.4: on or after exp the token MUST NOT be accepted.
            if (expected.now - expected.leeway >= *at) return refused("exp: expired");
        } else if (expected.now + expected.leeway < *at) {
            return refused(std::string(name) + ": in the future");
        }
    }
    return {};
}

}  // namespace

std::optional<time_point> numeric_date(json::value const& value) {
    if (!value.is_number()) return std::nullopt;
    auto const seconds = value.to_number<double>();
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    if (seconds >= last_second) return time_point::max();
    std::chrono::duration<double> const since_epoch(seconds);
    return time_point(std::chrono::duration_cast<time_point::duration>(since_epoch));
}

outcome<json::object> verify_jwt(std::string_view token, std::vector<verification_key> const& keys,
                                 jwt_expectations const& expected) {
    auto p = split_jws(token);
    if (!p) return p.error();
    auto const alg = check_header(p->header, expected.algorithms);
    if (!alg) return alg.error();
    // Before all claims: until then they are anybody's.
    if (auto good = check_signature(*p, *alg, keys); !good) return good.error();
    bool const plain = expected.or_plain && is_plain(p->header);
    if (!expected.typ.empty() && !plain && !is_typ(p->header, expected.typ))
        return refused("typ: not " + expected.typ);
    auto const issuer = text_member(p->claims, "iss");
    if (!issuer || !expected.issuer(*issuer)) return refused("iss: not the expected issuer");
    if (auto good = check_times(p->claims, expected); !good) return good.error();
    return std::move(p->claims);
}

}  // namespace tollgate::oauth

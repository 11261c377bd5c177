// Verification of a JWT in compact form: every check in one column, nothing chosen by the token.

#include <algorithm>
#include <cmath>
#include <optional>

#include <boost/json/parse.hpp>

#include "http/headers.hpp"
#include "oauth/crypto.hpp"
#include "oauth/jose.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

// Beyond this (the year 2255) a time_point of nanoseconds overflows.
constexpr double last_second = 9.0e9;

problem refused(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid.")
        .log("jwt: " + std::move(why));
}

struct parts {
    std::string_view signed_bytes;  // "header.payload" as received
    json::object header;
    json::object claims;
    std::string signature;
};

std::optional<json::object> object_in(std::string_view segment) {
    auto const text = from_base64url(segment);
    if (!text || text->empty()) return std::nullopt;
    boost::system::error_code ec;
    // A member that is there twice counts with its last value (RFC 7515 §4, RFC 7519 §4).
    auto value = json::parse(*text, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// RFC 7519 §7.2 with RFC 7515 §7.1: exactly three segments, none empty.
outcome<parts> split(std::string_view token) {
    auto const first = token.find('.');
    auto const second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos)
        return refused("form: not three segments");
    auto header = object_in(token.substr(0, first));
    if (!header) return refused("form: the header is not a JSON object in base64url");
    auto claims = object_in(token.substr(first + 1, second - first - 1));
    if (!claims) return refused("form: the payload is not a JSON object in base64url");
    auto signature = from_base64url(token.substr(second + 1));
    if (!signature || signature->empty()) return refused("form: the signature is not base64url");
    return parts{token.substr(0, second), std::move(*header), std::move(*claims),
                 std::move(*signature)};
}

std::optional<std::string_view> text_member(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (!v || !v->is_string()) return std::nullopt;
    return std::string_view(v->get_string());
}

// RFC 8725 §3.1, §3.2, §3.10: one algorithm, no key that the token brings along.
outcome<void> check_header(json::object const& header) {
    if (text_member(header, "alg") != "RS256") return refused("alg: not RS256");
    // RFC 7515 §4.1.11: we understand no extension, so each one that is critical refuses.
    if (header.contains("crit")) return refused("crit: an extension that is not understood");
    for (std::string_view const name : {"jku", "jwk", "x5u", "x5c"})
        if (header.contains(name))
            return refused(std::string(name) + ": the token brings its own key");
    return {};
}

outcome<void> check_signature(parts const& p, std::vector<verification_key> const& keys) {
    auto const* kid = p.header.if_contains("kid");
    if (kid && !kid->is_string()) return refused("kid: not a string");
    if (!kid && keys.size() != 1) return refused("kid: missing, and there is not exactly one key");
    bool known = false;
    for (auto const& key : keys) {
        if (kid && key.key_id != std::string_view(kid->get_string())) continue;
        known = true;
        if (key.verify(p.signed_bytes, p.signature)) return {};
    }
    if (known) return refused("signature: wrong");
    return problem(401, "unknown_kid", "The access token is not valid.").log("jwt: kid: unknown");
}

// RFC 7515 §4.1.9: "application/" may be left out; media types compare without case.
bool is_typ(json::object const& header, std::string_view expected) {
    constexpr std::string_view prefix = "application/";
    auto typ = text_member(header, "typ");
    if (!typ) return false;
    if (http::iequals(typ->substr(0, prefix.size()), prefix)) typ->remove_prefix(prefix.size());
    return http::iequals(*typ, expected);
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

std::optional<http::time_point> numeric_date(json::value const& value) {
    if (!value.is_number()) return std::nullopt;
    auto const seconds = value.to_number<double>();
    if (!std::isfinite(seconds) || seconds < 0) return std::nullopt;
    if (seconds >= last_second) return http::time_point::max();
    std::chrono::duration<double> const since_epoch(seconds);
    return http::time_point(std::chrono::duration_cast<http::time_point::duration>(since_epoch));
}

outcome<json::object> verify_jwt(std::string_view token, std::vector<verification_key> const& keys,
                                 jwt_expectations const& expected) {
    auto p = split(token);
    if (!p) return p.error();
    if (auto good = check_header(p->header); !good) return good.error();
    if (auto good = check_signature(*p, keys); !good) return good.error();
    if (!is_typ(p->header, expected.typ)) return refused("typ: not " + expected.typ);
    auto const issuer = text_member(p->claims, "iss");
    if (!issuer || !expected.issuer(*issuer)) return refused("iss: not the expected issuer");
    if (auto good = check_times(p->claims, expected); !good) return good.error();
    return std::move(p->claims);
}

}  // namespace tollgate::oauth

#include "oauth/dpop/proof.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "http/message/form.hpp"
#include "http/message/url.hpp"
#include "oauth/jose/jws.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_jti = 1024;

problem invalid(std::string why) {
    return {400, "invalid_dpop_proof", "the DPoP proof is not valid: " + std::move(why)};
}

// RFC 9449 §4.3: asymmetric, and so never "none".
outcome<jws_algorithm> allowed_algorithm(json::object const& header) {
    auto const alg = algorithm_named(text_member(header, "alg").value_or(""));
    if (!alg || std::ranges::find(asymmetric_algorithms, *alg) == asymmetric_algorithms.end())
        return invalid("alg must be one of " + dpop_algorithms());
    return *alg;
}

// The key that the proof brings along: here, and only here, a token may do that.
outcome<std::string> signed_by(jws_parts const& p) {
    if (text_member(p.header, "typ") != "dpop+jwt") return invalid("typ must be dpop+jwt");
    auto const alg = allowed_algorithm(p.header);
    if (!alg) return alg.error();
    // The key comes in jwk and from nowhere else; no critical extension is understood (RFC 7515
    // §4.1.11).
    for (std::string_view const name : {"crit", "b64", "jku", "x5u", "x5c"})
        if (p.header.contains(name)) return invalid(std::string(name) + " is not understood");
    auto const* jwk = p.header.if_contains("jwk");
    if (!jwk || !jwk->is_object()) return invalid("jwk must be the public key");
    auto const key = parse_jwk(jwk->get_object());
    if (!key) return invalid("jwk: " + key.error().description());
    if (!key->fits(*alg)) return invalid("alg does not fit the type of jwk");
    if (!key->verify(*alg, p.signed_bytes, p.signature)) return invalid("its signature is wrong");
    // Never empty: parse_jwk has read all that the thumbprint is made of.
    return jwk_thumbprint(jwk->get_object()).value();
}

std::optional<problem> wrong_request(json::object const& claims,
                                     dpop_expectations const& expected) {
    auto const htm = text_member(claims, "htm");
    if (!htm) return invalid("htm is missing");
    // Methods differ by case (RFC 9110 §9.1).
    if (*htm != expected.method) return invalid("htm is not the method of this request");
    auto const htu = text_member(claims, "htu");
    if (!htu) return invalid("htu is missing");
    if (!expected.is_target(*htu)) return invalid("htu is not the URL of this request");
    return std::nullopt;
}

std::optional<problem> wrong_nonce(json::object const& claims, dpop_expectations const& expected) {
    if (!expected.is_nonce) return std::nullopt;
    auto const nonce = text_member(claims, "nonce");
    if (nonce && expected.is_nonce(*nonce)) return std::nullopt;
    return problem(400, "use_dpop_nonce", "the DPoP proof must carry the nonce given here");
}

// RFC 7519 §4.1.4, §4.1.5 for what the proof says beyond iat.
std::optional<problem> wrong_time(json::object const& claims, time_point now) {
    auto const* iat = claims.if_contains("iat");
    auto const at = iat ? numeric_date(*iat) : std::nullopt;
    if (!at) return invalid("iat is missing or not a date");
    if (*at < now - dpop_window) return invalid("iat lies too far in the past");
    if (*at > now + dpop_window) return invalid("iat lies too far in the future");
    if (auto const* exp = claims.if_contains("exp")) {
        auto const end = numeric_date(*exp);
        if (!end || *end <= now) return invalid("exp has passed");
    }
    if (auto const* nbf = claims.if_contains("nbf")) {
        auto const begin = numeric_date(*nbf);
        if (!begin || *begin > now + dpop_window) return invalid("nbf has not come");
    }
    return std::nullopt;
}

std::optional<problem> wrong_token(json::object const& claims, dpop_expectations const& expected) {
    if (!expected.access_token) return std::nullopt;
    auto const ath = text_member(claims, "ath");
    if (!ath) return invalid("ath is missing");
    // RFC 9449 §4.2: the base64url SHA-256 of the token, which digest_of makes.
    if (*ath != digest_of(*expected.access_token))
        return invalid("ath is not the hash of this access token");
    return std::nullopt;
}

bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// RFC 3986 §6.2.2.1, §6.2.2.2: hex digits in upper case, no unreserved character encoded; §6.2.3:
// an empty path is "/".
std::string normalized(std::string_view path) {
    if (path.empty()) return "/";
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto const triplet = path.substr(i, 3);
        auto const byte = http::percent_decode(triplet);
        if (path[i] != '%' || !byte || byte->size() != 1) {
            out += path[i];
            continue;
        }
        if (is_unreserved(byte->front())) {
            out += byte->front();
        } else {
            out += '%';
            for (char const digit : triplet.substr(1))
                out += digit >= 'a' && digit <= 'f' ? static_cast<char>(digit - 'a' + 'A') : digit;
        }
        i += 2;
    }
    return out;
}

}  // namespace

outcome<dpop_proof> check_dpop_proof(std::string_view proof, dpop_expectations const& expected) {
    if (proof.size() > longest_dpop_proof) return invalid("it is longer than 8 KiB");
    auto const parts = split_jws(proof);
    if (!parts) return invalid("it is not a JWT");
    auto thumbprint = signed_by(*parts);
    if (!thumbprint) return thumbprint.error();
    // Not looked at before the key has signed for them.
    auto const& claims = parts->claims;
    auto const jti = text_member(claims, "jti");
    if (!jti || jti->empty()) return invalid("jti is missing");
    if (jti->size() > longest_jti) return invalid("jti is longer than 1024 bytes");
    if (auto why = wrong_request(claims, expected)) return std::move(*why);
    if (auto why = wrong_nonce(claims, expected)) return std::move(*why);
    auto wrong = wrong_time(claims, expected.now);
    if (wrong && expected.clients_now && !wrong_time(claims, *expected.clients_now)) wrong.reset();
    if (wrong) return std::move(*wrong);
    if (auto why = wrong_token(claims, expected)) return std::move(*why);
    dpop_proof good;
    good.thumbprint = std::move(*thumbprint);
    good.id = std::string(*jti);
    // Throws nothing: wrong_time() has read it.
    good.issued_at = numeric_date(claims.at("iat")).value();
    return good;
}

bool is_same_target(std::string_view htu, std::string_view origin, std::string_view path) {
    auto const theirs = http::split_url(htu);
    auto const ours = http::split_url(origin);
    if (!theirs || !ours) return false;
    auto const end = std::min(theirs->rest.find_first_of("?#"), theirs->rest.size());
    return theirs->tls == ours->tls && theirs->host == ours->host && theirs->port == ours->port &&
           normalized(theirs->rest.substr(0, end)) == normalized(path);
}

std::string const& dpop_algorithms() {
    static std::string const all = [] {
        std::string names;
        for (auto const a : asymmetric_algorithms) {
            names += to_text(a);
            names += ' ';
        }
        return names += ed25519_name;
    }();
    return all;
}

}  // namespace tollgate::oauth

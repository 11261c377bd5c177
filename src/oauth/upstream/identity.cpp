#include "oauth/upstream/identity.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/json/array.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "base/log/log.hpp"
#include "http/message/headers.hpp"
#include "oauth/jose/jws.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

constexpr std::chrono::seconds leeway{60};
constexpr std::size_t longest_subject = 255;  // OpenID Connect Core §2
constexpr std::size_t shortest_secret = 32;   // RFC 7518 §3.2

problem bad_id_token(std::string_view why) {
    auto const text = "The provider's ID Token is not acceptable: " + std::string(why) + ".";
    return problem(502, "server_error", text).log(text);
}

bool is_for(json::value const* audience, std::string_view client_id, bool& alone) {
    auto const same = [&](json::value const& v) {
        return v.is_string() && std::string_view(v.get_string()) == client_id;
    };
    if (!audience) return false;
    alone = !audience->is_array() || audience->get_array().size() == 1;
    return audience->is_array() ? std::ranges::any_of(audience->get_array(), same)
                                : same(*audience);
}

// The keys to verify with: the provider's, and for HS256 our own secret. None: they cannot be had.
task<std::vector<verification_key>> keys_for(jwks_cache* cache, provider_options const& ours,
                                             std::string const& jwks_uri,
                                             json::object const& header, bool again) {
    std::vector<verification_key> all;
    bool const hs256 = text_member(header, "alg") == "HS256";
    // A shorter secret is no key of HS256; then TLS vouches for the token, as without keys.
    if (hs256 && ours.client_secret.size() >= shortest_secret) {
        all.push_back(signing_key::from_secret(ours.client_secret)->verifier());
        // The secret has no name: it is meant by whatever kid the token has.
        all.back().key_id = text_member(header, "kid").value_or("");
    }
    if (hs256 || !cache || jwks_uri.empty()) co_return all;
    auto asking = again ? cache->refresh(jwks_uri) : cache->get(jwks_uri);
    auto const got = co_await std::move(asking);
    if (got) all = **got;
    if (!got)
        log(log_level::warning, "provider_keys_missing",
            {{"url", jwks_uri}, {"why", got.error().log_text()}});
    co_return all;
}

jwt_expectations signature_alone(time_point now) {
    jwt_expectations e;
    e.algorithms.assign(asymmetric_algorithms.begin(), asymmetric_algorithms.end());
    // Safe beside the others (RFC 8725 §3.1): keys_for gives the secret for HS256 and nothing else.
    e.algorithms.push_back(jws_algorithm::hs256);
    e.issuer = [](std::string_view) { return true; };  // flaw_of_id_token looks at it
    e.now = now;
    e.leeway = leeway;
    return e;
}

// Algorithms that we do not speak (ES384 …) are not refused: TLS vouches for the token.
bool is_spoken(json::object const& header) {
    auto const name = text_member(header, "alg");
    return name && algorithm_named(*name).has_value();
}

task<outcome<void>> check_signature(provider& p, jwks_cache* cache, provider_metadata const& m,
                                    std::string const& token, json::object const& header,
                                    time_point now) {
    auto const name = text_member(header, "alg");
    if (!name || *name == "none") co_return bad_id_token("it is not signed");
    if (!is_spoken(header)) co_return outcome<void>();
    auto const expected = signature_alone(now);
    for (int attempt = 0; attempt < 2; ++attempt) {
        bool const again = attempt == 1;  // a key that is newer than the set we have
        auto const keys = co_await keys_for(cache, p.options(), m.jwks_uri, header, again);
        if (keys.empty()) co_return outcome<void>();
        auto const verified = verify_jwt(token, keys, expected);
        if (verified) co_return outcome<void>();
        if (again || verified.error().error() != "unknown_kid")
            co_return bad_id_token(verified.error().log_text());
    }
    co_return outcome<void>();
}

task<outcome<provider_identity>> by_id_token(provider& p, jwks_cache* keys,
                                             provider_metadata const& m, std::string const& token,
                                             id_token_wish const& wanted) {
    auto const parts = split_jws(token);
    if (!parts) co_return bad_id_token(parts.error().log_text());
    // Before the signature, for which keys may have to be fetched.
    auto const flaw = flaw_of_id_token(parts->claims, wanted);
    if (!flaw.empty()) co_return bad_id_token(flaw);
    auto const signature = co_await check_signature(p, keys, m, token, parts->header, wanted.now);
    if (!signature) co_return signature.error();
    provider_identity who;
    // There: flaw_of_id_token has looked at it.
    who.subject = *text_member(parts->claims, "sub");
    auto const* time = parts->claims.if_contains("auth_time");
    auto const at = time ? numeric_date(*time) : std::nullopt;
    if (at) who.authenticated_at = to_epoch(*at);
    co_return who;
}

}  // namespace

std::string flaw_of_id_token(json::object const& claims, id_token_wish const& wanted) {
    auto const issuer = text_member(claims, "iss");
    if (!issuer || (!wanted.issuer.empty() && *issuer != wanted.issuer))
        return "iss is not the provider's issuer";
    bool alone = true;
    if (!is_for(claims.if_contains("aud"), wanted.client_id, alone))
        return "aud does not name our client_id";
    // OpenID Connect Core §3.1.3.7 #4, #5.
    auto const party = text_member(claims, "azp");
    if ((party && *party != wanted.client_id) || (claims.contains("azp") && !party))
        return "azp is not our client_id";
    if (!alone && !party) return "it is for several and azp is missing";
    auto const* until = claims.if_contains("exp");
    auto const end = until ? numeric_date(*until) : std::nullopt;
    if (!end) return "exp is missing";
    if (wanted.now >= *end + leeway) return "it has expired";
    auto const nonce = text_member(claims, "nonce").value_or("");
    if (!wanted.nonce.empty() && !equal_in_constant_time(nonce, wanted.nonce))
        return "nonce is not the one that was sent";
    auto const subject = text_member(claims, "sub");
    if (!subject || subject->empty()) return "sub is missing";
    return {};
}

std::string flaw_of_type(provider_tokens const& t) {
    if (t.token_type.empty() || http::iequals(t.token_type, "Bearer")) return {};
    return "The provider's access token is not of type Bearer, and no other type is understood.";
}

std::string flaw_of_renewal(provider_tokens const& t, std::string_view subject) {
    auto flaw = flaw_of_type(t);
    if (!flaw.empty() || t.id_token.empty() || subject.empty()) return flaw;
    // Compared and not verified: it came straight from the token endpoint (OpenID Connect Core
    // §3.1.3.7 #6).
    auto const parts = split_jws(t.id_token);
    if (!parts || text_member(parts->claims, "sub") != subject)
        return "The provider renewed the login with an ID Token of somebody else.";
    return {};
}

task<outcome<provider_identity>> identify(provider& p, jwks_cache* keys, provider_metadata const& m,
                                          provider_tokens const& t, id_token_wish wanted) {
    if (!t.id_token.empty()) co_return co_await by_id_token(p, keys, m, t.id_token, wanted);
    if (m.userinfo_endpoint.empty()) co_return provider_identity{};
    auto const claims = co_await p.userinfo(t.access_token);
    if (!claims) co_return claims.error();
    provider_identity who;
    who.subject = text_member(*claims, "sub").value_or("");
    co_return who;
}

std::string brokered_subject(std::string_view sub, std::string_view provider) {
    auto const scheme = provider.find("://");
    std::string name(sub);
    name += '@';
    name += scheme == provider.npos ? provider : provider.substr(scheme + 3);
    // OpenID Connect Core §2: at most 255 ASCII characters. What is longer, or no ASCII, goes by
    // digest.
    bool const plain = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
    return plain && name.size() <= longest_subject ? name : digest_of(name);
}

}  // namespace tollgate::oauth

#include "oauth/client_auth/assertion.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <boost/json/array.hpp>

#include "oauth/jose/jws.hpp"
#include "oauth/limits/limits.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// A jti is remembered until its exp, which must not be far off therefore.
constexpr std::chrono::hours longest_life{1};
constexpr std::chrono::seconds leeway{5};
constexpr std::size_t longest_id = 512;
// The token endpoint answers there as well (routes.cpp).
constexpr std::array<std::string_view, 2> other_token_paths{"/oauth/token", "/api/token"};

std::optional<std::string_view> text_of(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (!v || !v->is_string() || v->get_string().empty()) return std::nullopt;
    return std::string_view(v->get_string());
}

bool names_token_endpoint(std::string_view audience, http::place const& where) {
    auto const stands_at = [&](std::string_view path) {
        return audience.ends_with(path) &&
               where.is_issuer_now(audience.substr(0, audience.size() - path.size()));
    };
    auto const& paths = *where.endpoints;
    return stands_at(paths.token) ||
           (paths.is_standard("/token") && std::ranges::any_of(other_token_paths, stands_at));
}

// RFC 7523 §3: "The token endpoint URL of the authorization server MAY be used", and its issuer
// identifier (RFC 8414). Some take the latter for a URL and give it its slash.
bool is_us(std::string_view audience, http::place const& where, bool issuer_only) {
    if (where.is_issuer_now(audience)) return true;
    if (issuer_only) return false;
    if (audience.ends_with('/') && where.is_issuer_now(audience.substr(0, audience.size() - 1)))
        return true;
    return names_token_endpoint(audience, where);
}

bool is_for_us(json::object const& claims, http::place const& where, bool issuer_only) {
    auto const* aud = claims.if_contains("aud");
    if (!aud) return false;
    if (aud->is_string()) return is_us(aud->get_string(), where, issuer_only);
    if (!aud->is_array() || (issuer_only && aud->get_array().size() != 1)) return false;
    return std::ranges::any_of(aud->get_array(), [&](json::value const& one) {
        return one.is_string() && is_us(one.get_string(), where, issuer_only);
    });
}

bool is_expected_type(assertion_claims const& seen, assertion_rules const& rules) {
    if (!seen.header.contains("typ")) return !rules.typ_required;
    return std::ranges::any_of(rules.types, [&](auto type) { return seen.is_typ(type); });
}

// The clock by which the assertion is dated: ours, or that of its issuer where the realm's was
// moved on, which the issuer's could not follow. Decided by what nobody has verified yet; whichever
// it is, all dates are held against it.
time_point dated_by(http::context const& c, json::object const& claims) {
    auto const now = c.now();
    auto const* exp = claims.if_contains("exp");
    auto const ends = exp ? numeric_date(*exp) : std::nullopt;
    auto const fits = [&](time_point t) { return *ends > t - leeway && *ends <= t + longest_life; };
    if (!ends || fits(now)) return now;
    auto const theirs = c.real_now() + c.realm().time().skew();
    return fits(theirs) ? theirs : now;
}

// What no signature can tell; empty when all is well.
std::string flaw_of(json::object const& claims, http::context const& c,
                    assertion_rules const& rules, time_point now) {
    if (!text_of(claims, "sub")) return "sub is missing";
    if (!is_for_us(claims, c.place(), rules.issuer_audience_only)) {
        return rules.issuer_audience_only
                   ? "aud must be the issuer identifier of this authorization server"
                   : "aud must be the issuer or the token endpoint of this authorization server";
    }
    // There, and a date: verify_jwt requires it.
    auto const expires_at = numeric_date(claims.at("exp"));
    if (*expires_at > now + longest_life) return "exp is more than an hour away";
    auto const id = text_of(claims, "jti");
    if (!id || id->size() > longest_id) return "jti is missing or longer than 512 bytes";
    return {};
}

// "jwt: exp: expired" without what every such sentence begins with.
std::string reason(problem const& why) {
    constexpr std::string_view prefix = "jwt: ";
    std::string_view text = why.log_text();
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    return std::string(text);
}

problem refused(assertion_rules const& rules, std::string const& why) {
    return rules.refusal.because("the assertion is not accepted: " + why).log("assertion: " + why);
}

jwt_expectations expectations(assertion_rules const& rules, time_point now) {
    jwt_expectations e;
    e.algorithms.assign(asymmetric_algorithms.begin(), asymmetric_algorithms.end());
    e.issuer = [issuer = rules.issuer](std::string_view iss) { return iss == issuer; };
    e.now = now;
    e.leeway = leeway;
    return e;
}

// With the keys that are known, and with those that are there now when a key id is not among them.
task<outcome<json::object>> signed_claims(http::context& c, std::string token, assertion_keys keys,
                                          jwt_expectations expected) {
    auto known = co_await keys(false);
    if (!known) co_return known.error();
    auto claims = verify_jwt(token, *known, expected);
    if (claims || claims.error().error() != "unknown_kid") co_return claims;
    c.note("keys", "asked again for an unknown kid");
    auto fresh = co_await keys(true);
    if (!fresh) co_return fresh.error();
    co_return verify_jwt(token, *fresh, expected);
}

}  // namespace

std::optional<std::string_view> assertion_claims::text(std::string_view name) const {
    return text_of(claims, name);
}

bool assertion_claims::is_typ(std::string_view media_type) const {
    return oauth::is_typ(header, media_type);
}

outcome<assertion_claims> look_into(std::string_view token) {
    auto parts = split_jws(token);
    if (!parts) return parts.error();
    assertion_claims seen;
    seen.header = std::move(parts->header);
    seen.claims = std::move(parts->claims);
    return seen;
}

task<outcome<json::object>> verify_assertion(server& s, http::context& c, std::string token,
                                             assertion_keys keys, assertion_rules rules) {
    auto const seen = look_into(token);
    if (!seen) co_return refused(rules, reason(seen.error()));
    if (!is_expected_type(*seen, rules)) co_return refused(rules, "typ says it is something else");
    auto const dated = dated_by(c, seen->claims);
    auto expected = expectations(rules, dated);
    auto claims = co_await signed_claims(c, std::move(token), std::move(keys), std::move(expected));
    if (!claims) {
        auto const code = claims.error().error();
        if (code != "invalid_token" && code != "unknown_kid") co_return claims.error();
        co_return refused(rules, reason(claims.error()));
    }
    // After the signature: until then the claims are anybody's.
    auto const flaw = flaw_of(*claims, c, rules, dated);
    if (!flaw.empty()) co_return refused(rules, flaw);
    // For as long as the same assertion would be taken again, by the clock of the realm.
    auto const expires_at = *numeric_date(claims->at("exp")) + leeway + (c.now() - dated);
    // With the issuer: a jti is unique among its own.
    auto const id = "jti " + rules.issuer + ' ' + std::string(*text_of(*claims, "jti"));
    // What is noted of it stays for an hour: whoever may register must not fill the memory with it.
    auto& budget = s.budget().tokens;
    auto const owner = owner_of(c, rules.issuer);
    auto const counted_until = real_end(c, expires_at);
    auto const room = budget.take(owner, 1, counted_until, c.real_now());
    if (room != live_budget::spent::nothing) co_return too_many_tokens(room);
    // Last, so that nothing but a good assertion uses up its jti.
    auto const first = co_await s.records(c).first_time_seen(c.realm().name(), id, expires_at);
    if (!first || !*first) budget.give_back(owner, 1, counted_until);
    if (!first) co_return first.error();
    if (!*first) co_return refused(rules, "its jti was used before");
    co_return claims;
}

}  // namespace tollgate::oauth

#include "oauth/exchanged_token.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>

#include "oauth/crypto.hpp"
#include "oauth/defaults.hpp"
#include "oauth/errors.hpp"
#include "oauth/jose.hpp"
#include "oauth/token_binding.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

problem refused(std::string sentence) {
    return errors::invalid_request.because(std::move(sentence));
}

bool is_for(json::object const& claims, std::string const& client_id) {
    auto const* aud = claims.if_contains("aud");
    if (!aud) return false;
    if (aud->is_string()) return std::string_view(aud->get_string()) == client_id;
    return aud->is_array() && std::ranges::any_of(aud->get_array(), [&](json::value const& one) {
               return one.is_string() && std::string_view(one.get_string()) == client_id;
           });
}

task<outcome<exchanged_token>> find_access(server& s, http::context& c, std::string_view token) {
    auto found = co_await s.records().find_access(c.realm().name(), token);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        co_return refused("is unknown, expired or revoked");
    }
    // RFC 9449 §7.2: a bound token is worth nothing without its key, here as elsewhere.
    auto const other_key = key_disagrees(c, found->what);
    if (other_key) co_return refused("is bound to a key that was not proven");
    exchanged_token t;
    t.what = std::move(found->what);
    t.what.key.clear();
    t.expires_at = found->expires_at;
    co_return t;
}

// Nobody keeps id_tokens: the signature is the proof (OpenID Connect Core §3.1.3.7).
outcome<exchanged_token> read_id_token(server& s, http::context& c, std::string_view token,
                                       client const& who) {
    jwt_expectations expected;
    expected.algorithms = {asymmetric_algorithms.begin(), asymmetric_algorithms.end()};
    expected.typ = "JWT";
    expected.issuer = [&](std::string_view iss) { return c.place().is_own_issuer(iss); };
    expected.now = c.now();
    auto const p = s.current_policy(c.realm());
    auto const keys = s.state(c.realm()).keys().verifiers(id_token_algorithms(*p), c.now());
    auto const claims = verify_jwt(token, keys, expected);
    if (!claims)
        return refused("is no valid id_token of this issuer").log(claims.error().log_text());
    if (!is_for(*claims, who.id)) return refused("was issued to another client");
    exchanged_token t;
    t.what.family = random_token(16);
    t.what.subject = std::string(claims->at("sub").as_string());
    t.what.issuer = std::string(claims->at("iss").as_string());
    t.what.scopes = default_scopes(*p);
    if (auto const* at = claims->if_contains("auth_time"); at && at->is_int64())
        t.what.authenticated_at = at->get_int64();
    t.expires_at = *numeric_date(claims->at("exp"));
    return t;
}

}  // namespace

task<outcome<exchanged_token>> find_exchanged_token(server& s, http::context& c,
                                                    std::string_view token, std::string_view type,
                                                    client const& who) {
    if (type == token_type::id) co_return read_id_token(s, c, token, who);
    bool const jwt = type == token_type::jwt;
    if (!jwt && type != token_type::access)
        co_return refused("is of a type that is not taken here");
    if (jwt && std::ranges::count(token, '.') != 2) co_return refused("is not a JWT");
    co_return co_await find_access(s, c, token);
}

}  // namespace tollgate::oauth

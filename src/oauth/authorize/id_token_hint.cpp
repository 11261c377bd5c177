#include "oauth/authorize/id_token_hint.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include <boost/json/array.hpp>

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// "The OP SHOULD accept ID Tokens … even when the exp time has passed" (RP-Initiated Logout §2
// says it of the same hint): a hint is not a credential.
constexpr std::chrono::hours any_age{24 * 365 * 50};

problem refused(std::string why) {
    return errors::invalid_request.because("id_token_hint is not an ID Token of this client")
        .log("id_token_hint: " + std::move(why));
}

bool names(json::value const& audience, std::string_view client_id) {
    auto const same = [client_id](json::value const& v) {
        return v.is_string() && std::string_view(v.get_string()) == client_id;
    };
    if (audience.is_array()) return std::ranges::any_of(audience.get_array(), same);
    return same(audience);
}

}  // namespace

outcome<std::string> hinted_subject(std::string_view id_token,
                                    std::vector<verification_key> const& keys,
                                    http::place const& where, client const& who, time_point now) {
    jwt_expectations expected;
    // Never HS256: an id_token is not signed with the server's own secret (id_token_algorithm.hpp).
    expected.algorithms.assign(asymmetric_algorithms.begin(), asymmetric_algorithms.end());
    expected.typ = "JWT";
    // Former names as well: the token may be older than this public URL.
    expected.issuer = [&where](std::string_view issuer) { return where.is_own_issuer(issuer); };
    expected.now = now;
    expected.leeway = any_age;
    auto const claims = verify_jwt(id_token, keys, expected);
    if (!claims) return refused(claims.error().log_text());
    auto const* audience = claims->if_contains("aud");
    if (!audience || !names(*audience, who.id)) return refused("aud: another client");
    auto const* subject = claims->if_contains("sub");
    if (!subject || !subject->is_string()) return refused("sub: none");
    return std::string(subject->get_string());
}

}  // namespace tollgate::oauth

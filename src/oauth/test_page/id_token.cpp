#include "oauth/test_page/id_token.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// The providers' clock and ours.
constexpr std::chrono::seconds leeway{60};

std::optional<json::object> claims_of(std::string_view token) {
    auto const first = token.find('.');
    if (first == std::string_view::npos) return std::nullopt;
    auto const second = token.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    auto const payload = from_base64url(token.substr(first + 1, second - first - 1));
    if (!payload) return std::nullopt;
    boost::system::error_code ec;
    auto value = json::parse(*payload, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

bool is_for(json::object const& claims, std::string_view client_id) {
    auto const* aud = claims.if_contains("aud");
    if (!aud) return false;
    auto const is_us = [&](json::value const& v) {
        return v.is_string() && std::string_view(v.get_string()) == client_id;
    };
    if (!aud->is_array()) return is_us(*aud);
    return std::ranges::any_of(aud->get_array(), is_us);
}

}  // namespace

std::optional<std::string> id_token_flaw(std::string_view token, begun_login const& login,
                                         time_point now) {
    auto const claims = claims_of(token);
    if (!claims) return "It is no JWT that can be read.";
    auto const iss = text_member(*claims, "iss");
    if (!iss || (!login.issuer.empty() && *iss != login.issuer))
        return "Its iss is \"" + std::string(iss.value_or("")) + "\" and must be \"" +
               login.issuer + "\".";
    if (!is_for(*claims, login.client_id))
        return "Its aud does not name the client " + login.client_id + '.';
    auto const* exp = claims->if_contains("exp");
    auto const until = exp ? numeric_date(*exp) : std::nullopt;
    if (!until || *until + leeway <= now) return "It has expired, or has no exp.";
    if (!login.nonce.empty() && text_member(*claims, "nonce") != login.nonce)
        return "Its nonce is not the one that was sent: it is of another login.";
    return std::nullopt;
}

std::string id_token_subject(std::string_view token) {
    auto const claims = claims_of(token);
    return claims ? std::string(text_member(*claims, "sub").value_or("")) : "";
}

}  // namespace tollgate::oauth

#include "oauth/jose/jws.hpp"

#include <optional>

#include <boost/json/parse.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "http/message/headers.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

problem malformed(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid.")
        .log("jwt: form: " + std::move(why));
}

std::optional<json::object> object_in(std::string_view segment) {
    auto const text = from_base64url(segment);
    if (!text || text->empty()) return std::nullopt;
    boost::system::error_code ec;
    // A member that is there twice counts with its last value (RFC 7515 §4, RFC 7519 §4).
    auto value = json::parse(*text, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace

// RFC 7519 §7.2 with RFC 7515 §7.1.
outcome<jws_parts> split_jws(std::string_view token) {
    auto const first = token.find('.');
    auto const second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos || token.find('.', second + 1) != token.npos)
        return malformed("not three segments");
    auto header = object_in(token.substr(0, first));
    if (!header) return malformed("the header is not a JSON object in base64url");
    auto claims = object_in(token.substr(first + 1, second - first - 1));
    if (!claims) return malformed("the payload is not a JSON object in base64url");
    auto signature = from_base64url(token.substr(second + 1));
    // Empty, it would be an unsecured JWS (RFC 7515 appendix A.5), whatever alg says.
    if (!signature || signature->empty()) return malformed("the signature is not base64url");
    return jws_parts{token.substr(0, second), std::move(*header), std::move(*claims),
                     std::move(*signature)};
}

// RFC 7515 §4.1.9: "application/" may be left out; media types compare without case.
bool is_typ(json::object const& header, std::string_view expected) {
    constexpr std::string_view prefix = "application/";
    auto typ = text_member(header, "typ");
    if (!typ) return false;
    if (http::iequals(typ->substr(0, prefix.size()), prefix)) typ->remove_prefix(prefix.size());
    return http::iequals(*typ, expected);
}

}  // namespace tollgate::oauth

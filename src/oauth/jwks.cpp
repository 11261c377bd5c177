// Keys of others: a JWK set (RFC 7517 §5) turned into keys that verify.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "oauth/jose.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

constexpr std::size_t max_keys = 100;

problem no_jwks(std::string why) {
    return {503, "temporarily_unavailable", "The key set cannot be used: " + why};
}

}  // namespace

outcome<std::vector<verification_key>> jwks_from(json::value const& document) {
    auto const* object = document.if_object();
    auto const* list = object ? object->if_contains("keys") : nullptr;
    if (!list || !list->is_array()) return no_jwks("it has no array \"keys\".");
    if (list->get_array().size() > max_keys) return no_jwks("it has more than 100 keys.");

    std::vector<verification_key> keys;
    for (auto const& item : list->get_array()) {
        if (!item.is_object()) return no_jwks("a key is not an object.");
        // RFC 7517 §5: what is not understood SHOULD be ignored.
        if (auto key = parse_jwk(item.get_object())) keys.push_back(std::move(*key));
    }
    return keys;
}

outcome<std::vector<verification_key>> parse_jwks(std::string_view text) {
    boost::system::error_code ec;
    auto const document = json::parse(text, ec);
    if (ec) return no_jwks("it is not JSON.");
    return jwks_from(document);
}

}  // namespace tollgate::oauth

// Keys of others: a JWK set (RFC 7517 §5) turned into keys that verify.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

constexpr std::size_t max_keys = 100;
constexpr std::size_t most_keys_of_client = 50;

problem no_jwks(std::string why) {
    return {503, "temporarily_unavailable", "The key set cannot be used: " + why};
}

std::string flaw_of_key(json::value const& key) {
    if (!key.is_object()) return "must hold JWKs";
    auto const* type = key.get_object().if_contains("kty");
    if (!type || !type->is_string()) return "holds a key without kty (RFC 7517 section 4.1)";
    if (type->as_string() == "oct") return "must not hold symmetric keys";
    for (auto const* secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}) {
        if (key.get_object().contains(secret)) return "must not hold private keys";
    }
    return {};
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

std::string flaw_of_jwks(json::object const& set) {
    auto const* keys = set.if_contains("keys");
    if (!keys || !keys->is_array()) return "must have the array keys (RFC 7517 section 5)";
    if (keys->as_array().empty()) return "holds no key";
    if (keys->as_array().size() > most_keys_of_client) return "holds more than 50 keys";
    for (auto const& key : keys->as_array()) {
        if (auto flaw = flaw_of_key(key); !flaw.empty()) return flaw;
    }
    auto const usable = parse_jwks(json::serialize(set));
    if (!usable || usable->empty()) return "holds no key that can verify a signature here";
    return {};
}

}  // namespace tollgate::oauth

// One key of others: a JWK (RFC 7517 §4) turned into a key that verifies, and its thumbprint.
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "oauth/jose/native_key.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

constexpr int max_modulus_bits = 16384;  // OpenSSL's own bound, against slow keys
// As OpenSSL has it for large keys (OPENSSL_RSA_MAX_PUBEXP_BITS).
constexpr std::size_t max_exponent_bytes = 8;
constexpr std::size_t coordinate_bytes = 32;  // of P-256 and of Ed25519

// RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2: what only the owner of a key may know.
constexpr std::array<std::string_view, 8> private_members{"d",  "p",  "q",   "dp",
                                                          "dq", "qi", "oth", "k"};

problem unusable(std::string why) {
    return {400, "invalid_key", "The key cannot be used: " + std::move(why)};
}

std::optional<std::string> bytes_member(json::object const& jwk, std::string_view name,
                                        std::size_t max_bytes) {
    auto const text = text_member(jwk, name);
    // Four characters make three bytes: what is twice too long needs no decoding to be refused.
    if (!text || text->size() > max_bytes * 2) return std::nullopt;
    auto bytes = from_base64url(*text);
    if (!bytes || bytes->empty() || bytes->size() > max_bytes) return std::nullopt;
    return bytes;
}

openssl_ptr<BIGNUM> number_member(json::object const& jwk, std::string_view name,
                                  std::size_t max_bytes) {
    auto const bytes = bytes_member(jwk, name, max_bytes);
    if (!bytes) return nullptr;
    return openssl_ptr<BIGNUM>(
        BN_bin2bn(bytes_of(std::string_view(*bytes)), static_cast<int>(bytes->size()), nullptr));
}

openssl_ptr<EVP_PKEY> from_parameters(char const* type, OSSL_PARAM_BLD* builder) {
    openssl_ptr<OSSL_PARAM> const parameters(OSSL_PARAM_BLD_to_param(builder));
    openssl_ptr<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* raw = nullptr;
    if (!parameters || !ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 ||
        EVP_PKEY_fromdata(ctx.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return openssl_ptr<EVP_PKEY>(raw);
}

openssl_ptr<EVP_PKEY> rsa_key(json::object const& jwk) {
    auto const n = number_member(jwk, "n", max_modulus_bits / 8);
    auto const e = number_member(jwk, "e", max_exponent_bytes);
    if (!n || !e || BN_num_bits(n.get()) < min_rsa_bits) return nullptr;
    // With e = 1 every signature would be right.
    if (BN_is_odd(n.get()) == 0 || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1)
        return nullptr;
    openssl_ptr<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return from_parameters("RSA", builder.get());
}

openssl_ptr<EVP_PKEY> ec_key(json::object const& jwk) {
    if (text_member(jwk, "crv") != "P-256") return nullptr;
    auto const x = bytes_member(jwk, "x", coordinate_bytes);
    auto const y = bytes_member(jwk, "y", coordinate_bytes);
    if (!x || !y || x->size() != coordinate_bytes || y->size() != coordinate_bytes) return nullptr;
    auto const point = "\x04" + *x + *y;  // SEC 1 §2.3.3, uncompressed
    openssl_ptr<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1",
                                        0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
        return nullptr;
    auto key = from_parameters("EC", builder.get());
    if (!key) return nullptr;
    // RFC 8725 §3.4: the point must lie on the curve.
    openssl_ptr<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return ctx && EVP_PKEY_public_check(ctx.get()) == 1 ? std::move(key) : nullptr;
}

openssl_ptr<EVP_PKEY> okp_key(json::object const& jwk) {
    if (text_member(jwk, "crv") != "Ed25519") return nullptr;
    auto const x = bytes_member(jwk, "x", coordinate_bytes);
    if (!x || x->size() != coordinate_bytes) return nullptr;
    return openssl_ptr<EVP_PKEY>(EVP_PKEY_new_raw_public_key_ex(
        nullptr, "ED25519", nullptr, bytes_of(std::string_view(*x)), x->size()));
}

openssl_ptr<EVP_PKEY> public_key(json::object const& jwk) {
    auto const kty = text_member(jwk, "kty");
    if (kty == "RSA") return rsa_key(jwk);
    if (kty == "EC") return ec_key(jwk);
    if (kty == "OKP") return okp_key(jwk);
    return nullptr;
}

// RFC 7517 §4.2, §4.3, §4.5: what it says about its own use.
bool may_verify(json::object const& jwk) {
    if (jwk.contains("use") && text_member(jwk, "use") != "sig") return false;
    if (jwk.contains("kid") && !text_member(jwk, "kid")) return false;
    auto const* operations = jwk.if_contains("key_ops");
    if (!operations) return true;
    if (!operations->is_array()) return false;
    auto const& list = operations->get_array();
    return std::ranges::find(list, json::value("verify")) != list.end();
}

// RFC 7638 §3.2, RFC 8037 §2: the required members, in lexicographic order.
std::span<std::string_view const> required_members(std::string_view kty) {
    static constexpr std::array<std::string_view, 3> rsa{"e", "kty", "n"};
    static constexpr std::array<std::string_view, 4> ec{"crv", "kty", "x", "y"};
    static constexpr std::array<std::string_view, 3> okp{"crv", "kty", "x"};
    if (kty == "RSA") return rsa;
    if (kty == "EC") return ec;
    if (kty == "OKP") return okp;
    return {};
}

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

std::optional<std::string> jwk_thumbprint(json::object const& jwk) {
    auto const names = required_members(text_member(jwk, "kty").value_or(""));
    if (names.empty()) return std::nullopt;
    json::object canonical;  // keeps the order of insertion
    for (auto const name : names) {
        auto const value = text_member(jwk, name);
        if (!value) return std::nullopt;
        canonical[name] = *value;
    }
    return digest_of(json::serialize(canonical));
}

outcome<verification_key> parse_jwk(json::object const& jwk) {
    for (auto const name : private_members)
        if (jwk.contains(name)) return unusable("it is not public.");
    if (!may_verify(jwk)) return unusable("it is not meant to verify signatures.");
    verification_key key;
    key.key_id = text_member(jwk, "kid").value_or("");
    if (auto const* alg = jwk.if_contains("alg")) {
        if (alg->is_string()) key.only = algorithm_named(alg->get_string());
        if (!key.only) return unusable("its alg is none that is spoken here.");
    }
    auto native = std::make_shared<native_key>(public_key(jwk));
    // What stays in OpenSSL's queue of errors is taken for the failure of this thread's next TLS
    // call.
    ERR_clear_error();
    if (!native->pkey)
        return unusable("it is no public key of RSA (2048 bits or more), P-256 or Ed25519.");
    key.native = std::move(native);
    if (key.only && !key.fits(*key.only)) return unusable("its alg does not fit its type.");
    return key;
}

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

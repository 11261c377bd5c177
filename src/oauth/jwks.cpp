// Keys of others: a JWKS (RFC 7517 §5) turned into keys that verify RS256.

#include <algorithm>
#include <optional>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "oauth/crypto.hpp"
#include "oauth/jose.hpp"
#include "oauth/openssl_handles.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

struct verification_key::impl {
    openssl_ptr<EVP_PKEY> key;
};

namespace {

constexpr std::size_t max_keys = 100;
// RFC 7518 §3.3 sets the lower bound; the upper one is OpenSSL's own, against slow keys.
constexpr int min_modulus_bits = 2048;
constexpr int max_modulus_bits = 16384;
constexpr std::size_t max_exponent_bytes = 8;

problem no_jwks(std::string why) {
    return {503, "temporarily_unavailable", "The key set cannot be used: " + why};
}

std::optional<std::string_view> text_member(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    if (!v || !v->is_string()) return std::nullopt;
    return std::string_view(v->get_string());
}

bool may_sign_rs256(json::object const& jwk) {
    if (text_member(jwk, "kty") != "RSA") return false;
    if (jwk.contains("use") && text_member(jwk, "use") != "sig") return false;
    if (jwk.contains("alg") && text_member(jwk, "alg") != "RS256") return false;
    if (jwk.contains("kid") && !text_member(jwk, "kid")) return false;
    auto const* operations = jwk.if_contains("key_ops");
    if (!operations) return true;
    if (!operations->is_array()) return false;
    auto const& list = operations->get_array();
    return std::ranges::find(list, json::value("verify")) != list.end();
}

openssl_ptr<BIGNUM> number_member(json::object const& jwk, std::string_view name,
                                  std::size_t max_bytes) {
    auto const text = text_member(jwk, name);
    if (!text || text->size() > max_bytes * 2) return nullptr;
    auto const bytes = from_base64url(*text);
    if (!bytes || bytes->empty() || bytes->size() > max_bytes) return nullptr;
    return openssl_ptr<BIGNUM>(
        BN_bin2bn(bytes_of(std::string_view(*bytes)), static_cast<int>(bytes->size()), nullptr));
}

openssl_ptr<EVP_PKEY> rsa_key(BIGNUM const* n, BIGNUM const* e) {
    openssl_ptr<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e) != 1)
        return nullptr;
    openssl_ptr<OSSL_PARAM> const parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    openssl_ptr<EVP_PKEY_CTX> const ctx(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* raw = nullptr;
    if (!parameters || !ctx || EVP_PKEY_fromdata_init(ctx.get()) != 1 ||
        EVP_PKEY_fromdata(ctx.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return openssl_ptr<EVP_PKEY>(raw);
}

openssl_ptr<EVP_PKEY> key_of(json::object const& jwk) {
    if (!may_sign_rs256(jwk)) return nullptr;
    auto const n = number_member(jwk, "n", max_modulus_bits / 8);
    auto const e = number_member(jwk, "e", max_exponent_bytes);
    if (!n || !e || BN_num_bits(n.get()) < min_modulus_bits) return nullptr;
    // With e = 1 every signature would be right.
    if (BN_is_odd(n.get()) == 0 || BN_is_odd(e.get()) == 0 || BN_is_one(e.get()) == 1)
        return nullptr;
    return rsa_key(n.get(), e.get());
}

}  // namespace

bool verification_key::verify(std::string_view data, std::string_view signature) const {
    openssl_ptr<EVP_MD_CTX> const ctx(EVP_MD_CTX_new());
    bool const good = ctx && native &&
                      EVP_DigestVerifyInit_ex(ctx.get(), nullptr, "SHA256", nullptr, nullptr,
                                              native->key.get(), nullptr) == 1 &&
                      EVP_DigestVerify(ctx.get(), bytes_of(signature), signature.size(),
                                       bytes_of(data), data.size()) == 1;
    if (!good) ERR_clear_error();
    return good;
}

outcome<std::vector<verification_key>> parse_jwks(std::string_view text) {
    boost::system::error_code ec;
    auto const document = json::parse(text, ec);
    if (ec) return no_jwks("it is not JSON.");
    auto const* object = document.if_object();
    auto const* list = object ? object->if_contains("keys") : nullptr;
    if (!list || !list->is_array()) return no_jwks("it has no array \"keys\".");
    if (list->get_array().size() > max_keys) return no_jwks("it has more than 100 keys.");

    std::vector<verification_key> keys;
    for (auto const& item : list->get_array()) {
        if (!item.is_object()) return no_jwks("a key is not an object.");
        auto native = key_of(item.get_object());
        if (!native) continue;  // RFC 7517 §5: what is not understood SHOULD be ignored
        verification_key key;
        key.key_id = text_member(item.get_object(), "kid").value_or("");
        key.native = std::make_shared<verification_key::impl const>(
            verification_key::impl{std::move(native)});
        keys.push_back(std::move(key));
    }
    ERR_clear_error();
    return keys;
}

}  // namespace tollgate::oauth

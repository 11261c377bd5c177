#include "oauth/jose/native_key.hpp"

#include <array>
#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "base/crypto.hpp"

namespace tollgate::oauth {

namespace {

// RFC 7518 §3.4: the signature is R and S, 32 octets each, big-endian, and not ASN.1.
constexpr int half_of_es256 = 32;
constexpr std::size_t ed25519_key_bytes = 32;

std::string hmac(std::string_view secret, std::string_view data) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(data),
             data.size(), mac.data(), &size) == nullptr)
        throw std::runtime_error("HS256 signing failed");
    return {mac.begin(), mac.begin() + size};
}

char const* digest_for(jws_algorithm a) noexcept {
    return a == jws_algorithm::eddsa ? nullptr : "SHA256";  // Ed25519 hashes by itself
}

// RFC 7518 §3.5: MGF1 with the same hash, and a salt as long as its output.
bool set_padding(EVP_PKEY_CTX* ctx, jws_algorithm a) noexcept {
    return a != jws_algorithm::ps256 ||
           (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
}

std::string raw_from_der(std::string_view der) {
    auto const* at = bytes_of(der);
    openssl_ptr<ECDSA_SIG> const both(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::string raw(2 * half_of_es256, '\0');
    if (!both || BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), bytes_of(raw), half_of_es256) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), bytes_of(raw) + half_of_es256, half_of_es256) <
            0)
        throw std::runtime_error("an ECDSA signature that is none");
    return raw;
}

// Empty when it is not 64 octets.
std::string der_from_raw(std::string_view raw) {
    if (raw.size() != 2 * half_of_es256) return {};
    openssl_ptr<ECDSA_SIG> const both(ECDSA_SIG_new());
    openssl_ptr<BIGNUM> r(BN_bin2bn(bytes_of(raw), half_of_es256, nullptr));
    openssl_ptr<BIGNUM> s(BN_bin2bn(bytes_of(raw) + half_of_es256, half_of_es256, nullptr));
    if (!both || !r || !s || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();  // it is the signature's now
    (void)s.release();
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(both.get(), &der);
    if (size < 0) return {};
    std::string text(der, der + size);
    OPENSSL_free(der);
    return text;
}

openssl_ptr<BIGNUM> number(EVP_PKEY const* key, char const* name) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1)
        throw std::runtime_error("a key without its numbers");
    return openssl_ptr<BIGNUM>(raw);
}

// RFC 7518 §2 (Base64urlUInt): big-endian, no leading zero octets.
std::string unsigned_member(EVP_PKEY const* key, char const* name) {
    auto const n = number(key, name);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(n.get())), '\0');
    BN_bn2bin(n.get(), bytes_of(bytes));
    return base64url(bytes);
}

// RFC 7518 §6.2.1.2: as long as a coordinate of the curve is, zeros in front where need be.
std::string coordinate(EVP_PKEY const* key, char const* name) {
    auto const n = number(key, name);
    std::string bytes(half_of_es256, '\0');
    if (BN_bn2binpad(n.get(), bytes_of(bytes), half_of_es256) < 0)
        throw std::runtime_error("a coordinate that is too long");
    return base64url(bytes);
}

bool is_p256(EVP_PKEY const* key) noexcept {
    std::array<char, 32> name{};
    std::size_t size = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1 &&
           std::string_view(name.data(), size) == "prime256v1";
}

}  // namespace

bool is_key_for(native_key const& key, jws_algorithm a) noexcept {
    if (a == jws_algorithm::hs256) return !key.secret.empty();
    if (!key.pkey) return false;
    switch (a) {
        case jws_algorithm::es256:
            return is_p256(key.pkey.get());
        case jws_algorithm::eddsa:
            return EVP_PKEY_is_a(key.pkey.get(), "ED25519") == 1;
        default:
            return EVP_PKEY_is_a(key.pkey.get(), "RSA") == 1 &&
                   EVP_PKEY_get_bits(key.pkey.get()) >= min_rsa_bits;
    }
}

std::string raw_signature(native_key const& key, jws_algorithm a, std::string_view data) {
    if (a == jws_algorithm::hs256) return hmac(key.secret, data);
    openssl_ptr<EVP_MD_CTX> const ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;  // the context's own
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(key.pkey.get()));
    std::string signature(size, '\0');
    if (!ctx ||
        EVP_DigestSignInit_ex(ctx.get(), &options, digest_for(a), nullptr, nullptr, key.pkey.get(),
                              nullptr) != 1 ||
        !set_padding(options, a) ||
        EVP_DigestSign(ctx.get(), bytes_of(signature), &size, bytes_of(data), data.size()) != 1)
        throw std::runtime_error("signing failed");
    // A signature in DER is often shorter than the longest possible one.
    signature.resize(size);
    return a == jws_algorithm::es256 ? raw_from_der(signature) : signature;
}

bool is_raw_signature(native_key const& key, jws_algorithm a, std::string_view data,
                      std::string_view signature) noexcept {
    if (a == jws_algorithm::hs256) return equal_in_constant_time(hmac(key.secret, data), signature);
    std::string const der = a == jws_algorithm::es256 ? der_from_raw(signature) : std::string();
    if (a == jws_algorithm::es256) signature = der;
    openssl_ptr<EVP_MD_CTX> const ctx(EVP_MD_CTX_new());
    EVP_PKEY_CTX* options = nullptr;
    bool const good = ctx && !signature.empty() &&
                      EVP_DigestVerifyInit_ex(ctx.get(), &options, digest_for(a), nullptr, nullptr,
                                              key.pkey.get(), nullptr) == 1 &&
                      set_padding(options, a) &&
                      EVP_DigestVerify(ctx.get(), bytes_of(signature), signature.size(),
                                       bytes_of(data), data.size()) == 1;
    // Or the next TLS call of this thread would take it for its own failure.
    if (!good) ERR_clear_error();
    return good;
}

boost::json::object public_members(EVP_PKEY const* key) {
    boost::json::object jwk;
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        jwk["kty"] = "RSA";
        jwk["n"] = unsigned_member(key, OSSL_PKEY_PARAM_RSA_N);
        jwk["e"] = unsigned_member(key, OSSL_PKEY_PARAM_RSA_E);
    } else if (EVP_PKEY_is_a(key, "EC") == 1) {
        jwk["kty"] = "EC";
        jwk["crv"] = "P-256";
        jwk["x"] = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X);
        jwk["y"] = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y);
    } else {
        std::string bytes(ed25519_key_bytes, '\0');
        std::size_t size = bytes.size();
        if (EVP_PKEY_get_raw_public_key(key, bytes_of(bytes), &size) != 1)
            throw std::runtime_error("an Ed25519 key without its public half");
        jwk["kty"] = "OKP";
        jwk["crv"] = "Ed25519";
        jwk["x"] = base64url(bytes);
    }
    return jwk;
}

}  // namespace tollgate::oauth

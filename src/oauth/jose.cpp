#include "oauth/jose.hpp"

#include <stdexcept>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <boost/json/serialize.hpp>

#include "oauth/crypto.hpp"
#include "oauth/openssl_handles.hpp"

namespace tollgate::oauth {

namespace {

constexpr unsigned rsa_bits = 2048;  // RFC 7518 §3.3: a key of 2048 bits or more MUST be used

std::string rsa_number(EVP_PKEY const* key, char const* name) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1)
        throw std::runtime_error("an RSA key without its numbers");
    openssl_ptr<BIGNUM> const number(raw);
    // RFC 7518 §2 (Base64urlUInt): big-endian, no leading zero octets.
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number.get())), '\0');
    BN_bn2bin(number.get(), bytes_of(bytes));
    return base64url(bytes);
}

int no_passphrase(char*, int, int, void*) {
    return -1;
}

problem unusable_key(std::string why) {
    return {400, "invalid_key", std::move(why)};
}

}  // namespace

// RFC 7638 §3.2, §3.3: the required members in lexicographic order, without white space.
std::string rsa_thumbprint(std::string_view e, std::string_view n) {
    std::string canonical = R"({"e":")";
    canonical += e;
    canonical += R"(","kty":"RSA","n":")";
    canonical += n;
    canonical += R"("})";
    return digest_of(canonical);
}

struct signing_key::impl {
    openssl_ptr<EVP_PKEY> key;
    std::string n;
    std::string e;
    std::string key_id;

    explicit impl(openssl_ptr<EVP_PKEY> k)
        : key(std::move(k)),
          n(rsa_number(key.get(), OSSL_PKEY_PARAM_RSA_N)),
          e(rsa_number(key.get(), OSSL_PKEY_PARAM_RSA_E)),
          key_id(rsa_thumbprint(e, n)) {}
};

signing_key::signing_key(std::shared_ptr<impl const> i) : impl_(std::move(i)) {}

signing_key signing_key::generate_rsa() {
    openssl_ptr<EVP_PKEY> key(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits)));
    if (!key) throw std::runtime_error("no RSA key could be made");
    return signing_key(std::make_shared<impl const>(std::move(key)));
}

outcome<signing_key> signing_key::from_pem(std::string_view pem) {
    openssl_ptr<BIO> const in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!in) throw std::bad_alloc();
    openssl_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, &no_passphrase, nullptr));
    ERR_clear_error();
    if (!key) return unusable_key("It is not a private key in PEM form without a passphrase.");
    if (EVP_PKEY_is_a(key.get(), "RSA") != 1) return unusable_key("RS256 needs an RSA key.");
    if (EVP_PKEY_get_bits(key.get()) < static_cast<int>(rsa_bits))
        return unusable_key("RS256 needs an RSA key of 2048 bits or more.");
    return signing_key(std::make_shared<impl const>(std::move(key)));
}

std::string const& signing_key::key_id() const noexcept {
    return impl_->key_id;
}

boost::json::object signing_key::public_jwk() const {
    boost::json::object jwk;
    jwk["kty"] = "RSA";
    jwk["use"] = "sig";
    jwk["alg"] = algorithm();
    jwk["kid"] = impl_->key_id;
    jwk["n"] = impl_->n;
    jwk["e"] = impl_->e;
    return jwk;
}

// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3): EVP's default padding of an RSA key.
std::string signing_key::sign(std::string_view data) const {
    openssl_ptr<EVP_MD_CTX> const ctx(EVP_MD_CTX_new());
    std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(impl_->key.get()));
    std::string signature(size, '\0');
    if (!ctx ||
        EVP_DigestSignInit_ex(ctx.get(), nullptr, "SHA256", nullptr, nullptr, impl_->key.get(),
                              nullptr) != 1 ||
        EVP_DigestSign(ctx.get(), bytes_of(signature), &size, bytes_of(data), data.size()) != 1)
        throw std::runtime_error("RS256 signing failed");
    signature.resize(size);
    return signature;
}

std::string sign_jwt(signing_key const& key, std::string_view typ,
                     boost::json::object const& claims) {
    boost::json::object header;
    header["alg"] = key.algorithm();
    header["typ"] = typ;
    header["kid"] = key.key_id();
    std::string token = base64url(boost::json::serialize(header));
    token += '.';
    token += base64url(boost::json::serialize(claims));
    auto const signature = key.sign(token);
    token += '.';
    token += base64url(signature);
    return token;
}

}  // namespace tollgate::oauth

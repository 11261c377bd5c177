// Keys that sign, and the compact form they sign into.
#include "oauth/jose/signing_key.hpp"

#include <stdexcept>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "oauth/jose/native_key.hpp"

namespace tollgate::oauth {

namespace {

// RFC 7518 §3.2: a key of the same size as the hash output or larger MUST be used.
constexpr std::size_t min_secret_bytes = 32;
constexpr std::string_view secret_key_id = "hs256";

// Without a callback OpenSSL would ask at the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

problem unusable_key(std::string why) {
    return {400, "invalid_key", std::move(why)};
}

EVP_PKEY* new_key(jws_algorithm a) {
    switch (a) {
        case jws_algorithm::es256:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        case jws_algorithm::eddsa:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        default:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA",
                                     static_cast<std::size_t>(min_rsa_bits));
    }
}

std::string what_it_needs(native_key const& key, jws_algorithm a) {
    auto const name = std::string(to_text(a));
    switch (a) {
        case jws_algorithm::es256:
            return name + " needs an EC key on the curve P-256.";
        case jws_algorithm::eddsa:
            return name + " needs an Ed25519 key.";
        case jws_algorithm::hs256:
            return name + " needs a secret and no key file.";
        default:
            break;
    }
    if (EVP_PKEY_is_a(key.pkey.get(), "RSA") != 1) return name + " needs an RSA key.";
    return name + " needs an RSA key of 2048 bits or more.";
}

std::string id_of(native_key const& key) {
    if (!key.pkey) return std::string(secret_key_id);
    // Has a value: public_members() makes all that a thumbprint is of.
    return jwk_thumbprint(public_members(key.pkey.get())).value();
}

}  // namespace

signing_key::signing_key(std::shared_ptr<native_key const> k, jws_algorithm a)
    : native_(std::move(k)), algorithm_(a), key_id_(id_of(*native_)) {}

signing_key signing_key::generate(jws_algorithm a) {
    // Cannot fail: the text has 43 bytes.
    if (a == jws_algorithm::hs256) return *from_secret(random_token());
    openssl_ptr<EVP_PKEY> key(new_key(a));
    if (!key) throw std::runtime_error("no key could be made");
    return {std::make_shared<native_key const>(std::move(key)), a};
}

outcome<signing_key> signing_key::from_pem(std::string_view pem, jws_algorithm a) {
    openssl_ptr<BIO> const in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!in) throw std::bad_alloc();
    native_key key(
        openssl_ptr<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, &no_passphrase, nullptr)));
    // Or the next TLS call of this thread would take it for its own failure.
    ERR_clear_error();
    if (!key.pkey) return unusable_key("It is not a private key in PEM form without a passphrase.");
    if (!is_key_for(key, a)) return unusable_key(what_it_needs(key, a));
    return signing_key(std::make_shared<native_key const>(std::move(key)), a);
}

outcome<signing_key> signing_key::from_secret(std::string_view secret) {
    if (secret.size() < min_secret_bytes)
        return unusable_key("HS256 needs a secret of 32 bytes or more.");
    return signing_key(std::make_shared<native_key const>(secret), jws_algorithm::hs256);
}

boost::json::object signing_key::public_jwk() const {
    if (!native_->pkey) return {};
    auto jwk = public_members(native_->pkey.get());
    jwk["use"] = "sig";
    jwk["alg"] = algorithm();
    jwk["kid"] = key_id_;
    return jwk;
}

std::string signing_key::public_pem() const {
    if (!native_->pkey) return {};
    openssl_ptr<BIO> const out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PUBKEY(out.get(), native_->pkey.get()) != 1)
        throw std::runtime_error("a public key could not be written");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string signing_key::private_text() const {
    if (!native_->pkey) return native_->secret;
    openssl_ptr<BIO> const out(BIO_new(BIO_s_mem()));
    auto const* key = native_->pkey.get();
    if (!out ||
        PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        throw std::runtime_error("a private key could not be written");
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

signing_key signing_key::named(std::string key_id) const {
    auto other = *this;
    other.key_id_ = std::move(key_id);
    return other;
}

std::string signing_key::sign(std::string_view data) const {
    return raw_signature(*native_, algorithm_, data);
}

verification_key signing_key::verifier() const {
    verification_key key;
    key.key_id = key_id_;
    key.only = algorithm_;
    key.native = native_;
    return key;
}

bool verification_key::fits(jws_algorithm a) const noexcept {
    return native && (!only || *only == a) && is_key_for(*native, a);
}

bool verification_key::verify(jws_algorithm a, std::string_view data,
                              std::string_view signature) const {
    return fits(a) && is_raw_signature(*native, a, data, signature);
}

std::string half_hash(std::string_view token, jws_algorithm a) {
    char const* const name = a == jws_algorithm::eddsa ? "SHA512" : "SHA256";
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    std::size_t size = 0;
    if (EVP_Q_digest(nullptr, name, nullptr, token.data(), token.size(), bytes_of(digest), &size) !=
        1)
        throw std::runtime_error("hashing failed");
    return base64url(digest.substr(0, size / 2));
}

std::string sign_jws(signing_key const& key, boost::json::object const& header,
                     std::string_view payload) {
    std::string token = base64url(boost::json::serialize(header));
    token += '.';
    token += base64url(payload);
    auto const signature = key.sign(token);
    token += '.';
    token += base64url(signature);
    return token;
}

}  // namespace tollgate::oauth

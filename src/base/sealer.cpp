#include "base/sealer.hpp"

#include <climits>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "base/crypto.hpp"

namespace tollgate {

namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

struct free_cipher {
    void operator()(EVP_CIPHER_CTX* c) const noexcept { EVP_CIPHER_CTX_free(c); }
};
using cipher = std::unique_ptr<EVP_CIPHER_CTX, free_cipher>;

unsigned char const* bytes(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

int length(std::string_view text) {
    if (text.size() > INT_MAX) throw std::length_error("too long to be sealed");
    return static_cast<int>(text.size());
}

void must(int done) {
    if (done != 1) throw std::runtime_error("AES-256-GCM does not work");
}

cipher make_cipher() {
    cipher c(EVP_CIPHER_CTX_new());
    if (!c) throw std::bad_alloc();
    return c;
}

struct free_derivation {
    void operator()(EVP_PKEY_CTX* c) const noexcept { EVP_PKEY_CTX_free(c); }
};
using derivation = std::unique_ptr<EVP_PKEY_CTX, free_derivation>;

// Extract and expand, without a salt: the secret is the only one of its kind.
void derive(std::string_view secret, std::string_view purpose,
            std::array<unsigned char, 32>& into) {
    derivation const c(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    std::size_t size = into.size();
    if (!c) throw std::bad_alloc();
    must(EVP_PKEY_derive_init(c.get()));
    must(EVP_PKEY_CTX_set_hkdf_md(c.get(), EVP_sha256()));
    must(EVP_PKEY_CTX_set1_hkdf_key(c.get(), bytes(secret), length(secret)));
    must(EVP_PKEY_CTX_add1_hkdf_info(c.get(), bytes(purpose), length(purpose)));
    must(EVP_PKEY_derive(c.get(), into.data(), &size));
}

}  // namespace

sealer::sealer() {
    must(RAND_bytes(key_.data(), static_cast<int>(key_.size())));
}

sealer::sealer(std::string_view secret, std::string_view purpose) : sealer() {
    if (!secret.empty()) derive(secret, purpose, key_);
}

sealer::~sealer() {
    OPENSSL_cleanse(key_.data(), key_.size());
}

std::string sealer::seal(std::string_view text, std::string_view bound) const {
    auto const c = make_cipher();
    std::string out(nonce_size + text.size() + tag_size, '\0');
    auto* const nonce = bytes(out);
    auto* const body = nonce + nonce_size;
    // Random nonces: good for 2^32 texts under one key (SP 800-38D §8.3), then a restart is due.
    must(RAND_bytes(nonce, nonce_size));
    must(EVP_EncryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce));
    int n = 0;
    must(EVP_EncryptUpdate(c.get(), nullptr, &n, bytes(bound), length(bound)));
    must(EVP_EncryptUpdate(c.get(), body, &n, bytes(text), length(text)));
    must(EVP_EncryptFinal_ex(c.get(), body + n, &n));
    must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, tag_size, body + text.size()));
    return base64url(out);
}

std::optional<std::string> sealer::open(std::string_view sealed, std::string_view bound) const {
    auto const raw = from_base64url(sealed);
    if (!raw || raw->size() < nonce_size + tag_size) return std::nullopt;
    std::string_view const view(*raw);
    auto const body = view.substr(nonce_size, view.size() - nonce_size - tag_size);
    std::string tag(view.substr(view.size() - tag_size));
    auto const c = make_cipher();
    must(EVP_DecryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(view)));
    std::string out(body.size(), '\0');
    int n = 0;
    must(EVP_DecryptUpdate(c.get(), nullptr, &n, bytes(bound), length(bound)));
    must(EVP_DecryptUpdate(c.get(), bytes(out), &n, bytes(body), length(body)));
    must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, tag_size, bytes(tag)));
    // Until the tag is found right, `out` is anybody's text.
    if (EVP_DecryptFinal_ex(c.get(), bytes(out) + n, &n) != 1) return std::nullopt;
    return out;
}

}  // namespace tollgate

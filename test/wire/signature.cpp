#include "wire/signature.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <openssl/bio.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "wire/server.hpp"

namespace test::wire {

namespace {

using key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using ecdsa = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;
using file = std::unique_ptr<BIO, decltype(&BIO_free)>;

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

std::string text_of(std::vector<unsigned char> const& bytes) {
    return {bytes.begin(), bytes.end()};
}

void require(bool good, char const* what) {
    if (!good) throw std::runtime_error(std::string("cannot ") + what);
}

key client_key() {
    file const in(BIO_new_file(key_file("client_key.pem").c_str(), "r"), &BIO_free);
    require(in != nullptr, "open client_key.pem");
    key k(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    require(k != nullptr, "read client_key.pem");
    return k;
}

// OpenSSL writes a signature as DER, JWS as two numbers of 32 bytes.
std::string two_numbers(std::vector<unsigned char> const& der) {
    auto const* at = der.data();
    ecdsa const signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())),
                          &ECDSA_SIG_free);
    require(signature != nullptr, "read a signature");
    std::vector<unsigned char> both(64);
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), both.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), both.data() + 32, 32);
    return text_of(both);
}

std::string es256(std::string_view text) {
    auto const k = client_key();
    digest_context const context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::size_t size = 0;
    require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, k.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &size, bytes_of(text), text.size()) == 1,
            "begin a signature");
    std::vector<unsigned char> der(size);
    require(EVP_DigestSign(context.get(), der.data(), &size, bytes_of(text), text.size()) == 1,
            "sign");
    der.resize(size);
    return two_numbers(der);
}

}  // namespace

std::string base64(std::string_view bytes) {
    std::vector<unsigned char> out(bytes.size() * 4 / 3 + 5);
    auto const n = EVP_EncodeBlock(out.data(), bytes_of(bytes), static_cast<int>(bytes.size()));
    return {out.begin(), out.begin() + n};
}

std::string base64url(std::string_view bytes) {
    auto text = base64(bytes);
    for (auto& c : text)
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

std::string from_base64url(std::string_view text) {
    std::string padded(text);
    for (auto& c : padded)
        c = c == '-' ? '+' : c == '_' ? '/' : c;
    auto const missing = (4 - padded.size() % 4) % 4;
    padded.append(missing, '=');
    std::vector<unsigned char> out(padded.size());
    auto const n = EVP_DecodeBlock(out.data(), bytes_of(padded), static_cast<int>(padded.size()));
    require(n >= 0, "read base64url");
    out.resize(static_cast<std::size_t>(n) - missing);
    return text_of(out);
}

std::string sha256(std::string_view text) {
    std::vector<unsigned char> out(SHA256_DIGEST_LENGTH);
    SHA256(bytes_of(text), text.size(), out.data());
    return text_of(out);
}

std::string sign(std::string_view header, std::string_view claims) {
    auto const text = base64url(header) + '.' + base64url(claims);
    return text + '.' + base64url(es256(text));
}

}  // namespace test::wire

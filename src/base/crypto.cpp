#include "base/crypto.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include <sys/random.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace tollgate {

namespace {

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 0xff;
using digit_table = std::array<std::uint8_t, 256>;

constexpr digit_table digits_of(std::string_view alphabet) {
    digit_table table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}
constexpr digit_table url_digits = digits_of(url_alphabet);
constexpr digit_table plain_digits = digits_of(plain_alphabet);

// Without padding.
std::string encode(std::string_view data, std::string_view alphabet) {
    auto const rest = data.size() % 3;
    std::string out(data.size() / 3 * 4 + (rest == 0 ? 0 : rest + 1), '\0');
    auto* to = out.data();
    auto const digit = [&](std::uint32_t bits) { return alphabet[bits & 0x3f]; };
    auto const byte = [&](std::size_t at) -> std::uint32_t {
        return static_cast<unsigned char>(data[at]);
    };
    auto const whole = data.size() - rest;
    for (std::size_t at = 0; at < whole; at += 3) {
        auto const bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
        *to++ = digit(bits >> 18);
        *to++ = digit(bits >> 12);
        *to++ = digit(bits >> 6);
        *to++ = digit(bits);
    }
    if (rest == 0) return out;
    auto const bits = byte(whole) << 16 | (rest == 2 ? byte(whole + 1) << 8 : 0);
    *to++ = digit(bits >> 18);
    *to++ = digit(bits >> 12);
    if (rest == 2) *to++ = digit(bits >> 6);
    return out;
}

// One text for one value: left-over bits must be zero (RFC 4648 §3.5), so that two different
// spellings never mean the same bytes.
std::optional<std::string> decode(std::string_view text, digit_table const& digits) {
    // No number of bytes makes so many characters.
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out(text.size() * 3 / 4, '\0');
    auto* to = out.data();
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : text) {
        auto const digit = digits[static_cast<unsigned char>(c)];
        if (digit == no_digit) return std::nullopt;
        bits = (bits << 6) | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *to++ = static_cast<char>(static_cast<unsigned char>(bits >> count));
        }
    }
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return out;
}

struct free_digest {
    void operator()(EVP_MD* md) const noexcept { EVP_MD_free(md); }
    void operator()(EVP_MD_CTX* ctx) const noexcept { EVP_MD_CTX_free(ctx); }
};

// Fetched once: a fetch by name costs more than the digest of a token.
EVP_MD const* sha256_algorithm() {
    static std::unique_ptr<EVP_MD, free_digest> const algorithm(
        EVP_MD_fetch(nullptr, "SHA256", nullptr));
    if (!algorithm) throw std::runtime_error("OpenSSL offers no SHA-256");
    return algorithm.get();
}

struct free_mac {
    void operator()(EVP_MAC* mac) const noexcept { EVP_MAC_free(mac); }
    void operator()(EVP_MAC_CTX* ctx) const noexcept { EVP_MAC_CTX_free(ctx); }
};

// One for each thread, which keeps its digest from one key to the next: to look that up by name
// costs more than all that is computed.
EVP_MAC_CTX* hmac_context() {
    static std::unique_ptr<EVP_MAC, free_mac> const hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    thread_local std::unique_ptr<EVP_MAC_CTX, free_mac> const context = [] {
        std::unique_ptr<EVP_MAC_CTX, free_mac> made(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
        char name[] = "SHA256";
        OSSL_PARAM const wanted[] = {
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_END};
        if (!made || EVP_MAC_CTX_set_params(made.get(), wanted) != 1)
            throw std::runtime_error("OpenSSL offers no HMAC-SHA-256");
        return made;
    }();
    return context.get();
}

// Random bytes that no one has been given yet: a call for a few costs the generator as much as one
// for many. What is given away is overwritten here.
class random_pool {
public:
    random_pool() = default;
    random_pool(random_pool const&) = delete;
    random_pool& operator=(random_pool const&) = delete;
    ~random_pool() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    void fill(std::string& raw) {
        for (std::size_t done = 0; done < raw.size();) {
            if (left_ == 0) refill();
            auto const n = std::min(left_, raw.size() - done);
            auto* const from = bytes_.data() + bytes_.size() - left_;
            std::copy(from, from + n, raw.begin() + static_cast<std::ptrdiff_t>(done));
            OPENSSL_cleanse(from, n);
            left_ -= n;
            done += n;
        }
    }

private:
    // Of the system itself: to set up OpenSSL's generator takes a third of what a start costs.
    void refill() {
        for (std::size_t done = 0; done < bytes_.size();) {
            auto const n = getrandom(bytes_.data() + done, bytes_.size() - done, 0);
            if (n > 0) done += static_cast<std::size_t>(n);
            if (n < 0 && errno != EINTR)
                throw std::runtime_error("the system's random generator failed");
        }
        left_ = bytes_.size();
    }

    std::array<unsigned char, 1024> bytes_{};
    std::size_t left_ = 0;
};

using sha256_digest = std::array<unsigned char, 32>;

sha256_digest digest(std::string_view data) {
    // Kept by each thread, for the same reason.
    thread_local std::unique_ptr<EVP_MD_CTX, free_digest> const ctx(EVP_MD_CTX_new());
    sha256_digest made;
    unsigned size = 0;
    if (!ctx || EVP_DigestInit_ex(ctx.get(), sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(ctx.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(ctx.get(), made.data(), &size) != 1 || size != made.size())
        throw std::runtime_error("SHA-256 failed");
    return made;
}

std::string_view text_of(sha256_digest const& bytes) noexcept {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string sha256(std::string_view data) {
    return std::string(text_of(digest(data)));
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
    auto* const context = hmac_context();
    std::string mac(32, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(mac.data());
    auto const bytes = [](std::string_view of) {
        return reinterpret_cast<unsigned char const*>(of.empty() ? "" : of.data());
    };
    std::size_t size = 0;
    bool const done = EVP_MAC_init(context, bytes(key), key.size(), nullptr) == 1 &&
                      EVP_MAC_update(context, bytes(text), text.size()) == 1 &&
                      EVP_MAC_final(context, out, &size, mac.size()) == 1;
    if (!done || size != mac.size()) throw std::runtime_error("HMAC-SHA-256 does not work");
    return mac;
}

std::string base64url(std::string_view data) {
    return encode(data, url_alphabet);
}

std::optional<std::string> from_base64url(std::string_view text) {
    return decode(text, url_digits);
}

std::string to_base64(std::string_view data) {
    auto out = encode(data, plain_alphabet);
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    return decode(text, plain_digits);
}

std::string random_token(std::size_t bytes) {
    thread_local random_pool pool;
    std::string raw(bytes, '\0');
    pool.fill(raw);
    return base64url(raw);
}

std::string digest_of(std::string_view secret) {
    return base64url(text_of(digest(secret)));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tollgate

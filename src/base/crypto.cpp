#include "base/crypto.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

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
    auto const byte = [&](std::size_t at) -> std::uint32_t {
        return at < data.size() ? static_cast<unsigned char>(data[at]) : 0;
    };
    auto* to = out.data();
    auto* const end = to + out.size();
    for (std::size_t at = 0; at < data.size(); at += 3) {
        auto const bits = byte(at) << 16 | byte(at + 1) << 8 | byte(at + 2);
        for (unsigned shift = 24; shift != 0 && to != end; *to++ = alphabet[bits >> shift & 0x3f])
            shift -= 6;
    }
    return out;
}

// One text for one value: left-over bits must be zero (RFC 4648 §3.5), so that two different
// spellings never mean the same bytes.
std::optional<std::string> decode(std::string_view text, digit_table const& digits) {
    // No number of bytes makes so many characters.
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : text) {
        auto const digit = digits[static_cast<unsigned char>(c)];
        if (digit == no_digit) return std::nullopt;
        bits = (bits << 6) | digit;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>(static_cast<unsigned char>(bits >> count));
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
    void refill() {
        if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1)
            throw std::runtime_error("the system's random generator failed");
        left_ = bytes_.size();
    }

    std::array<unsigned char, 1024> bytes_{};
    std::size_t left_ = 0;
};

}  // namespace

std::string sha256(std::string_view data) {
    // Kept by each thread, for the same reason.
    thread_local std::unique_ptr<EVP_MD_CTX, free_digest> const ctx(EVP_MD_CTX_new());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!ctx || EVP_DigestInit_ex(ctx.get(), sha256_algorithm(), nullptr) != 1 ||
        EVP_DigestUpdate(ctx.get(), data.data(), data.size()) != 1 ||
        EVP_DigestFinal_ex(ctx.get(), digest.data(), &size) != 1)
        throw std::runtime_error("SHA-256 failed");
    return {digest.begin(), digest.begin() + size};
}

// RFC 2104 §2, by the digest that is there already: OpenSSL's own looks its parts up by name at
// each call, which costs more than all that it computes.
std::string hmac_sha256(std::string_view key, std::string_view text) {
    constexpr std::size_t block = 64;
    std::string const short_key = key.size() > block ? sha256(key) : std::string(key);
    std::string inner(block, '\x36');
    std::string outer(block, '\x5c');
    for (std::size_t i = 0; i < short_key.size(); ++i) {
        inner[i] = static_cast<char>(inner[i] ^ short_key[i]);
        outer[i] = static_cast<char>(outer[i] ^ short_key[i]);
    }
    inner += text;
    outer += sha256(inner);
    return sha256(outer);
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
    return base64url(sha256(secret));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tollgate

#include "oauth/pages/browser_name.hpp"

#include "base/crypto.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t half = 16;  // of 32 bytes: 43 characters

std::string proof_of(std::string_view key, std::string_view purpose, std::string_view bits) {
    std::string text(purpose);
    text += '\n';
    text += bits;
    return hmac_sha256(key, text).substr(0, half);
}

std::string named(std::string_view key, std::string_view purpose, std::string bits) {
    auto const proof = proof_of(key, purpose, bits);
    return base64url(bits + proof);
}

}  // namespace

std::string new_browser_name(std::string_view key, std::string_view purpose) {
    return named(key, purpose, from_base64url(random_token(half)).value());
}

std::string browser_name_of(std::string_view key, std::string_view purpose, std::string_view seed) {
    // Kept apart from what proof_of() signs with the same key.
    std::string text("seed\n");
    text += seed;
    return named(key, purpose, hmac_sha256(key, text).substr(0, half));
}

bool is_browser_name(std::string_view key, std::string_view purpose, std::string_view value) {
    auto const raw = from_base64url(value);
    if (!raw || raw->size() != 2 * half) return false;
    auto const bits = std::string_view(*raw).substr(0, half);
    auto const proof = std::string_view(*raw).substr(half);
    return equal_in_constant_time(proof, proof_of(key, purpose, bits));
}

}  // namespace tollgate::oauth

// Small cryptographic helpers over OpenSSL: digests, randomness, encodings, comparison.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate {

std::string sha256(std::string_view data);                             // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view text);  // likewise (RFC 2104)
std::string base64url(std::string_view data);                          // no padding (RFC 7515 §2)
std::optional<std::string> from_base64url(std::string_view text);  // strict; nothing when malformed
std::string to_base64(std::string_view data);
std::optional<std::string> from_base64(std::string_view text);

// `bytes` bytes from the system's CSPRNG, base64url: 32 bytes carry 256 bits.
std::string random_token(std::size_t bytes = 32);

// The key under which a secret is stored: base64url(SHA-256(secret)).
std::string digest_of(std::string_view secret);

// Takes the same time wherever the first difference is (lengths are not secret).
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace tollgate

// Native key, as OpenSSL has it, and what one does with it. Only the JOSE files include this.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/jose/algorithm.hpp"
#include "oauth/jose/openssl_handles.hpp"

namespace tollgate::oauth {

// RFC 7518 §3.3, §3.5: a key of 2048 bits or more MUST be used.
inline constexpr int min_rsa_bits = 2048;

struct native_key {
    openssl_ptr<EVP_PKEY> pkey;
    std::string secret;  // HS256, instead

    native_key() = default;
    explicit native_key(openssl_ptr<EVP_PKEY> k) : pkey(std::move(k)) {}
    explicit native_key(std::string_view s) : secret(s) {}
    native_key(native_key&&) = default;
    native_key& operator=(native_key&&) = default;
    ~native_key() { OPENSSL_cleanse(secret.data(), secret.size()); }
};

// Type, curve and size are what the algorithm wants.
bool is_key_for(native_key const& key, jws_algorithm a) noexcept;

// Throws std::runtime_error when OpenSSL fails; `a` must fit.
std::string raw_signature(native_key const& key, jws_algorithm a, std::string_view data);
// `a` must fit.
bool is_raw_signature(native_key const& key, jws_algorithm a, std::string_view data,
                      std::string_view signature) noexcept;

// kty and the members that make the public key (RFC 7518 §6, RFC 8037 §2).
boost::json::object public_members(EVP_PKEY const* key);

}  // namespace tollgate::oauth

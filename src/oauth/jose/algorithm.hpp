// Signature algorithms we speak (RFC 7518 §3.1, RFC 8037 §3.1), by the names of their "alg".
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/words.hpp"

namespace tollgate::oauth {

enum class jws_algorithm : std::uint8_t { rs256, ps256, es256, eddsa, hs256 };

// Those whose key can be published.
inline constexpr std::array asymmetric_algorithms{jws_algorithm::rs256, jws_algorithm::ps256,
                                                  jws_algorithm::es256, jws_algorithm::eddsa};

inline constexpr std::array<std::string_view, 5> algorithm_names{"RS256", "PS256", "ES256", "EdDSA",
                                                                 "HS256"};

constexpr std::string_view to_text(jws_algorithm a) noexcept {
    return algorithm_names[static_cast<std::size_t>(a)];
}

constexpr auto words_of(jws_algorithm) {
    std::array<word<jws_algorithm>, algorithm_names.size()> words{};
    for (std::size_t i = 0; i < words.size(); ++i)
        words[i] = {algorithm_names[i], static_cast<jws_algorithm>(i)};
    return words;
}

// RFC 9864 §2.2: the name that says which curve; we verify under both and sign as "EdDSA".
inline constexpr std::string_view ed25519_name = "Ed25519";

// Nothing for "none" and whatever else is not in the list. "alg" compares with case.
constexpr std::optional<jws_algorithm> algorithm_named(std::string_view name) noexcept {
    if (name == ed25519_name) return jws_algorithm::eddsa;
    auto const found = std::ranges::find(algorithm_names, name);
    if (found == algorithm_names.end()) return std::nullopt;
    return static_cast<jws_algorithm>(found - algorithm_names.begin());
}

}  // namespace tollgate::oauth

// DPoP proofs (RFC 9449 §4.3): every check, pure.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// How far iat may lie in the past or in the future (RFC 9449 §11.1: "in the order of seconds or
// minutes").
inline constexpr std::chrono::seconds dpop_window{60};
inline constexpr std::size_t longest_dpop_proof = 8 << 10;

struct dpop_expectations {
    std::string_view method;                          // htm
    std::function<bool(std::string_view)> is_target;  // htu, as it stands in the proof
    std::function<bool(std::string_view)> is_nonce;   // empty: no nonce is asked for
    std::optional<std::string_view> access_token;     // ath; nothing at the token endpoint
    time_point now;
    // What the client's clock shows, where ours was moved on and its could not follow: a proof may
    // be dated by either.
    std::optional<time_point> clients_now{};
};

struct dpop_proof {
    std::string thumbprint;  // RFC 7638, of the key that signed
    std::string id;          // jti
    time_point issued_at;    // iat: it is accepted until that and dpop_window
};

// Problem 400 "invalid_dpop_proof" with a sentence, or "use_dpop_nonce" (§8). Whether the proof
// was seen before is the caller's to remember (§11.1).
outcome<dpop_proof> check_dpop_proof(std::string_view proof, dpop_expectations const& expected);

// True when `htu` is the http or https URL of this origin and path; its query and fragment do not
// count (§4.3), spelling is normalized (RFC 3986 §6.2.2, §6.2.3).
bool is_same_target(std::string_view htu, std::string_view origin, std::string_view path);

// "RS256 PS256 ES256 EdDSA": the algs parameter of a challenge (§7.1).
std::string const& dpop_algorithms();

}  // namespace tollgate::oauth

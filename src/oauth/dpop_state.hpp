// What a realm remembers for DPoP: the proofs it has seen, and what its nonces are made from.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "http/clock.hpp"
#include "oauth/dpop.hpp"
#include "oauth/jose.hpp"

namespace tollgate::oauth {

// The nonces of an authorization server and of a resource are different ones (RFC 9449 §9).
enum class dpop_side { authorization_server, resource };

// Thread-safe.
class dpop_state {
public:
    dpop_state();

    // False when this proof was presented to this target before (RFC 9449 §11.1). Remembered for
    // as long as it could be accepted; of more than most_proofs the oldest are forgotten.
    bool is_first_time(dpop_proof const& proof, std::string_view target, http::time_point now);
    static constexpr std::size_t most_proofs = 10'000;

    // The nonce of the moment: unpredictable, new every minute (§8.2), the same for everybody.
    std::string nonce(dpop_side side, http::time_point now) const;
    // That one, or the one before it.
    bool is_nonce(dpop_side side, std::string_view text, http::time_point now) const;

private:
    std::string nonce_of(dpop_side side, long long minute) const;

    signing_key secret_;
    std::mutex mutex_;
    std::unordered_set<std::string> seen_;
    std::deque<std::pair<http::time_point, std::string>> order_;  // by the time they were seen
};

}  // namespace tollgate::oauth

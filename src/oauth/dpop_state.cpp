#include "oauth/dpop_state.hpp"

#include <chrono>

#include "oauth/crypto.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t nonce_bytes = 18;

long long minute_of(http::time_point t) noexcept {
    return std::chrono::floor<std::chrono::minutes>(t.time_since_epoch()).count();
}

}  // namespace

dpop_state::dpop_state() : secret_(signing_key::generate(jws_algorithm::hs256)) {}

bool dpop_state::is_first_time(dpop_proof const& proof, std::string_view target,
                               http::time_point now) {
    std::string text = proof.thumbprint;
    text += ' ';
    text += target;
    text += ' ';
    text += proof.id;
    auto key = digest_of(text);
    // Whatever iat it has, it is not accepted any more after that.
    auto const kept_until = now + 2 * dpop_window;
    std::lock_guard const lock(mutex_);
    auto const forget_oldest = [this] {
        seen_.erase(order_.front().second);
        order_.pop_front();
    };
    while (!order_.empty() && order_.front().first <= now)
        forget_oldest();
    if (!seen_.insert(key).second) return false;
    if (order_.size() >= most_proofs) forget_oldest();
    order_.emplace_back(kept_until, std::move(key));
    return true;
}

std::string dpop_state::nonce_of(dpop_side side, long long minute) const {
    std::string text(side == dpop_side::resource ? "rs " : "as ");
    text += std::to_string(minute);
    return base64url(secret_.sign(text).substr(0, nonce_bytes));
}

std::string dpop_state::nonce(dpop_side side, http::time_point now) const {
    return nonce_of(side, minute_of(now));
}

bool dpop_state::is_nonce(dpop_side side, std::string_view text, http::time_point now) const {
    auto const minute = minute_of(now);
    return equal_in_constant_time(text, nonce_of(side, minute)) ||
           equal_in_constant_time(text, nonce_of(side, minute - 1));
}

}  // namespace tollgate::oauth

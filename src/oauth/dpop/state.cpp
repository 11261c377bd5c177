#include "oauth/dpop/state.hpp"

#include <chrono>
#include <cstring>

#include "base/crypto.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

namespace {

// 144 bits, which base64url writes without a remainder.
constexpr std::size_t nonce_bytes = 18;

long long minute_of(time_point t) noexcept {
    return std::chrono::floor<std::chrono::minutes>(t.time_since_epoch()).count();
}

}  // namespace

used_proofs::used_proofs() : salt_(random_token(16)) {}

used_proofs::used_proofs(used_proofs const& o) : salt_(o.salt_), seen_(o.seen_) {
    by_key_.reserve(o.by_key_.size());
    for (auto const& [second, rows] : o.ends_) {
        auto& own = ends_[second];
        for (auto const& r : rows) {
            auto& of_key = *by_key_.try_emplace(r.of_key->first).first;
            ++of_key.second;
            own.push_back({r.proof, &of_key});
        }
    }
}

// A salted SHA-256 is hash enough.
std::size_t used_proofs::hash::operator()(digest const& d) const noexcept {
    std::size_t h = 0;
    std::memcpy(&h, d.data(), sizeof h);
    return h;
}

// §11.1: a hash, so that a long jti takes no more room than a short one.
used_proofs::digest used_proofs::digest_of_use(dpop_proof const& proof,
                                               std::string_view target) const {
    auto text = salt_;
    for (std::string_view const part : {std::string_view(proof.thumbprint), target}) {
        text += part;
        text += ' ';
    }
    // Last: it alone may hold spaces, so that no two uses make the same text.
    text += proof.id;
    auto const whole = sha256(text);
    digest d;
    std::memcpy(d.data(), whole.data(), d.size());
    return d;
}

void used_proofs::forget_until(std::int64_t second) {
    while (!ends_.empty() && ends_.begin()->first < second) {
        for (auto const& r : ends_.begin()->second) {
            seen_.erase(r.proof);
            if (--r.of_key->second == 0) by_key_.erase(by_key_.find(r.of_key->first));
        }
        ends_.erase(ends_.begin());
    }
}

used_proofs::verdict used_proofs::use(dpop_proof const& proof, std::string_view target,
                                      time_point now) {
    forget_until(to_epoch(now));
    auto const what = digest_of_use(proof, target);
    if (seen_.contains(what)) return verdict::replayed;
    if (seen_.size() >= most_proofs) return verdict::full;
    auto const known = by_key_.find(proof.thumbprint);
    if (known != by_key_.end() && known->second >= most_of_a_key) return verdict::full;
    auto& of_key = *by_key_.try_emplace(proof.thumbprint).first;
    seen_.insert(what);
    ++of_key.second;
    // The first second in which the proof itself would be refused.
    ends_[to_epoch(proof.issued_at + dpop_window) + 1].push_back({what, &of_key});
    return verdict::first_time;
}

// New at every start: who has an older nonce is given one, and tries again (RFC 9449 §8).
dpop_state::dpop_state() : secret_(signing_key::generate(jws_algorithm::hs256)) {}

used_proofs::verdict dpop_state::use(dpop_side side, dpop_proof const& proof,
                                     std::string_view target, time_point now) {
    std::lock_guard const lock(mutex_);
    if (to_epoch(proof.issued_at) <= unknown_until_) return used_proofs::verdict::from_before;
    return (side == dpop_side::resource ? at_resource_ : at_server_).use(proof, target, now);
}

void dpop_state::forget_what_was_before(time_point now) {
    std::lock_guard const lock(mutex_);
    unknown_until_ = to_epoch(now);
}

std::string dpop_state::nonce_of(dpop_side side, long long minute) const {
    std::string text(side == dpop_side::resource ? "rs " : "as ");
    text += std::to_string(minute);
    return base64url(secret_.sign(text).substr(0, nonce_bytes));
}

std::string dpop_state::nonce(dpop_side side, time_point now) const {
    return nonce_of(side, minute_of(now));
}

bool dpop_state::is_nonce(dpop_side side, std::string_view text, time_point now) const {
    auto const minute = minute_of(now);
    return equal_in_constant_time(text, nonce_of(side, minute)) ||
           equal_in_constant_time(text, nonce_of(side, minute - 1));
}

dpop_state::image dpop_state::save() const {
    std::lock_guard const lock(mutex_);
    return {at_server_, at_resource_};
}

void dpop_state::load(image then) {
    std::lock_guard const lock(mutex_);
    at_server_ = std::move(then.at_server);
    at_resource_ = std::move(then.at_resource);
}

}  // namespace tollgate::oauth

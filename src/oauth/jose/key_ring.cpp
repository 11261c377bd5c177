#include "oauth/jose/key_ring.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::oauth {

namespace {

constexpr std::size_t place_of(jws_algorithm a) noexcept {
    return static_cast<std::size_t>(a);
}

bool holds(std::vector<jws_algorithm> const& list, jws_algorithm a) {
    return std::ranges::find(list, a) != list.end();
}

}  // namespace

key_source::key_source(std::vector<signing_key> given) {
    for (auto& key : given)
        keys_[place_of(key.algorithm_id())] = std::move(key);
}

signing_key key_source::get(jws_algorithm a) {
    std::lock_guard const lock(mutex_);
    auto& key = keys_[place_of(a)];
    // Made with the lock held: who comes meanwhile waits for this key and makes no second one.
    if (!key) key = signing_key::generate(a);
    return *key;
}

key_ring::key_ring(std::shared_ptr<key_source> source) : source_(std::move(source)) {}

signing_key key_ring::locked_current(jws_algorithm a) {
    auto& key = keys_[place_of(a)];
    if (!key) key = source_->get(a);
    return *key;
}

signing_key key_ring::current(jws_algorithm a) {
    std::lock_guard const lock(mutex_);
    return locked_current(a);
}

std::vector<boost::json::object> key_ring::published(std::vector<jws_algorithm> const& offered,
                                                     time_point now) {
    std::vector<boost::json::object> jwks;
    std::lock_guard const lock(mutex_);
    for (auto const a : asymmetric_algorithms) {
        if (keys_[place_of(a)] || holds(offered, a)) jwks.push_back(locked_current(a).public_jwk());
    }
    std::erase_if(retired_, [now](retired const& old) { return old.until <= now; });
    for (auto const& old : retired_)
        jwks.push_back(old.key.public_jwk());
    return jwks;
}

std::vector<verification_key> key_ring::verifiers(std::vector<jws_algorithm> const& offered,
                                                  time_point now) {
    std::vector<verification_key> all;
    std::lock_guard const lock(mutex_);
    for (auto const a : asymmetric_algorithms) {
        if (keys_[place_of(a)] || holds(offered, a)) all.push_back(locked_current(a).verifier());
    }
    for (auto const& old : retired_) {
        if (old.until > now) all.push_back(old.key.verifier());
    }
    return all;
}

outcome<void> key_ring::replace(std::vector<signing_key> const& fresh, time_point now,
                                time_point until) {
    std::lock_guard const lock(mutex_);
    std::erase_if(retired_, [now](retired const& old) { return old.until <= now; });
    // Before the first exchange: all of them or none.
    if (retired_.size() + fresh.size() > most_retired) {
        return problem(409, "too_many_keys",
                       "too many keys that were replaced are still valid: wait until the tokens "
                       "that they signed have expired");
    }
    for (auto const& key : fresh) {
        auto const a = key.algorithm_id();
        retired_.push_back({locked_current(a), until});
        keys_[place_of(a)] = key;
    }
    return {};
}

key_ring::image key_ring::save() const {
    std::lock_guard const lock(mutex_);
    return {keys_, retired_};
}

key_ring::image key_ring::own_of(image all) const {
    for (auto& key : all.keys)
        if (key && key->is_same_as(source_->get(key->algorithm_id()))) key.reset();
    return all;
}

void key_ring::load(image then) {
    std::lock_guard const lock(mutex_);
    keys_.swap(then.keys);
    retired_.swap(then.old);
}

void key_ring::drop_retired() {
    std::lock_guard const lock(mutex_);
    retired_.clear();
}

void key_ring::replace_by_old_names(std::vector<signing_key> fresh) {
    std::lock_guard const lock(mutex_);
    for (auto& key : fresh) {
        auto const a = key.algorithm_id();
        keys_[place_of(a)] = key.named(locked_current(a).key_id());
    }
}

}  // namespace tollgate::oauth

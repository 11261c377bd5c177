#include "oauth/limits/client_places.hpp"

#include <utility>

namespace tollgate::oauth {

client_places::~client_places() {
    if (alive_) alive_->add(-static_cast<std::int64_t>(taken_));
}

// Tells the gauge what has changed since there were `before`.
void client_places::count(std::size_t before) noexcept {
    if (alive_) alive_->add(static_cast<std::int64_t>(taken_) - static_cast<std::int64_t>(before));
}

// `client` is no part of what goes. The caller holds the lock, as of all below.
void client_places::remove(std::uint64_t realm, std::string const& client) {
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return;
    auto& places = r->second;
    auto const found = places.all.find(client);
    if (found == places.all.end()) return;
    auto const at = found->second;
    places.all.erase(found);
    --taken_;
    places.unused.erase(at);
    unused_.erase(at);
    if (places.all.empty()) realms_.erase(r);
}

// Their records lapse by themselves.
void client_places::drop_what_is_over(time_point now) {
    while (!unused_.empty() && unused_.begin()->second.until <= now) {
        auto const over = unused_.begin()->second.of;
        remove(over.realm, over.client);
    }
}

// A realm's own room is made in that realm, the server's wherever the oldest is.
bool client_places::make_room(std::uint64_t realm, std::vector<place>& gone) {
    auto const r = realms_.find(realm);
    if (r != realms_.end() && r->second.all.size() >= bounds_.realm) {
        if (r->second.unused.empty()) return false;
        gone.push_back(unused_.at(r->second.unused.begin()->first).of);
    } else if (taken_ >= bounds_.all) {
        if (unused_.empty()) return false;
        gone.push_back(unused_.begin()->second.of);
    } else {
        return true;
    }
    auto const out = gone.back();
    remove(out.realm, out.client);
    return true;
}

void client_places::settle(place p, time_point now) {
    auto& places = realms_[p.realm];
    auto const at = ++last_;
    if (!places.all.emplace(p.client, at).second) return;  // it has one
    ++taken_;
    places.unused.emplace(at, p.client);
    unused_.emplace(at, waiting{std::move(p), now + bounds_.unused_life});
}

std::optional<std::vector<client_places::place>> client_places::take(place p, time_point now) {
    std::lock_guard const lock(mutex_);
    auto const before = taken_;
    // First: for who has lapsed nobody needs to go.
    drop_what_is_over(now);
    std::vector<place> gone;
    bool const room = make_room(p.realm, gone);
    if (room) settle(std::move(p), now);
    count(before);
    if (!room) return std::nullopt;
    return gone;
}

void client_places::keep(std::uint64_t realm, std::string_view client) {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return;
    auto const found = r->second.all.find(std::string(client));
    if (found == r->second.all.end()) return;
    // 0 is nobody's number: of a client that was kept before, nothing is erased.
    auto const at = std::exchange(found->second, 0);
    r->second.unused.erase(at);
    unused_.erase(at);
}

void client_places::give_back(std::uint64_t realm, std::string_view client) {
    std::string const name(client);
    std::lock_guard const lock(mutex_);
    auto const before = taken_;
    remove(realm, name);
    count(before);
}

void client_places::forget_realm(std::uint64_t realm) {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return;
    for (auto const& [at, client] : r->second.unused)
        unused_.erase(at);
    auto const before = taken_;
    taken_ -= r->second.all.size();
    count(before);
    realms_.erase(r);
}

std::size_t client_places::in_all() const {
    std::lock_guard const lock(mutex_);
    return taken_;
}

std::size_t client_places::in_realm(std::uint64_t realm) const {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    return r == realms_.end() ? 0 : r->second.all.size();
}

}  // namespace tollgate::oauth

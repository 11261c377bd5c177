#include "store/memory/families.hpp"

#include <chrono>
#include <utility>

namespace tollgate::oauth {

namespace {

// Longer than any request may run, and so many that only a flood of revocations drops one early.
constexpr std::chrono::hours tombstone_life{1};
constexpr std::size_t max_tombstones = 4096;

template <class Map>
auto* look_up(Map& all, hashed_text const& realm, hashed_text const& group) {
    using found_type = decltype(&all.begin()->second.begin()->second);
    auto const r = all.find(realm);
    if (r == all.end()) return found_type{};
    auto const g = r->second.find(group);
    return g == r->second.end() ? found_type{} : &g->second;
}

template <class Map>
auto& make(Map& all, hashed_text const& realm, hashed_text const& group) {
    auto r = all.find(realm);
    if (r == all.end()) r = all.try_emplace(std::string(realm.text())).first;
    auto g = r->second.find(group);
    if (g == r->second.end()) g = r->second.try_emplace(std::string(group.text())).first;
    return g->second;
}

// One that is there.
template <class Map>
void forget(Map& all, hashed_text const& realm, hashed_text const& group) {
    auto const r = all.find(realm);
    r->second.erase(r->second.find(group));
    if (r->second.empty()) all.erase(r);
}

template <class Map>
void forget_realm(Map& all, hashed_text const& realm) {
    auto const found = all.find(realm);
    if (found != all.end()) all.erase(found);
}

}  // namespace

bool memory_families::is_dead(hashed_text const& realm, hashed_text const& group,
                              time_point now) const {
    auto const* until = look_up(dead_until_, realm, group);
    return until && now < *until;
}

void memory_families::join(hashed_text const& realm, hashed_text const& group, record_id id) {
    make(alive_, realm, group).insert(id);
}

void memory_families::leave(hashed_text const& realm, hashed_text const& group, record_id id) {
    auto* members = look_up(alive_, realm, group);
    if (!members) return;
    members->erase(id);
    if (members->empty()) forget(alive_, realm, group);
}

member_set memory_families::kill(hashed_text const& realm, hashed_text const& group,
                                 time_point now) {
    clear_old_tombstones(now);
    bury(realm, group, now);
    auto* found = look_up(alive_, realm, group);
    if (!found) return {};
    auto members = std::move(*found);
    forget(alive_, realm, group);
    return members;
}

void memory_families::bury(hashed_text const& realm, hashed_text const& group, time_point now) {
    auto& until = make(dead_until_, realm, group);
    if (now < until) return;
    until = now + tombstone_life;
    tombstones_.push_back(tombstone{until, std::string(realm.text()), std::string(group.text())});
}

void memory_families::clear(hashed_text const& realm) {
    forget_realm(alive_, realm);
    forget_realm(dead_until_, realm);
    std::erase_if(tombstones_, [&realm](tombstone const& t) { return t.realm == realm.text(); });
}

void memory_families::clear_old_tombstones(time_point now) {
    while (!tombstones_.empty() &&
           (tombstones_.front().until <= now || tombstones_.size() >= max_tombstones)) {
        auto const oldest = std::move(tombstones_.front());
        tombstones_.pop_front();
        auto const* until = look_up(dead_until_, oldest.realm, oldest.group);
        // It may have died again since.
        if (until && *until == oldest.until) forget(dead_until_, oldest.realm, oldest.group);
    }
}

}  // namespace tollgate::oauth

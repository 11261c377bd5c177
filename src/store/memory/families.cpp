#include "store/memory/families.hpp"

#include <chrono>

namespace tollgate::oauth {

namespace {

// Longer than any request may run, and so many that only a flood of revocations drops one early.
constexpr std::chrono::hours tombstone_life{1};
constexpr std::size_t max_tombstones = 4096;

}  // namespace

memory_families::family const* memory_families::look_up(hashed_text const& realm,
                                                        hashed_text const& group) const {
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return nullptr;
    auto const found = r->second.find(group);
    return found == r->second.end() ? nullptr : &found->second;
}

memory_families::family& memory_families::make(hashed_text const& realm, hashed_text const& group) {
    auto r = realms_.find(realm);
    if (r == realms_.end()) r = realms_.try_emplace(std::string(realm.text())).first;
    auto g = r->second.find(group);
    if (g == r->second.end()) g = r->second.try_emplace(std::string(group.text())).first;
    return g->second;
}

void memory_families::forget(hashed_text const& realm, hashed_text const& group) {
    auto const r = realms_.find(realm);
    r->second.erase(r->second.find(group));
    if (r->second.empty()) realms_.erase(r);
}

bool memory_families::is_dead(hashed_text const& realm, hashed_text const& group,
                              time_point now) const {
    auto const* found = look_up(realm, group);
    return found && now < found->dead_until;
}

void memory_families::join(hashed_text const& realm, hashed_text const& group, kind k,
                           hashed_text const& key) {
    make(realm, group).alive.emplace(k, std::string(key.text()));
}

void memory_families::leave(hashed_text const& realm, hashed_text const& group, kind k,
                            hashed_text const& key) {
    if (!look_up(realm, group)) return;
    auto& f = make(realm, group);
    f.alive.erase(member(k, std::string(key.text())));
    if (f.alive.empty() && f.dead_until == time_point{}) forget(realm, group);
}

memory_families::members memory_families::kill(hashed_text const& realm, hashed_text const& group,
                                               time_point now) {
    clear_old_tombstones(now);
    auto& f = make(realm, group);
    if (f.dead_until <= now) {
        f.dead_until = now + tombstone_life;
        tombstones_.push_back(
            tombstone{f.dead_until, std::string(realm.text()), std::string(group.text())});
    }
    return std::exchange(f.alive, {});
}

void memory_families::clear(hashed_text const& realm) {
    auto const found = realms_.find(realm);
    if (found == realms_.end()) return;
    realms_.erase(found);
    std::erase_if(tombstones_, [&realm](tombstone const& t) { return t.realm == realm.text(); });
}

void memory_families::clear_old_tombstones(time_point now) {
    while (!tombstones_.empty() &&
           (tombstones_.front().until <= now || tombstones_.size() >= max_tombstones)) {
        auto const oldest = std::move(tombstones_.front());
        tombstones_.pop_front();
        auto const* found = look_up(oldest.realm, oldest.group);
        // It may have died again since, or lived on after its tombstone had run out.
        if (!found || found->dead_until != oldest.until) continue;
        if (found->alive.empty())
            forget(oldest.realm, oldest.group);
        else
            make(oldest.realm, oldest.group).dead_until = {};
    }
}

}  // namespace tollgate::oauth

#include "store/memory/records.hpp"

#include <algorithm>

namespace tollgate::oauth {

namespace {

constexpr int swept_per_write = 4;

std::size_t index(kind k) {
    return static_cast<std::size_t>(k);
}

bool is_over(record const& r, time_point now) {
    return r.expires_at <= now;
}

// Of all groups of `r` but those that `stays` says it stays in.
template <class Stays>
void depart(departures& gone, std::string_view realm, kind k, std::string_view key, record const& r,
            Stays stays) {
    auto const from = [&](std::string const& group) {
        if (!group.empty() && !stays(group))
            gone.push_back(departure{std::string(realm), group, k, std::string(key)});
    };
    from(r.group);
    for (auto const& group : r.others)
        from(group);
}

void depart(departures& gone, std::string_view realm, kind k, std::string_view key,
            record const& r) {
    depart(gone, realm, k, key, r, [](std::string const&) { return false; });
}

}  // namespace

problem no_such_record() {
    return {404, "not_found", "There is no such record."};
}
problem record_conflict(std::string why) {
    return {409, "conflict", std::move(why)};
}

record const* memory_records::look_up(std::string_view realm, kind k, std::string_view key) const {
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return nullptr;
    auto const& records = r->second[index(k)];
    auto const found = records.find(key);
    return found == records.end() ? nullptr : &found->second;
}

record* memory_records::look_up(std::string_view realm, kind k, std::string_view key) {
    return const_cast<record*>(std::as_const(*this).look_up(realm, k, key));
}

// Puts an existing record into the order of expiry, or takes it out.
void memory_records::schedule(std::string_view realm, kind k, std::string_view key, bool on) {
    auto const r = realms_.find(realm);
    auto const found = r->second[index(k)].find(key);
    auto const at = found->second.expires_at;
    if (at == time_point::max()) return;
    due const mark(at, &r->first, k, &found->first);
    if (on)
        due_.insert(mark);
    else
        due_.erase(mark);
}

// Neither view may point into the record that goes.
void memory_records::remove(std::string_view realm, kind k, std::string_view key) {
    schedule(realm, k, key, false);
    auto const r = realms_.find(realm);
    auto& records = r->second[index(k)];
    records.erase(records.find(key));
    if (std::ranges::all_of(r->second, &records_of_kind::empty)) realms_.erase(r);
}

outcome<void> memory_records::insert(std::string_view realm, kind k, std::string_view key, record r,
                                     time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    if (auto const* old = look_up(realm, k, key)) {
        if (!is_over(*old, now)) return record_conflict("The key exists.");
        // One that is over and was not swept yet makes room.
        depart(gone, realm, k, key, *old);
        remove(realm, k, key);
    }
    r.version = ++last_version_;
    r.redeemed = false;
    auto at = realms_.find(realm);
    if (at == realms_.end()) at = realms_.try_emplace(std::string(realm)).first;
    at->second[index(k)].try_emplace(std::string(key), std::move(r));
    schedule(realm, k, key, true);
    return {};
}

outcome<record> memory_records::find(std::string_view realm, kind k, std::string_view key,
                                     time_point now) const {
    std::lock_guard const lock(mutex_);
    auto const* found = look_up(realm, k, key);
    if (!found || is_over(*found, now)) return no_such_record();
    return *found;
}

outcome<taken> memory_records::redeem(std::string_view realm, kind k, std::string_view key,
                                      time_point now) {
    std::lock_guard const lock(mutex_);
    auto* found = look_up(realm, k, key);
    if (!found || is_over(*found, now)) return no_such_record();
    bool const first = !std::exchange(found->redeemed, true);
    // Whoever is about to replace it has to look again.
    if (first) found->version = ++last_version_;
    return taken(*found, first);
}

outcome<void> memory_records::replace(std::string_view realm, kind k, std::string_view key,
                                      record r, std::uint64_t version, time_point now,
                                      departures& gone) {
    std::lock_guard const lock(mutex_);
    auto* found = look_up(realm, k, key);
    if (!found || is_over(*found, now)) return no_such_record();
    if (found->version != version) return record_conflict("The record has changed.");
    depart(gone, realm, k, key, *found, [&](std::string const& g) { return r.belongs_to(g); });
    schedule(realm, k, key, false);
    r.version = ++last_version_;
    // What was used stays used, whatever else of it is changed.
    r.redeemed = found->redeemed;
    *found = std::move(r);
    schedule(realm, k, key, true);
    return {};
}

void memory_records::erase(std::string_view realm, kind k, std::string_view key, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const* found = look_up(realm, k, key);
    if (!found) return;
    depart(gone, realm, k, key, *found);
    remove(realm, k, key);
}

bool memory_records::belongs(std::string_view realm, kind k, std::string_view key,
                             std::string_view group) const {
    std::lock_guard const lock(mutex_);
    auto const* found = look_up(realm, k, key);
    return found && found->belongs_to(group);
}

bool memory_records::erase_member(std::string_view realm, kind k, std::string_view key,
                                  std::string_view group, time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const* found = look_up(realm, k, key);
    if (!found || !found->belongs_to(group)) return false;
    bool const alive = !is_over(*found, now);
    depart(gone, realm, k, key, *found, [&](std::string const& g) { return g == group; });
    remove(realm, k, key);
    return alive;
}

std::size_t memory_records::erase_kinds(std::string_view realm, std::vector<kind> const& kinds,
                                        time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return 0;
    std::size_t alive = 0;
    for (auto const k : kinds) {
        auto& records = r->second[index(k)];
        for (auto const& [key, e] : records) {
            if (!is_over(e, now)) ++alive;
            depart(gone, realm, k, key, e);
            schedule(realm, k, key, false);
        }
        records.clear();
    }
    if (std::ranges::all_of(r->second, &records_of_kind::empty)) realms_.erase(r);
    return alive;
}

void memory_records::list(std::string_view realm, kind k, time_point now,
                          std::vector<std::string>& out) const {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return;
    for (auto const& [key, e] : r->second[index(k)])
        // Whoever counts them means those that are good.
        if (!is_over(e, now) && !e.redeemed) out.push_back(key);
}

void memory_records::sweep(time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    for (int n = 0; n < swept_per_write && !due_.empty(); ++n) {
        auto const [at, realm, k, key] = *due_.begin();
        if (at > now) return;
        std::string const realm_name = *realm;
        std::string const key_name = *key;
        depart(gone, realm_name, k, key_name, *look_up(realm_name, k, key_name));
        remove(realm_name, k, key_name);
    }
}

}  // namespace tollgate::oauth

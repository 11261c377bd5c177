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
void depart(departures& gone, hashed_text const& realm, kind k, hashed_text const& key,
            record const& r, Stays stays) {
    auto const from = [&](std::string const& group) {
        if (!group.empty() && !stays(group))
            gone.push_back(departure{std::string(realm.text()), group, k, std::string(key.text())});
    };
    from(r.group);
    for (auto const& group : r.others)
        from(group);
}

void depart(departures& gone, hashed_text const& realm, kind k, hashed_text const& key,
            record const& r) {
    depart(gone, realm, k, key, r, [](std::string const&) { return false; });
}

}  // namespace

bool memory_records::realm_shelf::empty() const noexcept {
    return std::ranges::all_of(kinds, &records_of_kind::empty);
}

memory_records::realm_shelf& memory_records::make_shelf(hashed_text const& realm,
                                                        realm_times const& times) {
    auto at = realms_.find(realm);
    if (at == realms_.end()) {
        at = realms_.try_emplace(std::string(realm.text())).first;
        at->second.time = times.find(realm);
    }
    return at->second;
}

record const* memory_records::look_up(realm_shelf const& shelf, kind k, hashed_text const& key) {
    auto const& records = shelf.kinds[index(k)];
    auto const found = records.find(key);
    return found == records.end() ? nullptr : &found->second;
}

record const* memory_records::look_up(hashed_text const& realm, kind k,
                                      hashed_text const& key) const {
    auto const r = realms_.find(realm);
    return r == realms_.end() ? nullptr : look_up(r->second, k, key);
}

// Puts an existing record into the order of expiry, or takes it out.
void memory_records::schedule(realm_shelf& shelf, kind k, records_of_kind::iterator which,
                              bool on) {
    auto const at = which->second.expires_at;
    if (at == time_point::max()) return;
    due const mark(at, k, &which->first);
    // Most records live as long as those before them: its place is near the end.
    if (on)
        shelf.in_order.insert(shelf.in_order.end(), mark);
    else
        shelf.in_order.erase(mark);
}

void memory_records::schedule(realm_shelf& shelf, kind k, hashed_text const& key, bool on) {
    schedule(shelf, k, shelf.kinds[index(k)].find(key), on);
}

void memory_records::add(realm_shelf& to, kind k, hashed_text const& key, record r) {
    auto& records = to.kinds[index(k)];
    auto at = records.find(key);
    if (at != records.end())
        at->second = std::move(r);
    else
        at = records.try_emplace(std::string(key.text()), std::move(r)).first;
    schedule(to, k, at, true);
}

// The view may not point into the record that goes. The shelf goes with its last record.
void memory_records::remove(shelves::iterator from, kind k, hashed_text const& key) {
    auto& shelf = from->second;
    schedule(shelf, k, key, false);
    auto& records = shelf.kinds[index(k)];
    records.erase(records.find(key));
    if (shelf.empty()) realms_.erase(from);
}

outcome<void> memory_records::insert(hashed_text const& realm, kind k, hashed_text const& key,
                                     record r, realm_times const& times, time_point now,
                                     departures& gone) {
    std::lock_guard const lock(mutex_);
    if (!has_room_locked(realm, k, key, now)) return record_conflict("The key exists.");
    insert_locked(realm, k, key, std::move(r), times, gone);
    return {};
}

bool memory_records::has_room_locked(hashed_text const& realm, kind k, hashed_text const& key,
                                     time_point now) const {
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return true;
    auto const* old = look_up(at->second, k, key);
    return !old || is_over(*old, at->second.at(now));
}

void memory_records::insert_locked(hashed_text const& realm, kind k, hashed_text const& key,
                                   record r, realm_times const& times, departures& gone) {
    auto& shelf = make_shelf(realm, times);
    if (auto const* old = look_up(shelf, k, key)) {
        // One that is over and was not swept yet makes room.
        depart(gone, realm, k, key, *old);
        schedule(shelf, k, key, false);
    }
    r.version = ++last_version_;
    r.redeemed = false;
    add(shelf, k, key, std::move(r));
}

outcome<record> memory_records::find(hashed_text const& realm, kind k, hashed_text const& key,
                                     time_point now) const {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return no_such_record();
    auto const* found = look_up(r->second, k, key);
    if (!found || is_over(*found, r->second.at(now))) return no_such_record();
    return *found;
}

outcome<taken> memory_records::redeem(hashed_text const& realm, kind k, hashed_text const& key,
                                      time_point now) {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return no_such_record();
    auto const found = r->second.kinds[index(k)].find(key);
    if (found == r->second.kinds[index(k)].end() || is_over(found->second, r->second.at(now)))
        return no_such_record();
    bool const first = !std::exchange(found->second.redeemed, true);
    // Whoever is about to replace it has to look again.
    if (first) found->second.version = ++last_version_;
    return taken(found->second, first);
}

outcome<void> memory_records::replace(hashed_text const& realm, kind k, hashed_text const& key,
                                      record r, std::uint64_t version, time_point now,
                                      departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return no_such_record();
    auto& shelf = at->second;
    auto const* found = look_up(shelf, k, key);
    if (!found || is_over(*found, shelf.at(now))) return no_such_record();
    if (found->version != version) return record_conflict("The record has changed.");
    depart(gone, realm, k, key, *found, [&](std::string const& g) { return r.belongs_to(g); });
    schedule(shelf, k, key, false);
    r.version = ++last_version_;
    // What was used stays used, whatever else of it is changed.
    r.redeemed = found->redeemed;
    add(shelf, k, key, std::move(r));
    return {};
}

void memory_records::erase(hashed_text const& realm, kind k, hashed_text const& key,
                           departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return;
    auto const* found = look_up(at->second, k, key);
    if (!found) return;
    depart(gone, realm, k, key, *found);
    remove(at, k, key);
}

bool memory_records::belongs(hashed_text const& realm, kind k, hashed_text const& key,
                             hashed_text const& group) const {
    std::lock_guard const lock(mutex_);
    auto const* found = look_up(realm, k, key);
    return found && found->belongs_to(group);
}

bool memory_records::erase_member(hashed_text const& realm, kind k, hashed_text const& key,
                                  hashed_text const& group, time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return false;
    auto const* found = look_up(at->second, k, key);
    if (!found || !found->belongs_to(group)) return false;
    bool const alive = !is_over(*found, at->second.at(now));
    depart(gone, realm, k, key, *found, [&](std::string const& g) { return g == group.text(); });
    remove(at, k, key);
    return alive;
}

std::size_t memory_records::erase_kinds(hashed_text const& realm, std::vector<kind> const& kinds,
                                        time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return 0;
    auto& shelf = at->second;
    std::size_t alive = 0;
    for (auto const k : kinds) {
        auto& records = shelf.kinds[index(k)];
        for (auto const& [key, e] : records) {
            if (!is_over(e, shelf.at(now))) ++alive;
            depart(gone, realm, k, key, e);
            schedule(shelf, k, key, false);
        }
        records.clear();
    }
    if (shelf.empty()) realms_.erase(at);
    return alive;
}

void memory_records::list(hashed_text const& realm, kind k, time_point now,
                          std::vector<std::string>& out) const {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return;
    for (auto const& [key, e] : r->second.kinds[index(k)])
        // Whoever counts them means those that are good.
        if (!is_over(e, r->second.at(now)) && !e.redeemed) out.push_back(key);
}

void memory_records::sweep(hashed_text const& realm, time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    sweep_locked(realm, now, gone);
    // A realm in which nothing is written any more: each in its turn.
    if (realms_.empty()) return;
    auto const bucket = turn_++ % realms_.bucket_count();
    if (realms_.bucket_size(bucket) == 0) return;
    std::string const other = realms_.begin(bucket)->first;
    if (other != realm.text()) sweep_locked(other, now, gone);
}

void memory_records::sweep_locked(hashed_text const& realm, time_point now, departures& gone) {
    for (int n = 0; n < swept_per_write; ++n) {
        auto const at = realms_.find(realm);
        if (at == realms_.end() || at->second.in_order.empty()) return;
        auto const& shelf = at->second;
        // What is over only because the clock is wrong may come back.
        auto const over = shelf.time ? shelf.time->earliest(now) : now;
        auto const [when, k, key] = *shelf.in_order.begin();
        if (when > over) return;
        std::string const name = *key;
        depart(gone, realm, k, name, *look_up(shelf, k, name));
        remove(at, k, name);
    }
}

void memory_records::follow(hashed_text const& realm, std::shared_ptr<time_shift const> by) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at != realms_.end()) at->second.time = std::move(by);
}

void memory_records::copy_locked(hashed_text const& realm, realm_records& out) const {
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return;
    for (std::size_t k = 0; k < kind_count; ++k)
        for (auto const& [key, r] : at->second.kinds[k])
            out.push_back(kept_record{static_cast<kind>(k), key, r});
}

void memory_records::names_locked(std::set<std::string, std::less<>>& out) const {
    for (auto const& [name, shelf] : realms_)
        out.insert(name);
}

void memory_records::clear_locked(hashed_text const& realm) {
    auto const at = realms_.find(realm);
    if (at != realms_.end()) realms_.erase(at);
}

void memory_records::put_locked(hashed_text const& realm, kept_record r, realm_times const& times) {
    r.record.version = ++last_version_;
    add(make_shelf(realm, times), r.kind, r.key, std::move(r.record));
}

}  // namespace tollgate::oauth

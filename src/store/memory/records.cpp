#include "store/memory/records.hpp"

#include <algorithm>
#include <utility>

namespace tollgate::oauth {

namespace {

constexpr int swept_per_write = 4;

// Of all groups of `r` but those that `stays` says it stays in.
template <class Stays>
void depart(departures& gone, hashed_text const& realm, packed_record const& r, Stays stays) {
    r.each_group([&](std::string_view group) {
        if (!stays(group))
            gone.push_back(departure{std::string(realm.text()), std::string(group), r.id()});
    });
}

void depart(departures& gone, hashed_text const& realm, packed_record const& r) {
    depart(gone, realm, r, [](std::string_view) { return false; });
}

bool is_scheduled(packed_record const& r) noexcept {
    return r.expires_at() != time_point::max();
}

}  // namespace

bool memory_records::realm_shelf::empty() const noexcept {
    return std::ranges::all_of(kinds, &packed_records::empty);
}

packed_records& memory_records::realm_shelf::of(record_id id) noexcept {
    return kinds[static_cast<std::size_t>(id.kind())];
}

packed_records const& memory_records::realm_shelf::of(record_id id) const noexcept {
    return kinds[static_cast<std::size_t>(id.kind())];
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

packed_record* memory_records::look_up(realm_shelf const& shelf, record_name const& name) {
    auto const& records = shelf.of(name.id);
    auto const found = records.find(name);
    return found == records.end() ? nullptr : found->get();
}

void memory_records::add(realm_shelf& to, record_name const& name, record const& r) {
    auto packed = packed_record::make(name, r);
    if (auto const* old = look_up(to, name)) drop(to, *old);
    auto& added = **to.of(name.id).insert(std::move(packed)).first;
    // Most records live as long as those before them: its place is near the end.
    if (is_scheduled(added)) to.in_order.insert(to.in_order.end(), added);
}

void memory_records::drop(realm_shelf& from, packed_record const& r) {
    if (is_scheduled(r)) from.in_order.erase(from.in_order.iterator_to(r));
    auto& records = from.of(r.id());
    records.erase(records.find(r.name()));
}

void memory_records::remove(shelves::iterator from, packed_record const& r) {
    drop(from->second, r);
    if (from->second.empty()) realms_.erase(from);
}

outcome<void> memory_records::insert(hashed_text const& realm, record_name const& name, record r,
                                     realm_times const& times, time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    if (!has_room_locked(realm, name, now)) return record_conflict("The key exists.");
    insert_locked(realm, name, std::move(r), times, gone);
    return {};
}

bool memory_records::has_room_locked(hashed_text const& realm, record_name const& name,
                                     time_point now) const {
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return true;
    auto const* old = look_up(at->second, name);
    return !old || old->is_over(at->second.at(now));
}

void memory_records::insert_locked(hashed_text const& realm, record_name const& name, record r,
                                   realm_times const& times, departures& gone) {
    auto& shelf = make_shelf(realm, times);
    // One that is over and was not swept yet makes room.
    if (auto const* old = look_up(shelf, name)) depart(gone, realm, *old);
    r.version = ++last_version_;
    r.redeemed = false;
    add(shelf, name, r);
}

outcome<record> memory_records::find(hashed_text const& realm, record_name const& name,
                                     time_point now) const {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return no_such_record();
    auto const* found = look_up(r->second, name);
    if (!found || found->is_over(r->second.at(now))) return no_such_record();
    return found->record();
}

outcome<taken> memory_records::redeem(hashed_text const& realm, record_name const& name,
                                      time_point now) {
    std::lock_guard const lock(mutex_);
    auto const r = realms_.find(realm);
    if (r == realms_.end()) return no_such_record();
    auto* found = look_up(r->second, name);
    if (!found || found->is_over(r->second.at(now))) return no_such_record();
    bool const first = !std::exchange(found->redeemed, true);
    // Whoever is about to replace it has to look again.
    if (first) found->version = ++last_version_;
    return taken(found->record(), first);
}

outcome<void> memory_records::replace(hashed_text const& realm, record_name const& name, record r,
                                      std::uint64_t version, time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return no_such_record();
    auto& shelf = at->second;
    auto const* found = look_up(shelf, name);
    if (!found || found->is_over(shelf.at(now))) return no_such_record();
    if (found->version != version) return record_conflict("The record has changed.");
    depart(gone, realm, *found, [&](std::string_view group) { return r.belongs_to(group); });
    r.version = ++last_version_;
    // What was used stays used, whatever else of it is changed.
    r.redeemed = found->redeemed;
    add(shelf, name, r);
    return {};
}

void memory_records::erase(hashed_text const& realm, record_name const& name, departures& gone) {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return;
    auto const* found = look_up(at->second, name);
    if (!found) return;
    depart(gone, realm, *found);
    remove(at, *found);
}

bool memory_records::belongs(hashed_text const& realm, membership const& member) const {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    return at != realms_.end() && at->second.of(member.id).contains(member);
}

std::size_t memory_records::erase_members(hashed_text const& realm, membership const& members,
                                          time_point now, departures& gone) {
    std::lock_guard const lock(mutex_);
    std::size_t alive = 0;
    for (auto at = realms_.find(realm); at != realms_.end(); at = realms_.find(realm)) {
        auto const& records = at->second.of(members.id);
        auto const found = records.find(members);
        if (found == records.end()) break;
        auto const& r = **found;
        if (!r.is_over(at->second.at(now))) ++alive;
        depart(gone, realm, r, [&](std::string_view group) { return group == members.group; });
        remove(at, r);
    }
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
        auto& records = shelf.kinds[static_cast<std::size_t>(k)];
        for (auto const& r : records) {
            if (!r->is_over(shelf.at(now))) ++alive;
            depart(gone, realm, *r);
            if (is_scheduled(*r)) shelf.in_order.erase(shelf.in_order.iterator_to(*r));
        }
        records.clear();
    }
    if (shelf.empty()) realms_.erase(at);
    return alive;
}

void memory_records::list(hashed_text const& realm, kind k, time_point now,
                          std::vector<std::string>& out) const {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return;
    for (auto const& r : at->second.kinds[static_cast<std::size_t>(k)])
        // Whoever counts them means those that are good.
        if (!r->is_over(at->second.at(now)) && !r->redeemed) out.emplace_back(r->key());
}

std::size_t memory_records::count(hashed_text const& realm, kind k, time_point now) const {
    std::lock_guard const lock(mutex_);
    auto const at = realms_.find(realm);
    if (at == realms_.end()) return 0;
    auto const is_alive = [&](auto const& r) {
        return !r->is_over(at->second.at(now)) && !r->redeemed;
    };
    auto const& all = at->second.kinds[static_cast<std::size_t>(k)];
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_alive));
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
        auto const& first = *shelf.in_order.begin();
        if (!first.is_over(over)) return;
        depart(gone, realm, first);
        remove(at, first);
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
    for (auto const& records : at->second.kinds)
        for (auto const& r : records)
            out.push_back(kept_record{r->id().kind(), std::string(r->key()), r->record()});
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
    add(make_shelf(realm, times), record_name(r.kind, r.key), r.record);
}

}  // namespace tollgate::oauth

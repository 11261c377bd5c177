// The memory backend: shards of records, shards of groups. No call ever suspends.
//
// Lock order: the shards of groups in their order, then a record's shard, of which never two but
// by who takes all of them in their order, then the times.

#include <functional>
#include <set>

#include "store/memory/held.hpp"

namespace tollgate::oauth {

namespace {

std::vector<std::string> groups_of(record const& r) {
    std::vector<std::string> groups;
    groups.reserve(r.others.size() + 1);
    if (!r.group.empty()) groups.push_back(r.group);
    groups.insert(groups.end(), r.others.begin(), r.others.end());
    return groups;
}

template <class Look>
void look_at_groups(record const& r, Look look) {
    if (!r.group.empty()) look(r.group);
    for (auto const& group : r.others)
        look(group);
}

std::size_t mix(std::size_t a, std::size_t b) {
    return a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2));
}

class memory_store final : public store {
public:
    explicit memory_store(tollgate::clock const& time) : clock_(time) {}

    task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                            record r) override {
        co_return put_now(realm, k, key, std::move(r));
    }
    task<outcome<void>> put_all(std::string_view realm, realm_records all) override {
        co_return put_all_now(realm, std::move(all));
    }
    task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) override {
        co_return records(realm, k, key).find(realm, k, key, clock_.now());
    }
    task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) override {
        co_return records(realm, k, key).redeem(realm, k, key, clock_.now());
    }
    task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key, record r,
                                std::uint64_t version) override {
        co_return replace_now(realm, k, key, std::move(r), version);
    }
    task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) override {
        departures gone;
        records(realm, k, key).erase(realm, k, key, gone);
        forget(gone);
        co_return outcome<void>();
    }
    task<outcome<std::size_t>> erase_group(std::string_view realm,
                                           std::string_view group) override {
        co_return erase_group_now(realm, group);
    }
    task<outcome<std::size_t>> erase_kinds(std::string_view realm,
                                           std::vector<kind> kinds) override {
        departures gone;
        std::size_t alive = 0;
        for (auto& shard : records_)
            alive += shard.erase_kinds(realm, kinds, clock_.now(), gone);
        forget(gone);
        co_return alive;
    }
    task<outcome<std::vector<std::string>>> keys(std::string_view realm, kind k) override {
        std::vector<std::string> all;
        for (auto const& shard : records_)
            shard.list(realm, k, clock_.now(), all);
        co_return all;
    }

    void keep_time(std::string_view realm, std::shared_ptr<time_shift const> by) override {
        times_.keep(realm, by);
        for (auto& shard : records_)
            shard.follow(realm, by);
    }
    time_point now(std::string_view realm) const override {
        auto const own = times_.find(realm);
        return own ? own->at(clock_.now()) : clock_.now();
    }
    task<outcome<realm_records>> copy(std::string_view realm) override {
        co_return copy_now(realm);
    }
    task<outcome<void>> replace_all(std::string_view realm, realm_records all) override {
        replace_all_now(realm, std::move(all));
        co_return outcome<void>();
    }

    task<outcome<std::vector<std::string>>> realms() override {
        std::set<std::string, std::less<>> names;
        held_records const held(records_);
        for (auto const& shard : records_)
            shard.names_locked(names);
        co_return std::vector<std::string>(names.begin(), names.end());
    }

private:
    static std::size_t record_shard_of(std::string_view realm, kind k, std::string_view key) {
        return mix(mix(text_hash{}(realm), static_cast<std::size_t>(k)), text_hash{}(key)) %
               shard_count;
    }
    memory_records& records(std::string_view realm, kind k, std::string_view key) {
        return records_[record_shard_of(realm, k, key)];
    }
    static std::size_t shard_of(std::string_view realm, std::string_view group) {
        return mix(text_hash{}(realm), text_hash{}(group)) % shard_count;
    }
    memory_families& families(std::string_view realm, std::string_view group) {
        return families_[shard_of(realm, group)];
    }

    // `write` runs while none of the groups can die.
    template <class Write>
    outcome<void> as_member(std::string_view realm, std::vector<std::string> const& groups, kind k,
                            std::string_view key, Write write) {
        shard_set which;
        for (auto const& group : groups)
            which.set(shard_of(realm, group));
        held_groups const held(families_, which);
        auto const now = clock_.now();
        for (auto const& group : groups)
            if (families(realm, group).is_dead(realm, group, now)) return group_is_dead();
        auto done = write();
        if (!done) return done;
        for (auto const& group : groups)
            families(realm, group).join(realm, group, k, key);
        return done;
    }

    outcome<void> put_now(std::string_view realm, kind k, std::string_view key, record r) {
        auto& shard = records(realm, k, key);
        auto const now = clock_.now();
        departures gone;
        auto const groups = groups_of(r);
        auto done = as_member(realm, groups, k, key, [&] {
            return shard.insert(realm, k, key, std::move(r), times_, now, gone);
        });
        shard.sweep(realm, now, gone);
        forget(gone);
        return done;
    }

    outcome<void> put_all_now(std::string_view realm, realm_records all) {
        auto const now = clock_.now();
        departures gone;
        auto const done = insert_all(realm, all, now, gone);
        if (done)
            for (auto const& one : all)
                records(realm, one.kind, one.key).sweep(realm, now, gone);
        forget(gone);
        return done;
    }

    // Takes the records out of `all`, and leaves their keys.
    outcome<void> insert_all(std::string_view realm, realm_records& all, time_point now,
                             departures& gone) {
        shard_set of_groups;
        shard_set of_records;
        std::vector<memory_records*> places;  // of each record, the shard that is to have it
        for (auto const& one : all) {
            auto const shard = record_shard_of(realm, one.kind, one.key);
            of_records.set(shard);
            places.push_back(&records_[shard]);
            look_at_groups(one.record,
                           [&](std::string const& g) { of_groups.set(shard_of(realm, g)); });
        }
        held_groups const groups(families_, of_groups);
        held_records const held(records_, of_records);
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& one = all[i];
            bool dead = false;
            look_at_groups(one.record, [&](std::string const& g) {
                dead = dead || families(realm, g).is_dead(realm, g, now);
            });
            if (dead) return group_is_dead();
            if (!places[i]->has_room_locked(realm, one.kind, one.key, now))
                return record_conflict("The key exists.");
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto& one = all[i];
            look_at_groups(one.record, [&](std::string const& g) {
                families(realm, g).join(realm, g, one.kind, one.key);
            });
            places[i]->insert_locked(realm, one.kind, one.key, std::move(one.record), times_, gone);
        }
        return {};
    }

    outcome<void> replace_now(std::string_view realm, kind k, std::string_view key, record r,
                              std::uint64_t version) {
        auto& shard = records(realm, k, key);
        departures gone;
        auto const groups = groups_of(r);
        auto done = as_member(realm, groups, k, key, [&] {
            return shard.replace(realm, k, key, std::move(r), version, clock_.now(), gone);
        });
        forget(gone);
        return done;
    }

    std::size_t erase_group_now(std::string_view realm, std::string_view group) {
        if (group.empty()) return 0;
        departures gone;
        auto const alive = kill(realm, group, gone);
        forget(gone);
        return alive;
    }

    std::size_t kill(std::string_view realm, std::string_view group, departures& gone) {
        auto const now = clock_.now();
        auto& shard = families(realm, group);
        std::lock_guard const lock(shard.mutex);
        auto const members = shard.kill(realm, group, now);
        std::size_t alive = 0;
        for (auto const& [k, key] : members)
            if (records(realm, k, key).erase_member(realm, k, key, group, now, gone)) ++alive;
        return alive;
    }

    // Asks again under the group's lock: the same key may be back in the same group meanwhile.
    void forget(departures const& gone) {
        for (auto const& d : gone) {
            auto& shard = families(d.realm, d.group);
            std::lock_guard const lock(shard.mutex);
            if (!records(d.realm, d.kind, d.key).belongs(d.realm, d.kind, d.key, d.group))
                shard.leave(d.realm, d.group, d.kind, d.key);
        }
    }

    realm_records copy_now(std::string_view realm) {
        realm_records all;
        held_groups const groups(families_, shard_set().set());
        held_records const held(records_);
        for (auto const& shard : records_)
            shard.copy_locked(realm, all);
        return all;
    }

    void replace_all_now(std::string_view realm, realm_records all) {
        held_groups const groups(families_, shard_set().set());
        held_records const held(records_);
        for (auto& shard : families_)
            shard.clear(realm);
        for (auto& shard : records_)
            shard.clear_locked(realm);
        for (auto& one : all) {
            for (auto const& group : groups_of(one.record))
                families(realm, group).join(realm, group, one.kind, one.key);
            records(realm, one.kind, one.key).put_locked(realm, std::move(one), times_);
        }
    }

    tollgate::clock const& clock_;
    realm_times times_;
    record_shards records_;
    family_shards families_;
};

}  // namespace

std::unique_ptr<store> make_memory_store(tollgate::clock const& time) {
    return std::make_unique<memory_store>(time);
}

}  // namespace tollgate::oauth

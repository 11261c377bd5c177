// The memory backend: shards of records, shards of groups. No call ever suspends.
//
// Lock order: the shards of groups in their order, then a record's shard, of which never two but
// by who takes all of them in their order, then the times.

#include <charconv>
#include <functional>
#include <set>

#include <boost/container/small_vector.hpp>

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

// A record that is about to be put, which it points into, and the shard that is to have it.
struct arrival {
    record_name name;
    boost::container::small_vector<hashed_text, 3> groups;
    std::size_t shard = 0;

    explicit arrival(kept_record const& r) : name(r.kind, r.key) {
        if (!r.record.group.empty()) groups.emplace_back(r.record.group);
        for (auto const& group : r.record.others)
            groups.emplace_back(group);
    }
};

std::size_t mix(std::size_t a, std::size_t b) {
    return a ^ (b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2));
}

class memory_store final : public store {
public:
    explicit memory_store(tollgate::clock const& time) : clock_(time) {}

    task<outcome<void>> put(std::string_view realm, kind k, std::string_view key,
                            record r) override {
        co_return put_now(realm, record_name(k, key), std::move(r));
    }
    task<outcome<void>> put_all(std::string_view realm, realm_records all) override {
        co_return put_all_now(realm, std::move(all));
    }
    task<outcome<record>> get(std::string_view realm, kind k, std::string_view key) override {
        hashed_text const in(realm);
        record_name const name(k, key);
        co_return records(in, name.id).find(in, name, clock_.now());
    }
    task<outcome<taken>> redeem(std::string_view realm, kind k, std::string_view key) override {
        hashed_text const in(realm);
        record_name const name(k, key);
        co_return records(in, name.id).redeem(in, name, clock_.now());
    }
    task<outcome<void>> replace(std::string_view realm, kind k, std::string_view key, record r,
                                std::uint64_t version) override {
        co_return replace_now(realm, record_name(k, key), std::move(r), version);
    }
    task<outcome<void>> erase(std::string_view realm, kind k, std::string_view key) override {
        hashed_text const in(realm);
        record_name const name(k, key);
        departures gone;
        records(in, name.id).erase(in, name, gone);
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
    // Whole shards: where one begins is the same whatever comes and goes.
    task<outcome<key_page>> page(std::string_view realm, kind k, std::string_view from) override {
        key_page some;
        std::size_t shard = 0;
        std::from_chars(from.data(), from.data() + from.size(), shard);
        for (; shard < records_.size() && some.keys.size() < keys_of_a_page; ++shard)
            records_[shard].list(realm, k, clock_.now(), some.keys);
        if (shard < records_.size()) some.next = std::to_string(shard);
        co_return some;
    }
    task<outcome<std::size_t>> count(std::string_view realm, kind k) override {
        std::size_t n = 0;
        for (auto const& shard : records_)
            n += shard.count(realm, k, clock_.now());
        co_return n;
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
    static std::size_t record_shard_of(hashed_text const& realm, record_id id) {
        return mix(mix(realm.hash(), static_cast<std::size_t>(id.kind())), id.hash()) % shard_count;
    }
    memory_records& records(hashed_text const& realm, record_id id) {
        return records_[record_shard_of(realm, id)];
    }
    static std::size_t shard_of(hashed_text const& realm, hashed_text const& group) {
        return mix(realm.hash(), group.hash()) % shard_count;
    }
    memory_families& families(hashed_text const& realm, hashed_text const& group) {
        return families_[shard_of(realm, group)];
    }

    // `write` runs while none of the groups can die.
    template <class Write>
    outcome<void> as_member(hashed_text const& realm, std::vector<std::string> const& groups,
                            record_id id, Write write) {
        std::vector<hashed_text> const hashed(groups.begin(), groups.end());
        shard_set which;
        for (auto const& group : hashed)
            which.set(shard_of(realm, group));
        held_groups const held(families_, which);
        auto const now = clock_.now();
        for (auto const& group : hashed)
            if (families(realm, group).is_dead(realm, group, now)) return group_is_dead();
        auto done = write();
        if (!done) return done;
        for (auto const& group : hashed)
            families(realm, group).join(realm, group, id);
        return done;
    }

    outcome<void> put_now(hashed_text const& realm, record_name const& name, record r) {
        auto& shard = records(realm, name.id);
        auto const now = clock_.now();
        departures gone;
        auto const groups = groups_of(r);
        auto done = as_member(realm, groups, name.id, [&] {
            return shard.insert(realm, name, std::move(r), times_, now, gone);
        });
        shard.sweep(realm, now, gone);
        forget(gone);
        return done;
    }

    outcome<void> put_all_now(hashed_text const& realm, realm_records all) {
        auto const now = clock_.now();
        departures gone;
        auto const done = insert_all(realm, all, now, gone);
        if (done)
            for (auto const& one : all)
                records(realm, record_id(one.kind, one.key)).sweep(realm, now, gone);
        forget(gone);
        return done;
    }

    // Takes the records out of `all`, and leaves their keys.
    outcome<void> insert_all(hashed_text const& realm, realm_records& all, time_point now,
                             departures& gone) {
        shard_set of_groups;
        shard_set of_records;
        std::vector<arrival> arriving;
        arriving.reserve(all.size());
        for (auto const& one : all) {
            auto& a = arriving.emplace_back(one);
            a.shard = record_shard_of(realm, a.name.id);
            of_records.set(a.shard);
            for (auto const& g : a.groups)
                of_groups.set(shard_of(realm, g));
        }
        held_groups const groups(families_, of_groups);
        held_records const held(records_, of_records);
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto const& a = arriving[i];
            for (auto const& g : a.groups)
                if (families(realm, g).is_dead(realm, g, now)) return group_is_dead();
            if (!records_[a.shard].has_room_locked(realm, a.name, now))
                return record_conflict("The key exists.");
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto& one = all[i];
            auto const& a = arriving[i];
            // The groups stand in the record: first they are joined.
            for (auto const& g : a.groups)
                families(realm, g).join(realm, g, a.name.id);
            records_[a.shard].insert_locked(realm, a.name, std::move(one.record), times_, gone);
        }
        return {};
    }

    outcome<void> replace_now(hashed_text const& realm, record_name const& name, record r,
                              std::uint64_t version) {
        auto& shard = records(realm, name.id);
        departures gone;
        auto const groups = groups_of(r);
        auto done = as_member(realm, groups, name.id, [&] {
            return shard.replace(realm, name, std::move(r), version, clock_.now(), gone);
        });
        forget(gone);
        return done;
    }

    std::size_t erase_group_now(hashed_text const& realm, hashed_text const& group) {
        if (group.text().empty()) return 0;
        departures gone;
        auto const alive = kill(realm, group, gone);
        forget(gone);
        return alive;
    }

    std::size_t kill(hashed_text const& realm, hashed_text const& group, departures& gone) {
        auto const now = clock_.now();
        auto& shard = families(realm, group);
        std::lock_guard const lock(shard.mutex);
        std::size_t alive = 0;
        shard.kill(realm, group, now).each([&](record_id id) {
            membership const members{id, group.text()};
            alive += records(realm, id).erase_members(realm, members, now, gone);
        });
        return alive;
    }

    // Asks again under the group's lock: the same key may be back in the same group meanwhile.
    void forget(departures const& gone) {
        for (auto const& d : gone) {
            hashed_text const realm(d.realm), group(d.group);
            auto& shard = families(realm, group);
            std::lock_guard const lock(shard.mutex);
            if (!records(realm, d.member).belongs(realm, membership{d.member, d.group}))
                shard.leave(realm, group, d.member);
        }
    }

    realm_records copy_now(hashed_text const& realm) {
        realm_records all;
        held_groups const groups(families_, shard_set().set());
        held_records const held(records_);
        for (auto const& shard : records_)
            shard.copy_locked(realm, all);
        return all;
    }

    void replace_all_now(hashed_text const& realm, realm_records all) {
        held_groups const groups(families_, shard_set().set());
        held_records const held(records_);
        for (auto& shard : families_)
            shard.clear(realm);
        for (auto& shard : records_)
            shard.clear_locked(realm);
        for (auto& one : all) {
            record_id const id(one.kind, one.key);
            for (auto const& group : groups_of(one.record))
                families(realm, group).join(realm, group, id);
            records(realm, id).put_locked(realm, std::move(one), times_);
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

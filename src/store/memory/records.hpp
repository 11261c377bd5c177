// One shard of the memory store: records by realm, kind and key, in order of their expiry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <boost/intrusive/set.hpp>

#include "store/memory/packed_record.hpp"
#include "store/realm_times.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

// A record that left a group (or went altogether): the group must forget it.
struct departure {
    std::string realm;
    std::string group;
    record_id member;
};
using departures = std::vector<departure>;

// Every call takes the shard's mutex for its own length and no other mutex but that of the times.
// `now` is the real time throughout; what it is for a record says the clock of its realm.
class memory_records {
public:
    // `times`: by which the realm lives if this is its first record here.
    outcome<void> insert(hashed_text const& realm, record_name const& name, record r,
                         realm_times const& times, time_point now, departures& gone);
    outcome<record> find(hashed_text const& realm, record_name const& name, time_point now) const;
    outcome<taken> redeem(hashed_text const& realm, record_name const& name, time_point now);
    outcome<void> replace(hashed_text const& realm, record_name const& name, record r,
                          std::uint64_t version, time_point now, departures& gone);
    void erase(hashed_text const& realm, record_name const& name, departures& gone);

    bool belongs(hashed_text const& realm, membership const& member) const;
    // How many of those that went had not expired. `gone` names the other groups of theirs.
    std::size_t erase_members(hashed_text const& realm, membership const& members, time_point now,
                              departures& gone);
    std::size_t erase_kinds(hashed_text const& realm, std::vector<kind> const& kinds,
                            time_point now, departures& gone);
    void list(hashed_text const& realm, kind k, time_point now,
              std::vector<std::string>& out) const;
    // How many list() tells.
    std::size_t count(hashed_text const& realm, kind k, time_point now) const;
    // Removes some of what has expired in that realm and in another: more than a write adds, so
    // that memory stays bounded, and few enough to keep the lock short.
    void sweep(hashed_text const& realm, time_point now, departures& gone);

    // The clock of a realm is another one now.
    void follow(hashed_text const& realm, std::shared_ptr<time_shift const> by);

    // For who holds the shards of all groups and the mutexes of all shards of records: what
    // the three below say and leave is the realm at one moment.
    std::mutex& mutex() noexcept { return mutex_; }
    void copy_locked(hashed_text const& realm, realm_records& out) const;
    void clear_locked(hashed_text const& realm);
    void put_locked(hashed_text const& realm, kept_record r, realm_times const& times);
    void names_locked(std::set<std::string, std::less<>>& out) const;
    // For who holds the mutexes of the shards in question: could insert() now, and does it.
    bool has_room_locked(hashed_text const& realm, record_name const& name, time_point now) const;
    void insert_locked(hashed_text const& realm, record_name const& name, record r,
                       realm_times const& times, departures& gone);

private:
    using expiries =
        boost::intrusive::multiset<packed_record, boost::intrusive::compare<earlier_expiry>,
                                   boost::intrusive::constant_time_size<false>>;
    struct realm_shelf {
        std::array<packed_records, kind_count> kinds;
        expiries in_order;                       // of those that do not live for ever
        std::shared_ptr<time_shift const> time;  // null: the store's clock

        time_point at(time_point real) const noexcept { return time ? time->at(real) : real; }
        bool empty() const noexcept;
        packed_records& of(record_id id) noexcept;
        packed_records const& of(record_id id) const noexcept;
    };

    using shelves = text_map<realm_shelf>;

    realm_shelf& make_shelf(hashed_text const& realm, realm_times const& times);
    // Over or not; null when there is none.
    static packed_record* look_up(realm_shelf const& shelf, record_name const& name);
    // Whatever of that name is there makes room.
    static void add(realm_shelf& to, record_name const& name, record const& r);
    static void drop(realm_shelf& from, packed_record const& r);
    // The shelf goes with its last record.
    void remove(shelves::iterator from, packed_record const& r);
    void sweep_locked(hashed_text const& realm, time_point now, departures& gone);

    mutable std::mutex mutex_;
    shelves realms_;
    std::uint64_t last_version_ = 0;
    std::size_t turn_ = 0;  // of the realms that are swept besides the one that writes
};

}  // namespace tollgate::oauth

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
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "store/realm_times.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

// A record that left a group (or went altogether): the group must forget it.
struct departure {
    std::string realm;
    std::string group;
    oauth::kind kind;
    std::string key;
};
using departures = std::vector<departure>;

// Every call takes the shard's mutex for its own length and no other mutex but that of the times.
// `now` is the real time throughout; what it is for a record says the clock of its realm.
class memory_records {
public:
    // `times`: by which the realm lives if this is its first record here.
    outcome<void> insert(hashed_text const& realm, kind k, hashed_text const& key, record r,
                         realm_times const& times, time_point now, departures& gone);
    outcome<record> find(hashed_text const& realm, kind k, hashed_text const& key,
                         time_point now) const;
    outcome<taken> redeem(hashed_text const& realm, kind k, hashed_text const& key, time_point now);
    outcome<void> replace(hashed_text const& realm, kind k, hashed_text const& key, record r,
                          std::uint64_t version, time_point now, departures& gone);
    void erase(hashed_text const& realm, kind k, hashed_text const& key, departures& gone);

    bool belongs(hashed_text const& realm, kind k, hashed_text const& key,
                 hashed_text const& group) const;
    // True when it went and had not expired. `gone` names the other groups that it belonged to.
    bool erase_member(hashed_text const& realm, kind k, hashed_text const& key,
                      hashed_text const& group, time_point now, departures& gone);
    std::size_t erase_kinds(hashed_text const& realm, std::vector<kind> const& kinds,
                            time_point now, departures& gone);
    void list(hashed_text const& realm, kind k, time_point now,
              std::vector<std::string>& out) const;
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
    bool has_room_locked(hashed_text const& realm, kind k, hashed_text const& key,
                         time_point now) const;
    void insert_locked(hashed_text const& realm, kind k, hashed_text const& key, record r,
                       realm_times const& times, departures& gone);

private:
    using records_of_kind = text_map<record>;
    // Points at the key of a map node, which does not move while the record is there.
    using due = std::tuple<time_point, kind, std::string const*>;
    struct realm_shelf {
        std::array<records_of_kind, kind_count> kinds;
        std::set<due> in_order;                  // of expiry
        std::shared_ptr<time_shift const> time;  // null: the store's clock

        time_point at(time_point real) const noexcept { return time ? time->at(real) : real; }
        bool empty() const noexcept;
    };

    using shelves = text_map<realm_shelf>;

    realm_shelf& make_shelf(hashed_text const& realm, realm_times const& times);
    static record const* look_up(realm_shelf const& shelf, kind k, hashed_text const& key);
    // Over or not; null when there is none.
    record const* look_up(hashed_text const& realm, kind k, hashed_text const& key) const;
    static void add(realm_shelf& to, kind k, hashed_text const& key, record r);
    void remove(shelves::iterator from, kind k, hashed_text const& key);
    void sweep_locked(hashed_text const& realm, time_point now, departures& gone);
    static void schedule(realm_shelf& shelf, kind k, records_of_kind::iterator which, bool on);
    static void schedule(realm_shelf& shelf, kind k, hashed_text const& key, bool on);

    mutable std::mutex mutex_;
    shelves realms_;
    std::uint64_t last_version_ = 0;
    std::size_t turn_ = 0;  // of the realms that are swept besides the one that writes
};

}  // namespace tollgate::oauth

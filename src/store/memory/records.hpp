// One shard of the memory store: records by realm, kind and key, in order of their expiry.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "store/store.hpp"

namespace tollgate::oauth {

// Lets maps of strings be asked with views.
struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept {
        return std::hash<std::string_view>{}(s);
    }
};
template <class T>
using text_map = std::unordered_map<std::string, T, text_hash, std::equal_to<>>;

// A record that left a group (or went altogether): the group must forget it.
struct departure {
    std::string realm;
    std::string group;
    oauth::kind kind;
    std::string key;
};
using departures = std::vector<departure>;

problem no_such_record();
problem record_conflict(std::string why);

// Every call takes the shard's mutex for its own length and no other mutex.
class memory_records {
public:
    outcome<void> insert(std::string_view realm, kind k, std::string_view key, record r,
                         time_point now, departures& gone);
    outcome<record> find(std::string_view realm, kind k, std::string_view key,
                         time_point now) const;
    outcome<taken> redeem(std::string_view realm, kind k, std::string_view key, time_point now);
    outcome<void> replace(std::string_view realm, kind k, std::string_view key, record r,
                          std::uint64_t version, time_point now, departures& gone);
    void erase(std::string_view realm, kind k, std::string_view key, departures& gone);

    bool belongs(std::string_view realm, kind k, std::string_view key,
                 std::string_view group) const;
    // True when it went and had not expired. `gone` names the other groups that it belonged to.
    bool erase_member(std::string_view realm, kind k, std::string_view key, std::string_view group,
                      time_point now, departures& gone);
    std::size_t erase_kinds(std::string_view realm, std::vector<kind> const& kinds, time_point now,
                            departures& gone);
    void list(std::string_view realm, kind k, time_point now, std::vector<std::string>& out) const;
    // Removes some of what has expired: more than a write adds, so that memory stays bounded,
    // and few enough to keep the lock short.
    void sweep(time_point now, departures& gone);

private:
    using records_of_kind = text_map<record>;
    using records_of_realm = std::array<records_of_kind, kind_count>;
    // Points at the keys of map nodes, which do not move while the record is there.
    using due = std::tuple<time_point, std::string const*, kind, std::string const*>;

    record const* look_up(std::string_view realm, kind k, std::string_view key) const;
    record* look_up(std::string_view realm, kind k, std::string_view key);
    void remove(std::string_view realm, kind k, std::string_view key);
    void schedule(std::string_view realm, kind k, std::string_view key, bool on);

    mutable std::mutex mutex_;
    text_map<records_of_realm> realms_;
    std::set<due> due_;
    std::uint64_t last_version_ = 0;
};

}  // namespace tollgate::oauth

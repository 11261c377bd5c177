// Records in the tables of a database: what the calls of the store do there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/realm_times.hpp"
#include "store/sqlite/database.hpp"
#include "store/store.hpp"

namespace tollgate::oauth {

// A time as columns have it: nanoseconds since 1970.
inline std::int64_t number(time_point t) {
    return t.time_since_epoch().count();
}

// Questions. Each is answered from one moment of the database. All throw database_error.
std::optional<record> find_record(database& db, std::string_view realm, kind k,
                                  std::string_view key);
// Of those that are alive at `now`, the time of the realm.
key_page page_of(database& db, std::string_view realm, kind k, time_point now,
                 std::string_view after);
std::size_t count_of(database& db, std::string_view realm, kind k, time_point now);
realm_records all_of(database& db, std::string_view realm);
std::vector<std::string> realms_of(database& db);

// Changes, for who has begun a transaction. A failure that is a problem has changed nothing; after
// a database_error the transaction must be rolled back. `now` is the real time throughout.
class record_writer {
public:
    // Versions begin above `base`.
    record_writer(database& db, realm_times const& times, std::uint64_t base)
        : db_(db), times_(times), last_version_(base) {}

    outcome<void> put_all(std::string_view realm, realm_records const& all, time_point now);
    outcome<taken> redeem(std::string_view realm, kind k, std::string_view key, time_point now);
    outcome<void> replace(std::string_view realm, kind k, std::string_view key, record const& r,
                          std::uint64_t version, time_point now);
    void erase(std::string_view realm, kind k, std::string_view key);
    std::size_t erase_group(std::string_view realm, std::string_view group, time_point now);
    std::size_t erase_kinds(std::string_view realm, std::vector<kind> const& kinds, time_point now);
    void replace_all(std::string_view realm, realm_records const& all);
    // At the end of a transaction. Removes what is over: of the realms that were written to a
    // little more than that, some of one realm after the other, tombstones of all.
    void sweep_next(time_point now);

private:
    struct place {
        std::string_view realm;
        oauth::kind kind;
        std::string_view key;
    };
    struct groups {
        std::vector<std::string> names;
        bool alive = false;
    };
    bool is_dead(std::string_view realm, record const& r, time_point now,
                 std::vector<std::string_view>& alive);
    std::optional<groups> groups_at(place at, time_point now);
    void insert(place at, record const& r, bool was_redeemed);
    void remove(place at, std::vector<std::string> const& groups);
    void join(place at, record const& r);
    void owe_sweeping(std::string_view realm, std::size_t more);
    void sweep(std::string_view realm, std::size_t most, time_point now);

    database& db_;
    realm_times const& times_;
    std::uint64_t last_version_;
    std::string swept_;  // the realm whose turn it was
    // How much is to be swept of the realms that were written to, once for all of a transaction.
    std::map<std::string, std::size_t, std::less<>> owed_;
};

}  // namespace tollgate::oauth

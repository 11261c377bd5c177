// How what is over goes from the tables of a database: bit by bit, with every transaction.
#include <utility>

#include "store/sqlite/records.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t swept_in_turn = 64;

}  // namespace

void record_writer::sweep(std::string_view realm, std::size_t most, time_point now) {
    auto const own = times_.find(realm);
    // What is over only because the clock is wrong may come back.
    auto const over = own ? own->earliest(now) : now;
    std::vector<std::pair<kind, std::string>> old;
    {
        query q(db_,
                "SELECT kind, key FROM record INDEXED BY due "
                "WHERE realm = ?1 AND expires <= ?2 AND expires < 9223372036854775807 "
                "ORDER BY expires LIMIT ?3",
                realm, number(over), static_cast<std::int64_t>(most));
        while (q.next())
            old.emplace_back(static_cast<kind>(q.integer(0)), q.text(1));
    }
    for (auto const& [k, key] : old)
        erase(realm, k, key);
}

void record_writer::owe_sweeping(std::string_view realm, std::size_t more) {
    auto const at = owed_.find(realm);
    if (at == owed_.end())
        owed_.emplace(realm, more);
    else
        at->second += more;
}

void record_writer::sweep_next(time_point now) {
    query(db_, "DELETE FROM dead_group WHERE until <= ?1", number(now)).run();
    for (auto const& [realm, most] : std::exchange(owed_, {}))
        sweep(realm, most, now);
    std::string next;
    {
        query q(db_, "SELECT realm FROM record WHERE realm > ?1 ORDER BY realm LIMIT 1", swept_);
        if (q.next()) next = q.text(0);
    }
    swept_ = next;
    sweep(swept_, swept_in_turn, now);
}

}  // namespace tollgate::oauth

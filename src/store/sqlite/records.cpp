#include "store/sqlite/records.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace tollgate::oauth {

namespace {

// Longer than any request may run: a put that races with the end of its group finds it.
constexpr std::chrono::hours dead_for{1};
constexpr std::size_t swept_per_record = 4;

std::int64_t number(kind k) {
    return static_cast<std::int64_t>(k);
}

// "5:other3:one": whatever bytes a name has.
std::string packed(std::vector<std::string> const& names) {
    std::string all;
    for (auto const& name : names)
        all.append(std::to_string(name.size())).append(1, ':').append(name);
    return all;
}

std::vector<std::string> unpacked(std::string_view all) {
    std::vector<std::string> names;
    while (!all.empty()) {
        std::size_t length = 0;
        auto const read = std::from_chars(all.data(), all.data() + all.size(), length);
        auto const head = static_cast<std::size_t>(read.ptr - all.data()) + 1;
        if (read.ec != std::errc() || head > all.size() || length > all.size() - head)
            throw database_error(11,
                                 "a record names its groups in no known way");  // SQLITE_CORRUPT
        names.emplace_back(all.substr(head, length));
        all.remove_prefix(head + length);
    }
    return names;
}

// Columns body, family, others, expires, version, redeemed, from `first` on.
record row_of(query const& q, int first) {
    record r(q.text(first), q.text(first + 1), unpacked(q.text(first + 2)),
             time_point(time_point::duration(q.integer(first + 3))));
    r.version = static_cast<std::uint64_t>(q.integer(first + 4));
    r.redeemed = q.integer(first + 5) != 0;
    return r;
}

// Of all its groups.
std::vector<std::string> names_of(record const& r) {
    auto names = r.others;
    if (!r.group.empty()) names.push_back(r.group);
    return names;
}

}  // namespace

std::optional<record> find_record(database& db, std::string_view realm, kind k,
                                  std::string_view key) {
    query q(db,
            "SELECT body, family, others, expires, version, redeemed FROM record "
            "WHERE realm = ?1 AND kind = ?2 AND key = ?3",
            realm, number(k), key);
    if (!q.next()) return std::nullopt;
    return row_of(q, 0);
}

key_page page_of(database& db, std::string_view realm, kind k, time_point now,
                 std::string_view after) {
    query q(db,
            "SELECT key FROM record WHERE realm = ?1 AND kind = ?2 AND key > ?4 AND expires > ?3 "
            "AND redeemed = 0 ORDER BY key LIMIT ?5",
            realm, number(k), number(now), after, static_cast<std::int64_t>(keys_of_a_page));
    key_page some;
    while (q.next())
        some.keys.push_back(q.text(0));
    if (some.keys.size() == keys_of_a_page) some.next = some.keys.back();
    return some;
}

std::size_t count_of(database& db, std::string_view realm, kind k, time_point now) {
    query q(db,
            "SELECT count(*) FROM record WHERE realm = ?1 AND kind = ?2 AND expires > ?3 AND "
            "redeemed = 0",
            realm, number(k), number(now));
    return q.next() ? static_cast<std::size_t>(q.integer(0)) : 0;
}

realm_records all_of(database& db, std::string_view realm) {
    query q(db,
            "SELECT kind, key, body, family, others, expires, version, redeemed FROM record "
            "WHERE realm = ?1",
            realm);
    realm_records all;
    while (q.next())
        all.push_back(kept_record{static_cast<kind>(q.integer(0)), q.text(1), row_of(q, 2)});
    return all;
}

std::vector<std::string> realms_of(database& db) {
    std::vector<std::string> all;
    {
        query first(db, "SELECT realm FROM record ORDER BY realm LIMIT 1");
        if (first.next()) all.push_back(first.text(0));
    }
    // From one to the next: their records are many more than they are.
    while (!all.empty()) {
        query q(db, "SELECT realm FROM record WHERE realm > ?1 ORDER BY realm LIMIT 1", all.back());
        if (!q.next()) break;
        all.push_back(q.text(0));
    }
    return all;
}

// `alive`: names that were found alive in this change, most of which its records share.
bool record_writer::is_dead(std::string_view realm, record const& r, time_point now,
                            std::vector<std::string_view>& alive) {
    auto const dead = [&](std::string_view name) {
        if (std::ranges::find(alive, name) != alive.end()) return false;
        query q(db_, "SELECT 1 FROM dead_group WHERE realm = ?1 AND name = ?2 AND until > ?3",
                realm, name, number(now));
        if (q.next()) return true;
        alive.push_back(name);
        return false;
    };
    return (!r.group.empty() && dead(r.group)) || std::ranges::any_of(r.others, dead);
}

// The groups of a record and whether it is alive; nothing where there is none.
std::optional<record_writer::groups> record_writer::groups_at(place at, time_point now) {
    query q(db_,
            "SELECT family, others, expires FROM record "
            "WHERE realm = ?1 AND kind = ?2 AND key = ?3",
            at.realm, number(at.kind), at.key);
    if (!q.next()) return std::nullopt;
    groups found;
    found.names = unpacked(q.text(1));
    if (auto family = q.text(0); !family.empty()) found.names.push_back(std::move(family));
    found.alive = q.integer(2) > number(times_.at(at.realm, now));
    return found;
}

void record_writer::join(place at, record const& r) {
    auto const member = [&](std::string_view name) {
        query(db_, "INSERT OR IGNORE INTO member (realm, name, kind, key) VALUES (?1, ?2, ?3, ?4)",
              at.realm, name, number(at.kind), at.key)
            .run();
    };
    if (!r.group.empty()) member(r.group);
    std::ranges::for_each(r.others, member);
}

void record_writer::insert(place at, record const& r, bool was_redeemed) {
    auto const others = packed(r.others);
    auto const version = static_cast<std::int64_t>(++last_version_);
    std::int64_t const redeemed = was_redeemed ? 1 : 0;
    query(db_,
          "INSERT OR REPLACE INTO record (realm, kind, key, body, family, others, expires, "
          "version, redeemed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
          at.realm, number(at.kind), at.key, r.body, r.group, others, number(r.expires_at), version,
          redeemed)
        .run();
    join(at, r);
}

void record_writer::remove(place at, std::vector<std::string> const& groups) {
    for (auto const& name : groups)
        query(db_, "DELETE FROM member WHERE realm = ?1 AND name = ?2 AND kind = ?3 AND key = ?4",
              at.realm, name, number(at.kind), at.key)
            .run();
    query(db_, "DELETE FROM record WHERE realm = ?1 AND kind = ?2 AND key = ?3", at.realm,
          number(at.kind), at.key)
        .run();
}

outcome<void> record_writer::put_all(std::string_view realm, realm_records const& all,
                                     time_point now) {
    std::vector<std::string_view> alive;
    std::vector<std::optional<groups>> over;
    for (auto const& one : all) {
        if (is_dead(realm, one.record, now, alive)) return group_is_dead();
        over.push_back(groups_at({realm, one.kind, one.key}, now));
        if (over.back() && over.back()->alive) return record_conflict("The key exists.");
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        place const at{realm, all[i].kind, all[i].key};
        // One that is over and was not swept yet makes room.
        if (over[i]) remove(at, over[i]->names);
        insert(at, all[i].record, false);
    }
    owe_sweeping(realm, all.size() * swept_per_record);
    return {};
}

outcome<taken> record_writer::redeem(std::string_view realm, kind k, std::string_view key,
                                     time_point now) {
    auto found = find_record(db_, realm, k, key);
    if (!found || found->expires_at <= times_.at(realm, now)) return no_such_record();
    if (found->redeemed) return taken(std::move(*found), false);
    // Whoever is about to replace it has to look again.
    found->version = ++last_version_;
    found->redeemed = true;
    query(db_,
          "UPDATE record SET redeemed = 1, version = ?4 "
          "WHERE realm = ?1 AND kind = ?2 AND key = ?3",
          realm, number(k), key, static_cast<std::int64_t>(found->version))
        .run();
    return taken(std::move(*found), true);
}

outcome<void> record_writer::replace(std::string_view realm, kind k, std::string_view key,
                                     record const& r, std::uint64_t version, time_point now) {
    std::vector<std::string_view> alive;
    if (is_dead(realm, r, now, alive)) return group_is_dead();
    auto const found = find_record(db_, realm, k, key);
    if (!found || found->expires_at <= times_.at(realm, now)) return no_such_record();
    if (found->version != version) return record_conflict("The record has changed.");
    place const at{realm, k, key};
    remove(at, names_of(*found));
    // What was used stays used, whatever else of it is changed.
    insert(at, r, found->redeemed);
    return {};
}

void record_writer::erase(std::string_view realm, kind k, std::string_view key) {
    place const at{realm, k, key};
    if (auto const old = groups_at(at, time_point())) remove(at, old->names);
}

std::size_t record_writer::erase_group(std::string_view realm, std::string_view group,
                                       time_point now) {
    query(db_, "INSERT OR REPLACE INTO dead_group (realm, name, until) VALUES (?1, ?2, ?3)", realm,
          group, number(now + dead_for))
        .run();
    std::vector<kept_record> members;
    {
        query q(db_,
                "SELECT kind, key, '', family, others, expires, 0, 0 FROM member CROSS JOIN record "
                "USING (realm, kind, key) WHERE member.realm = ?1 AND member.name = ?2",
                realm, group);
        while (q.next())
            members.push_back(
                kept_record{static_cast<kind>(q.integer(0)), q.text(1), row_of(q, 2)});
    }
    query(db_, "DELETE FROM member WHERE realm = ?1 AND name = ?2", realm, group).run();
    auto const at = times_.at(realm, now);
    std::size_t alive = 0;
    for (auto const& one : members) {
        if (one.record.expires_at > at) ++alive;
        auto names = names_of(one.record);
        std::erase(names, group);
        remove({realm, one.kind, one.key}, names);
    }
    return alive;
}

std::size_t record_writer::erase_kinds(std::string_view realm, std::vector<kind> const& kinds,
                                       time_point now) {
    std::size_t alive = 0;
    auto const at = number(times_.at(realm, now));
    for (auto const k : kinds) {
        {
            query q(db_,
                    "SELECT count(*) FROM record WHERE realm = ?1 AND kind = ?2 AND expires > ?3",
                    realm, number(k), at);
            if (q.next()) alive += static_cast<std::size_t>(q.integer(0));
        }
        query(db_, "DELETE FROM member WHERE realm = ?1 AND kind = ?2", realm, number(k)).run();
        query(db_, "DELETE FROM record WHERE realm = ?1 AND kind = ?2", realm, number(k)).run();
    }
    return alive;
}

void record_writer::replace_all(std::string_view realm, realm_records const& all) {
    query(db_, "DELETE FROM record WHERE realm = ?1", realm).run();
    query(db_, "DELETE FROM member WHERE realm = ?1", realm).run();
    // Groups that were erased are as good as new.
    query(db_, "DELETE FROM dead_group WHERE realm = ?1", realm).run();
    for (auto const& one : all)
        insert({realm, one.kind, one.key}, one.record, one.record.redeemed);
}

}  // namespace tollgate::oauth

// What keeps the memory of the memory store bounded: the sweep of records, tombstones of groups.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"
#include "store/memory/families.hpp"
#include "store/memory/records.hpp"

using namespace tollgate::oauth;
using namespace std::chrono_literals;

namespace {

record_name code(std::string_view key) {
    return {kind::code, key};
}

constexpr auto start = tollgate::time_point(1'800'000'000s);

struct shard {
    realm_times times;
    memory_records records;
    departures gone;

    void insert(std::string const& key, std::chrono::seconds life, std::string group = "g") {
        record r("x", std::move(group), start + life);
        BOOST_REQUIRE(records.insert("r", code(key), std::move(r), times, start, gone));
    }
    // Still in memory, whether or not it is over.
    bool holds(std::string const& key) const {
        return records.belongs("r", membership{code(key).id, "g"});
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(store_memory)

BOOST_FIXTURE_TEST_CASE(sweeps_more_than_one_write_adds_and_the_oldest_first, shard) {
    for (int i = 0; i < 20; ++i)
        insert(std::to_string(i), std::chrono::seconds(20 - i));
    records.sweep("r", start + 1h, gone);
    BOOST_TEST(gone.size() > 1u);
    BOOST_TEST(gone.size() < 20u);  // the lock is held for a short time
    BOOST_TEST((gone.front().member == code("19").id));
    BOOST_TEST(!holds("19"));
    BOOST_TEST(holds("0"));
    while (holds("0")) {
        auto const before = gone.size();
        records.sweep("r", start + 1h, gone);
        BOOST_REQUIRE(gone.size() > before);
    }
    BOOST_TEST(gone.size() == 20u);
}

BOOST_FIXTURE_TEST_CASE(sweeps_nothing_that_is_alive_or_lives_for_ever, shard) {
    insert("soon", 10s);
    record eternal("x", "g", tollgate::time_point::max());
    BOOST_REQUIRE(records.insert("r", code("ever"), std::move(eternal), times, start, gone));
    records.sweep("r", start + 10s - 1ns, gone);
    BOOST_TEST(gone.empty());
    records.sweep("r", start + 10s, gone);
    BOOST_TEST(!holds("soon"));
    records.sweep("r", start + 24h * 365 * 50, gone);
    BOOST_TEST(holds("ever"));
}

BOOST_FIXTURE_TEST_CASE(names_every_group_that_a_swept_record_leaves, shard) {
    record r("x", "family", {"client:a", "client:b"}, start + 1s);
    BOOST_REQUIRE(records.insert("r", record_name(kind::access_token, "k"), std::move(r), times,
                                 start, gone));
    BOOST_TEST(gone.empty());
    records.sweep("r", start + 1s, gone);
    std::vector<std::string> groups;
    for (auto const& d : gone)
        groups.push_back(d.group);
    std::vector<std::string> const expected{"family", "client:a", "client:b"};
    BOOST_TEST(groups == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(leaves_only_the_groups_that_a_replaced_record_is_no_longer_in, shard) {
    record old("x", "f", {"a", "b"}, tollgate::time_point::max());
    BOOST_REQUIRE(records.insert("r", code("k"), std::move(old), times, start, gone));
    auto const version = records.find("r", code("k"), start)->version;
    record changed("y", "b", {"c"}, tollgate::time_point::max());
    BOOST_REQUIRE(records.replace("r", code("k"), std::move(changed), version, start, gone));
    BOOST_REQUIRE(gone.size() == 2u);
    BOOST_TEST(gone[0].group == "f");
    BOOST_TEST(gone[1].group == "a");
}

BOOST_AUTO_TEST_CASE(forgets_a_tombstone_when_its_time_is_over) {
    memory_families f;
    f.kill("r", "g", start);
    BOOST_TEST(f.is_dead("r", "g", start));
    BOOST_TEST(!f.is_dead("r", "other", start));
    BOOST_TEST(!f.is_dead("q", "g", start));
    BOOST_TEST(!f.is_dead("r", "g", start + 24h));
}

BOOST_AUTO_TEST_CASE(gives_the_members_of_a_group_away_once) {
    memory_families f;
    record_id const token(kind::access_token, "1");
    f.join("r", "g", code("1").id);
    f.join("r", "g", token);
    f.join("r", "g", token);
    f.join("r", "g", code("2").id);
    f.leave("r", "g", code("2").id);
    f.leave("r", "nobody", code("2").id);
    std::vector<record_id> members;
    f.kill("r", "g", start).each([&](record_id id) { members.push_back(id); });
    std::vector<record_id> const expected{code("1").id, token};
    BOOST_TEST((members == expected));
    BOOST_TEST(f.kill("r", "g", start).empty());
}

// Only a flood of revocations drops a tombstone early, and then the oldest.
BOOST_AUTO_TEST_CASE(keeps_thousands_of_tombstones_and_not_without_end) {
    memory_families f;
    auto const name = [](int i) { return "g" + std::to_string(i); };
    for (int i = 0; i < 4000; ++i)
        f.kill("r", name(i), start);
    BOOST_TEST(f.is_dead("r", name(0), start));
    for (int i = 4000; i < 10'000; ++i)
        f.kill("r", name(i), start);
    BOOST_TEST(!f.is_dead("r", name(0), start));
    BOOST_TEST(f.is_dead("r", name(9'999), start));
    BOOST_TEST(f.is_dead("r", name(9'000), start));
}

// A group that comes back to life after its tombstone dies again like any other.
BOOST_AUTO_TEST_CASE(buries_a_group_again_that_lived_on) {
    memory_families f;
    f.kill("r", "g", start);
    auto const later = start + 24h;
    f.join("r", "g", code("1").id);
    f.kill("r", "other", later);  // clears the old tombstones
    BOOST_TEST(!f.is_dead("r", "g", later));
    BOOST_TEST(!f.kill("r", "g", later).empty());
    BOOST_TEST(f.is_dead("r", "g", later));
}

// A client's group has a member for each of its tokens.
BOOST_AUTO_TEST_CASE(keeps_members_apart_whether_few_or_many) {
    member_set members;
    auto const id = [](int i) { return code(std::to_string(i)).id; };
    auto const count = [&members] {
        int n = 0;
        members.each([&n](record_id) { ++n; });
        return n;
    };
    for (int i = 0; i < 100; ++i) {
        members.insert(id(i));
        members.insert(id(i));
        BOOST_REQUIRE(count() == i + 1);
    }
    for (int i = 0; i < 100; ++i) {
        BOOST_REQUIRE(!members.empty());
        members.erase(id(i));
        BOOST_REQUIRE(count() == 99 - i);
    }
    BOOST_TEST(members.empty());
}

namespace {

// As if the hashes of two keys were the same.
struct twins : shard {
    record_id const shared{kind::code, "a"};
    record_name const a{shared, "a"};
    record_name const b{shared, "b"};

    void add(record_name const& name, std::string body, std::string group) {
        record r(std::move(body), std::move(group), start + 1h);
        BOOST_REQUIRE(records.insert("r", name, std::move(r), times, start, gone));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(tells_two_records_of_one_id_apart_by_their_keys, twins) {
    add(a, "of a", "g");
    add(b, "of b", "h");
    BOOST_TEST(records.find("r", a, start)->body == "of a");
    BOOST_TEST(records.find("r", b, start)->body == "of b");
}

BOOST_FIXTURE_TEST_CASE(leaves_a_record_in_place_whose_twin_in_another_group_is_erased, twins) {
    add(a, "x", "g");
    add(b, "x", "h");
    BOOST_TEST(records.erase_members("r", membership{shared, "g"}, start, gone) == 1u);
    BOOST_TEST(!records.find("r", a, start).has_value());
    BOOST_TEST(records.find("r", b, start).has_value());
}

BOOST_FIXTURE_TEST_CASE(erases_both_of_two_records_of_one_id_and_one_group, twins) {
    add(a, "x", "g");
    add(b, "x", "g");
    BOOST_TEST(records.erase_members("r", membership{shared, "g"}, start, gone) == 2u);
    BOOST_TEST(!records.belongs("r", membership{shared, "g"}));
}

BOOST_AUTO_TEST_SUITE_END()

#include "base/bounded_table.hpp"

#include <memory>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace std::chrono_literals;

namespace {

struct fixture {
    manual_clock time;
    bounded_table<std::string> table{3};

    void put(std::string_view key, std::chrono::seconds life = 60s) {
        table.put(key, "value of " + std::string(key), time.now() + life);
    }
    bool has(std::string_view key) { return table.find(key, time.now()) != nullptr; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(bounded_tables, fixture)

BOOST_AUTO_TEST_CASE(finds_a_value_until_the_very_moment_its_time_is_over) {
    put("a", 10s);
    time.advance(10s - 1ns);
    BOOST_REQUIRE(has("a"));
    BOOST_TEST(*table.find("a", time.now()) == "value of a");
    time.advance(1ns);
    BOOST_TEST(!has("a"));
}

BOOST_AUTO_TEST_CASE(keeps_nothing_of_an_entry_that_was_found_to_be_over) {
    put("a", 1s);
    time.advance(1s);
    BOOST_TEST(!has("a"));
    BOOST_TEST(table.size() == 0u);
}

BOOST_AUTO_TEST_CASE(lets_the_oldest_entry_go_for_a_new_one) {
    for (auto const* key : {"a", "b", "c", "d"})
        put(key);
    BOOST_TEST(table.size() == 3u);
    BOOST_TEST(!has("a"));
    for (auto const* key : {"b", "c", "d"})
        BOOST_TEST(has(key), key);
}

// Or whoever asks for one key again and again would keep it for ever.
BOOST_AUTO_TEST_CASE(grows_no_younger_by_being_found) {
    for (auto const* key : {"a", "b", "c"})
        put(key);
    BOOST_TEST(has("a"));
    put("d");
    BOOST_TEST(!has("a"));
    BOOST_TEST(has("b"));
}

BOOST_AUTO_TEST_CASE(replaces_the_value_of_a_key_without_taking_the_room_of_another) {
    for (auto const* key : {"a", "b", "c"})
        put(key);
    table.put("a", "another", time.now() + 60s);
    BOOST_TEST(table.size() == 3u);
    BOOST_TEST(*table.find("a", time.now()) == "another");
    BOOST_TEST(has("b"));
    put("d");
    BOOST_TEST(has("a"));  // the youngest but one by now
    BOOST_TEST(!has("b"));
}

BOOST_AUTO_TEST_CASE(gives_a_replaced_value_its_own_time) {
    put("a", 10s);
    time.advance(9s);
    put("a", 10s);
    time.advance(9s);
    BOOST_TEST(has("a"));
}

BOOST_AUTO_TEST_CASE(erases_one_entry_and_clears_all) {
    put("a");
    put("b");
    table.erase("a");
    table.erase("never there");
    BOOST_TEST(!has("a"));
    BOOST_TEST(has("b"));
    table.clear();
    BOOST_TEST(table.size() == 0u);
    BOOST_TEST(!has("b"));
}

BOOST_AUTO_TEST_CASE(owns_its_keys_and_its_values) {
    bounded_table<std::unique_ptr<int>> owners(1);
    {
        std::string passing(100, 'k');
        auto& stored = owners.put(passing, std::make_unique<int>(7), time.now() + 1s);
        BOOST_TEST(*stored == 7);
        passing.assign(100, 'x');
    }
    auto* found = owners.find(std::string(100, 'k'), time.now());
    BOOST_REQUIRE(found != nullptr);
    BOOST_TEST(**found == 7);
}

BOOST_AUTO_TEST_SUITE_END()

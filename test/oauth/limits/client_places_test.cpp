#include "oauth/limits/client_places.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace std::chrono_literals;
using oauth::client_places;

namespace {

auto const start = tollgate::time_point(1000s);

struct places : client_places {
    places() : client_places({3, 5, 1h}) {}

    // Who had to go: "r1/a r2/b", or "full".
    std::string add(std::uint64_t realm, std::string client, tollgate::time_point now = start) {
        auto const gone = take({realm, "r" + std::to_string(realm), std::move(client)}, now);
        if (!gone) return "full";
        std::string names;
        for (auto const& g : *gone)
            names += (names.empty() ? "" : " ") + g.realm_name + '/' + g.client;
        return names;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_places_suite, places)

BOOST_AUTO_TEST_CASE(the_oldest_unused_client_of_a_full_realm_goes_first) {
    for (auto const* c : {"a", "b", "c"})
        BOOST_TEST(add(1, c) == "");
    BOOST_TEST(add(1, "d") == "r1/a");
    keep(1, "b");
    BOOST_TEST(add(1, "e") == "r1/c");
    BOOST_TEST(in_realm(1) == 3u);
}

BOOST_AUTO_TEST_CASE(the_oldest_unused_client_of_a_full_server_goes_first) {
    add(1, "a");
    add(2, "a");
    add(2, "b");
    add(3, "a");
    keep(1, "a");
    BOOST_TEST(add(3, "b") == "");
    BOOST_TEST(add(3, "c") == "r2/a");
    BOOST_TEST(in_all() == 5u);
    BOOST_TEST(in_realm(2) == 1u);
}

BOOST_AUTO_TEST_CASE(clients_in_use_are_not_taken_away) {
    for (auto const* c : {"a", "b", "c"}) {
        add(1, c);
        keep(1, c);
    }
    BOOST_TEST(add(1, "d") == "full");
    BOOST_TEST(add(1, "d", start + 100h) == "full");
    BOOST_TEST(add(2, "d") == "");
    give_back(1, "b");
    BOOST_TEST(add(1, "d") == "");
}

BOOST_AUTO_TEST_CASE(an_unused_client_lapses) {
    for (auto const* c : {"a", "b", "c"})
        add(1, c);
    keep(1, "b");
    BOOST_TEST(add(1, "d", start + 1h) == "");
    BOOST_TEST(in_realm(1) == 2u);
    keep(1, "a");  // too late
    BOOST_TEST(in_realm(1) == 2u);
}

BOOST_AUTO_TEST_CASE(a_place_is_given_back_once) {
    add(1, "a");
    add(1, "b");
    for (int i = 0; i < 3; ++i)
        give_back(1, "a");
    give_back(7, "a");
    BOOST_TEST(in_all() == 1u);
    forget_realm(1);
    forget_realm(1);
    BOOST_TEST(in_all() == 0u);
    BOOST_TEST(add(1, "a") == "");
}

BOOST_AUTO_TEST_SUITE_END()

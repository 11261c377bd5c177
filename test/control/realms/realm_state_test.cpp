#include "control/realms/realm_state.hpp"

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

constexpr auto start = tollgate::time_point(1'800'000'000s);

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_state_)

BOOST_AUTO_TEST_CASE(lives_for_ever_without_a_ttl_and_else_from_its_last_use) {
    realm_state eternal(realm_settings{}, start);
    BOOST_TEST(!eternal.expires_at());
    BOOST_TEST(!eternal.expired(start + 1000h));
    realm_settings birth;
    birth.ttl = 10s;
    realm_state s(birth, start);
    BOOST_TEST(!s.expired(start + 9s));
    BOOST_TEST(s.expired(start + 10s));
    s.touch(start + 5s);
    BOOST_TEST(!s.expired(start + 14s));
    s.touch(start + 1s);  // an older request that came late
    BOOST_TEST(!s.expired(start + 14s));
}

BOOST_AUTO_TEST_CASE(writes_times_as_rfc_3339_says) {
    BOOST_TEST(rfc3339(start) == "2027-01-15T08:00:00Z");
    BOOST_TEST(rfc3339(tollgate::time_point()) == "1970-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()

#include "control/realm_state.hpp"

#include <atomic>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "control/catalogue.hpp"
#include "control/times.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

constexpr auto start = http::time_point(1'800'000'000s);

fault_settings settings() {
    return settings_of("token.server_error");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_state_)

BOOST_AUTO_TEST_CASE(has_no_plan_until_a_fault_is_added_and_none_after_the_last_went) {
    realm_state s(realm_birth{}, start);
    BOOST_TEST(!s.has_faults());
    BOOST_TEST(s.faults() == nullptr);
    auto const f = s.add(settings(), start);
    BOOST_REQUIRE(bool(f));
    BOOST_TEST(s.has_faults());
    BOOST_TEST(s.faults()->size() == 1u);
    BOOST_TEST(s.remove_if([](fault const&) { return true; }) == 1u);
    BOOST_TEST(!s.has_faults());
    BOOST_TEST(s.faults() == nullptr);
    BOOST_TEST(s.remove_if([](fault const&) { return true; }) == 0u);
}

BOOST_AUTO_TEST_CASE(never_gives_an_id_twice) {
    realm_state s(realm_birth{}, start);
    auto const first = s.add(settings(), start);
    s.remove_if([](fault const&) { return true; });
    auto const second = s.add(settings(), start);
    BOOST_TEST((*first)->settings().id != (*second)->settings().id);
}

BOOST_AUTO_TEST_CASE(keeps_a_plan_that_a_request_holds_as_it_was) {
    realm_state s(realm_birth{}, start);
    static_cast<void>(s.add(settings(), start));
    auto const held = s.faults();
    static_cast<void>(s.add(settings(), start));
    BOOST_TEST(held->size() == 1u);
    BOOST_TEST(s.faults()->size() == 2u);
}

BOOST_AUTO_TEST_CASE(derives_the_seed_of_a_fault_from_that_of_the_realm) {
    realm_birth one;
    one.seed = 1;
    realm_birth two;
    two.seed = 2;
    realm_state a(one, start);
    realm_state b(one, start);
    realm_state c(two, start);
    auto const seed = [](realm_state& s) {
        return (*s.add(settings(), start))->settings().when.seed;
    };
    auto const first = seed(a);
    BOOST_TEST(first == seed(b));
    BOOST_TEST(first != seed(c));
    auto given = settings();
    given.when.seed = 5;
    BOOST_TEST((*a.add(given, start))->settings().when.seed == 5u);
}

BOOST_AUTO_TEST_CASE(lives_for_ever_without_a_ttl_and_else_from_its_last_use) {
    realm_state eternal(realm_birth{}, start);
    BOOST_TEST(!eternal.expires_at());
    BOOST_TEST(!eternal.expired(start + 1000h));
    realm_birth birth;
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
    BOOST_TEST(rfc3339(http::time_point()) == "1970-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_CASE(lets_many_threads_read_while_one_writes) {
    realm_state s(realm_birth{}, start);
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> hits{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            request_facts f;
            f.endpoint = "token";
            while (!stop) {
                if (auto const plan = s.faults()) {
                    hits += decide(*plan, phase::raw, f, false, start).before.size();
                }
            }
        });
    }
    std::uint64_t counted = 0;
    for (int i = 0; i < 300; ++i) {
        auto const f = s.add(settings(), start);
        std::this_thread::yield();
        s.remove_if([](fault const&) { return true; });
        counted += (*f)->fired();
    }
    stop = true;
    for (auto& t : readers)
        t.join();
    BOOST_TEST(counted <= hits.load());
    BOOST_TEST(!s.has_faults());
}

BOOST_AUTO_TEST_SUITE_END()

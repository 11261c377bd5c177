#include "control/faults/realm_faults.hpp"

#include <atomic>
#include <set>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/faults/catalogue.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

constexpr auto start = tollgate::time_point(1'800'000'000s);

fault_settings plain_settings() {
    return settings_of("token.server_error");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_faults_)

BOOST_AUTO_TEST_CASE(has_no_plan_until_a_fault_is_added_and_none_after_the_last_went) {
    realm_faults s(0);
    BOOST_TEST(!s.has_faults());
    BOOST_TEST(s.faults() == nullptr);
    auto const f = s.add(plain_settings(), start);
    BOOST_REQUIRE(bool(f));
    BOOST_TEST(s.has_faults());
    BOOST_TEST(s.faults()->size() == 1u);
    BOOST_TEST(s.remove_if([](fault const&) { return true; }) == 1u);
    BOOST_TEST(!s.has_faults());
    BOOST_TEST(s.faults() == nullptr);
    BOOST_TEST(s.remove_if([](fault const&) { return true; }) == 0u);
}

BOOST_AUTO_TEST_CASE(never_gives_an_id_twice) {
    realm_faults s(0);
    auto const first = s.add(plain_settings(), start);
    s.remove_if([](fault const&) { return true; });
    auto const second = s.add(plain_settings(), start);
    BOOST_TEST((*first)->settings().id != (*second)->settings().id);
}

BOOST_AUTO_TEST_CASE(keeps_a_plan_that_a_request_holds_as_it_was) {
    realm_faults s(0);
    static_cast<void>(s.add(plain_settings(), start));
    auto const held = s.faults();
    static_cast<void>(s.add(plain_settings(), start));
    BOOST_TEST(held->size() == 1u);
    BOOST_TEST(s.faults()->size() == 2u);
}

BOOST_AUTO_TEST_CASE(derives_the_seed_of_a_fault_from_that_of_the_realm) {
    realm_faults a(1);
    realm_faults b(1);
    realm_faults c(2);
    auto const seed = [](realm_faults& s) {
        return (*s.add(plain_settings(), start))->settings().trigger.seed;
    };
    auto const first = seed(a);
    BOOST_TEST(first == seed(b));
    BOOST_TEST(first != seed(c));
    auto given = plain_settings();
    given.trigger.seed = 5;
    BOOST_TEST((*a.add(given, start))->settings().trigger.seed == 5u);
}

// What an effect remembers belongs to one fault of one realm.
BOOST_AUTO_TEST_CASE(shares_nothing_that_effects_remember) {
    boost::json::object const none;
    object_reader in(none);
    constexpr std::string_view remembering[] = {
        R"({"delay":{"least_ms":1,"most_ms":9}})", R"({"json":{"repeat":["scope"]}})",
        R"({"redirect":{"previous":["state"]}})", R"({"validator":{"accept":"remembered"}})"};
    fault_settings given;
    for (auto const one : remembering) {
        auto const list = boost::json::array{boost::json::parse(one)};
        given.effects.push_back(read_effects(list, in, "effects").at(0));
    }
    realm_faults first(0), second(0), forked(0);
    auto const all = {&first, &second};
    for (auto* realm : all)
        BOOST_REQUIRE(bool(realm->add(given, start)));
    auto const image = first.save(start);
    forked.load(realm_faults::resumed(image, start));
    auto const effects = [](realm_faults const& r) {
        return r.faults()->front()->settings().effects;
    };
    for (std::size_t i = 0; i < given.effects.size(); ++i) {
        std::set<effect_ptr> const apart{given.effects[i], effects(first)[i], effects(second)[i],
                                         effects(forked)[i], image.faults[0].settings.effects[i]};
        BOOST_TEST(apart.size() == 5u, remembering[i]);
    }
}

BOOST_AUTO_TEST_CASE(lets_many_threads_read_while_one_writes) {
    realm_faults s(0);
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
        auto const f = s.add(plain_settings(), start);
        std::this_thread::yield();
        s.remove_if([](fault const&) { return true; });
        counted += (*f)->matched();
    }
    stop = true;
    for (auto& t : readers)
        t.join();
    BOOST_TEST(counted <= hits.load());
    BOOST_TEST(!s.has_faults());
}

BOOST_AUTO_TEST_SUITE_END()

// The clocks of realms: which records are over, and what is never swept.
#include "store/store_bench.hpp"

using namespace test::stores;

namespace {

record until(tollgate::time_point when) {
    return {"x", "g", when};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_time)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_record_lives_by_the_clock_of_its_realm, B, backends) {
    B b;
    auto const start = b.time.now();
    auto const shift = std::make_shared<time_shift>();
    b.s.keep_time("a", shift);
    BOOST_TEST(failure(now(b.s.put("a", kind::code, "k", until(start + 1h)))) == "success");
    BOOST_TEST(failure(now(b.s.put("b", kind::code, "k", until(start + 1h)))) == "success");
    shift->advance(2h, b.time.now());
    BOOST_TEST((b.s.now("a") == start + 2h));
    BOOST_TEST((b.s.now("b") == start));
    BOOST_TEST(failure(now(b.s.get("a", kind::code, "k"))) == "not_found");
    BOOST_TEST(failure(now(b.s.redeem("a", kind::code, "k"))) == "not_found");
    BOOST_TEST(now(all_keys(b.s, "a", kind::code))->empty());
    BOOST_TEST(failure(now(b.s.get("b", kind::code, "k"))) == "success");
    b.s.keep_time("a", nullptr);
    BOOST_TEST(failure(now(b.s.put("a", kind::code, "again", until(start + 1h)))) == "success");
    BOOST_TEST(failure(now(b.s.get("a", kind::code, "again"))) == "success");
}

// A clock that stands still, or is behind, holds what real time has ended: no write may sweep it.
BOOST_AUTO_TEST_CASE_TEMPLATE(never_sweeps_what_the_clock_of_the_realm_holds_valid, B, backends) {
    B b;
    auto const start = b.time.now();
    auto const frozen = std::make_shared<time_shift>();
    auto const behind = std::make_shared<time_shift>();
    frozen->freeze(true, start);
    behind->set_skew(-24h);
    b.s.keep_time("frozen", frozen);
    b.s.keep_time("behind", behind);
    for (int i = 0; i < 100; ++i)
        for (auto const* realm : {"frozen", "behind", "real"})
            now(b.s.put(realm, kind::code, std::to_string(i), until(start + 1s))).value();
    b.time.advance(1h);
    for (int i = 100; i < 300; ++i)
        for (auto const* realm : {"frozen", "behind", "real"})
            now(b.s.put(realm, kind::code, std::to_string(i), until(start + 2h))).value();
    BOOST_TEST(now(all_keys(b.s, "frozen", kind::code))->size() == 300u);
    BOOST_TEST(now(all_keys(b.s, "behind", kind::code))->size() == 300u);
    BOOST_TEST(now(all_keys(b.s, "real", kind::code))->size() == 200u);
    frozen->freeze(false, b.time.now());
    BOOST_TEST(now(all_keys(b.s, "frozen", kind::code))->size() ==
               300u);  // it goes on where it stood
}

// Wrong time is no time that has passed: what it ended is there again when it is right again.
BOOST_AUTO_TEST_CASE_TEMPLATE(brings_back_what_was_over_by_a_wrong_clock_alone, B, backends) {
    B b;
    auto const start = b.time.now();
    auto const shift = std::make_shared<time_shift>();
    b.s.keep_time("a", shift);
    for (int i = 0; i < 50; ++i)
        now(b.s.put("a", kind::code, std::to_string(i), until(start + 1h))).value();
    shift->set_skew(2h);
    BOOST_TEST(now(all_keys(b.s, "a", kind::code))->empty());
    for (int i = 50; i < 100; ++i)
        now(b.s.put("a", kind::code, std::to_string(i), until(start + 3h))).value();
    shift->set_skew(0s);
    BOOST_TEST(now(all_keys(b.s, "a", kind::code))->size() == 100u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(copies_a_realm_and_puts_it_back_revoked_groups_and_all, B, backends) {
    B b;
    auto const later = b.time.now() + 1h;
    now(b.s.put("a", kind::refresh_token, "r", record("rt", "family", {"client"}, later))).value();
    now(b.s.put("a", kind::access_token, "t", record("at", "family", {"client"}, later))).value();
    now(b.s.put("other", kind::client, "c", text("untouched"))).value();
    now(b.s.redeem("a", kind::refresh_token, "r")).value();
    auto const then = now(b.s.copy("a"));
    BOOST_REQUIRE(then);
    BOOST_TEST(then->size() == 2u);

    BOOST_TEST(now(b.s.erase_group("a", "family")).value() == 2u);
    BOOST_TEST(failure(now(b.s.put("a", kind::access_token, "u", member("family", {})))) ==
               "group_dead");
    now(b.s.put("a", kind::client, "new", text("x"))).value();
    BOOST_TEST(failure(now(b.s.replace_all("a", *then))) == "success");

    BOOST_TEST(now(b.s.get("a", kind::access_token, "t"))->body == "at");
    BOOST_TEST(!now(b.s.redeem("a", kind::refresh_token, "r"))->first_time);  // it was used then
    BOOST_TEST(failure(now(b.s.get("a", kind::client, "new"))) == "not_found");
    BOOST_TEST(now(b.s.get("other", kind::client, "c"))->body == "untouched");
    // The groups are those of then: alive, and whoever kills one kills its members.
    BOOST_TEST(failure(now(b.s.put("a", kind::access_token, "u", member("family", {})))) ==
               "success");
    BOOST_TEST(now(b.s.erase_group("a", "client")).value() == 2u);
}

// Whoever has read a record before cannot write over what came back.
BOOST_AUTO_TEST_CASE_TEMPLATE(what_comes_back_is_no_record_that_somebody_has_read, B, backends) {
    B b;
    now(b.s.put("a", kind::client, "c", text("then"))).value();
    auto const read = now(b.s.get("a", kind::client, "c"))->version;
    auto const then = now(b.s.copy("a"));
    now(b.s.replace_all("a", *then)).value();
    BOOST_TEST(failure(now(b.s.replace("a", kind::client, "c", text("late"), read))) == "conflict");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_copy_has_a_future_of_its_own, B, backends) {
    B b;
    now(b.s.put("a", kind::access_token, "t", member("family", {}))).value();
    now(b.s.replace_all("b", *now(b.s.copy("a")))).value();
    now(b.s.erase_group("a", "family")).value();
    BOOST_TEST(failure(now(b.s.get("a", kind::access_token, "t"))) == "not_found");
    BOOST_TEST(failure(now(b.s.get("b", kind::access_token, "t"))) == "success");
    BOOST_TEST(now(b.s.erase_group("b", "family")).value() == 1u);
    now(b.s.replace_all("b", {})).value();
    BOOST_TEST(now(b.s.copy("b"))->empty());
}

BOOST_AUTO_TEST_SUITE_END()

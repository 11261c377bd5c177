// The contract of oauth::store, run against every backend that `backends` names.
#include "store/store_bench.hpp"

using namespace test::stores;

BOOST_AUTO_TEST_SUITE(store_contract)

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_back_what_was_put, Backend, backends) {
    Backend b;
    BOOST_TEST(failure(now(b.s.put("r", kind::code, "k", text("{\"a\":1}", "g")))) == "success");
    auto const got = now(b.s.get("r", kind::code, "k"));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->body == "{\"a\":1}");
    BOOST_TEST(got->group == "g");
    BOOST_TEST((got->expires_at == tollgate::time_point::max()));
    BOOST_TEST(got->version != 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(says_not_found_for_what_is_not_there, Backend, backends) {
    Backend b;
    auto const got = now(b.s.get("r", kind::code, "k"));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 404u);
    BOOST_TEST(got.error().error() == "not_found");
    BOOST_TEST(failure(now(b.s.redeem("r", kind::code, "k"))) == "not_found");
    BOOST_TEST(failure(now(b.s.replace("r", kind::code, "k", text("x"), 1))) == "not_found");
    BOOST_TEST(failure(now(b.s.erase("r", kind::code, "k"))) == "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_realms_kinds_and_keys_apart, Backend, backends) {
    Backend b;
    now(b.s.put("a", kind::code, "k", text("a code"))).value();
    now(b.s.put("b", kind::code, "k", text("b code"))).value();
    now(b.s.put("a", kind::client, "k", text("a client"))).value();
    BOOST_TEST(now(b.s.get("a", kind::code, "k"))->body == "a code");
    BOOST_TEST(now(b.s.get("b", kind::code, "k"))->body == "b code");
    BOOST_TEST(now(b.s.get("a", kind::client, "k"))->body == "a client");
    BOOST_TEST(failure(now(b.s.get("b", kind::client, "k"))) == "not_found");
    BOOST_TEST(failure(now(b.s.get("a", kind::code, "K"))) == "not_found");
    now(b.s.erase("a", kind::code, "k")).value();
    BOOST_TEST(failure(now(b.s.get("a", kind::code, "k"))) == "not_found");
    BOOST_TEST(now(b.s.get("b", kind::code, "k"))->body == "b code");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_a_key_that_exists, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "k", text("first"))).value();
    auto const again = now(b.s.put("r", kind::client, "k", text("second")));
    BOOST_REQUIRE(!again);
    BOOST_TEST(again.error().status() == 409u);
    BOOST_TEST(again.error().error() == "conflict");
    BOOST_TEST(now(b.s.get("r", kind::client, "k"))->body == "first");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(forgets_a_record_at_the_very_moment_it_expires, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::access_token, "k", record("x", "g", b.time.now() + 10s))).value();
    b.time.advance(10s - 1ns);
    BOOST_TEST(failure(now(b.s.get("r", kind::access_token, "k"))) == "success");
    b.time.advance(1ns);
    BOOST_TEST(failure(now(b.s.get("r", kind::access_token, "k"))) == "not_found");
    BOOST_TEST(failure(now(b.s.redeem("r", kind::access_token, "k"))) == "not_found");
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_the_key_of_an_expired_record_away_again, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", record("old", "g1", b.time.now() + 1s))).value();
    b.time.advance(2s);
    BOOST_TEST(failure(now(b.s.put("r", kind::code, "k", text("new", "g2")))) == "success");
    BOOST_TEST(*now(b.s.erase_group("r", "g1")) == 0u);
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->body == "new");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_only_the_first_redeemer_that_it_is_first, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x", "g"))).value();
    auto const first = now(b.s.redeem("r", kind::code, "k"));
    BOOST_TEST(first->first_time);
    BOOST_TEST(first->record.body == "x");
    auto const second = now(b.s.redeem("r", kind::code, "k"));
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(!second->first_time);
    BOOST_TEST(second->record.group == "g");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shows_a_redeemed_record_as_redeemed_and_lists_it_no_more, Backend,
                              backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x", "g"))).value();
    BOOST_TEST(!now(b.s.get("r", kind::code, "k"))->redeemed);
    now(b.s.redeem("r", kind::code, "k")).value();
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->redeemed);
    BOOST_TEST(now(all_keys(b.s, "r", kind::code))->empty());
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 1u);  // it was kept to notice reuse
}

// Only the store says what is redeemed.
BOOST_AUTO_TEST_CASE_TEMPLATE(does_not_let_the_caller_choose_whether_a_record_is_redeemed, Backend,
                              backends) {
    Backend b;
    auto claimed = text("x");
    claimed.redeemed = true;
    now(b.s.put("r", kind::code, "k", std::move(claimed))).value();
    BOOST_TEST(now(b.s.redeem("r", kind::code, "k"))->first_time);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_exactly_one_of_many_threads_redeem, Backend, backends) {
    Backend b;
    for (int round = 0; round < 50; ++round) {
        auto const key = "k" + std::to_string(round);
        now(b.s.put("r", kind::code, key, text("x"))).value();
        std::atomic<int> first{0};
        std::atomic<int> later{0};
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                auto const got = now(b.s.redeem("r", kind::code, key));
                ++(got->first_time ? first : later);
            });
        threads.clear();
        BOOST_TEST(first == 1);
        BOOST_TEST(later == 3);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(replaces_only_the_version_that_was_read, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "k", text("one"))).value();
    auto const read = now(b.s.get("r", kind::client, "k"));
    BOOST_TEST(failure(now(b.s.replace("r", kind::client, "k", text("two"), read->version))) ==
               "success");
    auto const stale = now(b.s.replace("r", kind::client, "k", text("three"), read->version));
    BOOST_TEST(failure(stale) == "conflict");
    auto const after = now(b.s.get("r", kind::client, "k"));
    BOOST_TEST(after->body == "two");
    BOOST_TEST(after->version != read->version);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(never_gives_a_version_twice, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "k", text("one"))).value();
    auto const old = now(b.s.get("r", kind::client, "k"));
    now(b.s.erase("r", kind::client, "k")).value();
    now(b.s.put("r", kind::client, "k", text("another"))).value();
    BOOST_TEST(failure(now(b.s.replace("r", kind::client, "k", text("x"), old->version))) ==
               "conflict");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_the_first_redemption_as_a_change, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x"))).value();
    auto const read = now(b.s.get("r", kind::code, "k"));
    auto const redeemed = now(b.s.redeem("r", kind::code, "k"));
    BOOST_TEST(failure(now(b.s.replace("r", kind::code, "k", text("y"), read->version))) ==
               "conflict");
    auto const fresh = now(b.s.replace("r", kind::code, "k", text("y"), redeemed->record.version));
    BOOST_TEST(failure(fresh) == "success");
    BOOST_TEST(!now(b.s.redeem("r", kind::code, "k"))->first_time);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_exactly_one_of_many_threads_replace, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::refresh_token, "k", text("0"))).value();
    auto const version = now(b.s.get("r", kind::refresh_token, "k"))->version;
    std::atomic<int> won{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            auto mine = text(std::to_string(t));
            if (now(b.s.replace("r", kind::refresh_token, "k", std::move(mine), version))) ++won;
        });
    threads.clear();
    BOOST_TEST(won == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moves_a_replaced_record_to_its_new_family_and_expiry, Backend,
                              backends) {
    Backend b;
    now(b.s.put("r", kind::refresh_token, "k", text("seed", "g1"))).value();
    auto const version = now(b.s.get("r", kind::refresh_token, "k"))->version;
    record bound("bound", "g2", b.time.now() + 1h);
    now(b.s.replace("r", kind::refresh_token, "k", std::move(bound), version)).value();
    BOOST_TEST(*now(b.s.erase_group("r", "g1")) == 0u);
    BOOST_TEST(now(b.s.get("r", kind::refresh_token, "k"))->body == "bound");
    BOOST_TEST(*now(b.s.erase_group("r", "g2")) == 1u);
    BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, "k"))) == "not_found");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(erases_a_family_and_nothing_else, Backend, backends) {
    Backend b;
    for (int i = 0; i < 40; ++i) {
        auto const key = std::to_string(i);
        now(b.s.put("r", kind::access_token, key, text("x", "g"))).value();
        now(b.s.put("r", kind::refresh_token, key, text("x", "g"))).value();
        now(b.s.put("r", kind::code, key, text("x", "h"))).value();
        now(b.s.put("q", kind::access_token, key, text("x", "g"))).value();
        now(b.s.put("r", kind::client, key, text("x"))).value();
    }
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 80u);
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
    BOOST_TEST(now(all_keys(b.s, "r", kind::refresh_token))->empty());
    BOOST_TEST(now(all_keys(b.s, "r", kind::code))->size() == 40u);
    BOOST_TEST(now(all_keys(b.s, "r", kind::client))->size() == 40u);
    BOOST_TEST(now(all_keys(b.s, "q", kind::access_token))->size() == 40u);
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_to_put_into_a_dead_family, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x", "g"))).value();
    now(b.s.put("r", kind::client, "c", text("x"))).value();
    now(b.s.erase_group("r", "g")).value();
    auto const late = now(b.s.put("r", kind::access_token, "t", text("x", "g")));
    BOOST_REQUIRE(!late);
    BOOST_TEST(late.error().status() == 409u);
    BOOST_TEST(late.error().error() == "group_dead");
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
    auto const version = now(b.s.get("r", kind::client, "c"))->version;
    BOOST_TEST(failure(now(b.s.replace("r", kind::client, "c", text("y", "g"), version))) ==
               "group_dead");
    // The same name in another realm is another family.
    BOOST_TEST(failure(now(b.s.put("q", kind::access_token, "t", text("x", "g")))) == "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(kills_a_family_that_has_no_members_yet, Backend, backends) {
    Backend b;
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
    BOOST_TEST(failure(now(b.s.put("r", kind::code, "k", text("x", "g")))) == "group_dead");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(takes_no_group_for_a_group, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "k", text("x"))).value();
    BOOST_TEST(*now(b.s.erase_group("r", "")) == 0u);
    BOOST_TEST(failure(now(b.s.get("r", kind::client, "k"))) == "success");
    BOOST_TEST(failure(now(b.s.put("r", kind::client, "l", text("x")))) == "success");
}

// Whoever wins the race: nothing of the family may be left.
BOOST_AUTO_TEST_CASE_TEMPLATE(leaves_nothing_of_a_family_when_puts_race_with_its_end, Backend,
                              backends) {
    Backend b;
    for (int round = 0; round < 30; ++round) {
        auto const group = "g" + std::to_string(round);
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 20; ++i) {
                    auto const key = group + "." + std::to_string(t) + "." + std::to_string(i);
                    if (!now(b.s.put("r", kind::access_token, key, text("x", group)))) return;
                }
            });
        now(b.s.erase_group("r", group)).value();
        threads.clear();
        BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(erases_the_asked_kinds_of_one_realm, Backend, backends) {
    Backend b;
    for (auto const* realm : {"a", "b"})
        for (auto const k : {kind::client, kind::code, kind::access_token, kind::grant})
            for (auto const* key : {"1", "2", "3"})
                now(b.s.put(realm, k, key, text("x", "g"))).value();
    std::vector<kind> const asked{kind::code, kind::access_token};
    BOOST_TEST(*now(b.s.erase_kinds("a", asked)) == 6u);
    BOOST_TEST(now(all_keys(b.s, "a", kind::code))->empty());
    BOOST_TEST(now(all_keys(b.s, "a", kind::access_token))->empty());
    BOOST_TEST(now(all_keys(b.s, "a", kind::client))->size() == 3u);
    BOOST_TEST(now(all_keys(b.s, "a", kind::grant))->size() == 3u);
    BOOST_TEST(now(all_keys(b.s, "b", kind::code))->size() == 3u);
    // The families live on: only what was erased is gone from them.
    BOOST_TEST(failure(now(b.s.put("a", kind::code, "1", text("x", "g")))) == "success");
    BOOST_TEST(*now(b.s.erase_group("a", "g")) == 7u);
    BOOST_TEST(*now(b.s.erase_kinds("nobody", asked)) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_the_keys_of_one_kind_and_realm, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "b", text("x"))).value();
    now(b.s.put("r", kind::client, "a", text("x"))).value();
    now(b.s.put("r", kind::client, "late", record("x", "", b.time.now() + 1s))).value();
    now(b.s.put("r", kind::code, "c", text("x"))).value();
    b.time.advance(1s);
    std::vector<std::string> const expected{"a", "b"};
    BOOST_TEST(sorted(now(all_keys(b.s, "r", kind::client))) == expected,
               boost::test_tools::per_element());
    BOOST_TEST(now(all_keys(b.s, "q", kind::client))->empty());
}

// Writers sweep: expired records and old tombstones must not disturb those who come after.
BOOST_AUTO_TEST_CASE_TEMPLATE(survives_many_generations_of_expired_records, Backend, backends) {
    Backend b;
    for (int generation = 0; generation < 20; ++generation) {
        auto const group = "g" + std::to_string(generation);
        for (int i = 0; i < 50; ++i) {
            record r("x", group, b.time.now() + 30min);
            now(b.s.put("r", kind::access_token, group + std::to_string(i), std::move(r))).value();
        }
        BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->size() == 50u);
        if (generation % 3 == 0) BOOST_TEST(*now(b.s.erase_group("r", group)) == 50u);
        b.time.advance(40min);
    }
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
}

BOOST_AUTO_TEST_SUITE_END()

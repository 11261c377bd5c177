// Many callers at once, in the contract of oauth::store.
#include "store/store_bench.hpp"

using namespace test::stores;

BOOST_AUTO_TEST_SUITE(store_races)

BOOST_AUTO_TEST_CASE_TEMPLATE(tells_one_of_a_hundred_parallel_redeemers_that_it_is_first, Backend,
                              backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x"))).value();
    std::atomic<int> first{0};
    std::atomic<int> later{0};
    std::atomic<bool> go{false};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 100; ++t)
        threads.emplace_back([&] {
            go.wait(false);
            auto const got = now(b.s.redeem("r", kind::code, "k"));
            ++(got->first_time ? first : later);
        });
    go = true;
    go.notify_all();
    threads.clear();
    BOOST_TEST(first == 1);
    BOOST_TEST(later == 99);
}

// A refresh token that two use at once: both write successors, one redeems, the family of a loser
// dies. Whoever comes last: nothing of the family is left that was not there before.
BOOST_AUTO_TEST_CASE_TEMPLATE(ends_a_family_whose_refresh_token_two_used_at_once, Backend,
                              backends) {
    Backend b;
    for (int round = 0; round < 20; ++round) {
        auto const family = "f" + std::to_string(round);
        now(b.s.put("r", kind::refresh_token, family, text("x", family))).value();
        std::atomic<int> first{0};
        std::vector<std::jthread> threads;
        for (int t = 0; t < 2; ++t)
            threads.emplace_back([&, t] {
                auto const mine = family + "." + std::to_string(t);
                realm_records all;
                all.push_back(kept(kind::access_token, mine, text("x", family)));
                all.push_back(kept(kind::refresh_token, mine, text("x", family)));
                if (!now(b.s.put_all("r", std::move(all)))) return;
                auto const used = now(b.s.redeem("r", kind::refresh_token, family));
                if (used && used->first_time) {
                    ++first;
                } else {
                    now(b.s.erase_group("r", family)).value();
                }
            });
        threads.clear();
        BOOST_TEST(first == 1);
        BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, family + ".0"))) == "not_found");
        BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, family + ".1"))) == "not_found");
    }
}

// A copy shows both records of a pair or neither.
BOOST_AUTO_TEST_CASE_TEMPLATE(copies_one_moment_of_a_realm_while_it_is_written, Backend, backends) {
    Backend b;
    std::atomic<bool> over{false};
    std::jthread writer([&] {
        for (int i = 0; i < 300; ++i) {
            realm_records all;
            all.push_back(kept(kind::access_token, std::to_string(i), text("x")));
            all.push_back(kept(kind::refresh_token, std::to_string(i), text("x")));
            now(b.s.put_all("r", std::move(all))).value();
        }
        over = true;
    });
    std::size_t copies = 0;
    std::size_t halves = 0;
    while (!over || copies == 0) {
        auto const all = now(b.s.copy("r"));
        ++copies;
        auto const access = std::ranges::count(*all, kind::access_token, &kept_record::kind);
        if (all->size() != static_cast<std::size_t>(access) * 2) ++halves;
    }
    BOOST_TEST(halves == 0u);
    BOOST_TEST(now(b.s.copy("r"))->size() == 600u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_keys_while_they_are_written_and_erased, Backend, backends) {
    Backend b;
    for (int i = 0; i < 50; ++i)
        now(b.s.put("r", kind::client, "stays" + std::to_string(i), text("x"))).value();
    std::atomic<bool> over{false};
    std::jthread writer([&] {
        for (int i = 0; i < 200; ++i) {
            auto const key = "comes" + std::to_string(i);
            now(b.s.put("r", kind::client, key, text("x"))).value();
            now(b.s.erase("r", kind::client, key)).value();
        }
        over = true;
    });
    bool whole = true;
    while (!over) {
        auto const keys = now(all_keys(b.s, "r", kind::client));
        auto const stay = std::ranges::count_if(
            *keys, [](std::string const& k) { return k.starts_with("stays"); });
        whole = whole && stay == 50;
    }
    BOOST_TEST(whole);
}

// replace_all is one moment, too: whoever looks finds the realm as it was or as it becomes.
BOOST_AUTO_TEST_CASE_TEMPLATE(puts_a_realm_back_at_one_moment, Backend, backends) {
    Backend b;
    for (int i = 0; i < 20; ++i)
        now(b.s.put("r", kind::client, std::to_string(i), text("x"))).value();
    auto const then = now(b.s.copy("r"));
    std::atomic<bool> over{false};
    std::jthread restoring([&] {
        for (int i = 0; i < 30; ++i)
            now(b.s.replace_all("r", *then)).value();
        over = true;
    });
    bool whole = true;
    while (!over)
        whole = whole && now(b.s.copy("r"))->size() == 20u;
    BOOST_TEST(whole);
}

// What a reader was told is written is there for whoever looks afterwards, on whichever thread.
BOOST_AUTO_TEST_CASE_TEMPLATE(shows_every_thread_what_was_acknowledged_to_one, Backend, backends) {
    Backend b;
    for (int i = 0; i < 100; ++i) {
        auto const key = std::to_string(i);
        now(b.s.put("r", kind::code, key, text("x"))).value();
        bool found = false;
        std::jthread([&] { found = now(b.s.get("r", kind::code, key)).has_value(); }).join();
        BOOST_TEST(found);
    }
}

BOOST_AUTO_TEST_SUITE_END()

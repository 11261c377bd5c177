// Records that belong to several groups, in the contract of oauth::store.
#include "store/store_bench.hpp"

using namespace test::stores;

BOOST_AUTO_TEST_SUITE(store_groups)

// A record may belong to several groups: its family, those it was exchanged from, its client.
BOOST_AUTO_TEST_CASE_TEMPLATE(erases_what_belongs_to_a_group_whatever_else_it_belongs_to, Backend,
                              backends) {
    Backend b;
    now(b.s.put("r", kind::access_token, "1", member("f1", {"client:a"}))).value();
    now(b.s.put("r", kind::access_token, "2", member("f2", {"f1", "client:b"}))).value();
    now(b.s.put("r", kind::access_token, "3", member("f3", {"client:b"}))).value();
    now(b.s.put("r", kind::refresh_token, "1", member("f1", {"client:a"}))).value();
    now(b.s.put("r", kind::access_token, "4", member("", {"client:b"}))).value();
    auto const got = now(b.s.get("r", kind::access_token, "2"));
    BOOST_TEST(got->group == "f2");
    std::vector<std::string> const others{"f1", "client:b"};
    BOOST_TEST(got->others == others, boost::test_tools::per_element());
    BOOST_TEST(*now(b.s.erase_group("r", "client:b")) == 3u);
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->size() == 1u);
    BOOST_TEST(*now(b.s.erase_group("r", "f2")) == 0u);
    BOOST_TEST(*now(b.s.erase_group("r", "f1")) == 2u);
    BOOST_TEST(*now(b.s.erase_group("r", "client:a")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(refuses_to_put_where_any_of_the_groups_is_dead, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "c", text("x"))).value();
    now(b.s.erase_group("r", "dead")).value();
    for (auto const& r : {member("f", {"dead"}), member("f", {"g", "dead"}), member("dead", {"g"}),
                          member("", {"dead"})}) {
        BOOST_TEST(failure(now(b.s.put("r", kind::access_token, "t", r))) == "group_dead");
        auto const version = now(b.s.get("r", kind::client, "c"))->version;
        BOOST_TEST(failure(now(b.s.replace("r", kind::client, "c", r, version))) == "group_dead");
    }
    // What was refused has joined none of the others.
    BOOST_TEST(*now(b.s.erase_group("r", "f")) == 0u);
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
    BOOST_TEST(failure(now(b.s.get("r", kind::client, "c"))) == "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(moves_a_replaced_record_among_all_its_groups, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::refresh_token, "k", member("f", {"a", "b"}))).value();
    auto const version = now(b.s.get("r", kind::refresh_token, "k"))->version;
    now(b.s.replace("r", kind::refresh_token, "k", member("f", {"b", "c"}), version)).value();
    BOOST_TEST(*now(b.s.erase_group("r", "a")) == 0u);
    BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, "k"))) == "success");
    BOOST_TEST(*now(b.s.erase_group("r", "c")) == 1u);
    BOOST_TEST(*now(b.s.erase_group("r", "b")) == 0u);
    BOOST_TEST(*now(b.s.erase_group("r", "f")) == 0u);
}

// Whichever group ends, and whatever the order in which they are named.
BOOST_AUTO_TEST_CASE_TEMPLATE(leaves_nothing_of_many_groups_when_puts_race_with_their_ends, Backend,
                              backends) {
    Backend b;
    for (int round = 0; round < 30; ++round) {
        auto const name = [&](int n) { return std::to_string(round) + "." + std::to_string(n); };
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 20; ++i) {
                    auto const key = name(t) + "." + std::to_string(i);
                    auto r = member(name(t), {name((t + 1) % 3), name((t + 2) % 3)});
                    if (!now(b.s.put("r", kind::access_token, key, std::move(r)))) return;
                }
            });
        threads.emplace_back([&] { now(b.s.erase_group("r", name(2))).value(); });
        now(b.s.erase_group("r", name(0))).value();
        threads.clear();
        BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

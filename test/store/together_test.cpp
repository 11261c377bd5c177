// Several records in one call of the contract of oauth::store: all of them or none.
#include "store/store_bench.hpp"

using namespace test::stores;

namespace {

realm_records pair_of(std::string const& name, std::string const& group) {
    realm_records all;
    all.push_back(kept(kind::access_token, name, member(group, {"client"})));
    all.push_back(kept(kind::refresh_token, name, member(group, {"client"})));
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_together)

BOOST_AUTO_TEST_CASE_TEMPLATE(writes_all_of_a_list, Backend, backends) {
    Backend b;
    BOOST_TEST(failure(now(b.s.put_all("r", pair_of("1", "f")))) == "success");
    BOOST_TEST(failure(now(b.s.get("r", kind::access_token, "1"))) == "success");
    BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, "1"))) == "success");
    BOOST_TEST(*now(b.s.erase_group("r", "client")) == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(has_nothing_to_write_of_an_empty_list, Backend, backends) {
    Backend b;
    BOOST_TEST(failure(now(b.s.put_all("r", {}))) == "success");
    BOOST_TEST(now(b.s.realms())->empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(writes_none_of_a_list_where_one_key_exists, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::refresh_token, "1", text("there"))).value();
    BOOST_TEST(failure(now(b.s.put_all("r", pair_of("1", "f")))) == "conflict");
    BOOST_TEST(failure(now(b.s.get("r", kind::access_token, "1"))) == "not_found");
    BOOST_TEST(now(b.s.get("r", kind::refresh_token, "1"))->body == "there");
    BOOST_TEST(*now(b.s.erase_group("r", "f")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(writes_none_of_a_list_where_one_group_is_dead, Backend, backends) {
    Backend b;
    now(b.s.erase_group("r", "dead")).value();
    auto all = pair_of("1", "f");
    all.push_back(kept(kind::id_token, "1", member("dead", {})));
    BOOST_TEST(failure(now(b.s.put_all("r", std::move(all)))) == "group_dead");
    BOOST_TEST(now(b.s.copy("r"))->empty());
    BOOST_TEST(*now(b.s.erase_group("r", "f")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_the_keys_of_expired_records_to_a_list, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::access_token, "1", record("old", "g", b.time.now() + 1s))).value();
    b.time.advance(1s);
    BOOST_TEST(failure(now(b.s.put_all("r", pair_of("1", "f")))) == "success");
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
    BOOST_TEST(*now(b.s.erase_group("r", "f")) == 2u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_no_record_of_a_list_say_that_it_was_redeemed, Backend,
                              backends) {
    Backend b;
    auto all = pair_of("1", "f");
    all[1].record.redeemed = true;
    now(b.s.put_all("r", std::move(all))).value();
    BOOST_TEST(now(b.s.redeem("r", kind::refresh_token, "1"))->first_time);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_every_record_of_a_list_a_version_to_replace, Backend,
                              backends) {
    Backend b;
    now(b.s.put_all("r", pair_of("1", "f"))).value();
    auto const version = now(b.s.get("r", kind::refresh_token, "1"))->version;
    BOOST_TEST(failure(now(b.s.replace("r", kind::refresh_token, "1", text("x"), version))) ==
               "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(names_the_realms_that_have_records, Backend, backends) {
    Backend b;
    BOOST_TEST(now(b.s.realms())->empty());
    now(b.s.put("b", kind::code, "1", text("x"))).value();
    now(b.s.put("a", kind::code, "1", text("x"))).value();
    now(b.s.put("a", kind::client, "2", text("x"))).value();
    now(b.s.put(server_wide, kind::realm, "a", text("{}"))).value();
    std::vector<std::string> const expected{"", "a", "b"};
    BOOST_TEST(sorted(now(b.s.realms())) == expected, boost::test_tools::per_element());
    now(b.s.erase_kinds("b", all_kinds())).value();
    std::vector<std::string> const left{"", "a"};
    BOOST_TEST(sorted(now(b.s.realms())) == left, boost::test_tools::per_element());
}

// Two lists with a key in common: one of them is there, and nothing of the other.
BOOST_AUTO_TEST_CASE_TEMPLATE(lets_one_of_two_lists_win, Backend, backends) {
    Backend b;
    for (int round = 0; round < 20; ++round) {
        auto const name = std::to_string(round);
        std::atomic<int> won{0};
        std::vector<std::jthread> threads;
        for (int t = 0; t < 3; ++t)
            threads.emplace_back([&, t] {
                realm_records all;
                all.push_back(kept(kind::access_token, name + "." + std::to_string(t), text("x")));
                all.push_back(kept(kind::refresh_token, name, text("x")));
                if (now(b.s.put_all("r", std::move(all)))) ++won;
            });
        threads.clear();
        BOOST_TEST(won == 1);
    }
    BOOST_TEST(now(all_keys(b.s, "r", kind::access_token))->size() == 20u);
}

BOOST_AUTO_TEST_SUITE_END()

// More of the contract of oauth::store: where two records, two groups or two callers touch.
#include "store/store_bench.hpp"

using namespace test::stores;

BOOST_AUTO_TEST_SUITE(store_edges)

// A backend may make one key of several: no joint text may stand for two records.
BOOST_AUTO_TEST_CASE_TEMPLATE(does_not_take_one_realm_and_key_for_another_pair, Backend, backends) {
    Backend b;
    std::string const nul("a\0b", 3);
    std::vector<std::pair<std::string, std::string>> const all{
        {"a", "bc"}, {"ab", "c"}, {"a:b", "c"}, {"a", "b:c"}, {"", "abc"},
        {"a", ""},   {nul, "c"},  {"a", nul},   {"a", "a"},   {"a*", "bc"}};
    for (auto const& [realm, key] : all)
        BOOST_TEST(failure(now(b.s.put(realm, kind::code, key, text(realm + "/" + key)))) ==
                   "success");
    for (auto const& [realm, key] : all)
        BOOST_TEST((now(b.s.get(realm, kind::code, key))->body == realm + "/" + key));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_every_kind_by_itself, Backend, backends) {
    Backend b;
    for (std::size_t k = 0; k < kind_count; ++k)
        now(b.s.put("r", static_cast<kind>(k), "k", text(std::to_string(k)))).value();
    now(b.s.erase("r", kind::code, "k")).value();
    for (std::size_t k = 0; k < kind_count; ++k) {
        auto const got = now(b.s.get("r", static_cast<kind>(k), "k"));
        if (static_cast<kind>(k) == kind::code)
            BOOST_TEST(failure(got) == "not_found");
        else
            BOOST_TEST(got->body == std::to_string(k));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_every_byte_of_a_body, Backend, backends) {
    Backend b;
    std::string body;
    for (int i = 0; i < 1 << 16; ++i)
        body += static_cast<char>(static_cast<unsigned char>(i));
    now(b.s.put("r", kind::client, "k", text(body))).value();
    BOOST_TEST((now(b.s.get("r", kind::client, "k"))->body == body));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(has_no_record_that_was_over_when_it_came, Backend, backends) {
    Backend b;
    for (auto const end : {b.time.now(), b.time.now() - 1h}) {
        now(b.s.put("r", kind::code, "k", record("x", "g", end))).value();
        BOOST_TEST(failure(now(b.s.get("r", kind::code, "k"))) == "not_found");
        BOOST_TEST(now(all_keys(b.s, "r", kind::code))->empty());
    }
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(joins_no_group_where_the_key_exists, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("first", "g1"))).value();
    BOOST_TEST(failure(now(b.s.put("r", kind::code, "k", text("second", "g2")))) == "conflict");
    BOOST_TEST(*now(b.s.erase_group("r", "g2")) == 0u);
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->body == "first");
    BOOST_TEST(*now(b.s.erase_group("r", "g1")) == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(joins_no_group_where_the_version_is_old, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("first", "g1"))).value();
    auto const version = now(b.s.get("r", kind::code, "k"))->version;
    auto const stale = now(b.s.replace("r", kind::code, "k", text("x", "g2"), version + 1));
    BOOST_TEST(failure(stale) == "conflict");
    BOOST_TEST(*now(b.s.erase_group("r", "g2")) == 0u);
    BOOST_TEST(failure(now(b.s.get("r", kind::code, "k"))) == "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_the_key_of_an_erased_record_to_another_group, Backend,
                              backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("old", "g1"))).value();
    now(b.s.erase("r", kind::code, "k")).value();
    now(b.s.put("r", kind::code, "k", text("new", "g2"))).value();
    BOOST_TEST(*now(b.s.erase_group("r", "g1")) == 0u);
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->body == "new");
    BOOST_TEST(*now(b.s.erase_group("r", "g2")) == 1u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(gives_the_keys_of_erased_kinds_to_other_groups, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("old", "g1"))).value();
    std::vector<kind> const asked{kind::code};
    BOOST_TEST(*now(b.s.erase_kinds("r", asked)) == 1u);
    now(b.s.put("r", kind::code, "k", text("new", "g2"))).value();
    BOOST_TEST(*now(b.s.erase_group("r", "g1")) == 0u);
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->body == "new");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_a_record_once_that_names_its_group_twice, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::access_token, "k", member("g", {"g", "h", "h"}))).value();
    BOOST_TEST(*now(b.s.erase_group("r", "h")) == 1u);
    BOOST_TEST(*now(b.s.erase_group("r", "g")) == 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(erases_no_kind_where_none_is_asked_for, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x"))).value();
    std::vector<kind> const none;
    BOOST_TEST(*now(b.s.erase_kinds("r", none)) == 0u);
    BOOST_TEST(failure(now(b.s.get("r", kind::code, "k"))) == "success");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(counts_what_is_over_in_no_sum, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "late", record("x", "g", b.time.now() + 1s))).value();
    now(b.s.put("r", kind::code, "k", text("x", "g"))).value();
    b.time.advance(1s);
    std::vector<kind> const asked{kind::code};
    BOOST_TEST(*now(b.s.erase_kinds("r", asked)) == 1u);
}

// Reuse of a code is noticed, and a second redeemer changes nothing.
BOOST_AUTO_TEST_CASE_TEMPLATE(counts_no_later_redemption_as_a_change, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::code, "k", text("x"))).value();
    auto const first = now(b.s.redeem("r", kind::code, "k"));
    BOOST_TEST(now(b.s.redeem("r", kind::code, "k"))->record.version == first->record.version);
    BOOST_TEST(now(b.s.get("r", kind::code, "k"))->version == first->record.version);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lets_a_replaced_record_live_as_long_as_the_new_one, Backend,
                              backends) {
    Backend b;
    auto const start = b.time.now();
    now(b.s.put("r", kind::refresh_token, "longer", record("1", "", start + 10s))).value();
    now(b.s.put("r", kind::refresh_token, "shorter", record("1", "", start + 1h))).value();
    auto const renew = [&](std::string const& key, std::chrono::seconds life) {
        auto const version = now(b.s.get("r", kind::refresh_token, key))->version;
        record r("2", "", start + life);
        now(b.s.replace("r", kind::refresh_token, key, std::move(r), version)).value();
    };
    renew("longer", 1h);
    renew("shorter", 10s);
    b.time.advance(10s);
    // A write, so that what is over is swept.
    now(b.s.put("r", kind::code, "k", text("x"))).value();
    BOOST_TEST(now(b.s.get("r", kind::refresh_token, "longer"))->body == "2");
    BOOST_TEST(failure(now(b.s.get("r", kind::refresh_token, "shorter"))) == "not_found");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(does_not_replace_what_is_over, Backend, backends) {
    Backend b;
    now(b.s.put("r", kind::client, "k", record("x", "", b.time.now() + 1s))).value();
    auto const version = now(b.s.get("r", kind::client, "k"))->version;
    b.time.advance(1s);
    BOOST_TEST(failure(now(b.s.replace("r", kind::client, "k", text("y"), version))) ==
               "not_found");
}

// A put that races with a revocation may come as late as a request may run.
BOOST_AUTO_TEST_CASE_TEMPLATE(keeps_a_family_dead_for_longer_than_a_request_runs, Backend,
                              backends) {
    Backend b;
    now(b.s.erase_group("r", "g")).value();
    b.time.advance(30min);
    for (int i = 0; i < 100; ++i) {
        auto const other = std::to_string(i);
        now(b.s.put("r", kind::code, other, text("x", other))).value();
        now(b.s.erase_group("r", other)).value();
    }
    BOOST_TEST(failure(now(b.s.put("r", kind::code, "k", text("x", "g")))) == "group_dead");
}

BOOST_AUTO_TEST_SUITE_END()

// Scripts that change records: what each leaves in the server, sent once, again, late and by
// nobody.
#include "store/redis/protocol/script_bench.hpp"

using namespace test::stores;

namespace {

realm_records two(std::string const& first, std::string const& second) {
    realm_records all;
    all.push_back(kept(kind::access_token, first, text("x", "f")));
    all.push_back(kept(kind::refresh_token, second, text("x", "f")));
    return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redis_scripts, script_bench)

BOOST_AUTO_TEST_CASE(puts_a_record_among_its_groups_and_what_ends) {
    record r("body", "f", {"client:a"}, now + 1s);
    BOOST_TEST(put("k", std::move(r)) == "done");
    BOOST_TEST(body("k") == "body");
    BOOST_TEST(members() == "1:f/1:k, 8:client:a/1:k");
    BOOST_TEST(due() == "1:k");
    BOOST_TEST(put("ever", text("x")) == "done");
    BOOST_TEST(due() == "1:k");
}

// The reply was lost: whoever asks again is told what has happened.
BOOST_AUTO_TEST_CASE(takes_a_put_that_is_sent_again_for_done) {
    BOOST_TEST(put("k", text("first"), 7) == "done");
    BOOST_TEST(put("k", text("first"), 7) == "done");
    BOOST_TEST(put("k", text("second"), 8) == "conflict");
    BOOST_TEST(body("k") == "first");
}

BOOST_AUTO_TEST_CASE(puts_none_of_many_where_the_last_is_there) {
    BOOST_TEST(put(two("a", "k"), 1) == "done");
    BOOST_TEST(put(two("b", "k"), 2) == "conflict");
    BOOST_TEST(!there("b", kind::access_token).has_value());
    BOOST_TEST(members() == "1:f/2:a, 1:f/3:k");
}

BOOST_AUTO_TEST_CASE(puts_into_the_place_of_what_is_over_at_this_very_moment) {
    BOOST_TEST(put("k", until(now + 1s, "old")) == "done");
    now += 1s - 1ns;
    BOOST_TEST(put("k", text("new", "g"), 2) == "conflict");
    now += 1ns;
    BOOST_TEST(put("k", text("new", "g"), 3) == "done");
    BOOST_TEST(members() == "1:g/1:k");
    BOOST_TEST(due() == "");
}

BOOST_AUTO_TEST_CASE(puts_nothing_into_a_dead_group_until_its_time_is_over) {
    BOOST_TEST(erase_group("g", 10ms) == "done, 0");
    now += 9ms;
    BOOST_TEST(put("k", member("f", {"g"})) == "dead");
    BOOST_TEST(members() == "");
    now += 1ms;
    BOOST_TEST(put("k", member("f", {"g"})) == "done");
}

BOOST_AUTO_TEST_CASE(says_that_it_is_dead_before_it_says_that_it_is_there) {
    BOOST_TEST(put("k", text("first")) == "done");
    BOOST_TEST(erase_group("g", 1h) == "done, 0");
    BOOST_TEST(put("k", text("x", "g"), 2) == "dead");
    BOOST_TEST(replace("gone", text("x", "g"), 1, 2) == "dead");
}

// Whoever was told that the store does not answer must not be surprised by a change later.
BOOST_AUTO_TEST_CASE(changes_nothing_after_its_deadline) {
    BOOST_TEST(put("k", text("there", "g")) == "done");
    for (auto const* over : {"0", "-1"}) {
        deadline = over;
        BOOST_TEST(put("late", text("x"), 2) == "late");
        BOOST_TEST(redeem("k", 3) == "late");
        BOOST_TEST(replace("k", text("x"), 1, 4).starts_with("late, "));
        BOOST_TEST(erase_group("g", 1h).starts_with("late, "));
        BOOST_TEST(sweep(10).starts_with("late, "));
    }
    BOOST_TEST(body("late") == "(none)");
    BOOST_TEST(body("k") == "there");
    BOOST_TEST(!there("k")->redeemed);
    BOOST_TEST(dead() == "");
}

// By which the caller knows how far its clock is from that of the server.
BOOST_AUTO_TEST_CASE(says_how_late_it_is_by_the_clock_of_the_server) {
    auto const before = real();
    words const arguments{"0", "k", redis::digits(now), redis::digits(1)};
    auto const got = run(redis::redeem_script(), {keys.of(kind::code)}, arguments);
    auto const told =
        std::stoll(got.items.at(1).text) * 1000 + std::stoll(got.items.at(2).text) / 1000;
    BOOST_TEST(before <= told);
    BOOST_TEST(told <= real());
}

BOOST_AUTO_TEST_CASE(changes_a_realm_only_under_the_token_that_lies_there) {
    words const owner{keys.of("owner")};
    auto const in_time = deadline;
    deadline = in_time + " 5 me";
    BOOST_TEST(put(two("a", "b"), 1, owner) == "lost");  // nobody has it
    ask({"SET", owner[0], "6 me"});
    BOOST_TEST(put(two("a", "b"), 1, owner) == "lost");
    deadline = "0 5 me";  // late besides
    BOOST_TEST(put(two("a", "b"), 1, owner) == "lost");
    deadline = "0 6 me";
    BOOST_TEST(put(two("a", "b"), 1, owner) == "late");
    BOOST_TEST(members() == "");
    deadline = in_time + " 6 me";
    BOOST_TEST(put(two("a", "b"), 1, owner) == "done");
}

BOOST_AUTO_TEST_CASE(redeems_a_record_once_and_tells_it_again_to_who_asks_again) {
    BOOST_TEST(put("k", text("x")) == "done");
    BOOST_TEST(redeem("k", 5) == "first");
    BOOST_TEST(redeem("k", 5) == "first");  // sent again
    BOOST_TEST(redeem("k", 6) == "again");
    BOOST_TEST(there("k")->version == 5u);
    BOOST_TEST(there("k")->redeemed);
    BOOST_TEST(redeem("nobody", 7) == "none");
}

BOOST_AUTO_TEST_CASE(redeems_nothing_that_is_over) {
    BOOST_TEST(put("k", until(now + 1s)) == "done");
    now += 1s;
    BOOST_TEST(redeem("k", 2) == "none");
    BOOST_TEST(!there("k")->redeemed);
}

BOOST_AUTO_TEST_CASE(replaces_the_version_that_was_read_and_takes_it_again_for_done) {
    BOOST_TEST(put("k", until(now + 1s, "old")) == "done");
    BOOST_TEST(replace("k", text("new", "g"), 1, 2) == "done");
    BOOST_TEST(replace("k", text("new", "g"), 1, 2) == "done");  // sent again
    BOOST_TEST(replace("k", text("other"), 1, 3) == "conflict");
    BOOST_TEST(replace("nobody", text("x"), 1, 3) == "none");
    BOOST_TEST(body("k") == "new");
    BOOST_TEST(members() == "1:g/1:k");
    BOOST_TEST(due() == "");
}

BOOST_AUTO_TEST_CASE(leaves_a_redeemed_record_redeemed_whatever_replaces_it) {
    BOOST_TEST(put("k", text("x")) == "done");
    BOOST_TEST(redeem("k", 2) == "first");
    BOOST_TEST(replace("k", text("y"), 2, 3) == "done");
    BOOST_TEST(there("k")->redeemed);
    BOOST_TEST(redeem("k", 4) == "again");
}

BOOST_AUTO_TEST_CASE(erases_a_record_with_all_that_names_it) {
    BOOST_TEST(put("k", record("x", "f", {"g"}, now + 1s)) == "done");
    BOOST_TEST(put("l", record("x", "f", {}, now + 1s)) == "done");
    words const arguments{deadline, number(kind::code), "k"};
    for (int time = 0; time < 2; ++time)
        BOOST_TEST(said(run(redis::erase_script(), one(kind::code), arguments)) == "done");
    BOOST_TEST(members() == "1:f/1:l");
    BOOST_TEST(due() == "1:l");
    BOOST_TEST(body("l") == "x");
}

// Names that begin alike, and those that look like what stands behind a name.
BOOST_AUTO_TEST_CASE(erases_the_members_of_one_group_and_of_no_other_that_looks_like_it) {
    for (auto const* group : {"a", "ab", "a/", "a/1:a", "1:a", "a0"})
        BOOST_TEST(put(group, text("x", group)) == "done");
    BOOST_TEST(erase_group("a", 1h) == "done, 1");
    BOOST_TEST(body("a") == "(none)");
    for (auto const* group : {"ab", "a/", "a/1:a", "1:a", "a0"})
        BOOST_TEST(body(group) == "x", group);
    BOOST_TEST(erase_group("a/", 1h) == "done, 1");
    BOOST_TEST(body("a/1:a") == "x");
}

BOOST_AUTO_TEST_CASE(counts_of_a_group_what_was_alive_and_erases_the_rest_as_well) {
    BOOST_TEST(put("over", until(now + 1s)) == "done");
    BOOST_TEST(put("used", text("x", "g")) == "done");
    BOOST_TEST(redeem("used", 2) == "first");
    BOOST_TEST(put("alive", text("x", "g")) == "done");
    now += 1s;
    BOOST_TEST(erase_group("g", 1h) == "done, 2");
    for (auto const* key : {"over", "used", "alive"})
        BOOST_TEST(body(key) == "(none)", key);
    BOOST_TEST(due() == "");
    BOOST_TEST(erase_group("g", 1h) == "done, 0");
}

BOOST_AUTO_TEST_CASE(forgets_with_every_revocation_which_groups_need_to_be_dead_no_more) {
    erase_group("short", 10ms);
    erase_group("long", 1h);
    now += 10ms;
    erase_group("next", 1h);
    BOOST_TEST(dead() == "long, next");
}

BOOST_AUTO_TEST_CASE(erases_the_kinds_that_are_asked_for) {
    BOOST_TEST(put(two("a", "b"), 1) == "done");
    BOOST_TEST(put("k", until(now + 1s)) == "done");
    now += 1s;
    words const arguments{deadline, redis::digits(now), number(kind::access_token),
                          number(kind::code)};
    BOOST_TEST(said(run(redis::erase_kinds_script(), keys.all(), arguments)) == "done, 1");
    BOOST_TEST(members() == "1:f/3:b");
    BOOST_TEST(body("k") == "(none)");
}

BOOST_AUTO_TEST_CASE(replaces_all_of_a_realm_and_revives_its_groups) {
    BOOST_TEST(put("old", until(now + 1s)) == "done");
    BOOST_TEST(erase_group("dead", 1h) == "done, 0");
    words const arguments{deadline, number(kind::code), "new",
                          redis::packed(text("y", "dead"), 2, true), ""};
    BOOST_TEST(said(run(redis::replace_all_script(), keys.all(), arguments)) == "done");
    BOOST_TEST(body("old") == "(none)");
    BOOST_TEST(body("new") == "y");
    BOOST_TEST(there("new")->redeemed);
    BOOST_TEST(members() == "4:dead/1:new");
    BOOST_TEST(due() == "");
    BOOST_TEST(dead() == "");
    BOOST_TEST(said(run(redis::replace_all_script(), keys.all(), {deadline})) == "done");
    BOOST_TEST(said(ask({"EXISTS", keys.of(kind::code)})) == "0");
}

BOOST_AUTO_TEST_CASE(leaves_the_token_of_the_owner_where_all_of_a_realm_is_replaced) {
    ask({"SET", keys.of("owner"), "5 me"});
    deadline += " 5 me";
    auto names = keys.all();
    names.push_back(keys.of("owner"));
    BOOST_TEST(said(run(redis::replace_all_script(), names, {deadline})) == "done");
    BOOST_TEST(said(ask({"GET", keys.of("owner")})) == "5 me");
}

BOOST_AUTO_TEST_CASE(sweeps_the_oldest_first_and_no_more_than_it_may) {
    for (int i = 1; i <= 5; ++i)
        BOOST_TEST(put(std::to_string(i), until(now + std::chrono::seconds(i))) == "done");
    now += 4s;
    BOOST_TEST(sweep(3) == "done, 3, 1");
    BOOST_TEST(due() == "1:4, 1:5");
    BOOST_TEST(sweep(3) == "done, 1, 1");
    BOOST_TEST(sweep(3) == "done, 0, 1");
    now += 1s;
    BOOST_TEST(sweep(3) == "done, 1, 0");
    BOOST_TEST(members() == "");
}

BOOST_AUTO_TEST_CASE(sweeps_what_names_a_record_that_is_gone) {
    ask({"ZADD", keys.of("due"), "1", "1:gone"});
    BOOST_TEST(sweep(10) == "done, 1, 0");
    BOOST_TEST(due() == "");
}

BOOST_AUTO_TEST_CASE(lists_keys_that_are_alive_and_were_not_used) {
    BOOST_TEST(put("over", until(now + 1s)) == "done");
    BOOST_TEST(put("used", text("x")) == "done");
    BOOST_TEST(redeem("used", 2) == "first");
    BOOST_TEST(put("alive", text("x")) == "done");
    now += 1s;
    auto const list =
        run(redis::page_script(), {keys.of(kind::code)}, {redis::digits(now), "0", "10"});
    BOOST_TEST(said(list) == "0, alive");
}

BOOST_AUTO_TEST_CASE(copies_used_and_expired_records_kind_by_kind) {
    BOOST_TEST(put("over", until(now)) == "done");
    BOOST_TEST(put(two("a", "b"), 1) == "done");
    auto const all = run(redis::copy_script(), keys.kinds(), {});
    BOOST_REQUIRE(all.items.size() == kind_count);
    auto const of = [&](kind k) { return all.items.at(static_cast<std::size_t>(k)); };
    BOOST_TEST(of(kind::code).item(0) == "over");
    BOOST_TEST(redis::unpacked(of(kind::code).item(1)).has_value());
    BOOST_TEST(of(kind::access_token).items.size() == 2u);
    BOOST_TEST(of(kind::client).items.empty());
}

BOOST_AUTO_TEST_SUITE_END()

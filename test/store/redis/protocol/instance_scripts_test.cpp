// Scripts about processes and realms: who is in, who answers for a realm, whose keys these are.
#include "store/redis/protocol/script_bench.hpp"

using namespace test::stores;

namespace {

// What an instance says of itself; the first line how it shares, the last what all have alike.
std::string instance_record(std::string const& mode, std::string const& same = "a=1 b=2") {
    return mode + "\n10.0.0.1:1\nhost\n42\n\n" + same;
}

struct instances_bench : script_bench {
    words const names{server_keys.of("instance"), server_keys.of("instances"),
                      server_keys.of("meta"), server_keys.of("lock")};

    redis::reply join(std::string const& id, std::string const& its_record,
                      std::string const& how = "first", std::string const& life = "60000") const {
        return run(redis::join_script(), names, {id, life, its_record, how});
    }
    std::string joined(std::string const& id, std::string const& mode = "shared",
                       std::string const& how = "first") const {
        return std::string(join(id, instance_record(mode), how).item(0));
    }
    std::string leave(std::string const& id) const {
        return said(run(redis::leave_script(), {names[0], names[1]}, {id}));
    }
    std::string listed() const { return said(ask({"ZRANGE", names[1], "0", "-1"})); }

    redis::reply claim(std::string const& id, std::string const& instead = "") const {
        return run(redis::claim_script(), {keys.of("owner")}, {deadline, id, instead});
    }
    std::string token(std::string const& id) const { return std::string(claim(id).item(1)); }
    std::string release(std::string const& which, std::string const& known_for = "") const {
        words const arguments{deadline, which, known_for};
        return said(run(redis::release_script(), {keys.of("owner")}, arguments));
    }
    static std::uint64_t epoch(std::string const& token) { return std::stoull(token); }

    std::string look() const {
        auto const& all = server_keys;
        return said(run(redis::look_script(),
                        {all.of("meta"), all.of("realms"), all.of("due"), all.of("members"),
                         all.of("dead"), all.of(kind::realm)},
                        {}));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redis_instance_scripts, instances_bench)

BOOST_AUTO_TEST_CASE(lets_in_whoever_shares_and_tells_each_of_the_others) {
    BOOST_TEST(said(join("a", instance_record("shared"))) == "held, 0");
    ask({"HSET", names[2], "program", "tollgate"});
    auto const second = join("b", instance_record("shared"));
    BOOST_REQUIRE(second.items.size() == 4u);
    BOOST_TEST(second.items[1].number == 1);
    BOOST_TEST(second.item(2) == "a");
    BOOST_TEST(second.item(3) == instance_record("shared"));
    BOOST_TEST(listed() == "a, b");
}

BOOST_AUTO_TEST_CASE(tells_nobody_of_itself) {
    BOOST_TEST(joined("a") == "held");
    BOOST_TEST(join("a", instance_record("shared"), "again").items.size() == 2u);
}

BOOST_AUTO_TEST_CASE(keeps_out_whoever_must_be_alone_and_whoever_comes_to_one_that_is) {
    BOOST_TEST(joined("a") == "held");
    auto const alone = join("b", instance_record("alone"));
    BOOST_TEST(alone.item(0) == "taken");
    BOOST_TEST(alone.item(1) == instance_record("shared"));
    BOOST_TEST(listed() == "a");
    BOOST_TEST(leave("a") == "done");
    BOOST_TEST(joined("b", "alone") == "held");
    BOOST_TEST(joined("c") == "taken");
    BOOST_TEST(joined("d", "alone") == "taken");
    BOOST_TEST(joined("b", "alone", "again") == "held");
}

BOOST_AUTO_TEST_CASE(keeps_out_whoever_is_configured_otherwise_and_says_than_whom) {
    BOOST_TEST(joined("a") == "held");
    auto const other = join("b", instance_record("shared", "a=1 b=3"));
    BOOST_TEST(other.item(0) == "differs");
    BOOST_TEST(other.item(1) == instance_record("shared"));
    BOOST_TEST(other.items.at(2).number > 0);  // milliseconds for which that one lives
    BOOST_TEST(listed() == "a");
}

BOOST_AUTO_TEST_CASE(forgets_an_instance_whose_record_has_run_out) {
    BOOST_TEST(joined("a", "alone") == "held");
    ask({"DEL", names[0] + ":a"});
    BOOST_TEST(said(join("b", instance_record("shared", "c=1"))) == "held, 0");
    BOOST_TEST(listed() == "b");
}

// It was away for so long that its realms may be others' by now.
BOOST_AUTO_TEST_CASE(tells_an_instance_that_comes_again_that_its_record_has_lapsed) {
    BOOST_TEST(said(join("a", instance_record("shared"), "again")) == "lapsed");
    BOOST_TEST(listed() == "");
    BOOST_TEST(joined("a") == "held");
    ask({"DEL", names[0] + ":a"});
    for (int time = 0; time < 2; ++time)
        BOOST_TEST(joined("a", "shared", "again") == "lapsed");
    BOOST_TEST(said(ask({"EXISTS", names[0] + ":a"})) == "0");
}

BOOST_AUTO_TEST_CASE(renews_a_record_and_takes_a_new_one_in_its_place) {
    join("a", instance_record("shared"), "first", "1000");
    join("a", instance_record("shared"), "again", "60000");
    BOOST_TEST(ask({"PTTL", names[0] + ":a"}).number > 1000);
    auto const moved = "shared\n10.0.0.2:2\nhost\n42\n\na=1 b=2";
    BOOST_TEST(join("a", moved, "again", "50000").item(0) == "held");
    BOOST_TEST(said(ask({"STRLEN", names[0] + ":a"})) == std::to_string(std::string(moved).size()));
    auto const left = ask({"PTTL", names[0] + ":a"}).number;
    BOOST_TEST(left > 0);
    BOOST_TEST(left <= 50'000);
}

// A version of which one process at a time could use the records.
BOOST_AUTO_TEST_CASE(keeps_everybody_out_while_an_earlier_version_has_the_lock) {
    ask({"SET", names[3], "token its-host 17", "PX", "60000"});
    auto const got = join("a", instance_record("shared"));
    BOOST_TEST(got.item(0) == "taken");
    BOOST_TEST(got.item(1) == "alone\n\nits-host\n17\n");
    BOOST_TEST(got.items.at(2).number > 0);
    BOOST_TEST(joined("a", "shared", "again") == "taken");
    ask({"SET", names[3], "something else"});
    BOOST_TEST(join("a", instance_record("shared")).item(1) == "alone\n\n\n\n");
    BOOST_TEST(listed() == "");
}

BOOST_AUTO_TEST_CASE(lets_an_instance_leave_twice_and_no_other_with_it) {
    BOOST_TEST(joined("a") == "held");
    BOOST_TEST(joined("b") == "held");
    BOOST_TEST(leave("a") == "done");
    BOOST_TEST(leave("a") == "done");
    BOOST_TEST(listed() == "b");
    BOOST_TEST(said(ask({"EXISTS", names[0] + ":a", names[0] + ":b"})) == "1");
}

BOOST_AUTO_TEST_CASE(gives_a_free_realm_to_who_claims_it_and_the_same_token_again) {
    auto const first = claim("a");
    BOOST_TEST(first.item(0) == "mine");
    BOOST_TEST(std::string(first.item(1)).ends_with(" a"));
    BOOST_TEST(said(claim("a")) == said(first));
    auto const other = claim("b");
    BOOST_TEST(other.item(0) == "other");
    BOOST_TEST(other.item(1) == first.item(1));
}

BOOST_AUTO_TEST_CASE(takes_a_realm_away_only_from_the_token_that_was_seen) {
    auto const of_a = token("a");
    BOOST_TEST(claim("b", "1 a").item(0) == "other");
    BOOST_TEST(claim("b", of_a).item(0) == "mine");
    // A third had seen the same, and is too late.
    BOOST_TEST(claim("c", of_a).item(0) == "other");
    BOOST_TEST(release(of_a) == "none");
}

BOOST_AUTO_TEST_CASE(gives_a_greater_epoch_with_every_change_of_the_owner) {
    auto const first = token("a");
    BOOST_TEST(release(first) == "done");
    auto const second = token("a");
    BOOST_TEST(epoch(second) > epoch(first));
    // Also where the clock of the server was set back since.
    ask({"SET", keys.of("owner"), "4000000000000000 -"});
    BOOST_TEST(token("b") == "4000000000000001 b");
}

BOOST_AUTO_TEST_CASE(gives_an_epoch_of_now_where_the_last_one_is_forgotten) {
    auto const before = static_cast<std::uint64_t>(real()) * 1000;
    BOOST_TEST(epoch(token("a")) >= before);
    BOOST_TEST(release(token("a"), "1") == "done");
    ask({"DEL", keys.of("owner")});
    BOOST_TEST(epoch(token("b")) >= before);
}

BOOST_AUTO_TEST_CASE(remembers_the_epoch_of_a_realm_that_was_let_go) {
    auto const first = token("a");
    BOOST_TEST(release(first) == "done");
    BOOST_TEST(said(ask({"GET", keys.of("owner")})) == std::to_string(epoch(first)) + " -");
    BOOST_TEST(said(ask({"PTTL", keys.of("owner")})) == "-1");
    BOOST_TEST(release(first) == "none");  // sent again
}

BOOST_AUTO_TEST_CASE(forgets_after_a_while_a_realm_that_is_no_more) {
    BOOST_TEST(release(token("a"), "60000") == "done");
    auto const left = ask({"PTTL", keys.of("owner")}).number;
    BOOST_TEST(left > 0);
    BOOST_TEST(left <= 60'000);
    BOOST_TEST(claim("b").item(0) == "mine");
    BOOST_TEST(said(ask({"PTTL", keys.of("owner")})) == "-1");
}

BOOST_AUTO_TEST_CASE(claims_and_releases_nothing_after_the_deadline) {
    auto const mine = token("a");
    deadline = "0";
    BOOST_TEST(claim("b", mine).item(0) == "late");
    BOOST_TEST(release(mine).starts_with("late, "));
    BOOST_TEST(said(ask({"GET", keys.of("owner")})) == mine);
}

// Whoever writes there names the realm again first, which changes its score.
BOOST_AUTO_TEST_CASE(forgets_the_name_of_a_realm_that_nobody_has_named_again) {
    words const realms{server_keys.of("realms")};
    ask({"ZADD", realms[0], "7", "r"});
    auto const forget = [&](std::string const& name, std::string const& score) {
        return said(run(redis::forget_realm_script(), realms, {deadline, name, score}));
    };
    BOOST_TEST(forget("r", "6") == "conflict");
    BOOST_TEST(forget("nobody", "7") == "conflict");
    BOOST_TEST(forget("r", "7") == "done");
    BOOST_TEST(said(ask({"ZCARD", realms[0]})) == "0");
}

BOOST_AUTO_TEST_CASE(knows_records_of_its_own_and_tells_what_is_noted_of_them) {
    BOOST_TEST(look() == "empty");
    ask({"HSET", names[2], "program", "tollgate", "schema", "3", "key", "check"});
    BOOST_TEST(look() == "known, 3, check, ");
    ask({"HSET", names[2], "importing", "1"});
    BOOST_TEST(look() == "known, 3, check, 1");
    ask({"HDEL", names[2], "schema", "key"});
    BOOST_TEST(look() == "known, , , 1");
}

BOOST_AUTO_TEST_CASE(takes_keys_of_the_right_type_without_a_meta_for_those_of_a_stranger) {
    ask({"ZADD", server_keys.of("due"), "1", "x"});
    BOOST_TEST(look() == "foreign, " + names[2]);
    ask({"HSET", names[2], "program", "tollgate"});
    BOOST_TEST(look() == "known, , , ");
    ask({"SET", server_keys.of(kind::realm), "text"});
    BOOST_TEST(look() == "foreign, " + server_keys.of(kind::realm));
}

BOOST_AUTO_TEST_SUITE_END()

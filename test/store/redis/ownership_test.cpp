// Which of several instances has a realm, and that nobody else changes it.
#include "store/redis/redis_bench.hpp"

using namespace test::stores;

namespace {

// Two instances over one server.
struct two_instances : own_redis {
    two_instances() {
        open();
        other = open_redis_store(options(), time);
    }
    ~two_instances() { other.store.reset(); }

    realm_owners& here() { return *opened.owners; }
    realm_owners& there() { return *other.owners; }
    static realm_claim claim(realm_owners& by, std::string realm = "r") {
        return now(by.claim(std::move(realm), true)).value();
    }
    std::string put(store& in, std::string key) {
        return failure(now(in.put("r", kind::code, key, text("x", "g"))));
    }
    // As one that was killed, or is about to be missed.
    void leave_to(std::string const& id) {
        server.ask({"SET", "{own/r}:owner", "9000000000000000 " + id});
    }
    // As one whose record ran out before its time.
    void lapse() { server.ask({"DEL", "{own/}:instance:" + here().id()}); }

    opened_store other;
};

std::string member(std::string const& address, std::string const& same = "") {
    return "shared\n" + address + "\nelsewhere\n1\n\n" + same;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(redis_ownership_suite, two_instances)

BOOST_AUTO_TEST_CASE(gives_a_realm_to_one_and_tells_the_other_whose_it_is) {
    there().announce("127.0.0.1:7");
    auto const first = claim(there());
    BOOST_TEST(first.ours);
    BOOST_TEST(first.taken_over);
    BOOST_TEST(!claim(there()).taken_over);
    BOOST_TEST(there().holds("r"));
    auto const second = claim(here());
    BOOST_TEST(!second.ours);
    BOOST_TEST(second.owner.id == there().id());
    BOOST_TEST(second.owner.address == "127.0.0.1:7");
    BOOST_TEST(!here().holds("r"));
    BOOST_TEST(now(here().owner_of("r")).value()->id == there().id());
    BOOST_TEST(!now(here().owner_of("free")).value().has_value());
}

BOOST_AUTO_TEST_CASE(gives_a_realm_that_was_let_go_to_the_next) {
    claim(here());
    now(here().release("r", false));
    BOOST_TEST(!here().holds("r"));
    auto const next = claim(there());
    BOOST_TEST(next.ours);
    BOOST_TEST(next.taken_over);
}

// At an orderly end nobody has to wait.
BOOST_AUTO_TEST_CASE(lets_all_go_at_the_end) {
    claim(there(), "a");
    claim(there(), "b");
    other.store.reset();
    BOOST_TEST(claim(here(), "a").ours);
    BOOST_TEST(claim(here(), "b").ours);
    BOOST_TEST(test::eventually([&] { return here().others().empty(); }));
}

BOOST_AUTO_TEST_CASE(refuses_every_change_of_who_has_lost_the_realm) {
    std::string lost;
    here().on_loss([&](std::string const& realm) { lost = realm; });
    claim(here());
    BOOST_TEST(put(s(), "1") == "success");
    auto const version = now(s().get("r", kind::code, "1"))->version;
    leave_to(there().id());
    BOOST_TEST(here().holds("r"));
    BOOST_TEST(put(s(), "2") == "unavailable");
    BOOST_TEST(lost == "r");
    BOOST_TEST(!here().holds("r"));
    BOOST_TEST(!here().claims("r"));
    BOOST_TEST(failure(now(s().redeem("r", kind::code, "1"))) == "unavailable");
    BOOST_TEST(failure(now(s().replace("r", kind::code, "1", text("y"), version))) ==
               "unavailable");
    BOOST_TEST(failure(now(s().erase("r", kind::code, "1"))) == "unavailable");
    BOOST_TEST(failure(now(s().erase_group("r", "g"))) == "unavailable");
    BOOST_TEST(failure(now(s().erase_kinds("r", {kind::code}))) == "unavailable");
    BOOST_TEST(failure(now(s().replace_all("r", {}))) == "unavailable");
    // Whoever has it now goes on, with what was there.
    BOOST_TEST(claim(there()).ours);
    BOOST_TEST(now(other.store->redeem("r", kind::code, "1"))->first_time);
    BOOST_TEST(failure(now(other.store->get("r", kind::code, "2"))) == "not_found");
    here().on_loss({});
}

// The first change that is refused may be any of them.
BOOST_AUTO_TEST_CASE(keeps_a_realm_as_it_is_that_is_replaced_by_who_has_lost_it) {
    claim(here());
    put(s(), "1");
    leave_to("another");
    BOOST_TEST(failure(now(s().replace_all("r", {}))) == "unavailable");
    BOOST_TEST(failure(now(s().get("r", kind::code, "1"))) == "success");
}

BOOST_AUTO_TEST_CASE(takes_the_realm_of_an_instance_that_is_no_more) {
    leave_to("gone");
    auto const mine = claim(here());
    BOOST_TEST(mine.ours);
    BOOST_TEST(mine.taken_over);
    BOOST_TEST(put(s(), "1") == "success");
}

BOOST_AUTO_TEST_CASE(leaves_a_realm_to_an_instance_that_may_live_until_it_is_missed) {
    server.ask({"SET", "{own/}:instance:ghost", member("10.0.0.1:1"), "PX", "600"});
    leave_to("ghost");
    auto const early = claim(here());
    BOOST_TEST(!early.ours);
    BOOST_TEST(early.owner.address == "10.0.0.1:1");
    BOOST_TEST(test::eventually([&] { return claim(here()).ours; }));
}

BOOST_AUTO_TEST_CASE(relies_on_no_realm_after_it_was_not_heard_until_it_has_asked) {
    claim(here());
    server.ask({"SET", "{own/}:lock", "token elsewhere 7", "PX", "60000"});
    BOOST_TEST(test::eventually([&] { return !here().is_alive(); }));
    BOOST_TEST(!here().holds("r"));
    server.ask({"DEL", "{own/}:lock"});
    BOOST_TEST(test::eventually([&] { return here().is_alive(); }));
    BOOST_TEST(!here().holds("r"));
    auto const again = claim(here());
    BOOST_TEST(again.ours);
    BOOST_TEST(!again.taken_over);
    BOOST_TEST(here().holds("r"));
}

// By the clock of the server: it may step, or be another server's since just now.
BOOST_AUTO_TEST_CASE(relies_on_no_realm_after_its_record_has_lapsed_there) {
    claim(here());
    lapse();
    BOOST_TEST(claim(there()).ours);
    BOOST_TEST(test::eventually([&] { return !here().holds("r"); }));
    BOOST_TEST(test::eventually([&] { return here().is_alive(); }));
    BOOST_TEST(!claim(here()).ours);
}

BOOST_AUTO_TEST_CASE(notices_that_its_record_has_lapsed_though_it_looks_around_meanwhile) {
    claim(here());
    lapse();
    now(here().others_now()).value();
    BOOST_TEST(test::eventually([&] { return !here().holds("r"); }));
    BOOST_TEST(test::eventually([&] { return here().is_alive(); }));
    auto const again = claim(here());
    BOOST_TEST(again.ours);
    BOOST_TEST(!again.taken_over);
    BOOST_TEST(here().holds("r"));
}

// The token lies in another slot than those records.
BOOST_AUTO_TEST_CASE(changes_realms_by_scenario_path_only_while_it_is_sure_of_the_default_one) {
    int puts = 0;
    auto const put_there = [&] {
        return failure(now(s().put("s.plain", kind::code, std::to_string(++puts), text("x"))));
    };
    claim(here(), "default");
    BOOST_TEST(put_there() == "success");
    lapse();
    BOOST_TEST(test::eventually([&] { return !here().holds("default"); }));
    BOOST_TEST(test::eventually([&] { return here().is_alive(); }));
    BOOST_TEST(put_there() == "unavailable");
    claim(here(), "default");
    BOOST_TEST(put_there() == "success");
}

BOOST_AUTO_TEST_CASE(gives_no_epoch_twice) {
    claim(here());
    auto const token = [&] { return server.ask({"GET", "{own/r}:owner"}); };
    auto const before = token();
    now(here().release("r", true));
    server.ask({"DEL", "{own/r}:owner"});
    claim(here());
    BOOST_TEST(token() > before);
}

// What is about a realm by scenario path goes with `default`, and is swept by whoever has that.
BOOST_AUTO_TEST_CASE(counts_realms_by_scenario_path_to_the_default_realm) {
    BOOST_TEST(!here().claims("s.plain.1"));
    claim(here(), "default");
    BOOST_TEST(here().claims("s.plain.1"));
    BOOST_TEST(!here().claims("alpha"));
}

BOOST_AUTO_TEST_CASE(knows_of_the_others_that_live) {
    BOOST_TEST(test::eventually([&] { return here().lives(there().id()); }));
    BOOST_TEST(!here().lives("nobody"));
    BOOST_TEST(!here().lives(here().id()));
    other.store.reset();
    BOOST_TEST(test::eventually([&] { return here().others().empty(); }));
}

BOOST_AUTO_TEST_CASE(sweeps_no_realm_that_is_anothers) {
    claim(here(), "mine");
    claim(there(), "theirs");
    auto const end = time.now() + 1s;
    now(s().put("mine", kind::code, "1", record("x", "", end))).value();
    now(other.store->put("theirs", kind::code, "1", record("x", "", end))).value();
    time.advance(1h);
    opened.begin_sweeping();
    BOOST_TEST(test::eventually([&] { return now(s().copy("mine"))->empty(); }));
    BOOST_TEST(now(s().copy("theirs"))->size() == 1u);
    other.begin_sweeping();
    BOOST_TEST(test::eventually([&] { return now(s().copy("theirs"))->empty(); }));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(redis_membership_suite, own_redis)

BOOST_AUTO_TEST_CASE(refuses_one_that_is_configured_otherwise_and_says_in_what) {
    auto o = options();
    o.same = "mcp.public_url=a1 control.token=b2";
    opened = open_redis_store(o, time);
    BOOST_TEST(refusal(o) == "");
    o.same = "mcp.public_url=c3 control.token=b2";
    auto const why = refusal(o);
    BOOST_TEST(contains(why, "is configured otherwise: mcp.public_url. "), why);
    BOOST_TEST(!contains(why, "control.token"), why);
    opened.store.reset();
    BOOST_TEST(refusal(o) == "");
}

BOOST_AUTO_TEST_CASE(lets_one_be_alone) {
    auto alone = options();
    alone.alone = true;
    open();
    BOOST_TEST(contains(refusal(alone), "is in use by another tollgate"));
    opened.store.reset();
    opened = open_redis_store(alone, time);
    BOOST_TEST(contains(refusal(), "is in use by another tollgate"));
}

BOOST_AUTO_TEST_SUITE_END()

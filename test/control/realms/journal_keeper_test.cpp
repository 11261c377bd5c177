// Which events of a realm are there when the process begins again.
#include "control/realms/journal_keeper.hpp"

#include <algorithm>

#include "control/journal/journal.hpp"
#include "control/realms/lasting.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/record.hpp"
#include "control/verdict/realm_client.hpp"

using namespace test;

namespace {

control::event an_exchange(std::string endpoint, std::size_t size = 10) {
    control::event e;
    e.endpoint = std::move(endpoint);
    e.facts.client_id = "me";
    e.exchange = std::make_shared<control::recorded_exchange>();
    e.exchange->request.start = "POST /token";
    e.exchange->request.fields = "Authorization: Bearer s3cret\r\n";
    e.exchange->request.body = std::string(size, 'x');
    e.exchange->request.body_size = size;
    e.exchange->response.start = "200";
    return e;
}

std::vector<std::uint64_t> numbers(std::vector<control::event_ptr> const& events) {
    std::vector<std::uint64_t> all;
    for (auto const& e : events)
        all.push_back(e->seq);
    return all;
}

std::vector<std::uint64_t> from_one_to(std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (std::uint64_t n = 1; n <= last; ++n)
        all.push_back(n);
    return all;
}

struct kept_events : lasting {
    kept_events() {
        BOOST_REQUIRE(bool(begin()));
        make("alpha");
    }

    http::realm_ptr alpha() const { return realms().look("alpha"); }
    control::journal& events() const { return alpha()->get<control::journal>(); }
    void record(std::string endpoint, std::size_t size = 10) const {
        test::record(events(), an_exchange(std::move(endpoint), size));
    }
    outcome<void> keep() { return run(io, realms().keep_journal(alpha(), events().next())); }
    std::vector<std::string> keys() {
        return run(io, oauth::all_keys(kept, "alpha", oauth::kind::journal)).value();
    }
    std::vector<control::event_ptr> read() const { return events().read(0, {}).events; }
    void restart() { BOOST_REQUIRE(bool(begin())); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(journal_keeper_suite, kept_events)

BOOST_AUTO_TEST_CASE(events_and_their_numbers_outlive_the_process) {
    record("token");
    record("mcp", 5000);
    BOOST_REQUIRE(bool(keep()));
    restart();
    auto const there = read();
    BOOST_REQUIRE((numbers(there) == from_one_to(2)));
    BOOST_TEST(there[0]->endpoint == "token");
    BOOST_TEST(there[0]->exchange->request.fields == "Authorization: Bearer s3cret\r\n");
    BOOST_TEST(there[1]->exchange->request.body.size() == 5000u);
    record("mcp");
    BOOST_TEST((numbers(read()) == from_one_to(3)));
}

BOOST_AUTO_TEST_CASE(a_second_restart_finds_what_came_after_the_first) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    restart();
    record("mcp");
    BOOST_REQUIRE(bool(keep()));
    restart();
    BOOST_TEST((numbers(read()) == from_one_to(2)));
}

BOOST_AUTO_TEST_CASE(a_client_that_comes_back_goes_on_in_its_flow_and_no_other_gets_its_name) {
    record("token");
    auto const flow = read()[0]->flow;
    BOOST_REQUIRE(bool(keep()));
    restart();
    record("mcp");
    auto stranger = an_exchange("mcp");
    stranger.facts.client_id = "another";
    test::record(events(), stranger);
    BOOST_TEST(read()[1]->flow == flow);
    BOOST_TEST(read()[2]->flow != flow);
}

BOOST_AUTO_TEST_CASE(how_an_answer_got_away_is_written_when_it_is_known) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    events().note_delivery(1, control::delivery::cut);
    run(io, realms().keep_journals());
    restart();
    BOOST_TEST((read()[0]->exchange->how == control::delivery::cut));
}

BOOST_AUTO_TEST_CASE(no_secret_of_a_request_stands_in_a_record_in_clear) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    for (auto const& key : keys()) {
        auto const found = run(io, kept.get("alpha", oauth::kind::journal, key));
        BOOST_TEST(found->body.find("s3cret") == std::string::npos);
        BOOST_TEST(found->body.find("czNjcmV0") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(events_that_come_one_by_one_stand_together_in_few_records) {
    for (int i = 0; i < 100; ++i) {
        record("token");
        BOOST_REQUIRE(bool(keep()));
    }
    BOOST_TEST(keys().size() <= 3u);
    restart();
    BOOST_TEST((numbers(read()) == from_one_to(100)));
}

BOOST_AUTO_TEST_CASE(a_long_event_behind_short_ones_is_not_left_out) {
    record("token", 14'000);
    BOOST_REQUIRE(bool(keep()));
    record("token", 30'000);
    BOOST_REQUIRE(bool(keep()));
    record("token");
    BOOST_REQUIRE(bool(keep()));
    restart();
    BOOST_TEST((numbers(read()) == from_one_to(3)));
}

BOOST_AUTO_TEST_CASE(records_go_when_their_events_are_pushed_out) {
    for (int i = 0; i < 400; ++i) {
        record("token", 2000);
        if (i % 10 == 0) BOOST_REQUIRE(bool(keep()));
    }
    BOOST_REQUIRE(bool(keep()));
    auto const there = numbers(read());
    BOOST_REQUIRE(there.front() > 1u);
    BOOST_TEST(keys().size() < 25u);
    restart();
    BOOST_TEST((numbers(read()) == there));
}

BOOST_AUTO_TEST_CASE(events_that_were_pushed_out_before_they_were_written_are_told_as_dropped) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    for (int i = 0; i < 400; ++i)
        record("token", 2000);
    BOOST_REQUIRE(bool(keep()));
    auto const dropped = events().read(2, {}).dropped;
    BOOST_TEST(dropped != 0u);
    restart();
    BOOST_TEST(events().read(2, {}).dropped == dropped);
}

BOOST_AUTO_TEST_CASE(a_store_that_breaks_at_any_call_costs_no_event) {
    for (int n = 1;; ++n) {
        restart();
        auto const before = read().size();
        record("token", 3000);
        events().note_delivery(before + 1, control::delivery::delivered);
        record("mcp", 20'000);
        kept.fail_at(n);
        auto const done = keep();
        bool const failed = kept.failed();
        kept.fail_at(0);
        BOOST_TEST(bool(done) == !failed);
        if (!done) BOOST_TEST(done.error().status() == 503u);
        BOOST_REQUIRE(bool(keep()));
        restart();
        BOOST_REQUIRE((numbers(read()) == from_one_to(before + 2)));
        if (!failed) break;
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_left_out_and_its_numbers_are_not_given_again) {
    record("token");
    record("token");
    BOOST_REQUIRE(bool(keep()));
    auto const key = keys().at(0);
    auto const body = run(io, kept.get("alpha", oauth::kind::journal, key))->body;
    auto const damaged = json::parse(body).as_object();
    auto changed = damaged;
    changed["events"] = std::string(damaged.at("events").as_string()).replace(9, 4, "AAAA");
    write("alpha", oauth::kind::journal, key, json::serialize(changed));
    restart();
    BOOST_TEST(read().empty());
    record("mcp");
    BOOST_TEST(read().at(0)->seq == 3u);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_none_does_not_keep_a_realm_from_coming_back) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    for (auto const* key : {"", ".", "x", "7.", "9.99999999999999999999999"})
        write("alpha", oauth::kind::journal, key, "no record");
    restart();
    BOOST_TEST((numbers(read()) == from_one_to(1)));
    BOOST_REQUIRE(bool(keep()));
}

BOOST_AUTO_TEST_CASE(a_realm_that_is_set_back_keeps_what_has_happened) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    auto const then = run(io, control::take_snapshot(alpha(), servers(), clock)).value();
    record("mcp");
    BOOST_REQUIRE(bool(keep()));
    auto const next = events().next();
    BOOST_REQUIRE(bool(run(io, control::load_snapshot(alpha(), then, servers(), clock, true))));
    // As the real one does: what the realm had in the store is gone but for what stands beside.
    auto const& beside = alive->oauth.loaded_beside;
    auto const place = std::ranges::find(beside, oauth::kind::journal, &oauth::kept_record::kind);
    BOOST_REQUIRE((place != beside.end()));
    for (auto const& key : keys())
        BOOST_REQUIRE(bool(run(io, kept.erase("alpha", oauth::kind::journal, key))));
    write("alpha", oauth::kind::journal, place->key, place->record.body);
    {
        auto const again = std::make_unique<process>(*this);
        BOOST_REQUIRE(bool(run(io, again->realms.restore())));
        BOOST_TEST(again->realms.look("alpha")->get<control::journal>().next() == next);
    }
    run(io, realms().keep_journals());
    restart();
    BOOST_TEST((numbers(read()) == from_one_to(2)));
}

BOOST_AUTO_TEST_CASE(a_realm_that_is_removed_leaves_no_events_for_the_next_of_its_name) {
    record("token");
    BOOST_REQUIRE(bool(keep()));
    auto const gone = alpha();
    BOOST_REQUIRE(bool(remove("alpha")));
    test::record(gone->get<control::journal>(), an_exchange("late"));
    BOOST_TEST(!bool(run(io, realms().keep_journal(gone, 3))));
    BOOST_TEST(keys().empty());
    make("alpha");
    BOOST_TEST(events().next() == 1u);
}

BOOST_AUTO_TEST_CASE(a_trial_goes_on_where_it_was) {
    record("token");
    control::restore_side(*alpha(), control::both_sides, servers(), clock.now());
    record("mcp");
    alpha()->get<control::realm_client>().report(control::client_state::crashed, 7);
    auto const key = alpha()->get<control::realm_client>().key();
    BOOST_REQUIRE(bool(keep()));
    BOOST_REQUIRE(bool(run(io, realms().keep(alpha()))));
    restart();
    auto const& client = alpha()->get<control::realm_client>();
    BOOST_TEST(client.now().since == 2u);
    BOOST_TEST((client.now().state == control::client_state::crashed));
    BOOST_TEST((client.now().exit == 7));
    BOOST_TEST(client.key() == key);
}

BOOST_AUTO_TEST_CASE(a_realm_by_scenario_path_leaves_nothing) {
    http::founder const local{{"", true}, false};
    auto const implicit = realms().implicit("plain", "r1", &local).value();
    test::record(implicit->get<control::journal>(), an_exchange("token"));
    BOOST_TEST(bool(run(io, realms().keep_journal(implicit, 2))));
    run(io, realms().keep_journals());
    BOOST_TEST(run(io, oauth::all_keys(kept, "s.plain.r1", oauth::kind::journal))->empty());
}

BOOST_AUTO_TEST_SUITE_END()

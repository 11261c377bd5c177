// The exam: the faults of a station are on while a client is at it, and no longer.
#include "control/exam/desk.hpp"

#include <boost/test/unit_test.hpp>

#include "control/exam/words.hpp"
#include "control/realms/realm_document.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/record.hpp"
#include "control/support/plane.hpp"
#include "control/verdict/realm_client.hpp"
#include "control/verdict/story.hpp"

using namespace test;

namespace {

mcp::examinee const somebody{.authorized = true, .in_session = true, .grantable_scopes = {}};
std::string const admin[] = {"mcp:tools", "mcp:admin"};
// Who takes the exam; each case begins with somebody.
mcp::examinee taker;

task<outcome<http::reply>> begin(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.begin(c, taker, false));
}
task<outcome<http::reply>> next(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.next(c, taker));
}
task<outcome<http::reply>> again(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.begin(c, taker, true));
}
task<outcome<http::reply>> scope(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.needed_scope(c));
}

constexpr http::route<control::exam_desk> rows[] = {
    {"/begin", http::verb::post, "mcp", &begin, http::plain_route},
    {"/next", http::verb::post, "mcp", &next, http::plain_route},
    {"/again", http::verb::post, "mcp", &again, http::plain_route},
    {"/scope", http::verb::post, "mcp", &scope, http::plain_route},
};

struct exam : plane {
    control::exam_desk desk;

    exam() {
        taker = somebody;
        routes.add(desk, std::span<http::route<control::exam_desk> const>(rows));
        control::realm_request wanted;
        wanted.name = "alpha";
        wanted.scenario = control::find_scenario("exam").value();
        auto const r = realms.create(std::move(wanted)).value();
        b.realm = r;
    }
    std::string begins() { return b.post_form("/begin", {}).body; }
    std::string goes_on() { return b.post_form("/next", {}).body; }
    std::string begins_again() { return b.post_form("/again", {}).body; }
    std::string needed_scope() { return b.post_form("/scope", {}).body; }
    void happens(exchange x) {
        story s;
        s.add(std::move(x));
        test::record(b.realm->get<control::journal>(), *s.events().front());
    }
    // The fault of the first station acts, and the client gets a new token.
    void refreshes() {
        auto dead = story::call();
        dead.faults = {"revoke.access_now"};
        happens(dead);
        happens(story::refresh("rt-1", "at-2", "rt-2"));
    }
    void enter_scenario(std::string_view name) {
        auto const& s = *control::find_scenario(name).value();
        control::enter_scenario(*b.realm, s, realms.servers(), b.clock.now());
    }
    std::string faults() {
        std::string all;
        if (auto const plan = b.realm->get<control::realm_faults>().faults())
            for (auto const& f : *plan)
                all += (all.empty() ? "" : " ") + f->settings().name;
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exam_desk_, exam)

BOOST_AUTO_TEST_CASE(the_faults_of_a_station_are_on_from_its_task_on) {
    BOOST_TEST(faults() == "");
    BOOST_TEST(begins().find("Station 1 of") != std::string::npos);
    BOOST_TEST(faults() == "revoke.access_now");
    BOOST_TEST(begins().find("Station 1 of") != std::string::npos);
    BOOST_TEST(faults() == "revoke.access_now");
    // Nothing has happened that could be judged.
    BOOST_TEST(goes_on().find("Station 1 of") != std::string::npos);
    BOOST_TEST(faults() == "revoke.access_now");
}

BOOST_AUTO_TEST_CASE(a_reset_ends_the_exam_and_its_faults) {
    for (auto const side : {control::as_side, control::both_sides}) {
        begins();
        control::restore_side(*b.realm, side, realms.servers(), b.clock.now());
        BOOST_TEST(faults() == "");
        begins();
        BOOST_TEST(faults() == "revoke.access_now");
    }
}

BOOST_AUTO_TEST_CASE(a_snapshot_brings_no_station_back) {
    begins();
    auto take = control::take_snapshot(b.realm, realms.servers(), b.clock);
    auto const taken = run(b.io(), std::move(take));
    BOOST_REQUIRE(bool(taken));
    auto load = control::load_snapshot(b.realm, *taken, realms.servers(), b.clock, false);
    BOOST_REQUIRE(bool(run(b.io(), std::move(load))));
    BOOST_TEST(faults() == "");
    begins();
    BOOST_TEST(faults() == "revoke.access_now");
}

BOOST_AUTO_TEST_CASE(after_a_restart_the_exam_begins_anew) {
    begins();
    auto const kept = control::document_of(*b.realm, realms.servers());
    control::apply_document(*b.realm, json::serialize(kept), realms.servers(), b.clock.now());
    BOOST_TEST(faults() == "");
    begins();
    BOOST_TEST(faults() == "revoke.access_now");
}

BOOST_AUTO_TEST_CASE(there_is_none_in_another_scenario) {
    begins();
    enter_scenario("plain");
    BOOST_TEST(faults() == "");
    BOOST_TEST(begins().find("Station") == std::string::npos);
    BOOST_TEST(faults() == "");
}

BOOST_AUTO_TEST_CASE(a_station_is_passed_by_who_copes_with_it_and_its_faults_end_with_it) {
    begins();
    refreshes();
    auto const said = goes_on();
    BOOST_TEST(said.starts_with("refresh: passed.\nStation 3 of 6: the MCP session is gone."),
               said);
    BOOST_TEST(faults() == "session.drop_each_time");
}

BOOST_AUTO_TEST_CASE(a_station_is_failed_by_who_met_it_and_did_not_cope) {
    begins();
    auto dead = story::call();
    dead.faults = {"revoke.access_now"};
    happens(dead);
    BOOST_TEST(
        goes_on().starts_with("refresh: failed. The access token was dead, and the client "
                              "did not get a new one with its refresh token.\nStation 3"));
}

// What was done before the exam, or at the station before, is of no account.
BOOST_AUTO_TEST_CASE(a_station_is_judged_by_what_has_happened_since_it_began) {
    refreshes();
    begins();
    BOOST_TEST(goes_on().starts_with(control::exam_words::not_met));
    refreshes();
    goes_on();
    BOOST_TEST(goes_on().starts_with(std::string(control::exam_words::not_met) + "Station 3"));
}

BOOST_AUTO_TEST_CASE(the_next_station_of_an_exam_that_has_not_begun_is_the_first) {
    auto const said = goes_on();
    BOOST_TEST(said.starts_with("The exam of this MCP client begins."), said);
    BOOST_TEST(said.find("Station 1 of 6") != std::string::npos, said);
    BOOST_TEST(faults() == "revoke.access_now");
}

BOOST_AUTO_TEST_CASE(an_exam_that_has_begun_goes_on_where_it_was) {
    begins();
    refreshes();
    goes_on();
    BOOST_TEST(begins().starts_with("The exam goes on where it was. Station 3 of 6"));
}

BOOST_AUTO_TEST_CASE(an_exam_that_is_begun_again_begins_with_the_first_station) {
    begins();
    refreshes();
    goes_on();
    auto const said = begins_again();
    BOOST_TEST(said.find("Station 1 of 6") != std::string::npos, said);
    BOOST_TEST(faults() == "revoke.access_now");
    BOOST_TEST(goes_on().starts_with(control::exam_words::not_met));
}

BOOST_AUTO_TEST_CASE(there_is_no_exam_for_who_comes_without_a_token) {
    taker.authorized = false;
    for (auto const& said : {begins(), goes_on(), begins_again()})
        BOOST_TEST(said == control::exam_words::no_authorization);
    BOOST_TEST(faults() == "");
}

BOOST_AUTO_TEST_CASE(a_station_is_left_out_where_the_client_has_no_session) {
    taker.in_session = false;
    begins();
    refreshes();
    BOOST_TEST(goes_on().find("Station 4 of 6") != std::string::npos);
    BOOST_TEST(faults().find("session.") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_scope_is_needed_at_its_station_alone) {
    taker.grantable_scopes = admin;
    BOOST_TEST(needed_scope() == "");
    begins();
    BOOST_TEST(needed_scope() == "");
    refreshes();
    BOOST_TEST(goes_on().find("Station 2 of 6") != std::string::npos);
    BOOST_TEST(needed_scope() == "mcp:admin");
    enter_scenario("plain");
    BOOST_TEST(needed_scope() == "");
}

// The client copes with the first station and with no other; two are left out.
BOOST_AUTO_TEST_CASE(the_last_station_ends_the_exam_with_all_results_and_the_report) {
    b.where.mcp_is_issuer = false;
    begins();
    refreshes();
    std::string said = goes_on();
    for (auto const* fault :
         {"session.drop_each_time", "stream.cut_before_response", "key.rotate_graceful"}) {
        auto x = story::call();
        x.status = 404;
        x.faults = {fault};
        happens(x);
        said = goes_on();
    }
    BOOST_TEST(said.find("The exam is over and not passed: 1 of 4 stations.\nrefresh: passed.\n"
                         "step-up: left out. This server cannot grant the scope mcp:admin.\n"
                         "session: failed. ") != std::string::npos,
               said);
    BOOST_TEST(
        said.find("authorization-server: left out. This server has only one issuer name.\n") !=
            std::string::npos,
        said);
    auto const link =
        "http://localhost:9100/verdict/" + b.realm->get<control::realm_client>().key();
    BOOST_TEST(said.ends_with("this address of the report: " + link +
                              " . Call no more tools of the exam."),
               said);
    BOOST_TEST(faults() == "");
    // It is over, whoever asks again.
    BOOST_TEST(begins() == goes_on());
    BOOST_TEST(begins().starts_with("The exam is over and not passed: 1 of 4 stations."));
    BOOST_TEST(needed_scope() == "");
}

BOOST_AUTO_TEST_SUITE_END()

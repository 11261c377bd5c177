// The exam: the faults of a station are on while a client is at it, and no longer.
#include "control/exam/desk.hpp"

#include <boost/test/unit_test.hpp>

#include "control/realms/realm_document.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

mcp::examinee const somebody{.authorized = true, .in_session = true, .grantable_scopes = {}};

task<outcome<http::reply>> begin(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.begin(c, somebody, false));
}
task<outcome<http::reply>> next(control::exam_desk& desk, http::context& c) {
    co_return http::reply(200, "text/plain", desk.next(c, somebody));
}

constexpr http::route<control::exam_desk> rows[] = {
    {"/begin", http::verb::post, "mcp", &begin, http::plain_route},
    {"/next", http::verb::post, "mcp", &next, http::plain_route},
};

struct exam : plane {
    control::exam_desk desk;

    exam() {
        routes.add(desk, std::span<http::route<control::exam_desk> const>(rows));
        control::realm_request wanted;
        wanted.name = "alpha";
        wanted.scenario = control::find_scenario("exam").value();
        auto const r = realms.create(std::move(wanted)).value();
        b.realm = r;
    }
    std::string begins() { return b.post_form("/begin", {}).body; }
    std::string goes_on() { return b.post_form("/next", {}).body; }
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

BOOST_AUTO_TEST_SUITE_END()

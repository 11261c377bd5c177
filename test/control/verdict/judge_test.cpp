// The verdict as a whole.
#include "control/verdict/judge.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/verdict/story.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

struct told {
    client_state state = client_state::running;
    std::uint64_t dropped = 0;
    std::chrono::milliseconds later{0};  // than the last exchange
};

verdict judged(std::string_view scenario, story const& s, told const& t = {}) {
    trial of;
    of.realm = "r";
    of.scenario = find_scenario(scenario).value();
    of.events = s.events();
    of.dropped = t.dropped;
    of.client.state = t.state;
    of.now = s.now() + t.later;
    return judge(of);
}

finding const& about(verdict const& v, std::string_view id) {
    auto const at = std::ranges::find(v.findings, id, &finding::id);
    BOOST_REQUIRE_MESSAGE(at != v.findings.end(), id);
    return *at;
}

story refused_without_pkce() {
    story s;
    exchange x;
    x.endpoint = "as_metadata";
    x.method = "GET";
    x.faults = {"metadata.pkce_absent"};
    s.add(x);
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict_judge)

BOOST_AUTO_TEST_CASE(passes_a_right_client_as_soon_as_the_scenario_is_over) {
    story s;
    s.good();
    auto const v = judged("plain", s);
    BOOST_TEST((v.word == verdict_word::pass));
    BOOST_TEST((v.client == client_state::running));
    BOOST_TEST((about(v, "tool.called").status == finding_status::pass));
}

BOOST_AUTO_TEST_CASE(is_incomplete_and_no_pass_when_nobody_came) {
    for (auto const state : {client_state::running, client_state::done}) {
        auto const v = judged("plain", story(), {.state = state});
        BOOST_TEST((v.word == verdict_word::incomplete));
        BOOST_TEST((v.client == client_state::not_tried));
    }
}

BOOST_AUTO_TEST_CASE(names_the_request_that_went_wrong_where_a_client_did_not_come_far) {
    story s;
    s.add(story::registration()).login();
    auto x = story::redemption();
    x.status = 400;
    x.error = "invalid_grant";
    s.add(x);
    auto const v = judged("plain", s, {.state = client_state::done});
    BOOST_TEST((v.word == verdict_word::incomplete));
    auto const& f = about(v, "tool.called");
    BOOST_TEST((f.status == finding_status::not_reached));
    BOOST_TEST(f.event == 3u);
    BOOST_TEST(f.text.find("POST /token, answered 400 invalid_grant") != std::string::npos, f.text);
}

BOOST_AUTO_TEST_CASE(fails_when_a_must_failed_whatever_the_scenario_is_about) {
    story s;
    s.good().add(story::call(""));
    auto const v = judged("plain", s);
    BOOST_TEST((v.word == verdict_word::fail));
    BOOST_TEST(v.findings.front().id == "token.every_request");
}

BOOST_AUTO_TEST_CASE(passes_with_a_warning) {
    story s;
    s.good().add(story::registration());
    auto const v = judged("plain", s);
    BOOST_TEST((v.word == verdict_word::pass));
    BOOST_TEST((v.findings.front().status == finding_status::warning));
}

BOOST_AUTO_TEST_CASE(lets_no_crash_and_no_hang_pass) {
    story s;
    s.good();
    for (auto const state : {client_state::crashed, client_state::timed_out}) {
        auto const v = judged("plain", s, {.state = state});
        BOOST_TEST((v.word == verdict_word::incomplete));
        BOOST_TEST((v.client == state));
    }
}

// A negative test: nothing more may come.
BOOST_AUTO_TEST_CASE(waits_for_silence_or_for_the_word_of_who_started_the_client) {
    auto const s = refused_without_pkce();
    BOOST_TEST((judged("pkce.absent", s).word == verdict_word::incomplete));
    BOOST_TEST((judged("pkce.absent", s, {.later = 6s}).word == verdict_word::pass));
    auto const v = judged("pkce.absent", s, {.state = client_state::done});
    BOOST_TEST((v.word == verdict_word::pass));
    auto const& fault = about(v, "fault.metadata.pkce_absent");
    BOOST_TEST((fault.by == finding_by::injected));
    BOOST_TEST(fault.event == 1u);
}

BOOST_AUTO_TEST_CASE(fails_who_does_what_must_not_be) {
    auto s = refused_without_pkce();
    s.login();
    auto const v = judged("pkce.absent", s);
    BOOST_TEST((v.word == verdict_word::fail));
    BOOST_TEST(v.findings.front().id == "pkce.verified");
}

BOOST_AUTO_TEST_CASE(is_no_pass_where_the_fault_never_acted) {
    story s;
    s.good();
    auto const v = judged("pkce.absent", s, {.state = client_state::done});
    BOOST_TEST((v.word == verdict_word::incomplete));
    BOOST_TEST((about(v, "fault.metadata.pkce_absent").status == finding_status::not_reached));
}

// Sending the old refresh token again is what a right client does when the answer was lost.
BOOST_AUTO_TEST_CASE(finds_nothing_in_what_a_fault_makes_a_right_client_do) {
    story s;
    auto lost = story::refresh("rt-1", "at-2", "rt-2");
    lost.cut = true;
    lost.faults = {"refresh.lost_response"};
    s.good().add(lost).add(story::refresh("rt-1", "at-3", "rt-3")).add(story::call("at-3"));
    auto const v = judged("refresh.lost_response", s);
    BOOST_TEST((v.word == verdict_word::pass), v.findings.front().id << v.findings.front().text);
    BOOST_TEST((v.findings.front().status == finding_status::pass), v.findings.front().id);
}

BOOST_AUTO_TEST_CASE(says_whose_it_is_that_the_journal_is_not_whole) {
    story s;
    s.good();
    auto const v = judged("plain", s, {.dropped = 3});
    BOOST_TEST((v.word == verdict_word::incomplete));
    BOOST_TEST((about(v, "journal.complete").by == finding_by::configuration));
}

BOOST_AUTO_TEST_CASE(sorts_what_failed_first_to_the_front) {
    story s;
    s.login("code-1", {{"code_challenge_method", "plain"}}).add(story::redemption());
    s.add(story::redemption());
    auto const v = judged("plain", s);
    BOOST_TEST(v.findings[0].id == "pkce.s256");
    BOOST_TEST(v.findings[0].event < v.findings[1].event);
}

BOOST_AUTO_TEST_SUITE_END()

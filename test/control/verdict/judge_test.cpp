// The verdict as a whole.
#include "control/verdict/judge.hpp"

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/expectations/judging.hpp"
#include "control/verdict/exchanges.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

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

// An expectation with that predicate, and with members of its own.
expectation expected(std::string const& predicate, json::object const& members = {}) {
    auto o = with_predicate(predicate).get_object();
    for (auto const& m : members)
        o[m.key()] = m.value();
    object_reader in(o);
    return read_expectation(in);
}

std::string const a_call = R"("count":{"of":{"mcp_method":"tools/call"}})";
std::string const a_refresh = R"("count":{"of":{"grant_type":"refresh_token"}})";

// A scenario of these expectations alone, and the trial of a client in it.
struct own_trial {
    scenario of;
    trial is;

    explicit own_trial(std::vector<expectation> expectations, client_state state) {
        of.name = "own";
        of.expectations = std::move(expectations);
        is.realm = "r";
        is.client.state = state;
    }
    verdict judged(story const& s, std::chrono::milliseconds later = 0ms) {
        is.scenario = &of;
        is.events = s.events();
        is.now = s.now() + later;
        return judge(is);
    }
    verdict of_good_client() {
        story s;
        return judged(s.good());
    }
};

exchange modern_call() {
    return modern("tools/call", "echo", {{"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}});
}

own_trial of_done(std::vector<expectation> expectations) {
    return own_trial(std::move(expectations), client_state::done);
}

bool is_told(verdict const& v, std::string_view id) {
    return std::ranges::find(v.findings, id, &finding::id) != v.findings.end();
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

BOOST_AUTO_TEST_SUITE(verdict_of_expectations)

BOOST_AUTO_TEST_CASE(is_a_failure_by_a_must_and_a_warning_by_a_should) {
    auto const never = R"("never":{"of":{"mcp_method":"tools/call"}})";
    auto const must = of_done({expected(never)}).of_good_client();
    BOOST_TEST((must.word == verdict_word::fail));
    BOOST_TEST((about(must, "x").status == finding_status::fail));
    BOOST_TEST(about(must, "x").text == "b");
    BOOST_TEST(about(must, "x").event == 6u);
    auto const should = of_done({expected(never, {{"level", "SHOULD"}})}).of_good_client();
    BOOST_TEST((should.word == verdict_word::pass));
    BOOST_TEST((about(should, "x").status == finding_status::warning));
}

BOOST_AUTO_TEST_CASE(is_no_pass_where_one_of_them_was_not_reached) {
    auto const v = of_done({expected(a_call), expected(a_refresh, {{"id", "y"}})}).of_good_client();
    BOOST_TEST((v.word == verdict_word::incomplete));
    BOOST_TEST((about(v, "x").status == finding_status::pass));
    BOOST_TEST(about(v, "y").text == "The client has not come so far.");
}

BOOST_AUTO_TEST_CASE(is_no_pass_where_nothing_is_expected) {
    BOOST_TEST((of_done({}).of_good_client().word == verdict_word::incomplete));
}

BOOST_AUTO_TEST_CASE(passes_without_what_is_optional_or_only_told) {
    for (auto const* name : {"optional", "report"}) {
        auto const beside = expected(a_refresh, {{"id", "y"}, {name, true}});
        auto const v = of_done({expected(a_call), beside}).of_good_client();
        BOOST_TEST((v.word == verdict_word::pass), name);
        BOOST_TEST((about(v, "y").status == finding_status::not_reached), name);
    }
}

// It is told what the client did, and nothing is held against it.
BOOST_AUTO_TEST_CASE(warns_of_nothing_that_is_only_told) {
    auto const told =
        expected(R"("never":{"of":{"mcp_method":"tools/call"}})", {{"id", "y"}, {"report", true}});
    auto const v = of_done({expected(a_call), told}).of_good_client();
    BOOST_TEST((v.word == verdict_word::pass));
    BOOST_TEST((about(v, "y").status == finding_status::not_reached));
    BOOST_TEST(about(v, "y").text == "b");
}

BOOST_AUTO_TEST_CASE(fails_by_what_is_optional_where_it_was_broken) {
    auto const beside = expected(R"("never":{"of":{"mcp_method":"tools/call"}})",
                                 {{"id", "y"}, {"optional", true}});
    auto const v = of_done({expected(a_call), beside}).of_good_client();
    BOOST_TEST((v.word == verdict_word::fail));
}

// The scenario ends with what is waited for; then it is known what did not happen.
BOOST_AUTO_TEST_CASE(decides_what_must_not_be_as_soon_as_all_that_was_waited_for_has_come) {
    auto const never = expected(R"("never":{"of":{"grant_type":"refresh_token"}})", {{"id", "y"}});
    own_trial ended({expected(a_call), never}, client_state::running);
    BOOST_TEST((ended.of_good_client().word == verdict_word::pass));
    own_trial open({expected(R"("count":{"of":{"mcp_method":"tools/call"},"least":2})"), never},
                   client_state::running);
    auto const v = open.of_good_client();
    BOOST_TEST((v.word == verdict_word::incomplete));
    BOOST_TEST(about(v, "y").text == "It has begun, and nothing is decided yet.");
}

BOOST_AUTO_TEST_CASE(takes_a_client_for_silent_after_just_as_long_as_the_scenario_says) {
    own_trial t({expected(R"("never":{"of":{"grant_type":"refresh_token"}})")},
                client_state::running);
    t.of.quiet = 5s;
    story s;
    s.good();  // its last answer took 10 ms
    BOOST_TEST((t.judged(s, 5009ms).word == verdict_word::incomplete));
    BOOST_TEST((t.judged(s, 5010ms).word == verdict_word::pass));
}

BOOST_AUTO_TEST_CASE(tells_how_the_client_ended_also_when_it_never_came) {
    own_trial t({expected(a_call)}, client_state::crashed);
    t.is.client.exit = 139;
    auto const v = t.judged(story());
    BOOST_TEST((v.client == client_state::crashed));
    BOOST_TEST(v.exit.value_or(0) == 139);
    BOOST_TEST((v.word == verdict_word::incomplete));
}

// The official suite holds it against a client that was to come so far and did not.
BOOST_AUTO_TEST_CASE(fails_a_client_of_the_official_suite_for_what_it_did_not_reach) {
    auto t = of_done({expected(a_call), expected(a_refresh, {{"id", "y"}, {"level", "SHOULD"}})});
    t.of.official = true;
    auto const v = t.of_good_client();
    auto const& f = about(v, "y");
    BOOST_TEST((f.status == finding_status::fail));
    BOOST_TEST((f.level == finding_level::must));
    BOOST_TEST(f.missed);
    BOOST_TEST(f.text == "The client has not come so far. Not seen: t");
    BOOST_TEST((v.word == verdict_word::fail));
    BOOST_TEST(!about(v, "x").missed);
}

BOOST_AUTO_TEST_CASE(fails_a_client_of_the_official_suite_for_what_it_did_not_finish) {
    auto t = of_done({expected(R"("count":{"of":{"mcp_method":"tools/call"},"least":2})")});
    t.of.official = true;
    BOOST_TEST(about(t.of_good_client(), "x").text ==
               "The client began it, and did not come to its end.");
}

BOOST_AUTO_TEST_CASE(holds_nothing_against_a_client_that_runs_never_came_or_need_not) {
    own_trial running({expected(a_refresh)}, client_state::running);
    running.of.official = true;
    BOOST_TEST(!about(running.of_good_client(), "x").missed);
    auto nobody = of_done({expected(a_refresh)});
    nobody.of.official = true;
    BOOST_TEST(!about(nobody.judged(story()), "x").missed);
    auto optional = of_done({expected(a_refresh, {{"optional", true}})});
    optional.of.official = true;
    BOOST_TEST(!about(optional.of_good_client(), "x").missed);
}

BOOST_AUTO_TEST_CASE(leaves_out_what_is_not_expected_in_the_revision_that_was_spoken) {
    json::object const modern{{"eras", json::array{"2026-07-28"}}};
    auto t = of_done({expected(a_call, modern), expected(a_call, {{"id", "y"}})});
    BOOST_TEST(!is_told(t.of_good_client(), "x"));
    story newer;
    newer.add(modern_call());
    BOOST_TEST(is_told(t.judged(newer), "x"));
    // What was refused was not spoken.
    story refused_newer;
    refused_newer.add(refused(modern_call(), 400, "no")).add(story::call());
    BOOST_TEST(!is_told(t.judged(refused_newer), "x"));
}

BOOST_AUTO_TEST_CASE(knows_the_revision_of_a_server_that_speaks_only_one) {
    auto t = of_done({expected(a_call, {{"eras", json::array{"2025-06-18"}}})});
    t.is.versions = {"2025-06-18"};
    BOOST_TEST(is_told(t.of_good_client(), "x"));
    t.is.versions = {"2025-03-26", "2025-06-18"};
    BOOST_TEST(is_told(t.of_good_client(), "x"));
    t.is.versions = {"2025-06-18", "2025-11-25"};
    BOOST_TEST(!is_told(t.of_good_client(), "x"));
    t.is.versions = {"2025-06-18", "2026-07-28"};
    BOOST_TEST(!is_told(t.of_good_client(), "x"));
}

BOOST_AUTO_TEST_CASE(says_once_what_a_check_of_the_suite_says_like_a_rule) {
    auto t = of_done({expected(a_call, {{"id", "pkce-s256-method-used"}})});
    auto const v = t.of_good_client();
    BOOST_TEST(!is_told(v, "pkce.s256"));
    BOOST_TEST(is_told(v, "pkce.verifier"));
    BOOST_TEST(is_told(of_done({expected(a_call)}).of_good_client(), "pkce.s256"));
}

BOOST_AUTO_TEST_CASE(tells_how_often_each_fault_of_the_scenario_acted) {
    auto t = of_done({expected(a_call)});
    fault_settings fault;
    fault.name = "own.fault";
    t.of.faults = {fault, fault};
    BOOST_TEST((t.of_good_client().word == verdict_word::incomplete));
    BOOST_TEST(about(t.of_good_client(), "fault.own.fault").text ==
               "tollgate has not done this yet: An effect of the scenario's own.");
    t.of.faults_may_rest = true;
    BOOST_TEST((t.of_good_client().word == verdict_word::pass));
    story s;
    auto x = story::call();
    x.faults = {"own.fault"};
    s.add(x).add(x);
    auto const v = t.judged(s);
    BOOST_TEST(about(v, "fault.own.fault").text ==
               "tollgate did this 2 times: An effect of the scenario's own.");
    BOOST_TEST(about(v, "fault.own.fault").event == 1u);
    BOOST_TEST(std::ranges::count(v.findings, std::string_view("fault.own.fault"), &finding::id) ==
               1);
}

BOOST_AUTO_TEST_CASE(fails_also_where_the_journal_is_not_whole) {
    auto t = of_done({expected(R"("never":{"of":{"mcp_method":"tools/call"}})")});
    t.is.dropped = 2;
    auto const v = t.of_good_client();
    BOOST_TEST((v.word == verdict_word::fail));
    BOOST_TEST(about(v, "journal.complete").text ==
               "The journal was full and 2 events are lost: the verdict is about the rest "
               "(journal.bytes).");
}

BOOST_AUTO_TEST_SUITE_END()

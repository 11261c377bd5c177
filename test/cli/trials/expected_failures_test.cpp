#include "cli/trials/expected_failures.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::trials;

namespace {

std::vector<expected_failure> entries(std::string const& text) {
    auto const read = read_expected_failures(text, "known.yml");
    auto const* wrong = std::get_if<std::string>(&read);
    BOOST_REQUIRE_MESSAGE(!wrong, (wrong ? *wrong : ""));
    return std::get<std::vector<expected_failure>>(read);
}

std::string mistake(std::string const& text) {
    auto const read = read_expected_failures(text, "known.yml");
    auto const* wrong = std::get_if<std::string>(&read);
    return wrong ? *wrong : "";
}

control::verdict verdict_of(std::string scenario, control::verdict_word word,
                            std::vector<std::string> const& failed = {}) {
    control::verdict v;
    v.scenario = std::move(scenario);
    v.word = word;
    for (auto const& id : failed) {
        control::finding f;
        f.id = id;
        f.status = control::finding_status::fail;
        v.findings.push_back(f);
    }
    return v;
}

using strings = std::vector<std::string>;
using enum control::verdict_word;

}  // namespace

BOOST_AUTO_TEST_SUITE(expected_failures)

BOOST_AUTO_TEST_CASE(are_read_as_the_official_suite_writes_them) {
    auto const all = entries(
        "# known\n---\nserver:\n  - not.ours\nclient:\n  - plain\n"
        "  - \"login.state:state.checked\"  # soon\n\n");
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].scenario == "plain");
    BOOST_TEST(all[0].finding == "");
    BOOST_TEST(all[1].scenario == "login.state");
    BOOST_TEST(all[1].finding == "state.checked");
    BOOST_TEST(all[1].line == 7);
    BOOST_TEST(entries("").empty());
}

BOOST_AUTO_TEST_CASE(may_come_from_windows_with_a_mark_of_their_encoding) {
    auto const all = entries(
        "\xEF\xBB\xBF"
        "client:\r\n  - plain\r\n");
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].scenario == "plain");
}

BOOST_AUTO_TEST_CASE(may_stand_in_brackets) {
    BOOST_TEST(entries("client: []\nserver: [a]\n").empty());
    auto const all = entries("client: [plain, \"login.state:state.checked\"] # known\n");
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[1].finding == "state.checked");
}

BOOST_AUTO_TEST_CASE(may_call_a_scenario_by_an_alias) {
    BOOST_TEST(entries("client:\n- consent.denied\n").front().scenario == "login.denied");
}

BOOST_AUTO_TEST_CASE(say_which_scenario_there_is_not) {
    auto const all = entries("client:\n  - plain\n  - plian\n");
    BOOST_TEST((unknown_scenarios(all, "known.yml") ==
                strings{"known.yml:3: no scenario is called \"plian\"; the nearest is \"plain\""}));
}

BOOST_AUTO_TEST_CASE(stand_below_a_key_that_there_is) {
    BOOST_TEST(mistake("clients:\n  - plain\n") ==
               "known.yml:1: \"clients\" is no key of such a file: expected \"client:\" or "
               "\"server:\"");
    BOOST_TEST(mistake("- plain\n") ==
               "known.yml:1: stands neither below \"client:\" nor below \"server:\"");
}

BOOST_AUTO_TEST_CASE(name_the_line_of_a_mistake) {
    BOOST_TEST(mistake("client:\n  plain\n").starts_with("known.yml:2: "));
    BOOST_TEST(mistake("client:\n  - \n").starts_with("known.yml:2: "));
    BOOST_TEST(mistake("client:\n  - :x\n").starts_with("known.yml:2: "));
}

BOOST_AUTO_TEST_CASE(are_compared_by_finding_and_by_scenario) {
    std::vector<control::verdict> const run{verdict_of("a", fail, {"x", "y"}),
                                            verdict_of("b", incomplete), verdict_of("c", pass)};
    auto const none = compare(run, {});
    BOOST_TEST((none.unexpected == strings{"a:x", "a:y", "b"}));
    auto const some = entries("client:\n  - a:x\n  - b\n");
    BOOST_TEST((compare(run, some).unexpected == strings{"a:y"}));
    auto const all = entries("client:\n  - a\n  - b\n");
    BOOST_TEST(compare(run, all).unexpected.empty());
    BOOST_TEST(compare(run, all).stale.empty());
}

BOOST_AUTO_TEST_CASE(are_stale_when_they_did_not_fail_and_unknown_when_not_tried) {
    std::vector<control::verdict> const run{verdict_of("a", pass)};
    auto const expected = entries("client:\n  - a\n  - a:x\n  - elsewhere\n");
    BOOST_TEST((compare(run, expected).stale == strings{"a", "a:x"}));
}

BOOST_AUTO_TEST_CASE(a_warning_of_a_check_of_the_official_suite_is_a_failure) {
    auto v = verdict_of("auth/basic-cimd", pass, {"cimd-client-id-used", "client.kept"});
    for (auto& f : v.findings)
        f.status = control::finding_status::warning;
    std::vector<control::verdict> const run{v};
    BOOST_TEST((compare(run, {}).unexpected == strings{"auth/basic-cimd:cimd-client-id-used"}));
    auto const known = entries("client:\n  - auth/basic-cimd\n");
    BOOST_TEST(compare(run, known).unexpected.empty());
    BOOST_TEST(compare(run, known).stale.empty());
}

BOOST_AUTO_TEST_CASE(a_check_that_was_not_reached_makes_no_entry_stale) {
    auto v = verdict_of("auth/wif-jwt-bearer", pass, {"wif-no-retry"});
    v.findings.front().status = control::finding_status::not_reached;
    std::vector<control::verdict> const run{v};
    auto const known = entries("client:\n  - auth/wif-jwt-bearer:wif-no-retry\n");
    BOOST_TEST(compare(run, known).stale.empty());
}

BOOST_AUTO_TEST_CASE(a_client_that_crashes_or_hangs_is_not_excused_by_a_finding_that_is_known) {
    for (auto const end : {control::client_state::crashed, control::client_state::timed_out}) {
        std::vector<control::verdict> run{verdict_of("plain", fail, {"pkce.s256"})};
        run.front().client = end;
        BOOST_TEST((compare(run, entries("client:\n  - plain:pkce.s256\n")).unexpected ==
                    strings{"plain"}));
    }
}

BOOST_AUTO_TEST_SUITE_END()

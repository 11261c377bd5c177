// Verdicts as people and programs read them: text, Markdown, JUnit, SARIF and the inside of a page.
#include <set>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/report/report.hpp"
#include "control/report/verdicts.hpp"

using namespace test;
using namespace tollgate;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

verdict with(std::vector<finding> findings, verdict_word word = verdict_word::fail) {
    auto v = verdict_of(word);
    v.findings = std::move(findings);
    return v;
}

std::string text_of(verdict const& v) {
    return to_text({&v, 1});
}
std::string markdown_of(verdict const& v) {
    return to_markdown({&v, 1});
}
std::string junit_of(verdict const& v) {
    return to_junit({&v, 1});
}
json::value sarif_of(verdict const& v) {
    return to_sarif({&v, 1});
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}
std::size_t count(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++n;
    return n;
}

// Its text, in each of the formats that are markup.
finding saying(std::string text) {
    auto f = bad_finding();
    f.text = std::move(text);
    return f;
}

json::value first_result(finding f) {
    return sarif_of(with({std::move(f)})).at("runs").as_array()[0].at("results").as_array()[0];
}

constexpr char nobody_came[] =
    "No client has sent anything since the start, the last reset or the last change of scenario.";

}  // namespace

BOOST_AUTO_TEST_SUITE(report_as_text)

BOOST_AUTO_TEST_CASE(begins_with_the_verdict_and_ends_with_the_counts) {
    auto v = with({bad_finding()});
    v.exit = 1;
    BOOST_TEST(text_of(v) ==
               "FAIL  scenario refresh.once, realm r, client done (exit 1)\n"
               "  fail        MUST   code.once\n"
               "      A code was used a second time.\n"
               "      RFC 6749 §4.1.2  https://rfc.example/6749\n"
               "      see GET /control/events?since=7\n"
               "  1 failed, 0 warned of, 0 passed, 0 not reached\n");
}

BOOST_AUTO_TEST_CASE(says_neither_clause_nor_event_of_what_was_right) {
    auto f = kept_finding();
    f.event = 5;
    auto const text = text_of(with({f}, verdict_word::pass));
    BOOST_TEST(has(text, "  pass        MUST   pkce.s256\n"));
    BOOST_TEST(!has(text, "RFC"));
    BOOST_TEST(!has(text, "since="));
}

BOOST_AUTO_TEST_CASE(says_no_clause_and_no_event_where_there_is_none) {
    auto f = bad_finding();
    f.clause = "";
    f.event = 0;
    auto const text = text_of(with({f}));
    BOOST_TEST(!has(text, "https://"));
    BOOST_TEST(!has(text, "since="));
}

BOOST_AUTO_TEST_CASE(names_whose_doing_a_finding_is_unless_it_is_the_clients) {
    BOOST_TEST(has(text_of(with({of_fault()})), "fault.token.slow [injected]\n"));
    BOOST_TEST(!has(text_of(with({bad_finding()})), "["));
}

BOOST_AUTO_TEST_CASE(lists_what_was_not_reached_on_one_line) {
    auto other = open_finding();
    other.id = "state.sent";
    auto const text = text_of(with({open_finding(), other}, verdict_word::incomplete));
    BOOST_TEST(has(text, "  not reached: dpop.jti, state.sent\n"));
    BOOST_TEST(!has(text, "No DPoP proof"));
}

// The request that went wrong is where somebody should begin to look.
BOOST_AUTO_TEST_CASE(tells_what_was_not_reached_in_full_where_an_event_shows_why) {
    auto f = open_finding();
    f.event = 4;
    auto const text = text_of(with({f}, verdict_word::incomplete));
    BOOST_TEST(has(text, "  not_reached MUST   dpop.jti\n      No DPoP proof was sent yet.\n"));
    BOOST_TEST(!has(text, "not reached:"));
}

BOOST_AUTO_TEST_CASE(says_that_nobody_came_and_not_all_that_was_not_reached) {
    auto v = with({open_finding()}, verdict_word::incomplete);
    v.client = client_state::not_tried;
    auto const text = text_of(v);
    BOOST_TEST(has(text, nobody_came));
    BOOST_TEST(!has(text, "dpop.jti"));
    BOOST_TEST(has(markdown_of(v), nobody_came));
    BOOST_TEST(!has(text_of(with({open_finding()})), nobody_came));
}

BOOST_AUTO_TEST_CASE(tells_the_stations_of_an_exam_before_the_findings) {
    auto v = with({kept_finding()}, verdict_word::incomplete);
    v.stations = {{"refresh", "the token dies", station_state::under_way}};
    auto const text = text_of(v);
    auto const station = text.find("  station refresh               under_way  the token dies\n");
    BOOST_TEST(station < text.find("pkce.s256"));
}

BOOST_AUTO_TEST_CASE(tells_several_verdicts_one_after_another_and_the_page_once_at_the_end) {
    std::vector<verdict> const all{with({bad_finding()}), with({}, verdict_word::pass)};
    auto const text = to_text(all, "http://localhost:9100/verdict/k");
    BOOST_TEST(text.find("FAIL") < text.find("PASS"));
    BOOST_TEST(text.ends_with("  to show somebody: http://localhost:9100/verdict/k\n"));
    BOOST_TEST(!has(to_text(all), "to show somebody"));
    BOOST_TEST(to_text({}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_as_markdown)

BOOST_AUTO_TEST_CASE(is_a_table_a_verdict_with_a_link_to_each_clause) {
    BOOST_TEST(markdown_of(with({bad_finding(), of_fault()})) ==
               "# Verdict\n\n"
               "## refresh.once: fail\n\n"
               "Realm r, client done. 1 failed, 0 warned of, 1 passed, 0 not reached.\n\n"
               "| status | level | finding | | clause | event |\n"
               "|---|---|---|---|---|---|\n"
               "| fail | MUST | code.once | A code was used a second time. | "
               "[RFC 6749 §4.1.2](https://rfc.example/6749) | 7 |\n"
               "| pass | SHOULD | fault.token.slow [injected] | tollgate did this 1 time. |  | 2 "
               "|\n\n");
}

BOOST_AUTO_TEST_CASE(names_a_clause_without_a_link_where_it_has_no_url) {
    auto f = bad_finding();
    f.url = "";
    BOOST_TEST(has(markdown_of(with({f})), " | RFC 6749 §4.1.2 | 7 |"));
}

// What a client sent stands in sentences.
BOOST_AUTO_TEST_CASE(lets_no_text_break_out_of_its_cell_or_become_markup) {
    auto const text = markdown_of(with({saying("a|b\\c`d<e*f_g\nh")}));
    BOOST_TEST(has(text, "| a\\|b\\\\c\\`d\\<e\\*f\\_g h |"), text);
}

BOOST_AUTO_TEST_CASE(lets_no_text_become_a_link) {
    auto const text = markdown_of(with({saying("see [here](http://evil.example)")}));
    BOOST_TEST(!has(text, "see [here](http://evil.example)"), text);
    BOOST_TEST(has(text, "see \\[here](http://evil.example)"), text);
}

BOOST_AUTO_TEST_CASE(has_an_overview_of_several_verdicts_alone) {
    std::vector<verdict> const all{with({bad_finding()}), with({}, verdict_word::incomplete)};
    auto const text = to_markdown(all);
    BOOST_TEST(text.starts_with(
        "# Verdict\n\n| scenario | verdict | client | findings |\n|---|---|---|---|\n"
        "| refresh.once | fail | done | 1 failed, 0 warned of, 0 passed, 0 not reached |\n"
        "| refresh.once | incomplete | done | 0 failed, 0 warned of, 0 passed, 0 not reached "
        "|\n\n## refresh.once: fail\n"));
    BOOST_TEST(!has(markdown_of(all.front()), "| scenario |"));
}

BOOST_AUTO_TEST_CASE(ends_with_the_page_where_there_is_one) {
    auto const v = with({});
    BOOST_TEST(to_markdown({&v, 1}, "http://x/verdict/k").ends_with("\n\n<http://x/verdict/k>\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_as_junit)

BOOST_AUTO_TEST_CASE(is_a_suite_a_scenario_and_a_case_a_finding_and_one_for_the_verdict) {
    auto const v = with({bad_finding(), warned_finding(), kept_finding(), open_finding()});
    auto const xml = junit_of(v);
    BOOST_TEST(
        xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<testsuites name=\"tollgate\">\n"
                        "  <testsuite name=\"refresh.once\" tests=\"5\" failures=\"1\" "
                        "errors=\"0\" skipped=\"1\">\n"));
    BOOST_TEST(count(xml, "<testcase ") == 5u);
    BOOST_TEST(
        xml.ends_with("    <testcase classname=\"refresh.once\" name=\"verdict\"/>\n"
                      "  </testsuite>\n</testsuites>\n"));
}

BOOST_AUTO_TEST_CASE(fails_what_failed_and_only_notes_a_warning) {
    auto const xml = junit_of(with({bad_finding(), warned_finding()}));
    BOOST_TEST(has(xml,
                   "name=\"code.once\"><failure message=\"A code was used a second time.\" "
                   "type=\"MUST\">A code was used a second time. (RFC 6749 §4.1.2, "
                   "https://rfc.example/6749)</failure></testcase>\n"),
               xml);
    BOOST_TEST(has(xml,
                   "name=\"state.sent\"><system-out>warning: The login sent no state. (RFC 6749 "
                   "§10.12, https://rfc.example/6749)</system-out></testcase>\n"),
               xml);
}

BOOST_AUTO_TEST_CASE(skips_what_was_not_reached_and_says_nothing_of_what_passed) {
    auto const xml = junit_of(with({kept_finding(), open_finding()}));
    BOOST_TEST(has(xml, "name=\"pkce.s256\"/>\n"), xml);
    BOOST_TEST(has(xml, "<skipped message=\"No DPoP proof was sent yet.\"/></testcase>"), xml);
}

// A client that never came has failed nothing, and is no success either.
BOOST_AUTO_TEST_CASE(has_an_error_where_the_verdict_is_incomplete_and_nowhere_else) {
    auto v = with({}, verdict_word::incomplete);
    v.client = client_state::timed_out;
    auto const xml = junit_of(v);
    BOOST_TEST(has(xml, "errors=\"1\""));
    BOOST_TEST(has(xml, "<error message=\"incomplete: the client is timed_out\"/>"), xml);
    for (auto const word : {verdict_word::pass, verdict_word::fail})
        BOOST_TEST(!has(junit_of(with({}, word)), "<error"));
}

// XML 1.0 §2.2: of the control characters only tab, line feed and carriage return.
BOOST_AUTO_TEST_CASE(holds_no_character_that_xml_does_not_have) {
    auto const xml = junit_of(with({saying("a\x1b[31m\x01\r<&>\"'\tb")}));
    for (char const c : xml)
        BOOST_TEST((static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t'));
    BOOST_TEST(has(xml, "a?[31m??&lt;&amp;&gt;&quot;"), xml);
}

BOOST_AUTO_TEST_CASE(has_no_suite_where_there_is_no_verdict) {
    BOOST_TEST(count(to_junit({}), "<testsuite ") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_as_sarif)

BOOST_AUTO_TEST_CASE(is_one_run_of_version_2_1_0_however_many_verdicts_there_are) {
    std::vector<verdict> const all{with({bad_finding()}), with({bad_finding(), kept_finding()})};
    json::value const o = to_sarif(all);
    BOOST_TEST(o.at("version") == "2.1.0");
    BOOST_TEST(o.at("$schema") == "https://json.schemastore.org/sarif-2.1.0.json");
    BOOST_REQUIRE(o.at("runs").as_array().size() == 1u);
    auto const& run = o.at("runs").as_array()[0];
    BOOST_TEST(run.at("tool").at("driver").at("name") == "tollgate");
    BOOST_TEST(run.at("results").as_array().size() == 3u);
}

BOOST_AUTO_TEST_CASE(describes_each_rule_once_however_often_it_was_judged) {
    std::vector<verdict> const all{with({bad_finding()}), with({bad_finding(), of_fault()})};
    json::value const o = to_sarif(all);
    auto const& rules = o.at("runs").as_array()[0].at("tool").at("driver").at("rules").as_array();
    BOOST_REQUIRE(rules.size() == 2u);
    BOOST_TEST(json::serialize(rules[0]) ==
               R"({"id":"code.once","shortDescription":{"text":"RFC 6749 §4.1.2"},)"
               R"("helpUri":"https://rfc.example/6749"})");
    BOOST_TEST(json::serialize(rules[1]) ==
               R"({"id":"fault.token.slow","shortDescription":{"text":"fault.token.slow"}})");
}

// SARIF 2.1.0 §3.27.10: what is of no kind "fail" has the level "none".
BOOST_AUTO_TEST_CASE(has_a_level_only_where_something_was_wrong) {
    auto const kind_and_level = [](finding f) {
        auto const r = first_result(std::move(f));
        return json::serialize(r.at("kind")) + json::serialize(r.at("level"));
    };
    BOOST_TEST(kind_and_level(bad_finding()) == R"("fail""error")");
    BOOST_TEST(kind_and_level(warned_finding()) == R"("fail""warning")");
    BOOST_TEST(kind_and_level(kept_finding()) == R"("pass""none")");
    BOOST_TEST(kind_and_level(open_finding()) == R"("open""none")");
}

BOOST_AUTO_TEST_CASE(places_a_result_by_realm_scenario_and_event) {
    auto const place = [](finding f) {
        auto const r = first_result(std::move(f));
        return r.at_pointer("/locations/0/logicalLocations/0/fullyQualifiedName");
    };
    BOOST_TEST(place(bad_finding()) == "r/refresh.once/event 7");
    BOOST_TEST(place(kept_finding()) == "r/refresh.once");
}

BOOST_AUTO_TEST_CASE(has_a_run_without_results_where_there_is_no_verdict) {
    json::value const o = to_sarif({});
    BOOST_TEST(o.at_pointer("/runs/0/results").as_array().empty());
    BOOST_TEST(o.at_pointer("/runs/0/tool/driver/rules").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(report_as_a_page)

BOOST_AUTO_TEST_CASE(opens_what_is_wrong_and_keeps_the_rest_folded) {
    auto const page = to_page(with({bad_finding(), kept_finding(), open_finding()})).string();
    BOOST_TEST(has(page, "<details open><summary>Broken (MUST): 1</summary>"), page);
    BOOST_TEST(has(page, "<details><summary>Right: 1</summary>"), page);
    BOOST_TEST(has(page, "<details><summary>Not reached: 1</summary>"), page);
    BOOST_TEST(!has(page, "Should be otherwise"), page);
}

BOOST_AUTO_TEST_CASE(shows_nothing_that_a_client_sent_as_markup) {
    auto v = with({saying("<script>alert(1)</script>")});
    v.realm = "<b>r";
    auto const page = to_page(v).string();
    BOOST_TEST(!has(page, "<script>"), page);
    BOOST_TEST(!has(page, "<b>"), page);
    BOOST_TEST(has(page, "&lt;script&gt;"), page);
}

BOOST_AUTO_TEST_CASE(shows_a_link_that_is_none_as_text) {
    auto f = bad_finding();
    f.url = "javascript:alert(1)";
    BOOST_TEST(!has(to_page(with({f})).string(), "href"));
    BOOST_TEST(has(to_page(with({bad_finding()})).string(), "href=\"https://rfc.example/6749\""));
}

BOOST_AUTO_TEST_CASE(lists_the_stations_of_an_exam_in_their_order) {
    auto v = with({});
    BOOST_TEST(!has(to_page(v).string(), "<ol>"));
    v.stations = {{"a", "first", station_state::left_out}, {"b", "second", station_state::ahead}};
    auto const page = to_page(v).string();
    BOOST_TEST(has(page,
                   "<ol><li><b>a</b> left out <small>first</small></li>"
                   "<li><b>b</b> not yet <small>second</small></li></ol>"),
               page);
}

BOOST_AUTO_TEST_CASE(names_whose_doing_a_finding_is_and_which_event_shows_it) {
    auto const page = to_page(with({of_fault()})).string();
    BOOST_TEST(has(page, "<small>(injected)</small>"), page);
    BOOST_TEST(has(page, "<small>event 2</small>"), page);
    BOOST_TEST(!has(to_page(with({kept_finding()})).string(), "<small>event"));
}

BOOST_AUTO_TEST_SUITE_END()

// What the hosted mode of the official suite says of a cell and of a run.
#include "control/official/cell_report.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;

namespace {

namespace json = boost::json;
using enum finding_status;

// A scenario of the suite with one check, "the-check".
scenario checked(std::string name = "auth/basic", std::vector<std::string> groups = {"core"}) {
    scenario s;
    s.name = std::move(name);
    s.official = true;
    s.groups = std::move(groups);
    expectation e;
    e.id = "the-check";
    s.expectations.push_back(std::move(e));
    return s;
}

finding found(finding_status status, std::string id = "the-check") {
    finding f;
    f.id = std::move(id);
    f.status = status;
    f.text = "It was so.";
    f.clause = "RFC 1 §2";
    f.url = "https://rfc.example/1";
    return f;
}

verdict of(std::vector<finding> findings, verdict_word word = verdict_word::pass) {
    verdict v;
    v.word = word;
    v.client = client_state::done;
    v.findings = std::move(findings);
    return v;
}

cell cell_of(scenario const& s, std::optional<verdict> v = std::nullopt,
             std::string revision = "2025-11-25") {
    cell c;
    c.of = &s;
    c.run = "run-1";
    c.revision = std::move(revision);
    c.verdict = std::move(v);
    c.results_url = "http://localhost:9100/results/run-1/" + c.revision + '/' + s.name;
    return c;
}

std::string member(json::object const& o, std::string_view name) {
    return std::string(o.at(name).as_string());
}
std::int64_t number(json::value const& v, std::string_view name) {
    return v.at(name).to_number<std::int64_t>();
}
std::string scoring(scenario const& s, std::string const& revision) {
    return member(report_of_cell(cell_of(s, std::nullopt, revision)), "scoring");
}
// "VERDICT STATE"
std::string end(scenario const& s, std::optional<verdict> v) {
    auto const o = report_of_cell(cell_of(s, std::move(v)));
    return member(o, "verdict") + ' ' + member(o, "state");
}

json::value only_check(scenario const& s, finding f) {
    auto const o = report_of_cell(cell_of(s, of({std::move(f)})));
    BOOST_REQUIRE(o.at("checks").as_array().size() == 1u);
    return o.at("checks").as_array()[0];
}
std::size_t checks(scenario const& s, finding f) {
    return report_of_cell(cell_of(s, of({std::move(f)}))).at("checks").as_array().size();
}

client_identity client(std::string name, std::string version, std::set<std::string> revisions) {
    return {std::move(name), std::move(version), std::move(revisions)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cell_reports)

BOOST_AUTO_TEST_CASE(name_run_revision_and_scenario) {
    auto const s = checked();
    auto const o = report_of_cell(cell_of(s));
    BOOST_TEST(member(o, "runId") == "run-1");
    BOOST_TEST(member(o, "revision") == "2025-11-25");
    BOOST_TEST(member(o, "scenario") == "auth/basic");
    BOOST_TEST(o.at("startable").as_bool());
    BOOST_TEST(!o.contains("startReason"));
}

BOOST_AUTO_TEST_CASE(score_the_core_in_both_revisions_and_the_rest_in_the_newer_alone) {
    for (auto const* revision : {"2025-11-25", "2026-07-28"})
        BOOST_TEST(scoring(checked("a", {"core"}), revision) == "scored", revision);
    BOOST_TEST(scoring(checked("a", {}), "2025-11-25") == "unlisted");
    BOOST_TEST(scoring(checked("a", {}), "2026-07-28") == "scored");
}

BOOST_AUTO_TEST_CASE(score_no_extension_and_no_scenario_that_came_too_late) {
    for (auto const* revision : {"2025-11-25", "2026-07-28"}) {
        BOOST_TEST(scoring(checked("a", {"extensions", "core"}), revision) == "not_scored",
                   revision);
        BOOST_TEST(scoring(checked("json-schema-2020-12-preservation"), revision) == "not_scored",
                   revision);
    }
}

BOOST_AUTO_TEST_CASE(are_not_applicable_in_a_revision_that_the_scenario_is_not_about) {
    auto s = checked();
    s.eras = {"2026-07-28"};
    BOOST_TEST(scoring(s, "2025-11-25") == "n/a");
    BOOST_TEST(scoring(s, "2026-07-28") == "scored");
    BOOST_TEST(end(s, of({found(fail)}, verdict_word::fail)) == "n/a n/a");
}

BOOST_AUTO_TEST_CASE(are_incomplete_and_not_tried_where_nobody_has_used_the_scenario) {
    auto const s = checked();
    BOOST_TEST(end(s, std::nullopt) == "incomplete not-tried");
    auto v = of({found(not_reached)}, verdict_word::incomplete);
    v.client = client_state::not_tried;
    BOOST_TEST(end(s, v) == "incomplete not-tried");
}

BOOST_AUTO_TEST_CASE(cannot_be_started_here_where_the_scenario_needs_an_mcp_origin_of_its_own) {
    auto s = checked();
    s.own_mcp_origin = true;
    BOOST_TEST(end(s, std::nullopt) == "incomplete not-startable");
    auto const o = report_of_cell(cell_of(s));
    BOOST_TEST(!o.at("startable").as_bool());
    BOOST_TEST(member(o, "startReason") ==
               "it is about the root of an MCP server's origin: use tollgate test, or a realm with "
               "ports of its own");
    // Somebody has used it all the same.
    BOOST_TEST(end(s, of({found(pass)})) == "pass pass");
}

BOOST_AUTO_TEST_CASE(tell_a_client_that_runs_from_one_that_has_stopped) {
    auto const s = checked();
    auto v = of({found(not_reached)}, verdict_word::incomplete);
    v.client = client_state::running;
    BOOST_TEST(end(s, v) == "incomplete in-progress");
    for (auto const state : {client_state::done, client_state::crashed, client_state::timed_out}) {
        v.client = state;
        BOOST_TEST(end(s, v) == "incomplete stopped");
    }
}

BOOST_AUTO_TEST_CASE(fail_by_a_failed_check_and_pass_with_a_warning) {
    auto const s = checked();
    BOOST_TEST(end(s, of({found(fail), found(pass)}, verdict_word::fail)) == "fail fail");
    BOOST_TEST(end(s, of({found(warning)})) == "pass pass");
    BOOST_TEST(end(s, of({found(pass)})) == "pass pass");
}

// What the suite does not see is no failure there.
BOOST_AUTO_TEST_CASE(are_incomplete_where_a_client_failed_for_not_coming_so_far) {
    auto missed = found(fail);
    missed.missed = true;
    BOOST_TEST(end(checked(), of({missed}, verdict_word::fail)) == "incomplete stopped");
    BOOST_TEST(end(checked(), of({missed, found(fail)}, verdict_word::fail)) == "fail fail");
}

BOOST_AUTO_TEST_CASE(tell_a_check_that_succeeded_with_its_reference_and_no_reason) {
    BOOST_TEST(json::serialize(only_check(checked(), found(pass))) ==
               R"({"id":"the-check","name":"the-check","description":"It was so.",)"
               R"("status":"SUCCESS","specReferences":[{"id":"RFC 1 §2",)"
               R"("url":"https://rfc.example/1"}]})");
}

BOOST_AUTO_TEST_CASE(tell_why_a_check_did_not_succeed_and_whose_doing_it_is) {
    auto const failed = only_check(checked(), found(fail));
    BOOST_TEST(failed.at("status") == "FAILURE");
    BOOST_TEST(failed.at("reason") == "It was so.");
    BOOST_TEST(failed.at("errorMessage") == "It was so.");
    BOOST_TEST(failed.at("by") == "client");
    BOOST_TEST(!failed.as_object().contains("notSeen"));
    BOOST_TEST(only_check(checked(), found(warning)).at("status") == "WARNING");
}

BOOST_AUTO_TEST_CASE(tell_a_check_that_nobody_has_met_as_not_seen) {
    auto missed = found(fail);
    missed.missed = true;
    for (auto const& f : {found(not_reached), missed}) {
        auto const check = only_check(checked(), f);
        BOOST_TEST(check.at("status") == "NOT_SEEN");
        BOOST_TEST(check.at("notSeen") == true);
        BOOST_TEST(check.at("by") == "scenario");
    }
}

BOOST_AUTO_TEST_CASE(have_no_reference_where_there_is_no_url) {
    auto f = found(pass);
    f.url = "";
    BOOST_TEST(!only_check(checked(), f).as_object().contains("specReferences"));
}

BOOST_AUTO_TEST_CASE(leave_out_what_may_be_missing_and_is) {
    for (bool const optional : {true, false}) {
        auto s = checked();
        (optional ? s.expectations[0].optional : s.expectations[0].report) = true;
        BOOST_TEST(checks(s, found(not_reached)) == 0u);
        BOOST_TEST(checks(s, found(pass)) == 1u);
        BOOST_TEST(checks(s, found(fail)) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(tell_of_the_rules_of_every_verdict_those_that_the_client_broke) {
    for (auto const status : {fail, warning})
        BOOST_TEST(checks(checked(), found(status, "state.sent")) == 1u);
    for (auto const status : {pass, not_reached})
        BOOST_TEST(checks(checked(), found(status, "state.sent")) == 0u);
    auto other = found(warning, "journal.complete");
    other.by = finding_by::configuration;
    BOOST_TEST(checks(checked(), other) == 0u);
}

BOOST_AUTO_TEST_CASE(count_their_checks_by_status) {
    auto const s = checked();
    auto const o = report_of_cell(cell_of(
        s, of({found(pass), found(pass), found(fail), found(warning), found(not_reached)})));
    BOOST_TEST(
        json::serialize(o.at("summary")) ==
        R"({"passed":2,"failed":1,"notSeen":1,"warnings":1,"info":0,"skipped":0,"total":5})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(run_reports)

BOOST_AUTO_TEST_CASE(have_a_column_a_revision_unless_one_is_asked_for) {
    auto const s = checked();
    std::vector<cell> const cells{cell_of(s), cell_of(s, std::nullopt, "2026-07-28")};
    auto const all = report_of_run("run-1", "", cells);
    BOOST_TEST(!all.contains("revision"));
    BOOST_REQUIRE(all.at("columns").as_array().size() == 2u);
    BOOST_TEST(all.at("columns").as_array()[0].at("revision") == "2025-11-25");
    BOOST_TEST(all.at("columns").as_array()[1].at("revision") == "2026-07-28");
    auto const one = report_of_run("run-1", "2026-07-28", cells);
    BOOST_TEST(member(one, "revision") == "2026-07-28");
    BOOST_REQUIRE(one.at("columns").as_array().size() == 1u);
    BOOST_TEST(one.at("columns").as_array()[0].at("cells").as_array().size() == 1u);
}

BOOST_AUTO_TEST_CASE(have_their_columns_also_where_there_is_no_cell) {
    auto const o = report_of_run("run-1", "", {});
    auto const& scored = o.at("columns").as_array()[0].at("scored");
    BOOST_TEST(json::serialize(scored) == R"({"passed":0,"total":0,"startable":0})");
    BOOST_TEST(o.at("identities").as_array().empty());
}

BOOST_AUTO_TEST_CASE(count_what_is_scored_and_what_of_it_passed_and_can_be_started) {
    auto const passed = checked("a"), failed = checked("b"), open = checked("c");
    auto elsewhere = checked("d");
    elsewhere.own_mcp_origin = true;
    auto const extension = checked("e", {"extensions"}), unlisted = checked("f", {});
    std::vector<cell> const cells{cell_of(passed, of({found(pass)})),
                                  cell_of(failed, of({found(fail)}, verdict_word::fail)),
                                  cell_of(open),
                                  cell_of(elsewhere),
                                  cell_of(extension, of({found(pass)})),
                                  cell_of(unlisted, of({found(pass)}))};
    auto const column = report_of_run("run-1", "2025-11-25", cells).at("columns").as_array()[0];
    BOOST_TEST(number(column.at("scored"), "passed") == 1);
    BOOST_TEST(number(column.at("scored"), "total") == 4);
    BOOST_TEST(number(column.at("scored"), "startable") == 3);
    BOOST_TEST(column.at("cells").as_array().size() == 6u);
}

BOOST_AUTO_TEST_CASE(tell_beside_what_is_not_scored_and_was_used) {
    auto const extension = checked("e", {"extensions"}), unlisted = checked("f", {});
    auto const unused = checked("g", {"extensions"}), scored = checked("h");
    std::vector<cell> const cells{cell_of(extension, of({found(pass)})),
                                  cell_of(unlisted, of({found(pass)})), cell_of(unused),
                                  cell_of(scored, of({found(pass)}))};
    auto const column = report_of_run("run-1", "2025-11-25", cells).at("columns").as_array()[0];
    auto const& beside = column.at("notScored").as_array();
    BOOST_REQUIRE(beside.size() == 2u);
    BOOST_TEST(beside[0].at("scenario") == "e");
    BOOST_TEST(beside[1].at("scenario") == "f");
}

BOOST_AUTO_TEST_CASE(say_where_the_results_of_each_cell_are_and_not_its_checks) {
    auto const s = checked();
    auto const o = report_of_run("run-1", "2025-11-25", {cell_of(s, of({found(pass)}))});
    auto const& first = o.at("columns").as_array()[0].at("cells").as_array()[0].as_object();
    BOOST_TEST(member(first, "resultsUrl") ==
               "http://localhost:9100/results/run-1/2025-11-25/auth/basic");
    BOOST_TEST(!first.contains("checks"));
}

BOOST_AUTO_TEST_CASE(name_each_client_once_with_all_revisions_that_it_spoke) {
    auto const s = checked();
    auto first = cell_of(s), second = cell_of(s, std::nullopt, "2026-07-28");
    first.clients = {client("sdk", "1", {"2025-11-25"})};
    second.clients = {client("sdk", "1", {"2026-07-28"}), client("sdk", "2", {"2026-07-28"})};
    auto const o = report_of_run("run-1", "", {first, second});
    BOOST_TEST(json::serialize(o.at("identities")) ==
               R"([{"name":"sdk","version":"1","revisions":["2025-11-25","2026-07-28"]},)"
               R"({"name":"sdk","version":"2","revisions":["2026-07-28"]}])");
    auto const& columns = o.at("columns").as_array();
    BOOST_TEST(columns[0].at("identities").as_array().size() == 1u);
    BOOST_TEST(columns[1].at("identities").as_array().size() == 2u);
}

BOOST_AUTO_TEST_CASE(tell_two_clients_apart_by_name_and_by_version) {
    std::vector<client_identity> known{client("a", "1", {"x"})};
    add_identities(known,
                   {client("a", "1", {"x", "y"}), client("b", "1", {}), client("a", "", {})});
    BOOST_REQUIRE(known.size() == 3u);
    BOOST_TEST(known[0].revisions.size() == 2u);
    BOOST_TEST(known[1].name == "b");
    BOOST_TEST(known[2].version == "");
}

BOOST_AUTO_TEST_CASE(know_two_revisions_the_older_first) {
    BOOST_REQUIRE(scored_revisions().size() == 2u);
    BOOST_TEST(scored_revisions()[0] == "2025-11-25");
    BOOST_TEST(scored_revisions()[1] == "2026-07-28");
}

BOOST_AUTO_TEST_SUITE_END()

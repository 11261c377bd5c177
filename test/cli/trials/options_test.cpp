#include "cli/trials/options.hpp"

#include <algorithm>
#include <functional>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::trials;
using namespace std::chrono_literals;

namespace {

command_line with(std::function<void(command_line&)> const& change) {
    command_line line;
    line.run = command::test;
    line.client = "client";
    change(line);
    return line;
}

options read(std::function<void(command_line&)> const& change) {
    auto const result = read_options(with(change));
    auto const* wrong = std::get_if<usage_error>(&result);
    BOOST_REQUIRE_MESSAGE(!wrong, (wrong ? wrong->text : ""));
    return std::get<options>(result);
}

std::string flaw(std::function<void(command_line&)> const& change) {
    auto const result = read_options(with(change));
    auto const* wrong = std::get_if<usage_error>(&result);
    return wrong ? wrong->text : "";
}

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(trial_options)

BOOST_AUTO_TEST_CASE(choose_all_scenarios_a_suite_or_some) {
    auto const all = read([](command_line&) {}).scenarios;
    auto const personas = read([](command_line& l) { l.suite = "personas"; }).scenarios;
    BOOST_TEST(personas.size() >= 10u);
    auto const exam = read([](command_line& l) { l.suite = "exam"; }).scenarios;
    BOOST_TEST(exam.size() == 1u);
    auto const every = all.size() + personas.size() + exam.size();
    BOOST_TEST(every == control::all_scenarios().size());
    for (auto const* s : all)
        BOOST_TEST(!s->persona);
    auto const suite = read([](command_line& l) { l.suite = "refresh"; }).scenarios;
    BOOST_TEST(suite.size() > 5u);
    for (auto const* s : suite)
        BOOST_TEST(s->suite == "refresh");
    auto const two = read([](command_line& l) {
                         l.scenarios = {"plain", "refresh.dead", "plain"};
                     }).scenarios;
    BOOST_TEST(two.size() == 2u);
    BOOST_TEST(two[1]->name == "refresh.dead");
}

BOOST_AUTO_TEST_CASE(leave_out_what_is_about_other_revisions) {
    auto const all = read([](command_line& l) { l.era = "2026-07-28"; }).scenarios;
    BOOST_TEST(std::ranges::none_of(all, [](auto const* s) { return s->name == "session.lost"; }));
    BOOST_TEST(std::ranges::any_of(all, [](auto const* s) { return s->name == "plain"; }));
}

BOOST_AUTO_TEST_CASE(read_numbers_and_durations) {
    auto const o = read([](command_line& l) {
        l.parallel = "8";
        l.timeout = "90";
    });
    BOOST_TEST(o.parallel == 8u);
    BOOST_TEST((o.timeout == 90s));
    BOOST_TEST((read([](command_line& l) { l.timeout = "2m"; }).timeout == 2min));
}

BOOST_AUTO_TEST_CASE(leave_out_what_a_client_cannot_be_asked_to_do_by_itself) {
    for (auto const* s : read([](command_line&) {}).scenarios)
        BOOST_TEST((!s->persona && s->stations.empty()), s->name);
}

BOOST_AUTO_TEST_CASE(read_each_report_with_its_file) {
    auto const o = read([](command_line& l) { l.reports = {"junit=a.xml", "markdown=b=c.md"}; });
    BOOST_REQUIRE(o.reports.size() == 2u);
    BOOST_TEST((o.reports[0].format == control::report_format::junit));
    BOOST_TEST(o.reports[0].file == "a.xml");
    BOOST_TEST((o.reports[1].format == control::report_format::markdown));
    BOOST_TEST(o.reports[1].file == "b=c.md");
}

BOOST_AUTO_TEST_CASE(refuse_a_report_without_a_format_or_a_file) {
    for (auto const* wrong : {"junit", "junit=", "=a.xml", "jnit=a.xml"})
        BOOST_TEST(says(flaw([&](command_line& l) { l.reports = {wrong}; }), "--report"), wrong);
}

BOOST_AUTO_TEST_CASE(refuse_two_reports_in_one_file) {
    auto const twice = [](command_line& l) { l.reports = {"junit=a", "sarif=a"}; };
    BOOST_TEST(says(flaw(twice), "another report goes to this file"));
    auto const as_output = [](command_line& l) {
        l.output = "a";
        l.reports = {"junit=a"};
    };
    BOOST_TEST(says(flaw(as_output), "another report goes to this file"));
}

BOOST_AUTO_TEST_CASE(refuse_what_they_do_not_know_with_the_nearest) {
    BOOST_TEST(says(flaw([](command_line& l) { l.scenarios = {"refresh.ded"}; }), "refresh.dead"));
    BOOST_TEST(says(flaw([](command_line& l) { l.suite = "refesh"; }), "refresh"));
    BOOST_TEST(says(flaw([](command_line& l) { l.era = "2025-11-26"; }), "2025-11-25"));
    BOOST_TEST(says(flaw([](command_line& l) { l.format = "jnit"; }), "junit"));
    BOOST_TEST(says(flaw([](command_line& l) { l.parallel = "0"; }), "1 to 64"));
    BOOST_TEST(says(flaw([](command_line& l) { l.timeout = "soon"; }), "60s"));
    BOOST_TEST(says(flaw([](command_line& l) { l.client = ""; }), "--command"));
    BOOST_TEST(says(flaw([](command_line& l) { l.url_only = true; }), "together"));
    BOOST_TEST(says(flaw([](command_line& l) {
                        l.suite = "basic";
                        l.scenarios = {"plain"};
                    }),
                    "together"));
}

BOOST_AUTO_TEST_SUITE_END()

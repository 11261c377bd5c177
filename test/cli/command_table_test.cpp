// The table of commands and options, and the corners of reading a command line.
#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

command_line parsed(strings const& arguments) {
    auto const result = parse_command_line(arguments);
    auto const* wrong = std::get_if<usage_error>(&result);
    BOOST_REQUIRE_MESSAGE(!wrong, (wrong ? wrong->text : ""));
    return std::get<command_line>(result);
}

std::string refusal(strings const& arguments) {
    auto const result = parse_command_line(arguments);
    auto const* wrong = std::get_if<usage_error>(&result);
    return wrong ? wrong->text : "";
}

// The command with whatever it cannot do without.
strings smallest(cli::command_row const& row) {
    strings words{std::string(row.name)};
    if (row.needs_first_position) words.emplace_back("state");
    return words;
}

std::string text_in(command_line const& line, cli::target const& into) {
    if (auto const* one = std::get_if<std::string command_line::*>(&into)) return line.**one;
    auto const* many = std::get_if<std::vector<std::string> command_line::*>(&into);
    BOOST_REQUIRE((many && (line.**many).size() == 1u));
    return (line.**many).front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_table)

BOOST_AUTO_TEST_CASE(every_command_is_run_by_its_name_and_helped_by_it) {
    std::set<std::string_view> names;
    for (auto const& row : cli::commands()) {
        BOOST_TEST(names.insert(row.name).second, row.name);
        BOOST_TEST((parsed(smallest(row)).run == row.run), row.name);
        for (auto const& asking :
             {strings{"help", std::string(row.name)}, strings{std::string(row.name), "--help"},
              strings{std::string(row.name), "-h"}}) {
            auto const line = parsed(asking);
            BOOST_TEST((line.run == command::help), row.name);
            BOOST_TEST(line.help_for == row.name);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_help_of_all_lists_every_command_with_its_summary) {
    auto const all = help_text("");
    for (auto const& row : cli::commands()) {
        auto const at = all.find("\n  " + std::string(row.name) + ' ');
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, row.name);
        auto const line = all.substr(at + 1, all.find('\n', at + 1) - at - 1);
        BOOST_TEST(line.ends_with(row.summary), line);
    }
    BOOST_TEST(help_text("nonsense") == all);
}

BOOST_AUTO_TEST_CASE(the_help_of_a_command_explains_each_of_its_options) {
    for (auto const& row : cli::commands()) {
        auto const text = help_text(row.name);
        BOOST_TEST(text.starts_with("usage: tollgate " + std::string(row.name)), text);
        BOOST_TEST((text.find("[OPTIONS]") != std::string::npos) == !row.options.empty());
        for (auto const& o : row.options) {
            BOOST_TEST(text.find(o.summary) != std::string::npos, row.name << ' ' << o.name);
            auto const shown = std::string(o.name) + (o.value.empty() ? "" : " ");
            BOOST_TEST(text.find("  " + shown + std::string(o.value)) != std::string::npos,
                       row.name << ' ' << o.name);
        }
    }
}

// "--set" is repeated, and so is whatever else is a list; of the others the last counts.
BOOST_AUTO_TEST_CASE(every_option_takes_its_value_behind_a_space_and_behind_an_equals_sign) {
    for (auto const& row : cli::commands()) {
        for (auto const& o : row.options) {
            auto apart = smallest(row);
            auto joined = apart;
            std::string const name(o.name);
            if (auto const* flag = std::get_if<bool command_line::*>(&o.into)) {
                BOOST_TEST(!(parsed(apart).**flag), name);
                apart.push_back(name);
                apart.push_back(name);
                BOOST_TEST((parsed(apart).**flag), name);
                continue;
            }
            apart.insert(apart.end(), {name, "a=b"});
            joined.push_back(name + "=a=b");
            BOOST_TEST(text_in(parsed(apart), o.into) == "a=b", row.name << ' ' << name);
            BOOST_TEST(text_in(parsed(joined), o.into) == "a=b", row.name << ' ' << name);
        }
    }
}

BOOST_AUTO_TEST_CASE(every_option_without_its_value_says_what_it_needs) {
    for (auto const& row : cli::commands()) {
        for (auto const& o : row.options) {
            auto words = smallest(row);
            words.emplace_back(o.name);
            auto const expected = o.value.empty()
                                      ? std::string()
                                      : "tollgate " + std::string(row.name) + ": " +
                                            std::string(o.name) + " needs " + std::string(o.value) +
                                            "; see tollgate " + std::string(row.name) + " --help";
            BOOST_TEST(refusal(words) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_last_of_two_values_counts_and_every_set_is_kept) {
    auto const line = parsed({"serve", "--config", "a", "--set", "x=1", "--config=b", "--set=x=2"});
    BOOST_TEST(line.config_file == "b");
    BOOST_TEST(line.sets == (strings{"x=1", "x=2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_may_be_empty_or_look_like_an_option) {
    BOOST_TEST(parsed({"serve", "--config="}).config_file == "");
    BOOST_TEST(parsed({"serve", "--config", ""}).config_file == "");
    BOOST_TEST(parsed({"serve", "--config", "--ready-json"}).config_file == "--ready-json");
    BOOST_TEST(!parsed({"serve", "--config", "--ready-json"}).ready_json);
    BOOST_TEST(parsed({"scenario", "state", "--token", "-x"}).token == "-x");
}

BOOST_AUTO_TEST_CASE(help_is_no_value_and_an_earlier_mistake_is_told_first) {
    BOOST_TEST((parsed({"serve", "--ready-json", "--help"}).run == command::help));
    BOOST_TEST((parsed({"scenario", "--help"}).run == command::help));  // without a NAME
    BOOST_TEST(refusal({"serve", "--nonsense", "--help"}).starts_with("tollgate serve: unknown"));
    BOOST_TEST(parsed({"serve", "--config", "--help"}).config_file == "--help");
}

BOOST_AUTO_TEST_CASE(a_dash_alone_is_an_argument_and_two_of_them_are_an_unknown_option) {
    BOOST_TEST(parsed({"scenario", "-"}).scenario_name == "-");
    BOOST_TEST(refusal({"scenario", "--", "state"}).find("unknown option \"--\"") !=
               std::string::npos);
    BOOST_TEST(refusal({"serve", "-x"}).find("unknown option \"-x\"") != std::string::npos);
    BOOST_TEST(refusal({"-"}).find("expected a command before \"-\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_option_of_another_command_is_unknown) {
    for (auto const& words :
         {strings{"stdio", "--ready-json"}, strings{"serve", "--url", "http://x"},
          strings{"certs", "--config", "x"}, strings{"check", "--dir", "x"},
          strings{"serve", "--version"}, strings{"stdio", "--keys"}})
        BOOST_TEST(refusal(words).find("unknown option \"" + words[1] + '"') != std::string::npos,
                   words[1]);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_shown_stays_on_its_line) {
    auto const text = refusal({"a\x1b[31m\nb"});
    BOOST_TEST(text.starts_with("tollgate: unknown command \"a?[31m?b\""), text);
    BOOST_TEST(refusal({std::string(5000, 'x')}).size() < 400u);
}

BOOST_AUTO_TEST_SUITE_END()

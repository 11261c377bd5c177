#include "cli/command_line.hpp"

#include <boost/test/unit_test.hpp>

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

}  // namespace

BOOST_AUTO_TEST_SUITE(cli)

BOOST_AUTO_TEST_CASE(reads_serve_with_all_its_options) {
    auto const line = parsed({"serve", "--config", "my.toml", "--set", "mcp.auth=none", "--set",
                              "a=b=c", "--ready-json"});
    BOOST_TEST((line.run == command::serve));
    BOOST_TEST(line.config_file == "my.toml");
    BOOST_TEST(line.sets == (strings{"mcp.auth=none", "a=b=c"}), boost::test_tools::per_element());
    BOOST_TEST(line.ready_json);
}

BOOST_AUTO_TEST_CASE(serve_needs_no_option) {
    auto const line = parsed({"serve"});
    BOOST_TEST(line.config_file == "");
    BOOST_TEST(line.sets.empty());
    BOOST_TEST(!line.ready_json);
}

BOOST_AUTO_TEST_CASE(an_option_takes_its_value_behind_an_equals_sign_too) {
    auto const line = parsed({"check", "--config=my.toml", "--set=mcp.auth=none"});
    BOOST_TEST((line.run == command::check));
    BOOST_TEST(line.config_file == "my.toml");
    BOOST_TEST(line.sets == strings{"mcp.auth=none"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(reads_a_scenario_with_its_name_and_argument_among_the_options) {
    auto const line = parsed({"scenario", "--url", "http://localhost:1", "expire-access", "5",
                              "--token=t", "--realm", "alpha", "--mcp-url", "http://localhost:2"});
    BOOST_TEST((line.run == command::scenario));
    BOOST_TEST(line.scenario_name == "expire-access");
    BOOST_TEST(line.scenario_argument == "5");
    BOOST_TEST(line.url == "http://localhost:1");
    BOOST_TEST(line.mcp_url == "http://localhost:2");
    BOOST_TEST(line.token == "t");
    BOOST_TEST(line.realm == "alpha");
}

BOOST_AUTO_TEST_CASE(reads_the_commands_without_a_configuration) {
    BOOST_TEST((parsed({"scenarios"}).run == command::scenarios));
    BOOST_TEST((parsed({"--version"}).run == command::version));
    BOOST_TEST(parsed({"check", "--keys"}).keys);
    BOOST_TEST(!parsed({"check"}).keys);
    BOOST_TEST(parsed({"certs"}).certs_dir == "certs");
    BOOST_TEST(parsed({"certs", "--dir", "x"}).certs_dir == "x");
}

BOOST_AUTO_TEST_CASE(help_is_there_for_all_and_for_each_command) {
    for (auto const& arguments : {strings{"--help"}, strings{"-h"}, strings{"help"}}) {
        BOOST_TEST((parsed(arguments).run == command::help));
        BOOST_TEST(parsed(arguments).help_for == "");
    }
    for (auto const& arguments : {strings{"scenario", "--help"}, strings{"help", "scenario"},
                                  strings{"scenario", "rotate", "-h", "--nonsense"}}) {
        BOOST_TEST((parsed(arguments).run == command::help));
        BOOST_TEST(parsed(arguments).help_for == "scenario");
    }
}

BOOST_AUTO_TEST_CASE(help_names_every_command_and_its_options) {
    auto const all = help_text("");
    for (auto const* word : {"serve", "check", "scenario", "scenarios", "certs", "--version"})
        BOOST_TEST(all.find(word) != std::string::npos, word);
    BOOST_TEST(all.find("tollgate check --keys") != std::string::npos);
    BOOST_TEST(help_text("stdio").find("--keys") == std::string::npos);
    auto const scenario = help_text("scenario");
    for (auto const* word :
         {"usage: tollgate scenario NAME [on|off|SECONDS] [OPTIONS]", "--config FILE", "--url URL",
          "--token T", "--realm R", "TOLLGATE_TOKEN", "dead-refresh", "expire-access"})
        BOOST_TEST(scenario.find(word) != std::string::npos, word);
    auto const certs = help_text("certs");
    BOOST_TEST(certs.find("--dir FOLDER") != std::string::npos);
    BOOST_TEST(certs.find("--config") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_fits_a_terminal) {
    for (auto const* name : {"", "serve", "check", "scenario", "scenarios", "certs"}) {
        auto const text = help_text(name);
        for (std::size_t begin = 0; begin < text.size();) {
            auto const end = text.find('\n', begin);
            BOOST_TEST(end - begin <= 100u, text.substr(begin, end - begin));
            begin = end + 1;
        }
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_understood_is_named_with_what_was_probably_meant) {
    struct row {
        strings arguments;
        char const* text;
    };
    row const rows[] = {
        {{}, "tollgate: expected a command; see tollgate --help"},
        {{"sevre"}, "tollgate: unknown command \"sevre\"; did you mean serve?"},
        {{"help", "scenari"}, "tollgate: unknown command \"scenari\"; did you mean scenario?"},
        {{"--config", "x", "serve"},
         "tollgate: expected a command before \"--config\"; see tollgate --help"},
        {{"serve", "--confg", "x"},
         "tollgate serve: unknown option \"--confg\"; did you mean --config?"},
        {{"scenarios", "--confg"},
         "tollgate scenarios: unknown option \"--confg\"; did you mean --config?"},
        {{"serve", "--config"}, "tollgate serve: --config needs FILE; see tollgate serve --help"},
        {{"serve", "--ready-json=yes"}, "tollgate serve: --ready-json takes no value"},
        {{"serve", "now"},
         "tollgate serve: unexpected argument \"now\"; see tollgate serve --help"},
        {{"scenario"},
         "tollgate scenario: expected NAME [on|off|SECONDS]; see tollgate scenario --help"},
        {{"scenario", "rotate", "on", "off"},
         "tollgate scenario: unexpected argument \"off\"; see tollgate scenario --help"},
        {{"serve", "a\nb"},
         "tollgate serve: unexpected argument \"a?b\"; see tollgate serve --help"},
    };
    for (auto const& r : rows)
        BOOST_TEST(refusal(r.arguments) == r.text);
}

BOOST_AUTO_TEST_SUITE_END()

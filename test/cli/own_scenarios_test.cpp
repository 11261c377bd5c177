// [[scenarios]] beside the other keys of the configuration and the other words of the command line.
#include "cli/own_scenarios.hpp"

#include <boost/test/unit_test.hpp>

#include "cli/scenario_plan.hpp"
#include "config/config_file.hpp"

using namespace tollgate;

namespace {

std::string scenario(std::string const& name) {
    return "[[scenarios]]\nname = \"" + name +
           "\"\nsummary = \"One.\"\nperson = \"Log in.\"\nends = \"at once\"\n";
}

std::string flaw(std::string const& toml) {
    auto const c = test::load({.toml = toml});
    try {
        check_scenarios_of(c);
    } catch (config_error const& e) {
        return e.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(own_scenarios_of_a_configuration)

BOOST_AUTO_TEST_CASE(may_have_a_policy_that_only_this_configuration_goes_with) {
    auto const by_signature = scenario("mine.x") + "policy = { strategy = \"jwt\" }\n";
    BOOST_TEST(flaw("[tokens]\nformat = \"jwt\"\n" + by_signature) == "");
    BOOST_TEST(flaw(by_signature).find("needs tokens.format") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(may_select_every_tool_and_method_of_the_server) {
    auto const selecting = [](std::string const& what) {
        return flaw(scenario("mine.x") + "faults = [{ name = \"tools.slow\", select = { " + what +
                    " } }]\n");
    };
    BOOST_TEST(selecting("tool = \"test_simple_text\"") == "");
    BOOST_TEST(selecting("mcp_method = \"resources/templates/list\"") == "");
    BOOST_TEST(selecting("tool = \"test_simple_txt\"").find("test_simple_text") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_called_by_no_word_that_the_driver_means_a_switch_by) {
    for (auto const& one : switches())
        BOOST_TEST(flaw(scenario(std::string(one.name))).find("is a switch") != std::string::npos,
                   one.name);
    for (auto const* name : {"state", "reset"})
        BOOST_TEST(flaw(scenario(name)).find("is a switch") != std::string::npos, name);
}

BOOST_AUTO_TEST_SUITE_END()

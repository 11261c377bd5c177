// [[scenarios]] of config.toml: read as the program's own are, and refused with line and column.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "control/scenarios/scenarios.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

std::string const head =
    "[[scenarios]]\n"
    "name = \"mine.slow_token\"\n"
    "summary = \"The token endpoint is down once.\"\n"
    "person = \"Log in.\"\n"
    "ends = \"when the client has a token\"\n";

std::string const expectation =
    "[[scenarios.expect]]\n"
    "id = \"mine.came_back\"\n"
    "level = \"SHOULD\"\n"
    "text = \"It came back.\"\n"
    "broken = \"It did not come back.\"\n"
    "clause = \"RFC 9110 §10.2.3\"\n"
    "url = \"https://www.rfc-editor.org/rfc/rfc9110.html#section-10.2.3\"\n";

tollgate::config with(std::string const& toml) {
    return tollgate::test::load({.toml = toml});
}

// What is wrong with such a file, without its folder; "" when nothing is.
std::string flaw(std::string const& toml) {
    tollgate::test::config_folder const folder;
    auto const c = tollgate::load_config({folder.write("config.toml", toml), {}, {}});
    try {
        control::check_own_scenarios(c.scenarios);
    } catch (tollgate::config_error const& e) {
        return folder.without_folder(e.what());
    }
    return "";
}

// They are there for as long as it lives.
struct own {
    explicit own(std::string const& toml) { control::use_own_scenarios(with(toml).scenarios); }
    ~own() { control::use_own_scenarios({}); }
    own(own const&) = delete;
    own& operator=(own const&) = delete;
};

std::string refusal_of(std::string const& name) {
    auto const found = control::find_scenario(name);
    return found ? "" : found.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(own_scenarios)

BOOST_AUTO_TEST_CASE(are_scenarios_like_those_of_the_program_until_they_are_taken_away) {
    auto const before = control::all_scenarios().size();
    auto const& plain = control::plain_scenario();
    {
        own const mine(head +
                       "faults = [{ name = \"token.unavailable\", trigger = { next = 1 } }]\n" +
                       expectation + "count.of = { endpoint = \"token\", status = \"2xx\" }\n");
        BOOST_TEST(control::all_scenarios().size() == before + 1);
        auto const found = control::find_scenario("mine.slow_token");
        BOOST_REQUIRE(found);
        BOOST_TEST((*found)->suite == "own");
        BOOST_TEST((*found)->faults.size() == 1u);
        BOOST_TEST((*found)->expectations.front().id == "mine.came_back");
    }
    BOOST_TEST(control::all_scenarios().size() == before);
    BOOST_TEST(&control::plain_scenario() == &plain);
    BOOST_TEST(refusal_of("mine.slow_token") != "");
}

BOOST_AUTO_TEST_CASE(may_be_like_one_of_the_program_and_are_none_of_the_official_suite) {
    own const mine(
        "[[scenarios]]\nname = \"mine.refresh\"\nlike = \"refresh.basic\"\n"
        "summary = \"As refresh.basic, for a minute.\"\n"
        "policy = { access_ttl = \"1m\" }\n"
        "[[scenarios]]\nname = \"mine/cimd\"\nlike = \"auth/basic-cimd\"\n");
    auto const refresh = control::find_scenario("mine.refresh");
    BOOST_REQUIRE(refresh);
    auto const& like = **control::find_scenario("refresh.basic");
    BOOST_TEST((*refresh)->expectations.size() == like.expectations.size());
    BOOST_TEST((*refresh)->summary == "As refresh.basic, for a minute.");
    BOOST_TEST((*refresh)->person == like.person);
    auto const official = control::find_scenario("mine.cimd");
    BOOST_REQUIRE(official);
    BOOST_TEST(!(*official)->official);
    BOOST_TEST((*official)->groups.empty());
}

BOOST_AUTO_TEST_CASE(with_an_unknown_event_member_or_predicate_are_refused_with_line_and_column) {
    auto const begin = head + expectation;
    BOOST_TEST(flaw(begin + "count.of = { mcp_methud = \"tools/call\" }\n") ==
               "config.toml:13:14: scenarios[0].expect[0].count.of.mcp_methud: is no member of an "
               "event; the nearest is \"mcp_method\"");
    BOOST_TEST(
        flaw(begin + "count.of = { type = \"exchang\" }\n") ==
        "config.toml:13:14: scenarios[0].expect[0].count.of.type: \"exchang\" is no type of an "
        "event; the nearest is \"exchange\"");
    BOOST_TEST(
        flaw(begin + "count.of = { endpoint = \"tokn\" }\n") ==
        "config.toml:13:14: scenarios[0].expect[0].count.of.endpoint: \"tokn\" is no endpoint; "
        "the nearest is \"token\"");
    BOOST_TEST(flaw(begin + "coun.of = { endpoint = \"token\" }\n") ==
               "config.toml:13:1: scenarios[0].expect[0].coun: is not known here; the nearest "
               "known member is \"count\"");
    BOOST_TEST(
        flaw(begin + "count.of = { endpoint = \"token\" }\ncount.leest = 2\n") ==
        "config.toml:14:7: scenarios[0].expect[0].count.leest: is not known here; the nearest "
        "known member is \"least\"");
    BOOST_TEST(flaw(begin) ==
               "config.toml:7:1: scenarios[0].expect[0].id: \"mine.came_back\" has no predicate: "
               "count, never, order, …");
}

BOOST_AUTO_TEST_CASE(tell_every_table_that_is_wrong_by_its_place) {
    BOOST_TEST(flaw("[[scenarios]]\nname = \"a\"\n" + head +
                    "faults = [{ name = \"token.unavailible\" }]\n") ==
               "config.toml:1:1: scenarios[0].summary: is missing; expected one line\n"
               "config.toml:8:13: scenarios[1].faults[0].name: no fault is called "
               "\"token.unavailible\"; the nearest is \"token.unavailable\"");
    BOOST_TEST(flaw(head + "policy = { acces_ttl = \"5s\" }\n")
                   .starts_with("config.toml:6:12: scenarios[0].policy.acces_ttl: "));
    BOOST_TEST(flaw(head + "like = \"refresh.bassic\"\n") ==
               "config.toml:6:1: scenarios[0].like: no scenario before it is called "
               "\"refresh.bassic\"; the nearest is \"refresh.basic\"");
}

BOOST_AUTO_TEST_CASE(have_names_of_their_own_that_can_stand_in_a_path) {
    auto const named = [](std::string const& name) {
        auto text = head;
        return flaw(text.replace(text.find("mine.slow_token"), 15, name));
    };
    BOOST_TEST(
        named("plain") ==
        "config.toml:2:1: scenarios[0].name: \"plain\" is the name of another scenario; choose "
        "another");
    BOOST_TEST(named("auth.basic-cimd").ends_with("choose another"));
    BOOST_TEST(named("consent.denied").ends_with("choose another"));  // an alias
    for (auto const* name : {"2025-11-25", "My", "a b", "a//b", "a/", ""})
        BOOST_TEST(!named(name).empty(), name);
    BOOST_TEST(flaw(head + head) ==
               "config.toml:7:1: scenarios[1].name: \"mine.slow_token\" is the name of another "
               "scenario; choose another");
    BOOST_TEST(
        flaw(head + "official = true\n") ==
        "config.toml:6:1: scenarios[0].official: is for the scenarios of the official suite");
}

BOOST_AUTO_TEST_CASE(are_a_list_of_tables) {
    BOOST_TEST(tollgate::test::mistakes({.toml = "scenarios = 1\n"}) ==
               "config.toml:1:13: scenarios: expected a list of tables ([[scenarios]]), found the "
               "integer 1");
    BOOST_TEST(tollgate::test::mistakes({.toml = "scenarios = [1]\n"}) ==
               "config.toml:1:14: scenarios[0]: expected a table, found an integer");
}

// By the control plane, as by the page at /s and by the command line, which ask the same list.
BOOST_FIXTURE_TEST_CASE(are_listed_and_entered, plane) {
    own const mine(head + "policy = { access_ttl = \"7s\" }\n" + expectation +
                   "count.of = { endpoint = \"token\", status = \"2xx\" }\n");
    auto const list = get("scenarios").json().at("scenarios").as_array();
    BOOST_TEST(text(list.back(), "path") == "/s/mine.slow_token/RUN");
    BOOST_TEST(post("scenario", R"({"name":"mine.slow_token"})").status == 200u);
    BOOST_TEST(state().at("expiresIn").as_int64() == 7);
    post("scenario", R"({"name":"plain"})");
}

BOOST_AUTO_TEST_SUITE_END()

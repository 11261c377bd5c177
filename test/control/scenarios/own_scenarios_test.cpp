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
std::string flaw(std::string const& toml, control::own_server const& in = {}) {
    tollgate::test::config_folder const folder;
    auto const c = tollgate::load_config({folder.write("config.toml", toml), {}, {}});
    try {
        control::check_own_scenarios(c.scenarios, in);
    } catch (tollgate::config_error const& e) {
        return folder.without_folder(e.what());
    }
    return "";
}

// They are there for as long as it lives.
struct own {
    explicit own(std::string const& toml) { control::use_own_scenarios(with(toml).scenarios, {}); }
    ~own() { control::use_own_scenarios({}, {}); }
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
    for (auto const* name : {"2025-11-25", "My", "a b", ""})
        BOOST_TEST(!named(name).empty(), name);
    BOOST_TEST(flaw(head + head) ==
               "config.toml:7:1: scenarios[1].name: \"mine.slow_token\" is the name of another "
               "scenario; choose another");
    BOOST_TEST(
        flaw(head + "official = true\n") ==
        "config.toml:6:1: scenarios[0].official: is for the scenarios of the official suite");
}

BOOST_AUTO_TEST_CASE(have_no_name_with_a_part_that_is_empty_or_leads_elsewhere_in_a_path) {
    auto const named = [](std::string const& name) {
        auto text = head;
        return flaw(text.replace(text.find("mine.slow_token"), 15, name));
    };
    for (auto const* name : {"a//b", "a/"})
        BOOST_TEST(named(name) ==
                   "config.toml:2:1: scenarios[0].name: has an empty part; something stands before "
                   "and after each \"/\"");
    BOOST_TEST(named("a/../b") ==
               "config.toml:2:1: scenarios[0].name: has a part \"..\", which leads elsewhere in a "
               "path; call it otherwise");
    BOOST_TEST(named("a/.").find("has a part \".\"") != std::string::npos);
    BOOST_TEST(named("a.b/c..d") == "");
    BOOST_TEST(named(std::string(64, 'a')) == "");
    BOOST_TEST(named(std::string(65, 'a')).find("is longer than 64 characters") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(are_found_by_an_alias_in_the_form_of_a_path) {
    own const mine(head + "aliases = [\"mine/late\"]\n");
    BOOST_TEST(refusal_of("mine.late") == "");
}

BOOST_AUTO_TEST_CASE(have_a_policy_that_goes_with_the_configuration_of_the_server) {
    auto const by_signature = head + "policy = { strategy = \"jwt\" }\n";
    BOOST_TEST(flaw(by_signature) ==
               "config.toml:6:12: scenarios[0].policy.strategy: \"jwt\" needs tokens.format = "
               "\"jwt\": opaque tokens have no signature to check");
    control::own_server in;
    in.configured.oauth.format = tollgate::oauth::token_format::jwt;
    BOOST_TEST(flaw(by_signature, in) == "");
    in.configured.oauth.validation = tollgate::oauth::strategy::jwt;
    BOOST_TEST(flaw(head + "policy = { format = \"opaque\" }\n", in) ==
               "config.toml:6:12: scenarios[0].policy.format: opaque tokens cannot be validated by "
               "the strategy \"jwt\"");
}

BOOST_AUTO_TEST_CASE(are_told_that_a_policy_has_no_sections_and_no_keys_of_the_server) {
    BOOST_TEST(flaw(head + "policy.tokens.access_ttl = \"2s\"\n") ==
               "config.toml:6:8: scenarios[0].policy.tokens: is a section: write its keys by their "
               "whole names and without tables, as in \"tokens.format\"");
    BOOST_TEST(flaw(head + "policy = { workers = 2 }\n") ==
               "config.toml:6:12: scenarios[0].policy.workers: is a key of the whole server "
               "(server.workers), not of a realm: set it in the configuration, and start the "
               "server again");
}

BOOST_AUTO_TEST_CASE(expect_nothing_that_can_never_be_and_nothing_under_one_id_twice) {
    auto const begin = head + expectation;
    BOOST_TEST(flaw(begin + "count.of = { endpoint = \"token\", status = \"2x\" }\n") ==
               "config.toml:13:34: scenarios[0].expect[0].count.of.status: \"2x\" is no status; "
               "expected one such as 401, or \"4xx\"");
    BOOST_TEST(
        flaw(begin + "count = { of = { status = 200 }, least = 2, most = 1 }\n") ==
        "config.toml:13:34: scenarios[0].expect[0].count.least: is more than most: no number "
        "is both");
    BOOST_TEST(flaw(begin + "count.of = { fault = \"token.unavailible\" }\n") ==
               "config.toml:13:14: scenarios[0].expect[0].count.of.fault: \"token.unavailible\" is "
               "no fault of the scenario, nor one of the catalogue; the nearest is "
               "\"token.unavailable\"");
    BOOST_TEST(flaw(begin + "count.of = { fault = [\"*\", \"!token.unavailable\"] }\n") == "");
    auto const once = expectation + "count.of = { status = 200 }\n";
    BOOST_TEST(flaw(head + once + once) ==
               "config.toml:15:1: scenarios[0].expect[1].id: \"mine.came_back\" is the id of "
               "another expectation of this scenario; choose another");
    BOOST_TEST(
        flaw(head + once + "eras = [\"2025-11-25\"]\n" + once + "eras = [\"2026-07-28\"]\n") == "");
}

BOOST_AUTO_TEST_CASE(tell_people_something_on_one_line_and_where_it_can_be_read) {
    auto text = head;
    BOOST_TEST(flaw(text.replace(text.find("Log in."), 7, " ")) ==
               "config.toml:4:1: scenarios[0].person: is empty; expected words on one line");
    text = head;
    BOOST_TEST(flaw(text.replace(text.find("Log in."), 7, "a\\nb"))
                   .starts_with("config.toml:4:1: scenarios[0].person: has more than one line"));
    BOOST_TEST(flaw(head + "eras = [\"2025-11-26\"]\n") ==
               "config.toml:6:9: scenarios[0].eras[0]: \"2025-11-26\" is no revision of MCP; the "
               "nearest is \"2025-11-25\"");
    auto without = expectation;
    without.replace(without.find("https://"), 8, "");
    BOOST_TEST(flaw(head + without + "count.of = { status = 200 }\n")
                   .starts_with("config.toml:12:1: scenarios[0].expect[0].url: expected where"));
}

BOOST_AUTO_TEST_CASE(act_on_connections_only_where_they_have_listeners_of_their_own) {
    auto const cut = head + "faults = [{ name = \"tls.expired\" }]\n";
    BOOST_TEST(flaw(cut).starts_with("config.toml:6:11: scenarios[0].faults[0]: "));
    BOOST_TEST(flaw(cut + "own_mcp_origin = true\n") == "");
}

// "/" is written "." in a path: an older name with one leads there, too, and to nobody else.
BOOST_AUTO_TEST_CASE(are_found_by_older_names_as_these_stand_in_a_path) {
    own const mine(head + "aliases = [\"mine/older\"]\n");
    for (auto const* name : {"mine.slow_token", "mine/older", "mine.older"})
        BOOST_TEST(refusal_of(name) == "", name);
    auto other = head;
    other.replace(other.find("mine.slow_token"), 15, "mine.older");
    BOOST_TEST(flaw(head + "aliases = [\"mine/older\"]\n" + other) ==
               "config.toml:8:1: scenarios[1].name: \"mine.older\" is the name of another "
               "scenario; choose another");
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

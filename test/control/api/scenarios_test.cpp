#include <set>

#include "control/scenarios/reader.hpp"

#include <boost/test/unit_test.hpp>

#include "control/faults/catalogue.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(have_names_that_can_stand_in_a_path_and_faults_that_exist) {
    std::set<std::string> paths;
    for (auto const& s : control::all_scenarios()) {
        BOOST_TEST(paths.insert(control::path_form(s.name)).second);
        BOOST_TEST(!s.summary.empty());
        BOOST_TEST(control::path_form(s.name).find_first_not_of(
                       "abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos);
        BOOST_TEST(!s.person.empty(), s.name);
        BOOST_TEST(!s.expectations.empty(), s.name);
        for (auto const& f : s.faults)
            BOOST_TEST((f.name == "effects" || control::find_named_fault(f.name) != nullptr));
    }
    BOOST_TEST(control::plain_scenario().name == "plain");
    BOOST_TEST(control::all_scenarios().front().name == "plain");
    BOOST_TEST(control::path_form("persona/entra") == "persona.entra");
}

BOOST_AUTO_TEST_CASE(names_the_nearest_to_an_unknown_one) {
    auto const found = control::find_scenario("refresh.ded");
    BOOST_REQUIRE(!found);
    BOOST_TEST(found.error().status() == 404u);
    BOOST_TEST(found.error().description() ==
               "no scenario is called \"refresh.ded\"; the nearest is \"refresh.dead\"");
}

BOOST_FIXTURE_TEST_CASE(are_listed_with_their_path, plane) {
    auto const list = get("scenarios").json().at("scenarios").as_array();
    BOOST_TEST(list.size() == control::all_scenarios().size());
    BOOST_TEST(text(list.front(), "name") == "plain");
    BOOST_TEST(text(list.front(), "path") == "/s/plain/RUN");
}

// Every scenario's policy and faults are ones that a realm can be put into.
BOOST_FIXTURE_TEST_CASE(can_each_be_entered, plane) {
    for (auto const& s : control::all_scenarios()) {
        auto const a = post("scenario", R"({"name":")" + s.name + R"("})");
        BOOST_TEST(a.status == 200u, a.body);
        BOOST_TEST(state().at("faults").as_array().size() == s.faults.size(), s.name);
    }
}

// Every persona says what it is known from, and is said to be one.
BOOST_FIXTURE_TEST_CASE(imitate_providers_with_a_source_for_every_deviation, plane) {
    std::set<std::string> providers;
    for (auto const& s : control::all_scenarios()) {
        BOOST_TEST(s.persona.has_value() == s.name.starts_with("persona."), s.name);
        if (!s.persona) continue;
        BOOST_TEST(providers.insert(s.persona->provider).second, s.name);
        BOOST_TEST(!s.persona->deviations.empty(), s.name);
        BOOST_TEST(!s.persona->not_imitated.empty(), s.name);
        for (auto const& d : s.persona->deviations)
            BOOST_TEST((!d.sources.empty() && d.date <= s.persona->as_of), s.name);
    }
    BOOST_TEST(providers.size() >= 10u);
    auto const all = get("scenarios").json();
    for (auto const& shown : all.at("scenarios").as_array()) {
        if (text(shown, "name") != "persona.slack") continue;
        auto const& persona = shown.at("persona");
        BOOST_TEST(text(persona, "provider") == "Slack");
        BOOST_TEST(text(persona.at("deviations").at(0), "fidelity") == "seen");
    }
}

BOOST_AUTO_TEST_CASE(say_where_a_mistake_in_a_persona_is) {
    auto const mistake = [](std::string const& persona) {
        std::string const head =
            "[[scenario]]\nname = \"mine\"\nsummary = \"s\"\nperson = \"p\"\nends = \"e\"\n"
            "[scenario.persona]\nprovider = \"P\"\n";
        std::string const whole = head + persona;
        control::scenario_reader reader;
        reader.read({"mine.toml", whole});
        return reader.wrong.empty() ? std::string() : reader.wrong.lines().front();
    };
    std::string const deviation =
        "[[scenario.persona.deviation]]\nwhat = \"w\"\nclient = \"c\"\ndate = \"2026-08-25\"\n";
    std::string const source = "sources = [\"https://provider.example\"]\n";
    auto const about = [&](std::string const& persona, std::string_view place) {
        auto const said = mistake(persona);
        BOOST_TEST((said.find(place) != said.npos), said);
    };
    std::string const day = "as_of = \"2026-11-30\"\n";
    BOOST_TEST(mistake(day + deviation + source + "fidelity = \"seen\"\n") == "");
    about("as_of = \"today\"\n", "mine.toml:8:1: scenario[0].persona.as_of: ");
    about(day, "mine.toml:6:11: scenario[0].persona.deviation: ");
    about(day + deviation + source, "scenario[0].persona.deviation[0].fidelity: ");
    about(day + deviation + source + "fidelity = \"guessed\"\n",
          "scenario[0].persona.deviation[0].fidelity: ");
    about(day + deviation + "fidelity = \"seen\"\n", "scenario[0].persona.deviation[0].sources: ");
    about(day + deviation + "fidelity = \"seen\"\nsources = [\"my memory\"]\n",
          "scenario[0].persona.deviation[0].sources: ");
    about(day + "surprise = 1\n" + deviation + source + "fidelity = \"seen\"\n",
          "mine.toml:9:1: scenario[0].persona.surprise: ");
}

BOOST_AUTO_TEST_CASE(say_where_a_mistake_in_one_is) {
    auto const mistake = [](std::string const& text) {
        control::scenario_reader reader;
        reader.read({"mine.toml", text});
        return reader.wrong.empty() ? std::string() : reader.wrong.lines().front();
    };
    std::string const head =
        "[[scenario]]\nname = \"mine\"\nsummary = \"s\"\nperson = \"p\"\nends = \"e\"\n";
    BOOST_TEST(mistake(head) == "");
    auto const about = [&](std::string const& text, std::string_view place, std::string_view what) {
        auto const said = mistake(text);
        BOOST_TEST(said.starts_with("mine.toml:" + std::string(place) + ": "), said);
        BOOST_TEST((said.find(what) != said.npos), said);
    };
    about(head + "surprise = 1\n", "6:1: scenario[0].surprise", "");
    about(head + "faults = [{ name = \"token.unavailible\" }]\n",
          "6:13: scenario[0].faults[0].name", "token.unavailable");
    about(head + "policy = { acces_ttl = \"5s\" }\n", "6:12: scenario[0].policy.acces_ttl",
          "access_ttl");
    about(head + "like = \"nobody\"\n", "6:1: scenario[0].like", "\"nobody\"");
    BOOST_TEST(mistake("[[scenario]\n").find("mine.toml:1:") != std::string::npos);
    auto const expect = head +
                        "[[scenario.expect]]\nid = \"x\"\nlevel = \"MUST\"\ntext = \"t\"\n"
                        "broken = \"b\"\nclause = \"c\"\nurl = \"https://u.example\"\n";
    BOOST_TEST(mistake(expect + "count.of = { endpoint = \"token\" }\n") == "");
    about(expect + "count.of = { enpoint = \"token\" }\n",
          "13:14: scenario[0].expect[0].count.of.enpoint", "the nearest is \"endpoint\"");
}

BOOST_FIXTURE_TEST_CASE(put_a_realm_into_their_policy_and_faults_and_out_again, plane) {
    post("rotate", R"({"on":true})");
    fault(R"({"name":"mcp.server_error"})");
    BOOST_TEST(post("scenario", R"({"name":"refresh.dead"})").body ==
               R"({"scenario":"refresh.dead"})");
    auto s = state();
    BOOST_TEST(!s.at("rotate").as_bool());
    BOOST_TEST(s.at("expiresIn").as_int64() == 5);
    BOOST_TEST(json::serialize(s.at("faults")) == R"(["refresh.invalid_grant"])");
    BOOST_TEST(token().status == 400u);
    post("scenario", R"({"name":"plain"})");
    s = state();
    BOOST_TEST(s.at("expiresIn").as_int64() == 3600);
    BOOST_TEST(s.at("faults").as_array().empty());
    BOOST_TEST(oauth.resets.empty());  // tokens stay
}

// Clients that refresh half a minute, a minute or five before the end never meet the 401 of a
// token that says how short it lives.
BOOST_FIXTURE_TEST_CASE(tell_an_hour_of_tokens_that_die_early, plane) {
    post("scenario", R"({"name":"token.dies_early"})");
    BOOST_TEST(state().at("expiresIn").as_int64() == 3);
    BOOST_TEST(token().json().at("expires_in").as_int64() == 3600);
}

BOOST_FIXTURE_TEST_CASE(do_what_their_line_says, plane) {
    post("scenario", R"({"name":"token.short"})");
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 5s));
    post("scenario", R"({"name":"refresh.rotate"})");
    BOOST_TEST((oauth.current_policy(*b.realm)->rotation == oauth::refresh_rotation::always));
    // The name that it had before.
    BOOST_TEST(post("scenario", R"({"name":"consent.denied"})").body ==
               R"({"scenario":"login.denied"})");
    BOOST_TEST(oauth.current_policy(*b.realm)->deny_consent);
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 1h));
    post("scenario", R"({"name":"scope.forbidden"})");
    BOOST_TEST(call().status == 403u);
}

BOOST_FIXTURE_TEST_CASE(refuses_an_unknown_name_by_its_pointer_and_changes_nothing, plane) {
    post("rotate", R"({"on":true})");
    auto const a = post("scenario", R"({"name":"plan"})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(described(a) == "/name: no scenario is called \"plan\"; the nearest is \"plain\"");
    BOOST_TEST(post("scenario", "{}").status == 400u);
    BOOST_TEST(state().at("rotate").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()

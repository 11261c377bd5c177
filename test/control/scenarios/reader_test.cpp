// [[scenario]] and [[group]] tables: what becomes of them, and where a mistake is told.
#include "control/scenarios/reader.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/scenarios/mistake_place.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace json = boost::json;

namespace {

std::string head(std::string const& name) {
    return "[[scenario]]\nname = \"" + name + "\"\nsummary = \"s\"\nperson = \"p\"\nends = \"e\"\n";
}

// An expectation, eight lines.
std::string expect(std::string const& id, std::string const& table = "scenario.expect") {
    return "[[" + table + "]]\nid = \"" + id +
           "\"\nlevel = \"MUST\"\ntext = \"t\"\nbroken = \"b\"\nclause = \"c\"\nurl = "
           "\"https://a\"\ncount.of = { endpoint = \"token\" }\n";
}

struct reading {
    scenario_reader reader;

    void read(std::string const& toml, std::string_view file = "test.toml") {
        reader.read({file, toml});
    }
    // Its mistakes, one a line.
    std::string flaws(std::string const& toml) {
        read(toml);
        std::string all;
        for (auto const& line : reader.wrong.lines())
            all += all.empty() ? line : '\n' + line;
        return all;
    }
    scenario const& last() {
        BOOST_TEST(reader.wrong.empty());
        for (auto const& line : reader.wrong.lines())
            BOOST_TEST_MESSAGE(line);
        BOOST_REQUIRE(!reader.scenarios.empty());
        return reader.scenarios.back();
    }
    std::string ids() {
        std::string all;
        for (auto const& e : last().expectations)
            all += (all.empty() ? "" : " ") + e.id + (e.optional ? "?" : "");
        return all;
    }
};

constexpr auto persona_head = "[scenario.persona]\nprovider = \"P\"\nas_of = \"2026-08-25\"\n";

std::string a_deviation(std::string const& rest) {
    return "[[scenario.persona.deviation]]\nwhat = \"w\"\nclient = \"c\"\n" + rest;
}

std::string placed(std::string_view told, std::size_t added = 0) {
    settings::mistakes wrong;
    auto const document = settings::parse_document(
        "[t]\n\"a/b\" = 1\n\"c~d\" = 2\nexpect = [\n  { id = 1 },\n  { id = 2 }]\n", "f", wrong);
    add_placed(wrong, document->members[0].content, "t[0]", told, added);
    return wrong.lines().at(0);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scenario_reader_suite, reading)

BOOST_AUTO_TEST_CASE(makes_a_scenario_of_a_table) {
    read(head("a.b") +
             "aliases = [\"old\"]\neras = [\"2025-11-25\"]\nquiet = \"2s\"\ngroups = [\"g\"]\n"
             "policy = { access_ttl = \"5s\" }\nfaults = [{ name = \"token.unavailable\" }]\n"
             "faults_may_rest = true\n" +
             expect("one") + expect("two"),
         "refresh.toml");
    auto const& s = last();
    BOOST_TEST(s.name == "a.b");
    BOOST_TEST(s.suite == "refresh");
    BOOST_TEST((s.aliases == std::vector<std::string>{"old"}));
    BOOST_TEST((s.eras == std::vector<std::string>{"2025-11-25"}));
    BOOST_TEST((s.groups == std::vector<std::string>{"g"}));
    BOOST_TEST((s.quiet == 2s));
    BOOST_TEST(s.faults.size() == 1u);
    BOOST_TEST(s.faults_may_rest);
    BOOST_TEST(ids() == "one two");
}

BOOST_AUTO_TEST_CASE(wants_little_and_leaves_the_rest_as_it_is) {
    read(head("a"));
    auto const& s = last();
    BOOST_TEST((s.quiet == 5s));
    BOOST_TEST(!s.official);
    BOOST_TEST(!s.own_origin);
    BOOST_TEST(!s.faults_may_rest);
    BOOST_TEST(s.faults.empty());
    BOOST_TEST(s.expectations.empty());
    BOOST_TEST(!s.persona.has_value());
}

// "official-auth-1-discovery.toml" is of the suite "official".
BOOST_AUTO_TEST_CASE(calls_the_suite_by_what_a_files_name_begins_with) {
    read(head("a"), "official-auth-1.toml");
    BOOST_TEST(last().suite == "official");
    read(head("b"), "basic");
    BOOST_TEST(last().suite == "basic");
}

BOOST_AUTO_TEST_CASE(takes_an_origin_of_its_own_for_the_mcp_server_as_one_for_both) {
    read(head("a") + "own_origin = true\n");
    BOOST_TEST(last().own_origin);
    BOOST_TEST(!last().own_mcp_origin);
    read(head("b") + "own_mcp_origin = true\n");
    BOOST_TEST(last().own_origin);
}

BOOST_AUTO_TEST_CASE(keeps_scenarios_in_their_order_over_several_files) {
    read(head("b") + head("a"));
    read(head("c"));
    std::string names;
    for (auto const& s : reader.scenarios)
        names += s.name;
    BOOST_TEST(names == "bac");
}

BOOST_AUTO_TEST_CASE(completes_a_scenario_by_the_one_that_it_is_like) {
    read(head("a") + "aliases = [\"x\"]\nquiet = \"2s\"\nofficial = true\n" + expect("one"));
    read("[[scenario]]\nname = \"b\"\nlike = \"a\"\nsummary = \"other\"\n");
    auto const& s = last();
    BOOST_TEST(s.summary == "other");
    BOOST_TEST(s.person == "p");
    BOOST_TEST((s.quiet == 2s));
    BOOST_TEST(s.official);
    BOOST_TEST(s.aliases.empty());  // those are the other one's
    BOOST_TEST(ids() == "one");
}

BOOST_AUTO_TEST_CASE(replaces_whole_members_of_the_one_that_it_is_like) {
    read(head("a") + "policy = { access_ttl = \"5s\" }\n" + expect("one"));
    read("[[scenario]]\nname = \"b\"\nlike = \"a\"\npolicy = { access_ttl = \"7s\" }\n" +
         expect("two"));
    BOOST_TEST(ids() == "two");
    read("[[scenario]]\nname = \"c\"\nlike = \"b\"\n");
    BOOST_TEST(ids() == "two");
}

BOOST_AUTO_TEST_CASE(puts_the_expectations_of_groups_before_its_own) {
    read("[[group]]\nname = \"g\"\n" + expect("g1", "group.expect") + expect("g2", "group.expect") +
         "[[group]]\nname = \"h\"\n" + expect("h1", "group.expect") + head("a") +
         "with = [\"h\", \"g\"]\nneeds = [\"g2\"]\n" + expect("own"));
    // What is not needed is told and not wanted.
    BOOST_TEST(ids() == "h1? g1? g2 own");
}

BOOST_AUTO_TEST_CASE(hands_the_groups_on_to_a_scenario_that_is_like_it) {
    read("[[group]]\nname = \"g\"\n" + expect("g1", "group.expect") + head("a") +
         "with = [\"g\"]\n" + expect("own"));
    read("[[scenario]]\nname = \"b\"\nlike = \"a\"\n" + expect("other"));
    BOOST_TEST(ids() == "g1? other");
}

BOOST_AUTO_TEST_CASE(goes_on_behind_a_table_that_is_wrong) {
    BOOST_TEST(flaws(head("a") + "quiet = \"1ms\"\n" + head("b") + head("c") + "era = 1\n") ==
               "test.toml:6:1: scenario[0].quiet: expected a duration like \"10m\" or seconds "
               "from 0.1 to 3600\n"
               "test.toml:17:1: scenario[2].era: is not known here; the nearest known member is "
               "\"eras\"");
    BOOST_REQUIRE(reader.scenarios.size() == 1u);
    BOOST_TEST(reader.scenarios[0].name == "b");
}

BOOST_AUTO_TEST_CASE(tells_a_mistake_in_a_fault_by_its_place) {
    BOOST_TEST(flaws(head("a") + "faults = [{ name = \"token.unavailable\" }, 7]\n") ==
               "test.toml:6:43: scenario[0].faults[1]: expected a table");
}

BOOST_AUTO_TEST_CASE(knows_no_scenario_and_no_group_that_comes_later) {
    BOOST_TEST(
        flaws("[[scenario]]\nname = \"b\"\nlike = \"a\"\n" + head("a"))
            .starts_with("test.toml:3:1: scenario[0].like: no scenario before it is called \"a\""));
    BOOST_TEST(reader.scenarios.size() == 1u);
}

BOOST_AUTO_TEST_CASE(refuses_a_group_that_nobody_has_written) {
    BOOST_TEST(flaws(head("a") + "with = [\"g\"]\n") ==
               "test.toml:6:1: scenario[0].with: names no group that stands before it");
}

BOOST_AUTO_TEST_CASE(refuses_a_list_of_groups_that_is_none) {
    BOOST_TEST(flaws(head("a") + "with = \"g\"\n") ==
               "test.toml:6:1: scenario[0].with: expected a list of names");
}

BOOST_AUTO_TEST_CASE(refuses_a_group_without_a_name_or_expectations) {
    BOOST_TEST(flaws("[[group]]\nname = \"g\"\n") ==
               "test.toml:1:1: group: expected a name and [[group.expect]] tables");
}

// A mistake of a group's is told where the scenario asks for it; its own are counted from one on.
BOOST_AUTO_TEST_CASE(places_mistakes_of_its_own_behind_those_of_groups) {
    BOOST_TEST(flaws("[[group]]\nname = \"g\"\n" + expect("g1", "group.expect") + head("a") +
                     "with = [\"g\"]\n" + expect("own") + "count.leest = 2\n") ==
               "test.toml:25:7: scenario[0].expect[0].count.leest: is not known here; the nearest "
               "known member is \"least\"");
}

BOOST_AUTO_TEST_CASE(wants_tables_of_its_two_kinds_alone) {
    BOOST_TEST(flaws("other = 1\n" + head("a")) ==
               "test.toml:1:1: other: expected [[scenario]] and [[group]] tables alone");
}

BOOST_AUTO_TEST_CASE(wants_scenarios_in_a_file) {
    BOOST_TEST(flaws("scenario = 1\n").ends_with("scenario: expected [[scenario]] tables"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(persona_suite, reading)

BOOST_AUTO_TEST_CASE(reads_whom_a_scenario_imitates) {
    read(head("a") + persona_head + "not_imitated = [\"its speed\"]\n" +
         a_deviation("fidelity = \"seen\"\nsources = [\"https://a\"]\ndate = \"2026-01-31\"\n"));
    auto const& p = last().persona.value();
    BOOST_TEST(p.provider == "P");
    BOOST_TEST((p.deviations.at(0).known_by == fidelity::seen));
    BOOST_TEST(json::serialize(describe(p)) ==
               R"({"provider":"P","as_of":"2026-08-25","deviations":[{"what":"w","client":"c",)"
               R"("fidelity":"seen","sources":["https://a"],"date":"2026-01-31"}],)"
               R"("not_imitated":["its speed"]})");
}

BOOST_AUTO_TEST_CASE(imitates_nothing_that_no_source_tells) {
    BOOST_TEST(flaws(head("a") + persona_head +
                     a_deviation("fidelity = \"seen\"\nsources = []\ndate = \"2026-01-31\"\n"))
                   .ends_with("sources: names no source"));
}

BOOST_AUTO_TEST_CASE(wants_a_source_that_anybody_can_open) {
    BOOST_TEST(flaws(head("a") + persona_head +
                     a_deviation("fidelity = \"seen\"\nsources = [\"http://a\"]\n"
                                 "date = \"2026-01-31\"\n"))
                   .ends_with("sources: expected https URLs"));
}

BOOST_AUTO_TEST_CASE(wants_a_date_with_all_its_digits) {
    for (std::string const date : {"2026-1-31", "2026/01/31", "31-01-2026", "2026-01-31 ", ""}) {
        reading other;
        BOOST_TEST(other
                       .flaws(head("a") + "[scenario.persona]\nprovider = \"P\"\nas_of = \"" +
                              date + "\"\n" +
                              a_deviation("fidelity = \"seen\"\nsources = [\"https://a\"]\n"
                                          "date = \"2026-01-31\"\n"))
                       .ends_with("as_of: expected a date like \"2026-08-25\""),
                   date);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(equipment_suite, reading)

BOOST_AUTO_TEST_CASE(gives_a_server_clients_issuers_and_documents) {
    read(head("a") +
         "context = { client_id = \"c\" }\n[scenario.server]\nscopes = [\"x\"]\n"
         "auth_methods = [\"none\", \"private_key_jwt\"]\nprovider = \"idp\"\n"
         "clients = [{ client_id = \"c\" }, { client_id = \"d\", client_secret = \"s\", "
         "grant_types = [\"client_credentials\"] }]\n"
         "issuers = [{ issuer = \"https://i\" }, { issuer = \"https://w\", assertions = "
         "\"workload\" }, { issuer = \"https://j\", assertions = \"id-jag\" }]\n"
         "documents = [{ url = \"https://d\", document = { client_id = \"https://d\" } }]\n");
    auto const& e = last().equipment;
    BOOST_REQUIRE(e.clients.size() == 2u);
    BOOST_TEST((e.clients[0].grant_types ==
                std::vector<std::string>{"authorization_code", "refresh_token"}));
    BOOST_TEST((e.clients[1].grant_types == std::vector<std::string>{"client_credentials"}));
    BOOST_REQUIRE(e.issuers.size() == 3u);
    BOOST_TEST((e.issuers[0].workloads && e.issuers[0].id_jag));
    BOOST_TEST((e.issuers[1].workloads && !e.issuers[1].id_jag));
    BOOST_TEST((!e.issuers[2].workloads && e.issuers[2].id_jag));
    BOOST_TEST(e.documents.at(0).first == "https://d");
    BOOST_TEST(e.provider == "idp");
    BOOST_TEST(json::serialize(e.context) == R"({"client_id":"c"})");
}

BOOST_AUTO_TEST_CASE(makes_policy_of_what_is_policy) {
    scenario_equipment e;
    e.scopes = {"x", "y"};
    e.auth_methods = {"private_key_jwt", "none"};
    e.clients.push_back({"c", "", ""});
    policies p;
    apply(e, p);
    BOOST_TEST((p.oauth.scopes == e.scopes));
    BOOST_TEST((p.mcp.grantable_scopes == e.scopes));
    BOOST_TEST((p.oauth.auth_methods == e.auth_methods));
    BOOST_TEST(p.oauth.default_auth_method == "private_key_jwt");
    BOOST_TEST(p.oauth.replaces_auth_method);
    BOOST_TEST(p.oauth.known_clients.at(0).id == "c");
    BOOST_TEST(p.oauth.any_loopback_redirect);
}

BOOST_AUTO_TEST_CASE(changes_no_policy_where_there_is_nothing) {
    policies p, before;
    apply(scenario_equipment(), p);
    BOOST_TEST((p.oauth.scopes == before.oauth.scopes));
    BOOST_TEST((p.oauth.auth_methods == before.oauth.auth_methods));
    BOOST_TEST(!p.oauth.replaces_auth_method);
    BOOST_TEST(!p.oauth.any_loopback_redirect);
}

BOOST_AUTO_TEST_CASE(is_told_a_mistake_in_a_client_by_its_place) {
    BOOST_TEST(flaws(head("a") + "[scenario.server]\nclients = [{ client_id = \"c\" }, {}]\n") ==
               "test.toml:7:33: scenario[0].server.clients[1].client_id: is missing; expected a "
               "name");
}

BOOST_AUTO_TEST_SUITE_END()

// JSON pointers (RFC 6901) and the lines that they lead to.
BOOST_AUTO_TEST_SUITE(mistake_place_suite)

BOOST_AUTO_TEST_CASE(goes_as_deep_as_something_was_written) {
    BOOST_TEST(placed("/expect/1/id: is 2") == "f:6:5: t[0].expect[1].id: is 2");
    BOOST_TEST(placed("/expect/1/no/more: x") == "f:6:3: t[0].expect[1].no.more: x");
    BOOST_TEST(placed("/expect/7: x").ends_with(" t[0].expect[7]: x"));
}

// RFC 6901 §4
BOOST_AUTO_TEST_CASE(takes_the_escapes_of_a_pointer_back) {
    BOOST_TEST(placed("/a~1b: x") == "f:2:1: t[0].a/b: x");
    BOOST_TEST(placed("/c~0d: x") == "f:3:1: t[0].c~d: x");
}

BOOST_AUTO_TEST_CASE(is_about_the_table_without_a_pointer) {
    BOOST_TEST(placed("is no good") == "f:1:1: t[0]: is no good");
    BOOST_TEST(placed("/is no pointer") == "f:1:1: t[0]: /is no pointer");
}

BOOST_AUTO_TEST_CASE(counts_the_expectations_of_the_table_itself) {
    BOOST_TEST(placed("/expect/3/id: x", 2) == "f:6:5: t[0].expect[1].id: x");
    BOOST_TEST(placed("/expect/1/id: x", 2).ends_with(" t[0].with: x"));
}

BOOST_AUTO_TEST_SUITE_END()

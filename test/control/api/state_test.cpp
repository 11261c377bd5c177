#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct as_plane : plane {
    as_plane() : plane(&control::control_plane::add_as_routes) {}
};
struct mcp_plane : plane {
    mcp_plane() : plane(&control::control_plane::add_mcp_routes) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(api_state)

BOOST_FIXTURE_TEST_CASE(shows_exactly_what_the_contract_names, plane) {
    token({{"grant_type", "authorization_code"}});
    oauth.counts.access_tokens = 2;
    oauth.counts.clients = 1;
    oauth.counts.refresh_tokens = {"rt-1a2b"};
    mcp.open_sessions = 4;
    post("invalid-grant", R"({"on":true})");
    BOOST_TEST(get("state").json() == json::parse(R"({"realm":"default","tokenCalls":1,
        "tokenCallsFaulted":0,"accessTokens":2,"refreshTokens":["rt-1a2b"],"clients":1,"sessions":4,
        "rotate":false,"refreshRotation":"public",
        "expiresIn":3600,"invalidGrant":true,"denyConsent":false,"force403":false,
        "faults":["refresh.invalid_grant"]})"));
    BOOST_TEST(get("state").header("Cache-Control") == "no-store");
}

// What a client sent counts, whoever answered: eleven refreshes of which ten never arrived are
// eleven.
BOOST_FIXTURE_TEST_CASE(counts_token_requests_as_they_arrive_and_tells_faulted_ones_apart, plane) {
    token();
    fault(R"({"name":"refresh.invalid_grant","trigger":{"next":10}})");
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(token().status == 400u);
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(state().at("tokenCalls").as_int64() == 12);
    BOOST_TEST(state().at("tokenCallsFaulted").as_int64() == 10);
    BOOST_TEST(served.token == 2);
}

BOOST_FIXTURE_TEST_CASE(counts_a_lost_token_answer_as_faulted_and_an_altered_one_not, plane) {
    fault(R"({"name":"raw","select":{"endpoint":"token"},"trigger":{"next":1},
              "params":{"stage":"after_commit","status":502}})");
    fault(R"({"name":"token.no_expires_in"})");
    BOOST_TEST(token().status == 502u);
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(state().at("tokenCalls").as_int64() == 2);
    BOOST_TEST(state().at("tokenCallsFaulted").as_int64() == 1);
}

BOOST_FIXTURE_TEST_CASE(counts_no_preflight_and_begins_anew_with_a_reset, as_plane) {
    BOOST_TEST(b.send(http::verb::options, "/token", "", {}).status != 500u);
    BOOST_TEST(state().at("tokenCalls").as_int64() == 0);
    token();
    post("reset");
    BOOST_TEST(state().at("tokenCalls").as_int64() == 0);
}

// "rotate": false would tell the owner of a public client that nothing rotates.
BOOST_FIXTURE_TEST_CASE(says_which_rule_of_rotation_is_in_force, plane) {
    BOOST_TEST(text(state(), "refreshRotation") == "public");
    post("rotate", R"({"on":true})");
    BOOST_TEST(text(state(), "refreshRotation") == "always");
    post("rotate", R"({"on":false})");
    BOOST_TEST(text(state(), "refreshRotation") == "never");
}

BOOST_FIXTURE_TEST_CASE(resets_tokens_policy_sessions_and_as_faults_at_the_as, as_plane) {
    post("rotate", R"({"on":true})");
    post("expires-in", R"({"seconds":5})");
    post("invalid-grant", R"({"on":true})");
    fault(R"({"name":"scope.forbidden"})");
    BOOST_TEST(post("reset").body == R"({"reset":true})");
    BOOST_TEST(oauth.resets == std::vector<std::string>{"default"});
    BOOST_TEST(mcp.ended == std::vector<std::string>{"default"});
    auto const s = state();
    BOOST_TEST(!s.at("rotate").as_bool());
    BOOST_TEST(s.at("expiresIn").as_int64() == 3600);
    BOOST_TEST(!s.at("invalidGrant").as_bool());
    BOOST_TEST(s.at("force403").as_bool());  // of the other side
}

BOOST_FIXTURE_TEST_CASE(resets_its_switches_and_faults_alone_at_the_mcp_server, mcp_plane) {
    post("force-403", R"({"on":true})");
    fault(R"({"name":"refresh.invalid_grant"})");
    fault(R"({"name":"raw","select":{"endpoint":"mcp"},"params":{"status":500}})");
    post("reset");
    auto const s = state();
    BOOST_TEST(!s.at("force403").as_bool());
    BOOST_TEST(s.at("invalidGrant").as_bool());
    BOOST_TEST(s.at("faults").as_array().size() == 1u);
    BOOST_TEST(oauth.resets.empty());
    BOOST_TEST(mcp.ended.empty());
}

BOOST_FIXTURE_TEST_CASE(a_reset_frees_registered_clients_where_it_is_asked_to, as_plane) {
    post("reset");
    post("reset", "{}");
    post("reset", R"({"clients":false})");
    BOOST_TEST(oauth.clients_forgotten.empty());
    BOOST_TEST(post("reset", R"({"clients":true})").body == R"({"reset":true})");
    BOOST_TEST(oauth.clients_forgotten == std::vector<std::string>{"default"});
    BOOST_TEST(oauth.resets.size() == 4u);
    BOOST_TEST(post("reset", R"({"clients":1})").status == 400u);
    BOOST_TEST(post("reset", R"({"client":true})").status == 400u);
    BOOST_TEST(oauth.resets.size() == 4u);
}

BOOST_FIXTURE_TEST_CASE(the_mcp_server_has_no_clients_to_free, mcp_plane) {
    auto const a = post("reset", R"({"clients":true})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.body.find("/clients") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(speaks_for_both_sides_where_they_share_an_origin, plane) {
    post("force-403", R"({"on":true})");
    post("invalid-grant", R"({"on":true})");
    fault(R"({"name":"raw","params":{"status":500}})");
    post("reset");
    BOOST_TEST(state().at("faults").as_array().empty());
    BOOST_TEST(oauth.resets.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(returns_a_realm_to_the_scenario_that_it_was_made_with, plane) {
    tollgate::http::founder const by;
    auto const made = realms.implicit("refresh.dead", "run1", &by);
    BOOST_REQUIRE(bool(made));
    enter(*made);
    BOOST_TEST(state().at("invalidGrant").as_bool());
    post("invalid-grant", R"({"on":false})");
    post("expires-in", R"({"seconds":60})");
    BOOST_TEST(token().status == 200u);
    post("reset");
    BOOST_TEST(token().status == 400u);
    BOOST_TEST(state().at("expiresIn").as_int64() == 5);
    BOOST_TEST(state().at("faults").as_array().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(takes_nothing_but_clients_for_a_reset, plane) {
    BOOST_TEST(post("reset", "{}").status == 200u);
    BOOST_TEST(described(post("reset", R"({"hard":true})")) ==
               "/hard: is not known here; the nearest known member is \"clients\"");
    BOOST_TEST(oauth.resets.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

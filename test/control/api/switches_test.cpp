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

BOOST_AUTO_TEST_SUITE(api_switches)

BOOST_FIXTURE_TEST_CASE(turns_rotation_to_always_and_to_never, plane) {
    BOOST_TEST(post("rotate", R"({"on":true})").body == R"({"rotate":true})");
    BOOST_TEST((oauth.current_policy(*b.realm)->rotation == oauth::refresh_rotation::always));
    BOOST_TEST(state().at("rotate").as_bool());
    BOOST_TEST(post("rotate", R"({"on":false})").body == R"({"rotate":false})");
    BOOST_TEST((oauth.current_policy(*b.realm)->rotation == oauth::refresh_rotation::never));
    BOOST_TEST(!state().at("rotate").as_bool());
}

BOOST_FIXTURE_TEST_CASE(sets_the_life_of_access_tokens_in_whole_seconds, plane) {
    BOOST_TEST(post("expires-in", R"({"seconds":5})").body == R"({"expiresIn":5})");
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 5s));
    BOOST_TEST(state().at("expiresIn").as_int64() == 5);
    BOOST_TEST(post("expires-in", R"({"seconds":0})").status == 200u);
    BOOST_TEST(post("expires-in", R"({"seconds":31536000})").status == 200u);
    for (auto const* body :
         {R"({"seconds":-1})", R"({"seconds":31536001})", R"({"seconds":1.5})"}) {
        auto const a = post("expires-in", body);
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(described(a) == "/seconds: expected a whole number from 0 to 31536000");
    }
    BOOST_TEST(described(post("expires-in", R"({"seconds":"5"})")) ==
               "/seconds: expected a whole number, got a string");
}

BOOST_FIXTURE_TEST_CASE(denies_consent_by_policy, plane) {
    BOOST_TEST(post("deny-consent", R"({"on":true})").body == R"({"denyConsent":true})");
    BOOST_TEST(oauth.current_policy(*b.realm)->deny_consent);
    BOOST_TEST(state().at("denyConsent").as_bool());
    post("deny-consent", R"({"on":false})");
    BOOST_TEST(!oauth.current_policy(*b.realm)->deny_consent);
}

BOOST_FIXTURE_TEST_CASE(puts_the_named_fault_in_once_and_takes_it_out, plane) {
    BOOST_TEST(post("invalid-grant", R"({"on":true})").body == R"({"invalidGrant":true})");
    post("invalid-grant", R"({"on":true})");
    BOOST_TEST(get("faults").json().at("faults").as_array().size() == 1u);
    BOOST_TEST(state().at("invalidGrant").as_bool());
    BOOST_TEST(token().status == 400u);
    BOOST_TEST(post("invalid-grant", R"({"on":false})").body == R"({"invalidGrant":false})");
    BOOST_TEST(!state().at("invalidGrant").as_bool());
    BOOST_TEST(token().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(leaves_a_fault_with_conditions_to_its_creator, plane) {
    fault(R"({"name":"refresh.invalid_grant","trigger":{"nth":9}})");
    BOOST_TEST(!state().at("invalidGrant").as_bool());
    post("invalid-grant", R"({"on":true})");
    post("invalid-grant", R"({"on":false})");
    BOOST_TEST(get("faults").json().at("faults").as_array().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(forces_403_on_tool_calls, plane) {
    BOOST_TEST(post("force-403", R"({"on":true})").body == R"({"force403":true})");
    BOOST_TEST(state().at("force403").as_bool());
    BOOST_TEST(call().status == 403u);
    post("force-403", R"({"on":false})");
    BOOST_TEST(call().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(revokes_access_tokens_without_a_body, plane) {
    oauth.counts.access_tokens = 3;
    BOOST_TEST(post("revoke-access").body == R"({"accessTokens":0})");
    BOOST_TEST(oauth.revoked == std::vector<std::string>{"default"});
    BOOST_TEST(post("revoke-access", "{}").status == 200u);
    BOOST_TEST(post("revoke-access", R"({"all":true})").status == 400u);
    BOOST_TEST(oauth.revoked.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(rotates_the_signing_keys_without_a_body, plane) {
    BOOST_TEST(post("rotate-keys").body == R"({"kid":"new-kid"})");
    BOOST_TEST(oauth.rotated == std::vector<std::string>{"default"});
    BOOST_TEST(post("rotate-keys", R"({"alg":"ES256"})").status == 400u);
    BOOST_TEST(oauth.rotated.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(seeds_a_refresh_token_and_never_repeats_it, plane) {
    auto const a = post("seed-refresh", R"({"token":"s3cret"})");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body.find("s3cret") == std::string::npos);
    BOOST_TEST(oauth.seeded == std::vector<std::string>{"s3cret"});
    auto const wrong = post("seed-refresh", R"({"token":"two words"})");
    BOOST_TEST(wrong.status == 400u);
    BOOST_TEST(described(wrong) == "/token: has a character outside VSCHAR");
    BOOST_TEST(described(post("seed-refresh", R"({"token":""})"))
                   .starts_with("/token: expected a refresh token"));
    BOOST_TEST(oauth.seeded.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_no_switch_position, plane) {
    for (auto const* path : {"rotate", "invalid-grant", "deny-consent", "force-403"}) {
        BOOST_TEST(described(post(path, R"({"on":"true"})")) ==
                   "/on: expected true or false, got a string");
        BOOST_TEST(described(post(path, "{}")) == "/on: is missing; expected true or false");
        BOOST_TEST(
            described(post(path, R"({"on":true,"off":1})")).starts_with("/off: is not known here"));
        BOOST_TEST(post(path).status == 400u);
        BOOST_TEST(get(path).status == 405u);
    }
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
}

BOOST_FIXTURE_TEST_CASE(has_its_own_switches_at_the_authorization_server, as_plane) {
    BOOST_TEST(post("rotate", R"({"on":true})").status == 200u);
    BOOST_TEST(post("force-403", R"({"on":true})").status == 404u);
}

BOOST_FIXTURE_TEST_CASE(has_its_own_switches_at_the_mcp_server, mcp_plane) {
    BOOST_TEST(post("force-403", R"({"on":true})").status == 200u);
    BOOST_TEST(post("rotate", R"({"on":true})").status == 404u);
    BOOST_TEST(get("state").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(has_nothing_to_switch_where_tokens_are_somebody_else_s, plane) {
    control::control_plane proxied(realms, nullptr, false);
    http::router table;
    proxied.add_shared_routes(table);
    bench web(table);
    web.realm = b.realm;
    for (auto const* name :
         {"rotate", "expires-in", "rotate-keys", "revoke-access", "deny-consent", "seed-refresh"}) {
        auto const a = web.post_json("/control/" + std::string(name), R"({"on":true})");
        BOOST_TEST(a.status == 409u, name);
        BOOST_TEST(described(a).find("come from the provider") != std::string::npos);
    }
    for (auto const* name : {"invalid-grant", "force-403"})
        BOOST_TEST(web.post_json("/control/" + std::string(name), R"({"on":true})").status == 200u,
                   name);
    BOOST_TEST(web.get("/control/state").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(outlives_a_fault_of_the_same_name_that_ends, plane) {
    for (bool const before_its_end : {true, false}) {
        del("faults");
        fault(R"({"name":"token.server_error","expires_in":5})");
        if (!before_its_end) b.clock.advance(std::chrono::seconds(5));
        fault(R"({"name":"refresh.invalid_grant","expires_in":5})");
        post("invalid-grant", R"({"on":true})");
        b.clock.advance(std::chrono::seconds(6));
        BOOST_TEST(state().at("invalidGrant").as_bool());
        BOOST_TEST(state().at("faults").as_array().size() == 1u);
        BOOST_TEST(post("invalid-grant", R"({"on":false})").status == 200u);
        BOOST_TEST(state().at("faults").as_array().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

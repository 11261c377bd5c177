#include "control/support/plane.hpp"

using namespace test;

BOOST_AUTO_TEST_SUITE(api_policy)

BOOST_FIXTURE_TEST_CASE(tells_every_key_that_a_realm_can_have_of_its_own, plane) {
    auto const told = get("policy");
    BOOST_TEST(told.status == 200u);
    BOOST_TEST(told.header("Cache-Control") == "no-store");
    auto const all = told.json().as_object();
    BOOST_TEST(all.at("tokens.access_ttl").as_string() == "1h");
    BOOST_TEST(all.at("tokens.refresh_rotation").as_string() == "public");
    BOOST_TEST(all.at("tokens.refresh_reuse").as_string() == "revoke-family");
    BOOST_TEST(all.at("mcp.page_size").as_int64() == 100);
    BOOST_TEST(all.at("registration.dynamic").as_bool());
}

BOOST_FIXTURE_TEST_CASE(changes_some_and_leaves_the_rest, plane) {
    auto const a = patch("policy", R"({"tokens.access_ttl":"1h30m","mcp.page_size":7,
                                       "tokens.refresh_reuse":"grace:5s"})");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.json().at("tokens.access_ttl").as_string() == "90m");
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == std::chrono::minutes(90)));
    BOOST_TEST((oauth.current_policy(*b.realm)->reuse_grace == std::chrono::seconds(5)));
    BOOST_TEST(mcp.current_policy(*b.realm)->page_size == 7u);
    BOOST_TEST(get("policy").json().at("tokens.refresh_reuse").as_string() == "grace:5s");
    BOOST_TEST(get("policy").json().at("tokens.code_ttl").as_string() == "2m");
}

BOOST_FIXTURE_TEST_CASE(takes_a_key_back_to_the_configuration_by_null, plane) {
    patch("policy", R"({"tokens.access_ttl":"5s","mcp.fixtures":true})");
    auto const a = patch("policy", R"({"tokens.access_ttl":null})");
    BOOST_TEST(a.json().at("tokens.access_ttl").as_string() == "1h");
    BOOST_TEST(a.json().at("mcp.fixtures").as_bool());
}

BOOST_FIXTURE_TEST_CASE(changes_nothing_where_one_member_is_wrong, plane) {
    auto const a = patch("policy", R"({"tokens.access_ttl":"5s","mcp.page_size":0})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.body.find("/mcp.page_size") != std::string::npos);
    BOOST_TEST(get("policy").json().at("tokens.access_ttl").as_string() == "1h");
}

BOOST_FIXTURE_TEST_CASE(names_the_nearest_key_to_an_unknown_one, plane) {
    auto const a = patch("policy", R"({"tokens.acess_ttl":"5s"})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.body.find("tokens.access_ttl") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(is_undone_by_a_reset, plane) {
    patch("policy", R"({"tokens.access_ttl":"5s"})");
    BOOST_TEST(post("reset", "").status / 100 == 2);
    BOOST_TEST(get("policy").json().at("tokens.access_ttl").as_string() == "1h");
}

// What patch_of() tells, apply() takes: no key is read and not printed, or the other way round.
BOOST_FIXTURE_TEST_CASE(takes_what_it_tells, plane) {
    auto const told = get("policy").body;
    auto const a = patch("policy", told);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == told);
}

BOOST_AUTO_TEST_SUITE_END()

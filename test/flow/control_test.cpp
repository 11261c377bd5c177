// The control plane's switches and what a client sees of them.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

std::string error_of(raw_reply const& r) {
    return text_of(json_of(r), "error");
}

BOOST_AUTO_TEST_SUITE(control_flow)

BOOST_AUTO_TEST_CASE(revoked_access_tokens_are_refused_and_a_refresh_helps) {
    program p;
    login client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    BOOST_TEST(post_json(p.issuer() + "/control/revoke-access", "").status == 200u);
    auto const refused = call_tool(p.mcp(), client.now.access, session, "whoami", "{}");
    BOOST_TEST(refused.status == 401u);
    client.refresh();
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "whoami", "{}").status == 200u);
}

BOOST_AUTO_TEST_CASE(rotate_on_gives_a_new_refresh_token_and_off_keeps_the_old_one) {
    program p;
    login client(p.mcp());
    post_json(p.issuer() + "/control/rotate", R"({"on":false})");
    auto const before = client.now.refresh;
    client.refresh();
    BOOST_TEST(client.now.refresh == before);
    post_json(p.issuer() + "/control/rotate", R"({"on":true})");
    client.refresh();
    BOOST_TEST(client.now.refresh != before);
    BOOST_TEST(error_of(client.try_refresh(before)) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(invalid_grant_fails_refreshes_alone_and_can_be_taken_back) {
    program p;
    login client(p.mcp());
    post_json(p.issuer() + "/control/invalid-grant", R"({"on":true})");
    auto const failed = client.try_refresh(client.now.refresh);
    BOOST_TEST(failed.status == 400u);
    BOOST_TEST(error_of(failed) == "invalid_grant");
    login const newcomer(p.mcp());  // the code grant is not touched
    post_json(p.issuer() + "/control/invalid-grant", R"({"on":false})");
    client.refresh();
}

BOOST_AUTO_TEST_CASE(expires_in_shortens_new_tokens_and_they_do_expire) {
    program p;
    post_json(p.issuer() + "/control/expires-in", R"({"seconds":1})");
    login const client(p.mcp());
    BOOST_TEST(eventually([&] {
        return post_json(p.mcp(), initialize_body(), bearer(client.now.access)).status == 401u;
    }));
}

BOOST_AUTO_TEST_CASE(force_403_refuses_tool_calls_and_nothing_else) {
    program p;
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    post_json(p.mcp_origin() + "/control/force-403", R"({"on":true})");
    auto const refused = call_tool(p.mcp(), client.now.access, session, "whoami", "{}");
    BOOST_TEST(refused.status == 403u);
    BOOST_TEST(refused.header("WWW-Authenticate").find("error=\"insufficient_scope\"") !=
               std::string::npos);
    BOOST_TEST(post_json(p.mcp(), initialize_body(), bearer(client.now.access)).status == 200u);
    post_json(p.mcp_origin() + "/control/reset", "");
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "whoami", "{}").status == 200u);
}

BOOST_AUTO_TEST_CASE(a_switch_of_one_realm_leaves_the_others_alone) {
    program p;
    auto const realm = p.mcp_origin() + "/s/plain/a-run-that-nobody-guesses";
    login here(p.mcp());
    login there(realm + "/mcp");
    auto const answer = post_json(
        p.issuer() + "/s/plain/a-run-that-nobody-guesses/control/invalid-grant", R"({"on":true})");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(there.try_refresh(there.now.refresh).status == 400u);
    here.refresh();
    post_json(p.issuer() + "/control/revoke-access", "");
    BOOST_TEST(post_json(there.mcp_url, initialize_body(), bearer(there.now.access)).status ==
               200u);
}

BOOST_AUTO_TEST_CASE(a_seeded_refresh_token_logs_in_without_a_browser) {
    program p;
    login client(p.mcp());
    post_json(p.issuer() + "/control/seed-refresh", R"({"token":"deposited-by-a-test"})");
    client.now.refresh = "deposited-by-a-test";
    client.refresh();
    open_session(p.mcp(), client.now.access);
    login const other(p.mcp());
    BOOST_TEST(error_of(other.try_refresh("deposited-by-a-test")) == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(reset_kills_tokens_and_keeps_clients) {
    program p({"tokens.seed_refresh=[\"from-the-start\"]"});
    login client(p.mcp());
    post_json(p.issuer() + "/control/rotate", R"({"on":true})");
    BOOST_TEST(post_json(p.issuer() + "/control/reset", "").status == 200u);
    BOOST_TEST(post_json(p.mcp(), initialize_body(), bearer(client.now.access)).status == 401u);
    BOOST_TEST(error_of(client.try_refresh(client.now.refresh)) == "invalid_grant");
    client.now.refresh = "from-the-start";
    client.refresh();  // the client is still known, the seed is valid again
    auto const state = json_of(get(p.issuer() + "/control/state"));
    BOOST_TEST(!state.as_object().at("rotate").as_bool());
}

BOOST_AUTO_TEST_CASE(forwarded_foreign_and_tokenless_requests_do_not_control_anything,
                     *needs_one_program("the proxy brings the control token")) {
    program p;
    auto const state = p.issuer() + "/control/state";
    BOOST_TEST(get(state, {{"X-Forwarded-For", "203.0.113.9"}}).status == 403u);
    BOOST_TEST(get(state, {{"Origin", "http://localhost:6274"}}).status == 403u);
    BOOST_TEST(get(state, {{"Host", "evil.example"}}).status == 421u);
    program locked({"control.token=let-me-in"});
    auto const there = locked.issuer() + "/control/state";
    BOOST_TEST(get(there).status == 401u);
    BOOST_TEST(get(there, bearer("let-me-in")).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_realm_can_be_made_with_ports_of_its_own,
                     *needs_one_program("a port is one instance's")) {
    program p;
    auto const made =
        post_json(p.issuer() + "/control/realms", R"({"name":"alpha","isolation":"port"})");
    BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
    auto const url = text_of(json_of(made), "mcp");
    login const client(url);
    open_session(url, client.now.access);
    BOOST_TEST(client.issuer == text_of(json_of(made), "issuer"));
    BOOST_TEST(post_json(p.mcp(), initialize_body(), bearer(client.now.access)).status == 401u);
    BOOST_TEST(call("DELETE", p.issuer() + "/control/realms/alpha").status == 204u);
}

BOOST_AUTO_TEST_CASE(a_named_realm_answers_by_path_and_by_host,
                     *needs_one_program("with a public URL no realm has a name of its own")) {
    program p;
    auto const made = post_json(p.issuer() + "/control/realms", R"({"name":"beta"})");
    BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
    login const by_path(p.mcp_origin() + "/r/beta/mcp");
    BOOST_TEST(by_path.mcp_url == text_of(json_of(made), "mcp"));
    auto host = p.mcp_origin();
    host.replace(host.find("localhost"), 9, "beta.localhost");
    login const by_host(host + "/mcp");
    open_session(by_host.mcp_url, by_host.now.access);
    BOOST_TEST(get(p.issuer() + "/r/gamma/.well-known/openid-configuration").status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

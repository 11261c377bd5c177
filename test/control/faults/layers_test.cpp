#include <chrono>

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

bool noted(std::string_view name, std::string_view key = "fault") {
    return std::ranges::count(plane::last_notes(), plane::note(key, name)) != 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_layers)

BOOST_FIXTURE_TEST_CASE(changes_nothing_without_faults, plane) {
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(call().status == 200u);
    BOOST_TEST(last_notes().empty());
}

// RFC 6749 §5.2: the error and how it is sent.
BOOST_FIXTURE_TEST_CASE(answers_invalid_grant_to_refreshes_alone, plane) {
    fault(R"({"name":"refresh.invalid_grant"})");
    auto const dead = token();
    BOOST_TEST(dead.status == 400u);
    BOOST_TEST(text(dead.json(), "error") == "invalid_grant");
    BOOST_TEST(dead.header("Cache-Control") == "no-store");
    BOOST_TEST(noted("refresh.invalid_grant"));
    BOOST_TEST(served.token == 0);
    BOOST_TEST(token({{"grant_type", "authorization_code"}}).status == 200u);
    BOOST_TEST(served.token == 1);
    BOOST_TEST(!noted("refresh.invalid_grant"));
}

// RFC 6750 §3.1: insufficient_scope, with the scopes that the realm requires
BOOST_FIXTURE_TEST_CASE(forbids_tool_calls_and_nothing_else, plane) {
    auto p = *mcp.current_policy(*b.realm);
    p.scopes = {"mcp:tools", "openid"};
    mcp.set_policy(*b.realm, p);
    fault(R"({"name":"scope.forbidden"})");
    auto const refused = call();
    BOOST_TEST(refused.status == 403u);
    std::string const challenge(refused.header("WWW-Authenticate"));
    BOOST_TEST(challenge.find("error=\"insufficient_scope\"") != std::string::npos);
    BOOST_TEST(challenge.find("scope=\"mcp:tools openid\"") != std::string::npos);
    BOOST_TEST(challenge.find("resource_metadata=\"http") != std::string::npos);
    BOOST_TEST(b.post_json("/mcp", R"({"method":"tools/list"})").status == 200u);
    BOOST_TEST(call("echo", {}, "/messages").status == 403u);  // legacy HTTP+SSE
}

BOOST_FIXTURE_TEST_CASE(names_the_scopes_that_its_creator_wanted, plane) {
    fault(R"({"name":"scope.forbidden","params":{"scope":"files:read  files:write"}})");
    std::string const challenge(call().header("WWW-Authenticate"));
    BOOST_TEST(challenge.find("scope=\"files:read files:write\"") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_good_token_where_it_is_told_to, plane) {
    fault(R"({"name":"mcp.invalid_token","trigger":{"first_per":"token"}})");
    auto const first = call("echo", {{"X-Token", "a"}});
    BOOST_TEST(first.status == 401u);
    BOOST_TEST(std::string(first.header("WWW-Authenticate")).find("error=\"invalid_token\"") !=
               std::string::npos);
    BOOST_TEST(call("echo", {{"X-Token", "a"}}).status == 200u);
    BOOST_TEST(call("echo", {{"X-Token", "b"}}).status == 401u);
}

BOOST_FIXTURE_TEST_CASE(selects_by_tool_subject_client_session_and_header, plane) {
    struct selection {
        std::string select;
        fields headers;
        std::string tool;
    };
    selection const all[] = {
        {R"({"tool":"add"})", {}, "add"},
        {R"({"subject":"alice"})", {{"X-Subject", "alice"}}, "echo"},
        {R"({"client_id":"c1"})", {{"X-Client", "c1"}}, "echo"},
        {R"({"session":"session-1"})", {{"Mcp-Session-Id", "session-1"}}, "echo"},
        {R"({"header":{"X-Test":"1"}})", {{"X-Test", "1"}}, "echo"},
    };
    for (auto const& s : all) {
        post("faults", R"({"name":"raw","params":{"status":500},"select":)" + s.select + "}");
        BOOST_TEST(call("echo").status == 200u, s.select);
        BOOST_TEST(call(s.tool, s.headers).status == 500u, s.select);
        del("faults");
    }
}

BOOST_FIXTURE_TEST_CASE(counts_only_what_matches, plane) {
    auto const id = fault(R"({"name":"refresh.invalid_grant","trigger":{"nth":2},
                              "select":{"client_id":"c1"}})");
    fields const mine{{"grant_type", "refresh_token"}, {"client_id", "c1"}};
    fields const other{{"grant_type", "refresh_token"}, {"client_id", "c2"}};
    BOOST_TEST(token(mine).status == 200u);
    BOOST_TEST(token(other).status == 200u);
    BOOST_TEST(token({{"grant_type", "authorization_code"}, {"client_id", "c1"}}).status == 200u);
    BOOST_TEST(token(mine).status == 400u);
    BOOST_TEST(token(mine).status == 200u);
    auto const f = get("faults/" + id).json();
    BOOST_TEST(f.at("matched").as_int64() == 3);
    BOOST_TEST(f.at("fired").as_int64() == 1);
}

BOOST_FIXTURE_TEST_CASE(counts_a_request_once_although_there_are_two_layers, plane) {
    auto const id = fault(R"({"name":"raw","params":{"delay_ms":0,"headers":{"X-A":"1"},
                              "stage":"mutate"}})");
    call();
    token();
    BOOST_TEST(get("faults/" + id).json().at("matched").as_int64() == 2);
}

BOOST_FIXTURE_TEST_CASE(never_counts_a_preflight, plane) {
    auto const id = fault(R"({"name":"raw","params":{"status":500}})");
    BOOST_TEST(b.send(http::verb::options, "/token", "", {}).status != 500u);
    BOOST_TEST(get("faults/" + id).json().at("matched").as_int64() == 0);
}

BOOST_FIXTURE_TEST_CASE(never_acts_on_the_control_plane_that_takes_it_back, plane) {
    fault(R"({"name":"raw","params":{"status":500}})");
    BOOST_TEST(token().status == 500u);
    BOOST_TEST(post("reset").status == 200u);
    BOOST_TEST(token().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(replaces_the_answer_after_the_handler_ran, plane) {
    fault(R"({"name":"raw","select":{"endpoint":"token"},
              "params":{"stage":"replace","status":502,"body":"bad gateway"}})");
    auto const good = token({{"grant_type", "authorization_code"}});
    BOOST_TEST(good.status == 502u);
    BOOST_TEST(good.body == "bad gateway");
    BOOST_TEST(served.token == 1);
    BOOST_TEST(token({{"code", "bad"}}).status == 502u);
}

BOOST_FIXTURE_TEST_CASE(alters_only_the_answers_that_its_creator_wanted, plane) {
    fault(R"({"name":"raw","select":{"endpoint":"token"},
              "params":{"merge_patch":{"note":"good"},"only":"success"}})");
    fault(R"({"name":"raw","select":{"endpoint":"token"},
              "params":{"merge_patch":{"note":"bad"},"only":"error"}})");
    BOOST_TEST(text(token().json(), "note") == "good");
    auto const refused = token({{"code", "bad"}});
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(text(refused.json(), "note") == "bad");
}

BOOST_FIXTURE_TEST_CASE(replaces_only_errors_where_its_creator_wanted_that, plane) {
    fault(R"({"name":"raw","select":{"endpoint":"token"},
              "params":{"stage":"replace","status":403,"body":"<html>","only":"error"}})");
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(token({{"code", "bad"}}).status == 403u);
}

BOOST_FIXTURE_TEST_CASE(hides_a_success_after_commit_and_shows_a_failure, plane) {
    fault(R"({"name":"raw","select":{"endpoint":"token"},
              "params":{"stage":"after_commit","status":500}})");
    BOOST_TEST(token().status == 500u);
    BOOST_TEST(served.token == 1);
    BOOST_TEST(noted("raw"));
    auto const refused = token({{"code", "bad"}});
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(text(refused.json(), "error") == "invalid_grant");
    BOOST_TEST(noted("raw", "fault_without_effect"));
}

BOOST_FIXTURE_TEST_CASE(patches_answers_and_error_answers, plane) {
    fault(R"({"name":"raw","params":{"merge_patch":{"expires_in":null,"error":"odd"}}})");
    BOOST_TEST(token().body == R"({"access_token":"at","refresh_token":"rt","error":"odd"})");
    auto const failed = token({{"code", "bad"}});
    BOOST_TEST(failed.status == 400u);
    BOOST_TEST(text(failed.json(), "error") == "odd");
}

BOOST_FIXTURE_TEST_CASE(lets_the_first_answer_win_and_the_outer_fault_alter_it, plane) {
    fault(R"({"name":"raw","params":{"stage":"mutate","headers":{"X-Outer":"1"}}})");
    fault(R"({"name":"raw","params":{"status":418}})");
    auto const third = fault(R"({"name":"raw","params":{"status":419}})");
    auto const a = token();
    BOOST_TEST(a.status == 418u);
    BOOST_TEST(a.header("X-Outer") == "1");
    BOOST_TEST(get("faults/" + third).json().at("matched").as_int64() == 0);
}

BOOST_FIXTURE_TEST_CASE(waits_before_the_handler_and_before_the_answer, plane) {
    fault(R"({"name":"raw","params":{"delay_ms":30}})");
    auto const start = std::chrono::steady_clock::now();
    BOOST_TEST(token().status == 200u);
    BOOST_TEST((std::chrono::steady_clock::now() - start >= 30ms));
    BOOST_TEST(noted("raw"));
}

BOOST_FIXTURE_TEST_CASE(stops_when_its_time_is_over, plane) {
    fault(R"({"name":"token.unavailable","expires_in":60})");
    auto const a = token();
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Retry-After") == "1");  // RFC 9110 §10.2.3
    b.clock.advance(60s);
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
}

BOOST_FIXTURE_TEST_CASE(belongs_to_one_realm, plane) {
    fault(R"({"name":"token.server_error"})");
    control::realm_request wanted;
    wanted.name = "other";
    auto const other = realms.create(wanted);
    BOOST_REQUIRE(bool(other));
    enter(*other);
    BOOST_TEST(token().status == 200u);
    enter(realms.look("default"));
    BOOST_TEST(token().status == 500u);
}

BOOST_AUTO_TEST_SUITE_END()

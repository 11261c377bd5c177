#include "control/faults/selector.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/router.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::control;

namespace {

// Keeps the facts of the last request.
struct observer {
    unsigned needs = ~0u;
    std::optional<http::credential> who;
    request_facts facts;
};

task<outcome<http::reply>> observe(observer& o, http::context& c) {
    if (o.who) c.authenticate(*o.who);
    o.facts = gather_facts(c, o.needs);
    o.facts.request = nullptr;  // it dies with the exchange
    co_return http::reply(204);
}

constexpr http::route<observer> rows[] = {{"/token", http::verb::post, "token", &observe},
                                          {"/mcp", http::verb::post, "mcp", &observe},
                                          {"/authorize", http::verb::get, "authorize", &observe}};

struct setup {
    setup() { routes.add(seen, std::span<http::route<observer> const>(rows)); }
    observer seen;
    http::router routes;
    test::bench bench{routes};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_selector)

BOOST_FIXTURE_TEST_CASE(takes_grant_client_and_token_from_a_token_request, setup) {
    bench.post_form(
        "/token",
        {{"grant_type", "refresh_token"}, {"client_id", "c1"}, {"refresh_token", "very secret"}});
    BOOST_TEST(seen.facts.endpoint == "token");
    BOOST_TEST(seen.facts.grant_type == "refresh_token");
    BOOST_TEST(seen.facts.client_id == "c1");
    BOOST_TEST(!seen.facts.token.empty());
    BOOST_TEST(seen.facts.token.find("secret") == std::string::npos);
}

// RFC 6749 §2.3.1: client_id and client_secret are form-encoded inside Basic
BOOST_FIXTURE_TEST_CASE(decodes_the_client_of_basic_credentials_as_rfc_6749_2_3_1_says, setup) {
    // "my%20client:pw"
    bench.post_form("/token", {{"grant_type", "authorization_code"}},
                    {{"Authorization", "Basic bXklMjBjbGllbnQ6cHc="}});
    BOOST_TEST(seen.facts.client_id == "my client");
    bench.post_form("/token", {{"client_id", "form"}}, {{"Authorization", "Basic ***"}});
    BOOST_TEST(seen.facts.client_id == "form");
}

BOOST_FIXTURE_TEST_CASE(takes_the_client_of_an_authorization_request_from_its_query, setup) {
    bench.get("/authorize?client_id=c2&state=x");
    BOOST_TEST(seen.facts.client_id == "c2");
}

BOOST_FIXTURE_TEST_CASE(prefers_the_principal_to_what_a_request_claims, setup) {
    http::credential who;
    who.digest = "d";
    who.who.subject = "alice";
    who.who.client_id = "real";
    seen.who = who;
    bench.post_form("/token", {{"client_id", "claimed"}});
    BOOST_TEST(seen.facts.client_id == "real");
    BOOST_TEST(seen.facts.subject == "alice");
    BOOST_TEST(seen.facts.token == "d");
}

BOOST_FIXTURE_TEST_CASE(reads_method_and_tool_of_one_message_and_of_a_batch, setup) {
    bench.post_json("/mcp", R"({"method":"tools/call","params":{"name":"echo"}})",
                    {{"Mcp-Session-Id", "s1"}});
    BOOST_REQUIRE(seen.facts.calls.size() == 1u);
    BOOST_TEST(seen.facts.calls[0].method == "tools/call");
    BOOST_TEST(seen.facts.calls[0].tool == "echo");
    BOOST_TEST(seen.facts.session == "s1");
    bench.post_json("/mcp", R"([{"method":"ping"},7,{"id":1},{"method":"prompts/get",
                                "params":{"name":"not a tool"}}])");
    BOOST_REQUIRE(seen.facts.calls.size() == 2u);
    BOOST_TEST(seen.facts.calls[0].method == "ping");
    BOOST_TEST(seen.facts.calls[1].tool == "");
}

BOOST_FIXTURE_TEST_CASE(finds_the_session_of_the_legacy_transport_in_the_query, setup) {
    bench.post_json("/mcp?sessionId=s2", "{}");
    BOOST_TEST(seen.facts.session == "s2");
}

BOOST_FIXTURE_TEST_CASE(leaves_malformed_bodies_to_the_handler, setup) {
    auto const a = bench.post_json("/mcp", "{nonsense");
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(seen.facts.calls.empty());
    bench.post_form("/token", {});
    BOOST_TEST(seen.facts.grant_type == "");
}

BOOST_FIXTURE_TEST_CASE(looks_up_no_more_than_it_is_asked_for, setup) {
    seen.needs = need_nothing;
    bench.post_form("/token", {{"grant_type", "refresh_token"}, {"client_id", "c"}});
    BOOST_TEST(seen.facts.grant_type == "");
    BOOST_TEST(seen.facts.client_id == "");
    BOOST_TEST(seen.facts.token == "");
}

BOOST_AUTO_TEST_CASE(matches_everything_when_it_is_empty_and_all_members_else) {
    request_facts f;
    f.endpoint = "token";
    f.grant_type = "refresh_token";
    f.client_id = "c1";
    selector s;
    BOOST_TEST(s.everything());
    BOOST_TEST(matches(s, f));
    s.endpoints = {"register", "token"};
    s.grant_type = "refresh_token";
    BOOST_TEST(!s.everything());
    BOOST_TEST(matches(s, f));
    s.client_id = "c2";
    BOOST_TEST(!matches(s, f));
    s.client_id = "c1";
    s.endpoints = {"register"};
    BOOST_TEST(!matches(s, f));
}

BOOST_AUTO_TEST_CASE(wants_method_and_tool_in_the_same_call_of_a_batch) {
    request_facts f;
    f.calls.emplace_back("tools/call", "echo");
    f.calls.emplace_back("ping", "");
    selector s;
    s.mcp_method = "tools/call";
    s.tool = "echo";
    BOOST_TEST(matches(s, f));
    s.mcp_method = "ping";
    BOOST_TEST(!matches(s, f));
    f.calls.clear();
    BOOST_TEST(!matches(s, f));
}

BOOST_AUTO_TEST_CASE(asks_for_headers_by_presence_or_by_value) {
    http::request r;
    r.headers.push_back({"X-Test", "1"});
    request_facts f;
    f.request = &r;
    selector s;
    s.headers.emplace_back("x-test", std::nullopt);
    BOOST_TEST(matches(s, f));
    s.headers.emplace_back("X-Test", "1");
    BOOST_TEST(matches(s, f));
    s.headers.emplace_back("X-Test", "2");
    BOOST_TEST(!matches(s, f));
    s.headers.clear();
    s.headers.emplace_back("X-Other", std::nullopt);
    BOOST_TEST(!matches(s, f));
}

BOOST_AUTO_TEST_CASE(knows_what_each_member_needs) {
    selector s;
    BOOST_TEST(needs_of(s) == need_nothing);
    s.endpoints = {"token"};
    BOOST_TEST(needs_of(s) == need_nothing);
    s.grant_type = "x";
    s.client_id = "x";
    s.subject = "x";
    s.session = "x";
    s.tool = "x";
    BOOST_TEST(needs_of(s) ==
               (need_form | need_client | need_subject | need_session | need_message));
}

BOOST_AUTO_TEST_SUITE_END()

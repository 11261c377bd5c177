// What a request asks for, scopes and resources, and what it is told where it asks for more.
#include <boost/test/unit_test.hpp>

#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

using namespace tollgate::oauth;
namespace http = tollgate::http;
using tollgate::outcome;

namespace {

http::form form_of(std::string const& encoded) {
    auto f = http::form::parse(encoded);
    BOOST_REQUIRE_MESSAGE(bool(f), encoded);
    return *f;
}

// "a b", or "invalid_scope: why".
std::string told(outcome<std::vector<std::string>> const& got) {
    return got ? scope_text(*got) : got.error().error() + ": " + got.error().description();
}

std::string scopes(std::string const& request, scope_list const& limit,
                   scope_list const& standard = {"a"}) {
    return told(requested_scopes(form_of(request), limit, standard));
}

std::string resources(std::string const& request) {
    return told(named_resources(form_of(request)));
}

std::string const malformed_end =
    " is malformed: scope names are printable ASCII with one space between them (RFC 6749 section "
    "3.3)";

struct place_bench {
    http::place where;
    policy p;

    place_bench() {
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
    }
    std::string requested(std::string const& request) const {
        return told(requested_resources(form_of(request), where, p));
    }
    std::string narrowed(std::string const& request, std::vector<std::string> granted) const {
        return told(narrowed_resources(form_of(request), where, granted));
    }
    // Each agent is an MCP server of its own.
    void with_agents(bool shared) {
        where.paths.mcp = "/agents/{agent}/mcp";
        where.paths.sse = "/agents/{agent}/sse";
        where.paths.agents_shared = shared;
    }
};

std::string const mcp = "http://localhost:9101/mcp";

}  // namespace

BOOST_AUTO_TEST_SUITE(requested_scope_suite)

BOOST_AUTO_TEST_CASE(grants_what_is_asked_for_in_the_order_of_the_request) {
    BOOST_TEST(scopes("scope=c+a", {"a", "b", "c"}) == "c a");
    BOOST_TEST(scopes("scope=a+a", {"a"}) == "a");
}

// RFC 6749 §3.3: a request without scope gets a default, or fails
BOOST_AUTO_TEST_CASE(grants_of_the_default_what_the_client_may_have) {
    BOOST_TEST(scopes("", {"a", "b"}, {"b", "a", "x"}) == "b a");
    BOOST_TEST(scopes("scope=", {"a"}) == "a");
    BOOST_TEST(
        scopes("", {"b"}) ==
        "invalid_scope: scope is missing and none of the default scopes may be granted here");
    BOOST_TEST(scopes("", {}, {}) == "");  // nothing is the default, and nothing is granted
    BOOST_TEST(scopes("", {"a"}, {}) == "");
}

BOOST_AUTO_TEST_CASE(refuses_all_of_a_request_that_asks_for_one_scope_too_many) {
    BOOST_TEST(scopes("scope=a+x+b+y", {"a", "b"}) ==
               "invalid_scope: scope x y cannot be granted; these can: a b");
    BOOST_TEST(scopes("scope=A", {"a"}) ==
               "invalid_scope: scope A cannot be granted; these can: a");
    BOOST_TEST(scopes("scope=a", {}) == "invalid_scope: scope a cannot be granted, nor any other");
}

// RFC 6749 §5.2: no quotes and backslashes in an error_description
BOOST_AUTO_TEST_CASE(shows_a_malformed_scope_without_what_a_description_must_not_have) {
    BOOST_TEST(scopes("scope=a++b", {"a"}) == "invalid_scope: scope a  b" + malformed_end);
    BOOST_TEST(scopes("scope=%22a%5C%C3%A9", {"a"}) ==
               "invalid_scope: scope 'a'??" + malformed_end);
    BOOST_TEST(scopes("scope=" + std::string(201, 'x') + "%09", {"a"}) ==
               "invalid_scope: scope " + std::string(200, 'x') + "..." + malformed_end);
}

BOOST_AUTO_TEST_CASE(names_five_of_the_refused_and_thirty_of_the_allowed) {
    std::string asked = "scope=a";
    for (int i = 1; i <= 6; ++i)
        asked += "+x" + std::to_string(i);
    BOOST_TEST(scopes(asked, {"a"}) ==
               "invalid_scope: scope x1 x2 x3 x4 x5 ... cannot be granted; these can: a");
    scope_list many;
    for (int i = 1; i <= 31; ++i)
        many.push_back("s" + std::to_string(i));
    auto const refused = scopes("scope=x", many);
    BOOST_TEST(refused.ends_with(" s29 s30 ..."), refused);
    many.pop_back();
    BOOST_TEST(scopes("scope=x", many).ends_with(" s29 s30"));
}

BOOST_AUTO_TEST_CASE(takes_no_limit_of_a_client_for_all_that_the_realm_has) {
    policy p;
    p.scopes = {"a", "b"};
    BOOST_TEST(scope_text(grantable_scopes(p, {})) == "a b");
    BOOST_TEST(scope_text(grantable_scopes(p, {"b", "x"})) == "b");
    BOOST_TEST(scope_text(grantable_scopes(p, {"x"})) == "");
}

BOOST_AUTO_TEST_CASE(asks_policy_and_client_both) {
    policy p;
    p.scopes = {"a", "b"};
    p.default_scopes = {"a"};
    client who;
    BOOST_TEST(told(requested_scopes(form_of(""), p, who)) == "a");
    who.scope_limit = {"b", "c"};
    BOOST_TEST(told(requested_scopes(form_of("scope=b"), p, who)) == "b");
    BOOST_TEST(told(requested_scopes(form_of("scope=c"), p, who)) ==
               "invalid_scope: scope c cannot be granted; these can: b");
    BOOST_TEST(told(requested_scopes(form_of(""), p, who)).starts_with("invalid_scope: "));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(named_resource_suite)

// RFC 8707 §2: several resources, each an absolute URI without a fragment
BOOST_AUTO_TEST_CASE(reads_the_distinct_resources_of_a_request_in_their_order) {
    BOOST_TEST(resources("") == "");
    BOOST_TEST(resources("resource=") == "");
    BOOST_TEST(
        resources("resource=https://b.example/&resource=urn:x:y&resource=https://b.example/") ==
        "https://b.example/ urn:x:y");
    BOOST_TEST(resources("resource=https://a.example&resource=https://a.example/") ==
               "https://a.example https://a.example/");
}

BOOST_AUTO_TEST_CASE(refuses_a_request_one_of_whose_resources_is_no_absolute_uri) {
    std::string const end = " is no absolute URI without a fragment (RFC 8707 section 2)";
    for (auto const* wrong : {"mcp", "/mcp", "//h/mcp", "https://h/#x", "https://h/#", "h:1:2/ x"})
        BOOST_TEST(
            resources("resource=https://a.example&resource=" + http::percent_encode(wrong)) ==
                "invalid_target: resource " + std::string(wrong) + end,
            wrong);
    BOOST_TEST(resources("resource=%22") == "invalid_target: resource '" + end);
}

BOOST_AUTO_TEST_CASE(takes_a_resource_of_2048_bytes_and_no_longer_one) {
    auto const longest = "https://a.example/" + std::string(2048 - 18, 'x');
    BOOST_TEST(resources("resource=" + longest) == longest);
    BOOST_TEST(
        resources("resource=" + longest + "x").starts_with("invalid_target: resource https"));
}

BOOST_AUTO_TEST_CASE(takes_ten_resources_and_counts_none_of_them_twice) {
    std::string request;
    for (int i = 0; i < 10; ++i)
        request += "&resource=urn:x:" + std::to_string(i);
    request = request.substr(1);
    BOOST_TEST(named_resources(form_of(request))->size() == 10u);
    BOOST_TEST(named_resources(form_of(request + "&resource=urn:x:0"))->size() == 10u);
    BOOST_TEST(resources(request + "&resource=urn:x:10") ==
               "invalid_target: more than 10 resources were requested");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(requested_resource_suite, place_bench)

BOOST_AUTO_TEST_CASE(stands_for_the_mcp_server_where_none_is_named) {
    BOOST_TEST(requested("") == mcp);
    BOOST_TEST(requested("resource=") == mcp);
}

BOOST_AUTO_TEST_CASE(is_kept_as_it_was_spelled) {
    for (std::string const named : {"http://localhost:9101", "http://localhost:9101/",
                                    "http://127.0.0.1:9101/mcp", "http://[::1]:9101/sse"})
        BOOST_TEST(requested("resource=" + named) == named);
}

BOOST_AUTO_TEST_CASE(must_be_served_here_and_is_told_what_is) {
    BOOST_TEST(requested("resource=https://x.example/") ==
               "invalid_target: resource https://x.example/ is not served here; served: " + mcp);
    for (auto const* near : {"http://localhost:9102/mcp", "https://localhost:9101/mcp",
                             "http://localhost:9101/mcp/", "http://localhost:9101/mcp?a=b",
                             "http://localhost:9101/r/a/mcp", "http://localhost:91011/mcp"})
        BOOST_TEST(
            requested("resource=" + http::percent_encode(near)).starts_with("invalid_target"),
            near);
}

BOOST_AUTO_TEST_CASE(may_be_of_the_list_of_the_policy_to_the_byte) {
    p.resource_list = {"https://api.example/v1"};
    BOOST_TEST(requested("resource=https://api.example/v1&resource=" + mcp) ==
               "https://api.example/v1 " + mcp);
    BOOST_TEST(requested("resource=https://api.example/v1/") ==
               "invalid_target: resource https://api.example/v1/ is not served here; served: " +
                   mcp + ", https://api.example/v1");
}

BOOST_AUTO_TEST_CASE(may_be_any_where_the_policy_says_so_but_is_well_formed) {
    p.resources = accepted_resources::any;
    BOOST_TEST(requested("resource=https://x.example/") == "https://x.example/");
    BOOST_TEST(
        requested("resource=x").starts_with("invalid_target: resource x is no absolute URI"));
    BOOST_TEST(requested("") == mcp);
}

BOOST_AUTO_TEST_CASE(is_told_ten_of_many_that_are_served) {
    for (int i = 1; i <= 10; ++i)
        p.resource_list.push_back("urn:x:" + std::to_string(i));
    auto const refused = requested("resource=urn:y");
    BOOST_TEST(refused.ends_with(", urn:x:9, ..."), refused);
    BOOST_TEST(not_served("audience", "urn:y", where, p).log_text() == "foreign audience");
    BOOST_TEST(
        not_served("audience", "urn:y", where, p).description().starts_with("audience urn:y"));
}

BOOST_AUTO_TEST_CASE(must_be_named_where_each_agent_is_one_of_its_own) {
    with_agents(false);
    BOOST_TEST(requested("") ==
               "invalid_target: each agent is a resource of its own here: name one with resource "
               "(RFC 8707 section 2)");
    BOOST_TEST(requested("resource=http://localhost:9101/agents/a/mcp") ==
               "http://localhost:9101/agents/a/mcp");
    BOOST_TEST(
        requested("resource=http://localhost:9101/") ==
        "invalid_target: resource http://localhost:9101/ is not served here; the MCP URL of an "
        "agent is");
}

BOOST_AUTO_TEST_CASE(is_the_base_where_all_agents_share_it) {
    with_agents(true);
    BOOST_TEST(requested("") == "http://localhost:9101");
    BOOST_TEST(requested("resource=http://localhost:9101/") == "http://localhost:9101/");
    BOOST_TEST(
        requested("resource=http://localhost:9101/agents/.a/mcp").starts_with("invalid_target"));
}

// RFC 8707 §2.2: a token request may ask for a part of what was authorized
BOOST_AUTO_TEST_CASE(narrows_a_grant_to_what_the_token_request_names) {
    std::vector<std::string> const granted{mcp, "https://api.example/"};
    BOOST_TEST(narrowed("", granted) == mcp + " https://api.example/");
    BOOST_TEST(narrowed("resource=https://api.example/", granted) == "https://api.example/");
    BOOST_TEST(
        narrowed("resource=https://x.example/", granted) ==
        "invalid_target: resource https://x.example/ is not among those that were authorized: " +
            mcp + ", https://api.example/");
    BOOST_TEST(narrowed("resource=" + mcp + "&resource=https://x.example/", granted)
                   .starts_with("invalid_target: resource https://x.example/"));
    BOOST_TEST(narrowed("resource=x", granted).starts_with("invalid_target: resource x is no"));
}

BOOST_AUTO_TEST_CASE(takes_one_spelling_of_the_mcp_server_for_another_in_a_grant) {
    for (std::string const spelling : {"http://127.0.0.1:9101/mcp", "http://localhost:9101",
                                       "http://[::1]:9101/", "http://localhost:9101/sse"}) {
        BOOST_TEST(narrowed("resource=" + spelling, {mcp}) == spelling);
        BOOST_TEST(narrowed("resource=" + mcp, {spelling}) == mcp);
    }
    BOOST_TEST(narrowed("resource=https://api.example", {"https://api.example/"})
                   .starts_with("invalid_target"));
}

BOOST_AUTO_TEST_CASE(narrows_a_grant_for_all_agents_to_one_and_none_to_another) {
    with_agents(true);
    std::string const a = "http://localhost:9101/agents/a/mcp";
    std::string const b = "http://localhost:9101/agents/b/mcp";
    BOOST_TEST(narrowed("resource=" + a, {"http://localhost:9101"}) == a);
    BOOST_TEST(narrowed("resource=http://localhost:9101/agents/a/sse", {a}) ==
               "http://localhost:9101/agents/a/sse");
    BOOST_TEST(narrowed("resource=" + b, {a}).starts_with("invalid_target"));
    BOOST_TEST(narrowed("resource=http://localhost:9101", {a}).starts_with("invalid_target"));
}

BOOST_AUTO_TEST_SUITE_END()

// The contract's table of bearer answers, to the byte.
#include "http/pipeline/principal.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/challenge.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

std::vector<std::string> const scopes{"mcp:tools", "mcp:admin"};

// The query says which answer is wanted.
task<outcome<reply>> refuse(context& c) {
    auto const wanted = c.request().query;
    if (wanted == "missing") co_return challenge::missing_token(c, scopes);
    if (wanted == "missing-no-scope") co_return challenge::missing_token(c, {});
    if (wanted == "invalid") co_return challenge::invalid_token(c, scopes, "unknown digest 12");
    if (wanted == "bound") co_return challenge::bound_token(c, scopes, "log: another key");
    if (wanted == "malformed") co_return challenge::malformed(c, "two tokens were sent");
    if (wanted == "scope") co_return challenge::insufficient_scope(c, scopes);
    if (wanted == "not-asked") co_return challenge::not_asked(c, scopes, "connection refused");
    co_return challenge::cannot_ask("connection refused", std::chrono::seconds(7));
}

struct fixture {
    router routes;
    challenge_wording words;
    test::bench bench{
        routes,
        stack({error_boundary(), challenge_style_layer([this](context const&) { return words; })},
              &run_route)};

    fixture() {
        for (auto const* name : {"mcp", "sse", "messages"})
            routes.add_row('/' + std::string(name), verb::get, name, guarded, &refuse);
        routes.add_row("/userinfo", verb::get, "userinfo", 0, &refuse);
    }
    test::answer ask(std::string const& target) {
        auto a = bench.get(target);
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        return a;
    }
};

constexpr auto mcp_metadata =
    "resource_metadata=\"http://localhost:9101/.well-known/oauth-protected-resource/mcp\"";
constexpr auto sse_metadata =
    "resource_metadata=\"http://localhost:9101/.well-known/oauth-protected-resource/sse\"";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(challenges, fixture)

// RFC 6750 §3.1: no error code when the request lacks any authentication.
BOOST_AUTO_TEST_CASE(without_a_token_there_is_no_error_code) {
    auto const a = ask("/mcp?missing");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.header("WWW-Authenticate") ==
               std::string("Bearer ") + mcp_metadata + ", scope=\"mcp:tools mcp:admin\"");
    BOOST_TEST(a.header("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(a.body == "401 Unauthorized: Missing Authorization: Bearer\n");
}

// RFC 9110 §12.5.1. Whoever would take an event stream or text gets the text.
BOOST_AUTO_TEST_CASE(who_takes_nothing_but_json_is_told_in_json_that_a_token_is_missing) {
    auto const asked = [this](char const* accept) {
        return bench.get("/mcp?missing", {{"Accept", accept}});
    };
    auto const a = asked("application/json");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.json().at("error_description").as_string() ==
               "401 Unauthorized: Missing Authorization: Bearer");
    BOOST_TEST(a.header("WWW-Authenticate") == ask("/mcp?missing").header("WWW-Authenticate"));
    BOOST_TEST(asked("application/json").body == a.body);
    for (auto const* other : {"application/json, text/event-stream", "*/*", "text/event-stream",
                              "application/json, text/plain"}) {
        BOOST_TEST(asked(other).body == "401 Unauthorized: Missing Authorization: Bearer\n", other);
    }
}

// RFC 9449 §7.1, §7.2
BOOST_AUTO_TEST_CASE(a_bound_token_that_came_as_a_bearer_token_is_told_to_come_by_dpop) {
    auto const a = ask("/mcp?bound");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.json().at("error").as_string() == "invalid_token");
    auto const said = std::string(a.json().at("error_description").as_string());
    BOOST_TEST(said.find("Authorization: DPoP") != std::string::npos, said);
    BOOST_TEST(a.header("WWW-Authenticate").find(said) != std::string::npos);
    BOOST_TEST(a.body.find("log") == std::string::npos);
}

// RFC 6750 §3: the scheme is Bearer; scope, error and error_description are there once
BOOST_AUTO_TEST_CASE(a_bad_token_is_invalid_token_and_the_reason_stays_in_the_log) {
    auto const a = ask("/mcp?invalid");
    std::string const description =
        "the access token is unknown, expired, revoked or meant for another resource";
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.header("WWW-Authenticate") ==
               std::string("Bearer error=\"invalid_token\", ") + mcp_metadata +
                   ", scope=\"mcp:tools mcp:admin\", error_description=\"" + description + '"');
    BOOST_TEST(a.body == R"({"error":"invalid_token","error_description":")" + description + "\"}");
    BOOST_TEST(a.body.find("digest") == std::string::npos);
}

// RFC 6750 §3.1: invalid_request is 400
BOOST_AUTO_TEST_CASE(a_malformed_header_is_400_invalid_request_with_a_challenge) {
    auto const a = ask("/mcp?malformed");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.header("WWW-Authenticate") == std::string("Bearer error=\"invalid_request\", ") +
                                                   mcp_metadata +
                                                   ", error_description=\"two tokens were sent\"");
    BOOST_TEST(a.json().at("error").as_string() == "invalid_request");
}

// RFC 6750 §3.1: insufficient_scope is 403
BOOST_AUTO_TEST_CASE(a_missing_scope_is_403_and_names_all_that_is_needed) {
    auto const a = ask("/mcp?scope");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(a.header("WWW-Authenticate") ==
               std::string("Bearer error=\"insufficient_scope\", ") + mcp_metadata +
                   ", scope=\"mcp:tools mcp:admin\", error_description=\"the access token lacks a "
                   "scope that this operation needs\"");
    BOOST_TEST(a.json().at("error").as_string() == "insufficient_scope");
}

BOOST_AUTO_TEST_CASE(a_provider_that_cannot_be_asked_is_503_without_challenge) {
    auto const a = ask("/mcp?cannot");
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Retry-After") == "7");
    BOOST_TEST(!a.headers.has("WWW-Authenticate"));
    BOOST_TEST(a.json().at("error").as_string() == "temporarily_unavailable");
    BOOST_TEST(a.body.find("refused") == std::string::npos);
}

// RFC 6750 §3: realm is an auth-param of its own, as in RFC 9110 §11.5
// RFC 9110 §11.5: the realm is quoted text, and stands first for clients that read no further
BOOST_AUTO_TEST_CASE(a_realm_comes_first_in_every_challenge) {
    words.realm = "MCP";
    BOOST_TEST(ask("/mcp?missing").header("WWW-Authenticate") ==
               std::string("Bearer realm=\"MCP\", ") + mcp_metadata +
                   ", scope=\"mcp:tools mcp:admin\"");
    for (auto const* wanted : {"invalid", "malformed", "scope", "not-asked"}) {
        auto const a = ask("/mcp?" + std::string(wanted));
        auto const value = a.header("WWW-Authenticate");
        BOOST_TEST(value.starts_with("Bearer realm=\"MCP\", error=\""), value);
        BOOST_TEST(value.find("realm", 10) == value.npos, value);
    }
    BOOST_TEST(ask("/userinfo?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer realm=\"tollgate\"");
    words.realm = R"(a "b" \)";
    BOOST_TEST(ask("/mcp?missing")
                   .header("WWW-Authenticate")
                   .starts_with(R"(Bearer realm="a \"b\" \\", )"));
}

// RFC 9728 §5.1: resource_metadata is a URL unless it is told to be none.
BOOST_AUTO_TEST_CASE(the_metadata_can_be_named_by_their_path) {
    words.relative_metadata = true;
    std::string const document = "resource_metadata=\"/.well-known/oauth-protected-resource";
    BOOST_TEST(ask("/mcp?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer " + document + "/mcp\"");
    BOOST_TEST(ask("/sse?invalid").header("WWW-Authenticate").find(document + "/sse\"") !=
               std::string_view::npos);
    bench.where.base = "/r/alpha";
    BOOST_TEST(ask("/mcp?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer " + document + "/r/alpha/mcp\"");
    BOOST_TEST(ask("/userinfo?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer realm=\"tollgate\"");
}

BOOST_AUTO_TEST_CASE(all_that_was_ever_sent_by_a_gateway_of_one_origin) {
    words.realm = "MCP";
    words.relative_metadata = true;
    bench.where.paths = {"/{agent}/mcp", "/{agent}/sse", "/{agent}/messages", true};
    bench.where.agent = "alice";
    BOOST_TEST(ask("/mcp?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer realm=\"MCP\", "
               "resource_metadata=\"/.well-known/oauth-protected-resource\"");
}

// RFC 6750 §3.1: invalid_token is 401
BOOST_AUTO_TEST_CASE(a_provider_that_cannot_be_asked_is_401_for_who_wants_it) {
    auto const a = ask("/mcp?not-asked");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(!a.headers.has("Retry-After"));
    BOOST_TEST(a.json().at("error").as_string() == "invalid_token");
    auto const value = a.header("WWW-Authenticate");
    BOOST_TEST(value.find(", scope=\"mcp:tools mcp:admin\", error_description=\"the access token "
                          "could not be validated: ") != std::string_view::npos,
               value);
    BOOST_TEST(a.body.find("refused") == std::string::npos);
}

// RFC 9728 §5.1: the document of the resource that was asked for.
BOOST_AUTO_TEST_CASE(sse_and_messages_point_to_the_document_of_sse) {
    for (auto const* path : {"/sse?missing", "/messages?missing"}) {
        auto const a = ask(path);
        BOOST_TEST(a.header("WWW-Authenticate") ==
                   std::string("Bearer ") + sse_metadata + ", scope=\"mcp:tools mcp:admin\"");
    }
}

BOOST_AUTO_TEST_CASE(without_required_scopes_none_is_named) {
    BOOST_TEST(ask("/mcp?missing-no-scope").header("WWW-Authenticate") ==
               std::string("Bearer ") + mcp_metadata);
}

// RFC 6750 §3: the scheme is followed by one auth-param or more
BOOST_AUTO_TEST_CASE(userinfo_is_no_resource_of_rfc_9728_and_names_none) {
    auto const invalid = ask("/userinfo?invalid");
    auto const value = invalid.header("WWW-Authenticate");
    BOOST_TEST(value.find("resource_metadata") == std::string_view::npos);
    BOOST_TEST(ask("/userinfo?missing-no-scope").header("WWW-Authenticate") ==
               "Bearer realm=\"tollgate\"");
}

// RFC 6750 §3.1: "MAY include the "scope" attribute with the scope necessary to access".
BOOST_AUTO_TEST_CASE(userinfo_names_the_scopes_that_are_needed) {
    BOOST_TEST(ask("/userinfo?missing").header("WWW-Authenticate") ==
               "Bearer scope=\"mcp:tools mcp:admin\"");
    BOOST_TEST(ask("/userinfo?scope").header("WWW-Authenticate") ==
               "Bearer error=\"insufficient_scope\", scope=\"mcp:tools mcp:admin\", "
               "error_description=\"the access token lacks a scope that this operation needs\"");
    BOOST_TEST(ask("/userinfo?invalid")
                   .header("WWW-Authenticate")
                   .starts_with("Bearer error=\"invalid_token\", scope=\"mcp:tools mcp:admin\", "));
}

BOOST_AUTO_TEST_CASE(the_same_case_has_the_same_bytes_at_any_time) {
    auto const first = ask("/mcp?invalid");
    bench.clock.advance(std::chrono::hours(5));
    auto const second = ask("/mcp?invalid");
    BOOST_TEST(first.body == second.body);
    BOOST_TEST(first.header("WWW-Authenticate") == second.header("WWW-Authenticate"));
}

BOOST_AUTO_TEST_CASE(a_path_realm_is_challenged_with_its_own_document) {
    bench.where.base = "/r/alpha";
    auto const a = ask("/mcp?missing");
    BOOST_TEST(
        a.header("WWW-Authenticate")
            .find("http://localhost:9101/.well-known/oauth-protected-resource/r/alpha/mcp") !=
        std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(a_principal_without_revealed_scopes_has_every_scope) {
    principal p;
    BOOST_TEST(p.has_scope("anything"));
    p.scopes = std::vector<std::string>{"a", "b"};
    BOOST_TEST(p.has_scope("b"));
    BOOST_TEST(!p.has_scope("c"));
    BOOST_TEST(!p.has_scope("a b"));
}

BOOST_AUTO_TEST_SUITE_END()

// The client credentials grant (RFC 6749 §4.4).
#include <boost/json/parse.hpp>

#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

oauth::server_options configured() {
    oauth::server_options o;
    oauth::configured_client machine;
    machine.client_id = "machine";
    machine.client_secret = "secret";
    machine.grant_types = {"client_credentials"};
    auto limited = machine;
    limited.client_id = "limited";
    limited.scope = "mcp:admin";
    auto open = machine;
    open.client_id = "open";
    open.client_secret = "";
    auto other = machine;
    other.client_id = "other";
    other.grant_types = {"refresh_token"};
    o.clients = {machine, limited, open, other};
    return o;
}

struct machines : authorization_bench {
    machines() : authorization_bench(configured()) {}

    answer ask(fields more = {}, std::string const& id = "machine") {
        more.emplace_back("grant_type", "client_credentials");
        return token(more, basic(tollgate::to_base64(id + ":secret")));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(credentials_grant, machines)

// RFC 6749 §4.4.3: an access token as in §5.1; a refresh token SHOULD NOT be included.
BOOST_AUTO_TEST_CASE(answers_with_an_access_token_and_no_refresh_token) {
    auto const a = ask();
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(a.header("Pragma") == "no-cache");
    auto const tokens = a.json();
    BOOST_TEST(text(tokens, "token_type") == "Bearer");
    BOOST_TEST(text(tokens, "scope") == "mcp:tools");
    BOOST_TEST(text(tokens, "refresh_token") == "(none)");
    BOOST_TEST(tokens.at("expires_in").as_int64() == 3600);
}

// RFC 9068 §2.2: without a resource owner, sub is an identifier of the client application.
// RFC 9068 §2.2.1: auth_time is of a person; here nobody logged in.
BOOST_AUTO_TEST_CASE(is_the_subject_of_its_own_token) {
    auto const told = introspect(text(ask().json(), "access_token"));
    BOOST_TEST(text(told, "sub") == "machine");
    BOOST_TEST(text(told, "client_id") == "machine");
    BOOST_TEST(text(told, "aud") == mcp_url);
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const jwt = text(ask().json(), "access_token");
    auto const payload = jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1);
    auto const claims = json::parse(*tollgate::from_base64url(payload));
    BOOST_TEST(text(claims, "sub") == "machine");
    // RFC 9068 §2.2.1: auth_time is about an end user's authentication.
    BOOST_TEST(!claims.as_object().contains("auth_time"));
}

BOOST_AUTO_TEST_CASE(makes_no_id_token_because_nobody_logged_in) {
    auto const tokens = ask({{"scope", "openid mcp:tools"}}).json();
    BOOST_TEST(text(tokens, "scope") == "openid mcp:tools");
    BOOST_TEST(text(tokens, "id_token") == "(none)");
}

// RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
BOOST_AUTO_TEST_CASE(is_not_for_public_clients) {
    fields const f{{"grant_type", "client_credentials"}, {"client_id", "open"}};
    BOOST_TEST(refusal(token(f)) == "400 unauthorized_client");
}

// RFC 6749 §4.4.2: "The authorization server MUST authenticate the client."
BOOST_AUTO_TEST_CASE(wants_the_secret) {
    fields const f{{"grant_type", "client_credentials"}, {"client_id", "machine"}};
    BOOST_TEST(refusal(token(f)) == "401 invalid_client");
    auto const wrong = basic(tollgate::to_base64("machine:guess"));
    BOOST_TEST(refusal(token({{"grant_type", "client_credentials"}}, wrong)) ==
               "401 invalid_client");
}

// RFC 6749 §5.2: unauthorized_client for a client that may not use this grant type.
BOOST_AUTO_TEST_CASE(is_only_for_clients_that_have_it_among_their_grants) {
    BOOST_TEST(refusal(ask({}, "other")) == "400 unauthorized_client");
}

// RFC 6749 §3.3: a default scope, or fail with invalid_scope; never more than allowed.
BOOST_AUTO_TEST_CASE(keeps_to_the_scopes_of_the_policy_and_the_client) {
    BOOST_TEST(text(ask({{"scope", "mcp:admin"}}).json(), "scope") == "mcp:admin");
    BOOST_TEST(refusal(ask({{"scope", "unheard:of"}})) == "400 invalid_scope");
    BOOST_TEST(refusal(ask({{"scope", "a  b"}})) == "400 invalid_scope");
    BOOST_TEST(text(ask({{"scope", "mcp:admin"}}, "limited").json(), "scope") == "mcp:admin");
    BOOST_TEST(refusal(ask({{"scope", "mcp:tools"}}, "limited")) == "400 invalid_scope");
    BOOST_TEST(refusal(ask({}, "limited")) == "400 invalid_scope");
}

// RFC 8707 §2: a resource that is unknown or malformed is invalid_target.
BOOST_AUTO_TEST_CASE(keeps_to_the_resources_that_are_served) {
    auto const a = ask({{"resource", "http://localhost:9101/sse"}});
    BOOST_TEST(text(introspect(text(a.json(), "access_token")), "aud") ==
               "http://localhost:9101/sse");
    BOOST_TEST(refusal(ask({{"resource", "https://elsewhere.example/"}})) == "400 invalid_target");
    BOOST_TEST(refusal(ask({{"resource", "#"}})) == "400 invalid_target");
}

BOOST_AUTO_TEST_CASE(revokes_with_its_own_client) {
    auto const secret = text(ask().json(), "access_token");
    auto const credentials = basic(tollgate::to_base64("machine:secret"));
    BOOST_TEST(web.post_form("/revoke", {{"token", secret}}, credentials).status == 200);
    BOOST_TEST(!is_active(secret));
}

BOOST_AUTO_TEST_SUITE_END()

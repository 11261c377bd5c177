// An authorization server that stands elsewhere, as real ones do: clients that guess are found out.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

std::string as_metadata(std::string const& origin) {
    return origin + "/.well-known/oauth-authorization-server";
}

std::vector<std::string> const moved{"authorization_server.paths.authorize=/oauth2/auth",
                                     "authorization_server.paths.token=/oauth2/token",
                                     "authorization_server.paths.register=/oauth2/clients",
                                     "authorization_server.paths.introspect=/oauth2/introspect",
                                     "authorization_server.paths.revoke=/oauth2/revoke",
                                     "authorization_server.paths.userinfo=/oauth2/userinfo",
                                     "authorization_server.paths.device_authorization=/oauth2/dev",
                                     "authorization_server.paths.device=/activate",
                                     "authorization_server.paths.jwks=/oauth2/certs"};

std::vector<std::string> moved_and(std::vector<std::string> const& more) {
    auto sets = moved;
    sets.insert(sets.end(), more.begin(), more.end());
    return sets;
}

BOOST_AUTO_TEST_SUITE(elsewhere)

BOOST_AUTO_TEST_CASE(a_client_that_reads_the_metadata_logs_in_at_other_paths) {
    for (auto const* strategy : {"introspection", "userinfo", "jwt", "local"}) {
        program p(moved_and({std::string("validation.strategy=") + strategy, "tokens.format=jwt"}));
        login client(p.mcp());
        client.refresh();
        auto const session = open_session(p.mcp(), client.now.access);
        auto const answer = call_tool(p.mcp(), client.now.access, session, "whoami", "{}");
        BOOST_TEST(answer.status == 200u, strategy);
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_guesses_finds_nothing_at_the_usual_paths) {
    program p(moved);
    for (auto const* path : {"/authorize", "/oauth/authorize", "/api/authorize", "/userinfo",
                             "/.well-known/jwks.json", "/device"})
        BOOST_TEST(get(p.issuer() + path).status == 404u, path);
    for (auto const* path : {"/token", "/oauth/token", "/api/token", "/register", "/oauth/register",
                             "/introspect", "/revoke", "/device_authorization"}) {
        BOOST_TEST(post_form(p.issuer() + path, {}).status == 404u, path);
        BOOST_TEST(post_form(p.mcp_origin() + path, {}).status == 404u, path);
    }
}

// RFC 8414 §2, RFC 7592 §3, RFC 8628 §3.2: every URL that is told leads somewhere
BOOST_AUTO_TEST_CASE(every_document_names_the_other_paths) {
    program p(moved);
    auto const m = json_of(get(as_metadata(p.issuer())));
    auto const at = [&](char const* path) { return p.issuer() + path; };
    BOOST_TEST(text_of(m, "authorization_endpoint") == at("/oauth2/auth"));
    BOOST_TEST(text_of(m, "token_endpoint") == at("/oauth2/token"));
    BOOST_TEST(text_of(m, "registration_endpoint") == at("/oauth2/clients"));
    BOOST_TEST(text_of(m, "introspection_endpoint") == at("/oauth2/introspect"));
    BOOST_TEST(text_of(m, "revocation_endpoint") == at("/oauth2/revoke"));
    BOOST_TEST(text_of(m, "userinfo_endpoint") == at("/oauth2/userinfo"));
    BOOST_TEST(text_of(m, "device_authorization_endpoint") == at("/oauth2/dev"));
    BOOST_TEST(text_of(m, "jwks_uri") == at("/oauth2/certs"));
    BOOST_TEST(get(at("/oauth2/certs")).status == 200u);
    auto const made = json_of(
        post_json(at("/oauth2/clients"),
                  R"({"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none",)"
                  R"("grant_types":["authorization_code",)"
                  R"("urn:ietf:params:oauth:grant-type:device_code"]})"));
    auto const uri = text_of(made, "registration_client_uri");
    BOOST_TEST(uri.starts_with(at("/oauth2/clients/")));
    BOOST_TEST(get(uri, bearer(text_of(made, "registration_access_token"))).status == 200u);
    auto const device =
        json_of(post_form(at("/oauth2/dev"), {{"client_id", text_of(made, "client_id")}}));
    BOOST_TEST(text_of(device, "verification_uri") == at("/activate"));
    BOOST_TEST(get(text_of(device, "verification_uri_complete")).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_page_sends_its_decision_to_the_other_path) {
    program p(moved_and({"authorization_server.consent=page"}));
    auto const made = json_of(post_json(
        p.issuer() + "/oauth2/clients",
        R"({"redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none"})"));
    auto const page =
        get(p.issuer() +
            "/oauth2/auth?response_type=code&state=s&client_id=" + text_of(made, "client_id") +
            "&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb&code_challenge_method=S256&code_challenge="
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(page.body.find("action=\"/oauth2/auth\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_mcp_origin_is_no_authorization_server_where_the_configuration_says_so) {
    program p({"mcp.as_endpoints=false"});
    BOOST_TEST(get(as_metadata(p.mcp_origin())).status == 404u);
    BOOST_TEST(get(p.mcp_origin() + "/.well-known/openid-configuration").status == 404u);
    BOOST_TEST(get(p.mcp_origin() + "/authorize").status == 404u);
    for (auto const* path : {"/token", "/register", "/oauth/token", "/introspect"})
        BOOST_TEST(post_form(p.mcp_origin() + path, {}).status == 404u, path);
    BOOST_TEST(get(as_metadata(p.issuer())).status == 200u);
    login client(p.mcp());
    client.refresh();
    auto const session = open_session(p.mcp(), client.now.access);
    BOOST_TEST(!session.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

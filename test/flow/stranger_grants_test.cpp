// What somebody gets who was given nothing: over real sockets, in the realm at the origin and in
// one that the first request makes.
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "flow/program.hpp"

namespace {

using namespace test;

std::string const everything =
    R"("grant_types":["authorization_code","refresh_token","client_credentials",)"
    R"("urn:ietf:params:oauth:grant-type:token-exchange",)"
    R"("urn:ietf:params:oauth:grant-type:jwt-bearer"])";

fields basic(std::string const& id, std::string const& secret) {
    return {{"Authorization", "Basic " + tollgate::to_base64(id + ':' + secret)}};
}

raw_reply credentials(std::string const& issuer, std::string const& id, std::string const& secret) {
    return post_form(issuer + "/token",
                     {{"grant_type", "client_credentials"}, {"scope", "mcp:tools"}},
                     basic(id, secret));
}

std::string error_of(raw_reply const& r) {
    return std::to_string(r.status) + ' ' + text_of(json_of(r), "error");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stranger_grants_flow)

// RFC 6749 §4.4, RFC 7591 §5: a login page that a registration leads around protects nothing
BOOST_AUTO_TEST_CASE(a_registration_is_no_way_around_the_login_page_in_any_realm) {
    program p({"authorization_server.consent=login"});
    for (auto const& issuer :
         {p.issuer(), p.issuer() + "/s/plain/a-run-that-nobody-guesses", p.mcp_origin()}) {
        auto const machine = post_json(
            issuer + "/register", R"({"redirect_uris":[],"grant_types":["client_credentials"],)"
                                  R"("token_endpoint_auth_method":"client_secret_post"})");
        BOOST_TEST(error_of(machine) == "400 invalid_client_metadata");
        auto const told =
            post_json(issuer + "/register",
                      R"({"redirect_uris":["http://localhost/cb"],)" + everything + '}');
        BOOST_REQUIRE_MESSAGE(told.status == 201u, told.body);
        auto const c = json_of(told);
        BOOST_TEST(error_of(credentials(issuer, text_of(c, "client_id"),
                                        text_of(c, "client_secret"))) == "400 unauthorized_client");
        auto const document = get(issuer + "/.well-known/openid-configuration");
        BOOST_REQUIRE_EQUAL(document.status, 200u);
        BOOST_TEST(document.body.find("client_credentials") == std::string::npos, document.body);
    }
}

// What the official suite's clients know is in everybody's hands.
BOOST_AUTO_TEST_CASE(no_scenario_that_a_stranger_opens_is_a_way_around_the_login_page) {
    constexpr auto token = "open-sesame-open-sesame";
    program p({"authorization_server.consent=login", "control.token=" + std::string(token),
               "limits.peer_realms=1000", "realms.max=1000", "realms.max_per_peer=1000"});
    auto const scenarios = json_of(get(p.issuer() + "/control/scenarios", bearer(token)));
    std::string const run(24, 'x');
    std::size_t shut = 0;
    for (auto const& s : scenarios.at("scenarios").as_array()) {
        auto path = text_of(s, "path");
        path.replace(path.rfind("RUN"), 3, run);
        get(p.mcp_origin() + "/.well-known/oauth-protected-resource" + path + "/mcp");
        auto const told =
            credentials(p.issuer() + path, "conformance-test-client", "conformance-test-secret");
        BOOST_TEST(told.body.find("access_token") == std::string::npos, path << told.body);
        auto const called = post_json(p.mcp_origin() + path + "/mcp", tool_call(1, "echo", "{}"));
        BOOST_TEST(called.body.find("\"result\"") == std::string::npos, path << called.body);
        shut += called.status == 403u ? 1 : 0;
    }
    BOOST_TEST(shut > 4u);
    BOOST_TEST(shut < scenarios.at("scenarios").as_array().size() / 2);
    // Who holds the token opens them all.
    auto const opened = get(
        p.issuer() + "/.well-known/oauth-authorization-server/s/tools_call/" + run, bearer(token));
    BOOST_TEST(opened.status == 200u, opened.body);
}

// RFC 6749 §2.3.1, §10.10: guesses are counted where the secret is known
BOOST_AUTO_TEST_CASE(fresh_realms_bring_no_fresh_guesses,
                     *needs_one_program("limits count for each instance")) {
    program p({"server.wrong_secrets_per_peer=5",
               R"(clients=[{client_id="svc",client_secret="hunter2",)"
               R"(grant_types=["client_credentials"]},)"
               R"({client_id="long",client_secret="0123456789abcdef",)"
               R"(grant_types=["client_credentials"]}])"});
    auto const realm = [&](int n) {
        return p.issuer() + "/s/plain/a-run-that-nobody-guesses-" + std::to_string(n);
    };
    for (int i = 0; i < 5; ++i) {
        get(realm(i) + "/.well-known/openid-configuration");
        BOOST_REQUIRE_EQUAL(credentials(realm(i), "svc", "guess").status, 401u);
        BOOST_REQUIRE_EQUAL(credentials(realm(i), "long", "guess").status, 401u);
    }
    get(realm(5) + "/.well-known/openid-configuration");
    for (auto const& issuer : {realm(5), p.issuer()}) {
        BOOST_TEST(error_of(credentials(issuer, "svc", "hunter2")) == "401 invalid_client");
        BOOST_TEST(credentials(issuer, "long", "0123456789abcdef").status == 200u);
    }
    BOOST_TEST(
        get(p.issuer() + "/metrics").body.find("tollgate_guesses_refused_total{of=\"client\"}") !=
        std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

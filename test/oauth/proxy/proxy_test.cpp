// Mode "proxy": what a client sends arrives at the provider, and what it answers comes back.
#include "base/crypto.hpp"
#include "oauth/proxy/proxy_bench.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(proxy_suite, proxy_bench)

// RFC 6749 §3.1: parameters that the proxy does not know are none of its business
BOOST_AUTO_TEST_CASE(sends_a_login_to_the_provider_with_every_byte_of_the_query) {
    std::string const query = "client_id=c&state=%7e+%2B~&scope=a%20b&x=1&x=2&empty=&=&%zz";
    auto const a = at().get("/authorize?" + query);
    BOOST_TEST(a.status == 302u);
    BOOST_TEST(a.header("Location") == peer.url() + "/authorize?" + query);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(at().get("/authorize").header("Location") == peer.url() + "/authorize");
}

// RFC 6749 §3.1: an authorization endpoint may have a query of its own, which is retained
BOOST_AUTO_TEST_CASE(keeps_the_query_that_the_endpoint_has_of_its_own) {
    publishes("authorization_endpoint", "/authorize?tenant=a%2Fb#top");
    BOOST_TEST(at().get("/authorize?state=s").header("Location") ==
               peer.url() + "/authorize?tenant=a%2Fb&state=s");
    BOOST_TEST(at().get("/authorize").header("Location") == peer.url() + "/authorize?tenant=a%2Fb");
}

BOOST_AUTO_TEST_CASE(forwards_a_token_request_and_its_answer) {
    answers(200, "application/json; charset=utf-8", R"({"access_token":"at","token_type":"DPoP"})");
    says.headers.add("Cache-Control", "private, no-store");
    says.headers.add("Pragma", "no-cache");
    says.headers.add("DPoP-Nonce", "n1");
    auto const a = token({{"grant_type", "authorization_code"}, {"code", "c d"}},
                         {{"Authorization", "Basic Yzpz"}, {"DPoP", "proof"}, {"X-Own", "1"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == says.body);
    BOOST_TEST(a.header("Content-Type") == "application/json; charset=utf-8");
    BOOST_TEST(a.header("Cache-Control") == "private, no-store");
    BOOST_TEST(a.header("DPoP-Nonce") == "n1");
    auto const asked = last();
    BOOST_TEST(asked.method == "POST");
    BOOST_TEST(asked.target == "/t");
    BOOST_TEST(asked.body == "grant_type=authorization_code&code=c%20d");
    BOOST_TEST(asked.content_type == "application/x-www-form-urlencoded");
    BOOST_TEST(asked.authorization == "Basic Yzpz");
    BOOST_TEST(asked.headers.get("DPoP") == "proof");
    BOOST_TEST(asked.headers.get("X-Own") == "1");
}

// RFC 6749 §3.2: an empty client_secret is none, and beside ours it would be a second one
BOOST_AUTO_TEST_CASE(takes_a_secret_without_a_value_for_none_and_lends_ours) {
    auto const refresh = [this] {
        return token({{"grant_type", "refresh_token"},
                      {"refresh_token", "r"},
                      {"client_id", "us"},
                      {"client_secret", ""},
                      {"client_assertion", ""}});
    };
    BOOST_TEST(refresh().status == 200u);
    BOOST_TEST(last().body == "grant_type=refresh_token&refresh_token=r&client_id=us");
    BOOST_TEST(last().authorization == "Basic " + tollgate::to_base64("us:top%3Asecret"));
    // Nothing is touched where nothing is lent.
    token({{"grant_type", "refresh_token"}, {"client_id", "other"}, {"client_secret", ""}});
    BOOST_TEST(last().body == "grant_type=refresh_token&client_id=other&client_secret=");
}

// RFC 6749 §5.2: the error of the provider is the error of the login
BOOST_AUTO_TEST_CASE(forwards_refusals_as_they_are) {
    answers(400, "application/json", R"({"error":"invalid_grant"})");
    auto const refused = token({{"grant_type", "authorization_code"}});
    BOOST_TEST(refused.status == 400u);
    BOOST_TEST(refused.body == says.body);
    answers(401, "application/json", R"({"error":"invalid_client"})");
    says.headers.add("WWW-Authenticate", "Basic realm=\"them\"");
    says.headers.add("WWW-Authenticate", "Bearer");
    auto const challenged = token({{"grant_type", "authorization_code"}});
    BOOST_TEST(challenged.status == 401u);
    BOOST_TEST(challenged.header("WWW-Authenticate") == "Basic realm=\"them\"");
    std::size_t challenges = 0;
    for (auto const& h : challenged.headers)
        challenges += h.name == "WWW-Authenticate" ? 1 : 0;
    BOOST_TEST(challenges == 2u);
    answers(503, "application/json", R"({"error":"temporarily_unavailable"})");
    says.headers.add("Retry-After", "7");
    auto const later = token({{"grant_type", "authorization_code"}});
    BOOST_TEST(later.status == 503u);
    BOOST_TEST(later.header("Retry-After") == "7");
}

BOOST_AUTO_TEST_CASE(forwards_userinfo_by_get_and_by_post) {
    answers(200, "application/json", R"({"sub":"u1"})");
    BOOST_TEST(at().get("/userinfo", {{"Authorization", "Bearer at"}}).body == says.body);
    BOOST_TEST(last().method == "GET");
    BOOST_TEST(last().target == "/me");
    BOOST_TEST(last().authorization == "Bearer at");
    BOOST_TEST(at().post_form("/userinfo", {{"access_token", "at"}}).status == 200u);
    BOOST_TEST(last().method == "POST");
    BOOST_TEST(last().body == "access_token=at");
}

// RFC 6750 §3: the challenge is what matters; a body is not needed, and a page is not passed on
BOOST_AUTO_TEST_CASE(forwards_the_challenge_of_userinfo_without_a_page_around_it) {
    answers(401, "text/html", "<script>alert(1)</script>");
    says.headers.add("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    auto const a = at().get("/userinfo", {{"Authorization", "Bearer at"}});
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.header("WWW-Authenticate") == "Bearer error=\"invalid_token\"");
    BOOST_TEST(a.body.empty());
    BOOST_TEST(a.header("Content-Type") == "");
}

// OpenID Connect Core §5.3.2: the answer may be a signed JWT
BOOST_AUTO_TEST_CASE(forwards_signed_userinfo) {
    answers(200, "application/jwt", "a.b.c");
    auto const a = at().get("/userinfo", {{"Authorization", "Bearer at"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "a.b.c");
}

BOOST_AUTO_TEST_CASE(forwards_registration_introspection_and_keys) {
    answers(201, "application/json", R"({"client_id":"new"})");
    auto const made = at().post_json("/register", R"({"redirect_uris":["http://localhost/cb"]})");
    BOOST_TEST(made.status == 201u);
    BOOST_TEST(made.body == says.body);
    BOOST_TEST(last().target == "/clients");
    BOOST_TEST(last().content_type == "application/json");
    BOOST_TEST(last().body == R"({"redirect_uris":["http://localhost/cb"]})");
    answers(200, "application/json", R"({"active":false})");
    BOOST_TEST(at().post_form("/introspect", {{"token", "t"}}).body == says.body);
    BOOST_TEST(last().target == "/ask");
    answers(200, "application/jwk-set+json", R"({"keys":[]})");
    BOOST_TEST(at().get("/.well-known/jwks.json").body == says.body);
    BOOST_TEST(last().target == "/certs");
}

// RFC 7009 §2.2: the body of a success is ignored
BOOST_AUTO_TEST_CASE(forwards_a_revocation_whatever_its_body_is) {
    answers(200, "text/html", "<p>gone</p>");
    auto const a = at().post_form("/revoke", {{"token", "t"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body.empty());
    answers(200, "", "");
    BOOST_TEST(at().post_form("/revoke", {{"token", "t"}}).status == 200u);
    answers(400, "application/json", R"({"error":"unsupported_token_type"})");
    BOOST_TEST(error_of(at().post_form("/revoke", {{"token", "t"}})) == "unsupported_token_type");
}

BOOST_AUTO_TEST_CASE(answers_where_the_provider_has_nothing) {
    for (auto const* name : {"registration_endpoint", "introspection_endpoint",
                             "revocation_endpoint", "userinfo_endpoint", "jwks_uri"})
        document.erase(name);
    for (auto const* path : {"/register", "/introspect", "/revoke", "/userinfo"}) {
        auto const a = at().post_form(path, {});
        BOOST_TEST(a.status == 404u, path);
        BOOST_TEST(error_of(a) == "not_found");
        BOOST_TEST(has_part(sentence_of(a), "has no "));
    }
    BOOST_TEST(at().get("/.well-known/jwks.json").status == 404u);
    BOOST_TEST(peer.count() == 1u);
}

BOOST_AUTO_TEST_CASE(has_nothing_that_only_a_server_of_its_own_could_do) {
    for (auto const* path : {"/device", "/device_authorization", "/callback", "/register/c1"})
        BOOST_TEST(at().get(path).status == 404u, path);
    BOOST_TEST(at().post_form("/authorize", {}).status == 405u);
    BOOST_TEST(at().get("/introspect?token=t").status == 405u);
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(answers_at_the_other_paths_that_clients_try) {
    answers(200, "application/json", R"({"access_token":"at"})");
    for (auto const* prefix : {"/oauth", "/api"}) {
        BOOST_TEST(at().get(std::string(prefix) + "/authorize?a=b").status == 302u);
        BOOST_TEST(at().post_form(std::string(prefix) + "/token", {}).status == 200u);
        BOOST_TEST(at().post_json(std::string(prefix) + "/register", "{}").status == 200u);
    }
}

// What the guard let in: /anything asks nobody by itself.
BOOST_AUTO_TEST_CASE(echoes_to_nobody_without_a_token) {
    BOOST_TEST(at().get("/anything").status == 401u);
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

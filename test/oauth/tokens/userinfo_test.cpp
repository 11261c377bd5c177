// UserInfo (OpenID Connect Core §5.3) and the echo: bearer-protected resources of the AS itself.
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct known : authorization_bench {
    known() {
        policy([](auto& p) {
            json::object claims;
            claims["name"] = "Ada Lovelace";
            claims["scope"] = "forged";
            p.users = {oauth::user{"ada", claims}};
        });
    }
    static fields bearer(std::string const& token) {
        return {{"Authorization", "Bearer " + token}};
    }
    std::string access(std::string const& scope) {
        return text(login(public_client(), scope), "access_token");
    }
    static void check_invalid_token(answer const& a) {
        BOOST_TEST(a.status == 401);
        auto const challenge = a.header("WWW-Authenticate");
        BOOST_TEST(challenge.starts_with("Bearer "));
        BOOST_TEST(challenge.find("error=\"invalid_token\"") != std::string_view::npos);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(userinfo, known)

BOOST_AUTO_TEST_CASE(answers_the_subject_and_the_claims_of_the_user) {
    auto const token = access("openid profile");
    for (auto const& a : {web.get("/userinfo", bearer(token)),
                          web.send(http::verb::post, "/userinfo", "", bearer(token))}) {
        BOOST_TEST(a.status == 200);
        BOOST_TEST(a.header("Content-Type") == "application/json");
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        BOOST_TEST(a.body == R"({"sub":"ada","name":"Ada Lovelace"})");
    }
}

BOOST_AUTO_TEST_CASE(reveals_the_token_to_the_holder_of_the_internal_credential_alone) {
    auto headers = bearer(access("openid mcp:tools"));
    headers.emplace_back("Tollgate-Internal", "guess");
    BOOST_TEST(text(web.get("/userinfo", headers).json(), "scope") == "(none)");
    headers.back().second = secret_of_internal;
    auto const told = web.get("/userinfo", headers).json();
    BOOST_TEST(text(told, "sub") == "ada");
    BOOST_TEST(text(told, "scope") == "openid mcp:tools");
    BOOST_TEST(json::serialize(told.at("aud")) == "[\"" + mcp_url + "\"]");
    BOOST_TEST(text(told, "client_id") != "(none)");
    BOOST_TEST(text(told, "iss") == "http://localhost:9100");
    BOOST_TEST(told.at("exp").as_int64() == 1'800'003'600);
}

// OpenID Connect Core §5.4: scopes profile and email ask for their claims; others need none.
BOOST_AUTO_TEST_CASE(tells_claims_by_scope) {
    policy([](auto& p) {
        p.users[0].claims["email"] = "ada@example.org";
        p.users[0].claims["team"] = "engines";
    });
    auto const told = [&](std::string const& scope) {
        return web.get("/userinfo", bearer(access(scope))).body;
    };
    BOOST_TEST(told("openid") == R"({"sub":"ada","team":"engines"})");
    BOOST_TEST(told("openid email") ==
               R"({"sub":"ada","email":"ada@example.org","team":"engines"})");
}

// RFC 6750 §2: one way of sending a token per request
// RFC 6750 §2.2: the token may be access_token in a form body
BOOST_AUTO_TEST_CASE(takes_the_token_in_a_form_and_never_twice) {
    auto const token = access("openid");
    auto const a = web.post_form("/userinfo", {{"access_token", token}});
    BOOST_TEST(a.status == 200);
    BOOST_TEST(text(a.json(), "sub") == "ada");
    check_invalid_token(web.post_form("/userinfo", {{"access_token", "guess"}}));
    // RFC 6749 §3.2: without a value it counts as omitted.
    BOOST_TEST(web.post_form("/userinfo", {{"access_token", ""}}).status == 401);
    for (auto const& twice :
         {web.post_form("/userinfo", {{"access_token", token}}, bearer(token)),
          web.post_form("/userinfo", {{"access_token", token}, {"access_token", token}}),
          web.post_form("/userinfo?access_token=x", {{"access_token", token}})}) {
        BOOST_TEST(twice.status == 400);
        BOOST_TEST(text(twice.json(), "error") == "invalid_request");
    }
    BOOST_TEST(web.post_form("/userinfo", {{"a", "b"}}, bearer(token)).status == 200);
    BOOST_TEST(web.post_form("/userinfo", {{"a", "b"}}).status == 401);
}

// RFC 6750 §3.1: insufficient_scope is 403
BOOST_AUTO_TEST_CASE(wants_openid_among_the_scopes) {
    auto const a = web.get("/userinfo", bearer(access("mcp:tools")));
    BOOST_TEST(a.status == 403);
    auto const value = a.header("WWW-Authenticate");
    BOOST_TEST(value.find("error=\"insufficient_scope\"") != std::string_view::npos);
    BOOST_TEST(value.find("scope=\"openid\"") != std::string_view::npos);
}

// RFC 6750 §3: WWW-Authenticate for who has no token or a bad one
// RFC 6750 §2.3: a token in the query is not taken
BOOST_AUTO_TEST_CASE(challenges_who_has_no_good_token_rfc_6750_section_3) {
    auto const none = web.get("/userinfo");
    BOOST_TEST(none.status == 401);
    BOOST_TEST(none.header("WWW-Authenticate").starts_with("Bearer"));
    BOOST_TEST(none.header("WWW-Authenticate").find("error") == std::string_view::npos);
    check_invalid_token(web.get("/userinfo", bearer("guess")));
    auto const tokens = login(public_client(), "openid");
    check_invalid_token(web.get("/userinfo", bearer(text(tokens, "refresh_token"))));
    later(std::chrono::hours(1));
    check_invalid_token(web.get("/userinfo", bearer(text(tokens, "access_token"))));
    BOOST_TEST(web.get("/userinfo?access_token=x").status == 400);  // RFC 6750 §2.3 is not offered
}

BOOST_AUTO_TEST_CASE(echoes_what_it_was_sent_to_a_good_token) {
    auto const token = access("mcp:tools");
    auto const a = web.get("/anything?message=hello%20there", bearer(token));
    BOOST_REQUIRE_EQUAL(a.status, 200);
    auto const echo = a.json();
    BOOST_TEST(text(echo.at("args"), "message") == "hello there");
    BOOST_TEST(text(echo.at("headers"), "Host") == "localhost:9100");
    BOOST_TEST(text(echo.at("headers"), "Authorization") == "Bearer ***");
    BOOST_TEST(text(echo, "method") == "GET");
    BOOST_TEST(text(echo, "url") == "http://localhost:9100/anything");
    BOOST_TEST(a.body.find(token) == std::string::npos);
    check_invalid_token(web.get("/anything", bearer("guess")));
    BOOST_TEST(web.get("/anything").status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

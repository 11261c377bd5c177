// Introspection (RFC 7662).
#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct asking : authorization_bench {
    std::string id = public_client();
    json::value tokens = login(id, "openid mcp:tools");
    std::string access = text(tokens, "access_token");
    std::string refresh = text(tokens, "refresh_token");

    answer ask(fields const& form, fields headers = {}) {
        return web.post_form("/introspect", form, std::move(headers));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(introspection, asking)

// RFC 7662 §2.2: the members of an active token's answer.
// RFC 7662 §2.2: a JSON object in which active is required.
// RFC 7662 §4: aud tells the resource server whether the token can be used there.
BOOST_AUTO_TEST_CASE(tells_all_of_a_live_access_token_section_2_2) {
    auto const a = ask({{"token", access}}, {{"Tollgate-Internal", secret_of_internal}});
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const told = a.json();
    BOOST_TEST(told.at("active").as_bool());
    BOOST_TEST(text(told, "scope") == "openid mcp:tools");
    BOOST_TEST(text(told, "client_id") == id);
    BOOST_TEST(text(told, "username") == "demo");
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "token_type") == "Bearer");
    BOOST_TEST(told.at("iat").as_int64() == 1'800'000'000);
    BOOST_TEST(told.at("exp").as_int64() == 1'800'003'600);
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(text(told, "iss") == "http://localhost:9100");
    BOOST_TEST(text(told, "jti") != "(none)");
}

// RFC 7662 §4: the server understands every kind of token that is presented to it.
BOOST_AUTO_TEST_CASE(tells_of_refresh_tokens_as_well) {
    auto const told = introspect(refresh);
    BOOST_TEST(told.at("active").as_bool());
    BOOST_TEST(text(told, "client_id") == id);
    BOOST_TEST(told.at("exp").as_int64() == 1'800'000'000 + 2'592'000);
    BOOST_TEST(text(told, "token_type") == "(none)");
    token(refresh_request(id, refresh));
    BOOST_TEST(json::serialize(introspect(refresh)) == R"({"active":false})");
}

// RFC 7662 §2.2: of an inactive token nothing but active=false.
// RFC 7662 §2.3: an unknown token is no error but answered with active=false.
// RFC 7662 §4: the server determines whether the token has expired.
BOOST_AUTO_TEST_CASE(tells_nothing_of_a_token_that_is_not_active_section_2_2) {
    BOOST_TEST(json::serialize(introspect("guess")) == R"({"active":false})");
    later(std::chrono::hours(1));
    BOOST_TEST(json::serialize(introspect(access)) == R"({"active":false})");
}

// RFC 7662 §2.1: the endpoint MUST require some form of authorization.
// RFC 7662 §2.3: 401 for credentials that are not valid.
// RFC 7662 §4: protected resources must authenticate.
BOOST_AUTO_TEST_CASE(wants_a_client_with_a_secret_section_2_1) {
    BOOST_TEST(refusal(ask({{"token", access}})) == "401 invalid_client");
    BOOST_TEST(refusal(ask({{"token", access}, {"client_id", id}})) == "401 invalid_client");
    BOOST_TEST(refusal(ask({{"token", access}}, basic(tollgate::to_base64(id + ":x")))) ==
               "401 invalid_client");
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    auto const c = register_client(m);
    auto const credentials =
        tollgate::to_base64(text(c, "client_id") + ':' + text(c, "client_secret"));
    auto const a = ask({{"token", access}}, basic(credentials));
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.json().at("active").as_bool());
}

// RFC 7662 §2.1: token_type_hint only says where to look first.
// RFC 7662 §2.1: the search is extended to all types of tokens that there are.
BOOST_AUTO_TEST_CASE(looks_everywhere_whatever_the_hint_says) {
    fields const internal{{"Tollgate-Internal", secret_of_internal}};
    for (auto const* hint : {"refresh_token", "access_token", "frobnicate"}) {
        for (auto const& secret : {access, refresh}) {
            auto const a = ask({{"token", secret}, {"token_type_hint", hint}}, internal);
            BOOST_TEST(a.json().at("active").as_bool(), hint);
        }
    }
    fields const twice{{"token", access}, {"token_type_hint", "a"}, {"token_type_hint", "b"}};
    BOOST_TEST(refusal(ask(twice, internal)) == "400 invalid_request");
}

// RFC 7662 §2.1: token is required.
BOOST_AUTO_TEST_CASE(wants_the_token_once) {
    fields const internal{{"Tollgate-Internal", secret_of_internal}};
    BOOST_TEST(refusal(ask({{"a", "b"}}, internal)) == "400 invalid_request");
    BOOST_TEST(refusal(ask({{"token", "a"}, {"token", "b"}}, internal)) == "400 invalid_request");
    BOOST_TEST(refusal(web.post_json("/introspect", "{}", internal)) == "400 invalid_request");
}

// RFC 7662 §4: GET may be refused, so that no token stands in a log.
BOOST_AUTO_TEST_CASE(takes_get_only_where_the_policy_is_open) {
    auto const closed = web.get("/introspect?token=" + access);
    BOOST_TEST(closed.status == 405);
    BOOST_TEST(closed.header("Allow").find("POST") != std::string_view::npos);
    policy([](auto& p) { p.introspection = oauth::introspection_access::open; });
    auto const a = web.get("/introspect?token=" + access);
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.json().at("active").as_bool());
    BOOST_TEST(text(a.json(), "scope") == "openid mcp:tools");
    BOOST_TEST(web.get("/introspect?token=guess").body == R"({"active":false})");
    BOOST_TEST(refusal(web.get("/introspect")) == "400 invalid_request");
    BOOST_TEST(ask({{"token", access}}).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

// The whole way of a client: metadata, registration, authorization, tokens, introspection.
#include "oauth/server/authorization_bench.hpp"

using namespace test;

BOOST_AUTO_TEST_SUITE(login)

BOOST_AUTO_TEST_CASE(leads_a_client_from_the_metadata_to_a_live_token) {
    authorization_bench b;
    auto const metadata = b.web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(text(metadata, "registration_endpoint") == "http://localhost:9100/register");

    auto const client = b.register_client();
    auto const id = text(client, "client_id");
    auto const sent = b.authorize(with(b.authorize_request(id), "resource", mcp_url));
    BOOST_TEST(sent.status == 302);
    BOOST_TEST(parameter(sent, "iss") == text(metadata, "issuer"));

    auto const answer = b.token(b.code_request(id, parameter(sent, "code")));
    BOOST_REQUIRE_EQUAL(answer.status, 200);
    auto const tokens = answer.json();
    BOOST_TEST(text(tokens, "token_type") == "Bearer");
    BOOST_TEST(tokens.at("expires_in").as_int64() == 3600);
    BOOST_TEST(text(tokens, "scope") == "mcp:tools");

    auto const told = b.introspect(text(tokens, "access_token"));
    BOOST_TEST(told.at("active").as_bool());
    BOOST_TEST(text(told, "client_id") == id);
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(text(told, "iss") == "http://localhost:9100");

    auto const again = b.token(b.refresh_request(id, text(tokens, "refresh_token")));
    BOOST_REQUIRE_EQUAL(again.status, 200);
    BOOST_TEST(b.is_active(text(again.json(), "access_token")));
}

BOOST_AUTO_TEST_CASE(is_the_same_by_the_other_paths_that_clients_know) {
    authorization_bench b;
    for (std::string const base : {"/oauth", "/api"}) {
        json::object metadata;
        metadata["redirect_uris"] = json::array{callback};
        metadata["token_endpoint_auth_method"] = "none";
        auto const made = b.web.post_json(base + "/register", json::serialize(metadata));
        BOOST_REQUIRE_EQUAL(made.status, 201);
        auto const id = text(made.json(), "client_id");
        auto const sent = b.web.get(base + "/authorize?" + encode(b.authorize_request(id)));
        BOOST_REQUIRE_EQUAL(sent.status, 302);
        auto const tokens =
            b.web.post_form(base + "/token", b.code_request(id, parameter(sent, "code")));
        BOOST_TEST(tokens.status == 200);
    }
}

BOOST_AUTO_TEST_CASE(keeps_realms_apart) {
    authorization_bench b;
    auto const id = b.public_client();
    auto const tokens = b.login(id);
    auto const code = b.code_for(id);

    b.web.realm = std::make_shared<http::realm>("other");
    b.server.open(*b.web.realm);
    BOOST_TEST(!b.is_active(text(tokens, "access_token")));
    BOOST_TEST(!b.is_active(text(tokens, "refresh_token")));
    BOOST_TEST(b.authorize(b.authorize_request(id)).status == 400);
    BOOST_TEST(refusal(b.token(b.code_request(id, code))) == "401 invalid_client");

    auto const other = b.public_client();
    BOOST_TEST(refusal(b.token(b.code_request(other, code))) == "400 invalid_grant");
}

BOOST_AUTO_TEST_SUITE_END()

// RFC 8414, OpenID Connect Discovery 1.0.
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

std::string items(json::value const& v, std::string_view name) {
    return json::serialize(v.at(name));
}

json::value document(authorization_bench& b) {
    auto const a = b.web.get("/.well-known/oauth-authorization-server");
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    return a.json();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metadata)

// RFC 6749 §3.1: the URI of the authorization endpoint has no fragment
// RFC 6749 §3.2: the URI of the token endpoint has no fragment
// RFC 9207 §2.3: the issuer identifier is provided
// RFC 8414 §2: issuer, authorization_endpoint and token_endpoint are required.
// RFC 8414 §3.2: 200 and a JSON object in application/json.
// RFC 8414 §3.3: issuer is the one that the address of the document was made from.
BOOST_AUTO_TEST_CASE(names_every_endpoint_below_the_issuer_rfc_8414_section_2) {
    authorization_bench b;
    b.web.where.base = "/r/alpha";
    auto const d = document(b);
    std::string const issuer = "http://localhost:9100/r/alpha";
    BOOST_TEST(text(d, "issuer") == issuer);
    BOOST_TEST(text(d, "authorization_endpoint") == issuer + "/authorize");
    BOOST_TEST(text(d, "token_endpoint") == issuer + "/token");
    BOOST_TEST(text(d, "registration_endpoint") == issuer + "/register");
    BOOST_TEST(text(d, "introspection_endpoint") == issuer + "/introspect");
    BOOST_TEST(text(d, "revocation_endpoint") == issuer + "/revoke");
    BOOST_TEST(text(d, "userinfo_endpoint") == issuer + "/userinfo");
    BOOST_TEST(text(d, "jwks_uri") == issuer + "/.well-known/jwks.json");
}

// RFC 7636 §4.2: S256 is mandatory to implement
// RFC 9207 §2.3: authorization_response_iss_parameter_supported is true
// RFC 9700 §2.1.1: there is a way to detect the support of PKCE
// RFC 9700 §4.7.1: likewise, for clients that rely on PKCE against CSRF
// RFC 8414 §2: response_types_supported is required; members with many values are arrays.
BOOST_AUTO_TEST_CASE(promises_what_is_kept) {
    authorization_bench b;
    auto const d = document(b);
    BOOST_TEST(items(d, "response_types_supported") == R"(["code"])");
    BOOST_TEST(items(d, "response_modes_supported") == R"(["query","form_post"])");
    BOOST_TEST(items(d, "grant_types_supported") ==
               R"(["authorization_code","refresh_token",)"
               R"("urn:ietf:params:oauth:grant-type:device_code"])");
    BOOST_TEST(items(d, "code_challenge_methods_supported") == R"(["S256"])");
    BOOST_TEST(items(d, "token_endpoint_auth_methods_supported") ==
               R"(["none","client_secret_basic","client_secret_post","private_key_jwt"])");
    BOOST_TEST(items(d, "introspection_endpoint_auth_methods_supported") ==
               R"(["client_secret_basic","client_secret_post","private_key_jwt"])");
    BOOST_TEST(items(d, "subject_types_supported") == R"(["public"])");
    BOOST_TEST(items(d, "id_token_signing_alg_values_supported") == R"(["RS256"])");
    BOOST_TEST(items(d, "scopes_supported") ==
               R"(["openid","profile","email","offline_access","mcp:tools","mcp:admin"])");
    // RFC 9207 §3.
    BOOST_TEST(d.at("authorization_response_iss_parameter_supported").as_bool());
    BOOST_TEST(d.at("client_id_metadata_document_supported").as_bool());
}

// RFC 8414 §2: token_endpoint_auth_methods_supported lists what the token endpoint takes; the
// signing algorithms go with private_key_jwt
// RFC 8414 §3.2: claims with zero elements are omitted
BOOST_AUTO_TEST_CASE(names_the_client_authentication_that_is_taken_and_no_other) {
    authorization_bench b;
    b.policy([](auto& p) { p.auth_methods = {"none"}; });
    auto d = document(b);
    BOOST_TEST(items(d, "token_endpoint_auth_methods_supported") == R"(["none"])");
    BOOST_TEST(items(d, "revocation_endpoint_auth_methods_supported") == R"(["none"])");
    BOOST_TEST(!d.as_object().contains("introspection_endpoint_auth_methods_supported"));
    BOOST_TEST(!d.as_object().contains("token_endpoint_auth_signing_alg_values_supported"));
    b.policy([](auto& p) { p.auth_methods = {"client_secret_post", "private_key_jwt"}; });
    d = document(b);
    BOOST_TEST(items(d, "token_endpoint_auth_methods_supported") ==
               R"(["client_secret_post","private_key_jwt"])");
    BOOST_TEST(d.as_object().contains("token_endpoint_auth_signing_alg_values_supported"));
}

// RFC 9068 §4: both documents of discovery say the same.
BOOST_AUTO_TEST_CASE(is_the_same_document_for_oidc) {
    authorization_bench b;
    BOOST_TEST(b.web.get("/.well-known/openid-configuration").body ==
               b.web.get("/.well-known/oauth-authorization-server").body);
}

// RFC 8414 §3.3: at its second address the document names its second issuer.
BOOST_AUTO_TEST_CASE(speaks_at_the_mcp_origin_as_a_second_issuer_with_the_mcp_scopes) {
    authorization_bench b;
    b.web.where.at = http::site::mcp_server;
    auto d = document(b);
    BOOST_TEST(text(d, "issuer") == "http://localhost:9101");
    BOOST_TEST(text(d, "token_endpoint") == "http://localhost:9101/token");
    BOOST_TEST(items(d, "scopes_supported") == R"(["mcp:tools"])");
    b.policy([](auto& p) { p.validation = oauth::strategy::userinfo; });
    d = document(b);
    BOOST_TEST(items(d, "scopes_supported") == R"(["mcp:tools","openid"])");
}

BOOST_AUTO_TEST_CASE(follows_the_policy_at_once) {
    authorization_bench b;
    BOOST_TEST(b.web.get("/.well-known/oauth-authorization-server").header("Cache-Control") ==
               "no-cache");
    b.policy([](auto& p) {
        p.dynamic_registration = false;
        p.introspection = oauth::introspection_access::open;
        p.scopes = {"a"};
        boost::json::object claims;
        claims["locale"] = "fr";
        p.users = {oauth::user{"ada", claims}};
    });
    auto const d = document(b);
    BOOST_TEST(text(d, "registration_endpoint") == "(none)");
    BOOST_TEST(items(d, "introspection_endpoint_auth_methods_supported") ==
               R"(["none","client_secret_basic","client_secret_post","private_key_jwt"])");
    BOOST_TEST(items(d, "scopes_supported") == R"(["a"])");
    BOOST_TEST(items(d, "claims_supported") ==
               R"(["iss","sub","aud","exp","iat","auth_time","nonce","locale"])");
}

// RFC 9068 §4: the keys are found by the jwks_uri of the metadata.
BOOST_AUTO_TEST_CASE(publishes_the_public_half_of_its_key_rfc_7517) {
    authorization_bench b;
    auto const a = b.web.get("/.well-known/jwks.json");
    BOOST_REQUIRE_EQUAL(a.status, 200);
    auto const set = a.json();
    auto const& keys = set.at("keys").as_array();
    BOOST_REQUIRE_EQUAL(keys.size(), 1u);
    BOOST_TEST(text(keys[0], "kty") == "RSA");
    BOOST_TEST(text(keys[0], "kid") == shared_key().key_id());
    for (auto const* secret : {"d", "p", "q", "dp", "dq", "qi"})
        BOOST_TEST(!keys[0].as_object().contains(secret), secret);
}

// RFC 8414 §3.2, RFC 9110 §13.1.2: a client that has the document already is told so
BOOST_AUTO_TEST_CASE(sends_nothing_twice_to_a_client_that_names_the_entity_tag) {
    authorization_bench b;
    for (auto const* path : {"/.well-known/oauth-authorization-server",
                             "/.well-known/openid-configuration", "/.well-known/jwks.json"}) {
        auto const first = b.web.get(path);
        std::string const tag(first.header("ETag"));
        BOOST_REQUIRE(!tag.empty());
        auto const again = b.web.get(path, {{"If-None-Match", tag}});
        BOOST_TEST(again.status == 304u, path);
        BOOST_TEST(again.body == "");
        BOOST_TEST(again.header("ETag") == tag);
        BOOST_TEST(again.header("Cache-Control") == "no-cache");
        BOOST_TEST(b.web.get(path, {{"If-None-Match", "\"other\""}}).status == 200u);
    }
    std::string const tag(b.web.get("/.well-known/openid-configuration").header("ETag"));
    b.policy([](auto& p) { p.dynamic_registration = false; });
    BOOST_TEST(b.web.get("/.well-known/openid-configuration", {{"If-None-Match", tag}}).status ==
               200u);
}

// MCP 2025-11-25, Authorization, "Advertising CIMD Support": client_id_metadata_document_supported
BOOST_AUTO_TEST_CASE(advertises_client_metadata_documents_where_the_policy_takes_them) {
    authorization_bench b;
    b.policy([](auto& p) { p.client_documents = true; });
    BOOST_TEST(document(b).at("client_id_metadata_document_supported").as_bool());
}

// RFC 9126 §5, OpenID Connect Core §6: what is not there is not advertised
// RFC 8414 §3.2: members without elements are left out.
BOOST_AUTO_TEST_CASE(promises_nothing_that_is_not_built) {
    authorization_bench b;
    auto const d = document(b).as_object();
    for (auto const* name :
         {"pushed_authorization_request_endpoint", "require_pushed_authorization_requests",
          "end_session_endpoint", "check_session_iframe", "registration_endpoint_auth_methods",
          "backchannel_authentication_endpoint"})
        BOOST_TEST(!d.contains(name), name);
    BOOST_TEST(!d.at("request_parameter_supported").as_bool());
    BOOST_TEST(!d.at("request_uri_parameter_supported").as_bool());
    // RFC 8414 §2: members without elements are left out.
    for (auto const& [name, value] : d)
        BOOST_TEST(!(value.is_array() && value.as_array().empty()), name);
}

// RFC 8414 §3.1: the document is queried with GET.
// RFC 8414 §3.2: an error has the status code that applies.
BOOST_AUTO_TEST_CASE(answers_only_get) {
    authorization_bench b;
    auto const a = b.web.post_form("/.well-known/oauth-authorization-server", {});
    BOOST_TEST(a.status == 405);
    BOOST_TEST(a.header("Allow").find("GET") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()

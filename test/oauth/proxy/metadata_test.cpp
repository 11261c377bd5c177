// RFC 8414 of a proxy: the names are ours, the abilities are the provider's.
#include "oauth/proxy/metadata.hpp"

#include "oauth/proxy/proxy_bench.hpp"

using namespace test;

namespace {

struct fixture : proxy_bench {
    json::object served(std::string const& path = "/.well-known/oauth-authorization-server") {
        auto const a = at().get(path);
        BOOST_REQUIRE_EQUAL(a.status, 200u);
        return a.json().as_object();
    }
    static std::string items(json::object const& o, std::string_view name) {
        auto const* v = o.if_contains(name);
        return v ? json::serialize(*v) : "";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proxy_metadata_suite, fixture)

// RFC 8414 §3.3: issuer is the one that the address of the document was made from
// OpenID Connect Discovery §4.3: likewise
BOOST_AUTO_TEST_CASE(both_documents_name_this_origin_and_never_the_provider) {
    at().where.base = "/r/alpha";
    for (auto const* path :
         {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"}) {
        auto const d = served(path);
        std::string const issuer = "http://localhost:9100/r/alpha";
        BOOST_TEST(d.at("issuer").as_string() == issuer);
        BOOST_TEST(d.at("authorization_endpoint").as_string() == issuer + "/authorize");
        BOOST_TEST(d.at("token_endpoint").as_string() == issuer + "/token");
        BOOST_TEST(d.at("registration_endpoint").as_string() == issuer + "/register");
        BOOST_TEST(d.at("introspection_endpoint").as_string() == issuer + "/introspect");
        BOOST_TEST(d.at("revocation_endpoint").as_string() == issuer + "/revoke");
        BOOST_TEST(d.at("userinfo_endpoint").as_string() == issuer + "/userinfo");
        BOOST_TEST(d.at("jwks_uri").as_string() == issuer + "/.well-known/jwks.json");
        BOOST_TEST(!has_part(json::serialize(d), peer.url()));
    }
}

BOOST_AUTO_TEST_CASE(the_mcp_origin_is_an_issuer_of_its_own_and_names_only_what_mcp_asks_for) {
    document["scopes_supported"] = json::array{"openid", "api", "admin", "address"};
    at().where.at = http::site::mcp_server;
    auto const d = served();
    BOOST_TEST(d.at("issuer").as_string() == "http://localhost:9101");
    BOOST_TEST(items(d, "scopes_supported") == R"(["openid","api"])");
    at().where.at = http::site::shared;
    BOOST_TEST(items(served(), "scopes_supported") == R"(["openid","api","admin","address"])");
}

BOOST_AUTO_TEST_CASE(endpoints_that_the_provider_lacks_are_not_named) {
    for (auto const* name :
         {"registration_endpoint", "introspection_endpoint", "revocation_endpoint"})
        document.erase(name);
    auto const d = served();
    BOOST_TEST(!d.contains("registration_endpoint"));
    BOOST_TEST(!d.contains("introspection_endpoint"));
    BOOST_TEST(!d.contains("revocation_endpoint"));
    BOOST_TEST(d.contains("userinfo_endpoint"));
}

BOOST_AUTO_TEST_CASE(what_the_provider_supports_is_copied) {
    document["grant_types_supported"] = json::array{"authorization_code", "client_credentials",
                                                    "urn:ietf:params:oauth:grant-type:device_code"};
    document["code_challenge_methods_supported"] = json::array{"plain", "S256"};
    document["response_modes_supported"] = json::array{"query"};
    document["token_endpoint_auth_methods_supported"] =
        json::array{"client_secret_post", "private_key_jwt", "tls_client_auth"};
    document["id_token_signing_alg_values_supported"] = json::array{"ES256"};
    document["claims_supported"] = json::array{"sub"};
    auto const d = served();
    BOOST_TEST(items(d, "grant_types_supported") ==
               R"(["authorization_code","client_credentials"])");
    BOOST_TEST(items(d, "code_challenge_methods_supported") == R"(["plain","S256"])");
    BOOST_TEST(items(d, "response_modes_supported") == R"(["query"])");
    // none: the secret of the configured client is added here.
    BOOST_TEST(items(d, "token_endpoint_auth_methods_supported") ==
               R"(["client_secret_post","none"])");
    BOOST_TEST(items(d, "id_token_signing_alg_values_supported") == R"(["ES256"])");
    BOOST_TEST(items(d, "claims_supported") == R"(["sub"])");
}

// RFC 9207 §2.4: the iss that comes back is the provider's, so none may be promised
// RFC 9449 §4.2: htu is our URL, which the provider takes for another's
BOOST_AUTO_TEST_CASE(what_cannot_work_through_a_proxy_is_not_promised) {
    document["authorization_response_iss_parameter_supported"] = true;
    document["dpop_signing_alg_values_supported"] = json::array{"ES256"};
    document["request_parameter_supported"] = true;
    document["pushed_authorization_request_endpoint"] = peer.url() + "/par";
    document["mtls_endpoint_aliases"] = json::object();
    auto const d = served();
    for (auto const* name :
         {"authorization_response_iss_parameter_supported", "dpop_signing_alg_values_supported",
          "pushed_authorization_request_endpoint", "mtls_endpoint_aliases"})
        BOOST_TEST(!d.contains(name), name);
    BOOST_TEST(!d.at("request_parameter_supported").as_bool());
}

// RFC 8414 §2: what is required is there, although only endpoints are known
BOOST_AUTO_TEST_CASE(three_urls_are_enough) {
    configured.issuer.clear();
    configured.client_secret.clear();
    configured.authorization_endpoint = peer.url() + "/authorize";
    configured.token_endpoint = peer.url() + "/t";
    configured.userinfo_endpoint = peer.url() + "/me";
    auto const d = served();
    BOOST_TEST(peer.count() == 0u);
    BOOST_TEST(d.at("issuer").as_string() == "http://localhost:9100");
    BOOST_TEST(items(d, "scopes_supported") == R"(["openid","api"])");
    BOOST_TEST(items(d, "response_types_supported") == R"(["code"])");
    BOOST_TEST(items(d, "grant_types_supported") == R"(["authorization_code","refresh_token"])");
    BOOST_TEST(items(d, "code_challenge_methods_supported") == R"(["S256"])");
    BOOST_TEST(items(d, "token_endpoint_auth_methods_supported") ==
               R"(["none","client_secret_basic","client_secret_post"])");
    BOOST_TEST(!d.contains("jwks_uri"));
    BOOST_TEST(!d.contains("registration_endpoint"));
}

// RFC 8414 §2: a provider that does not say takes client_secret_basic
BOOST_AUTO_TEST_CASE(silence_of_a_document_has_its_standard_meaning) {
    configured.client_secret.clear();
    BOOST_TEST(items(served(), "token_endpoint_auth_methods_supported") ==
               R"(["client_secret_basic"])");
}

BOOST_AUTO_TEST_SUITE_END()

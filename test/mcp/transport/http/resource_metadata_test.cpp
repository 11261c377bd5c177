// RFC 9728, protected resource metadata.
#include "mcp/server/fixture.hpp"

namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::mcp_fixture {
    test::answer document(std::string const& below = "") {
        return b.get("/.well-known/oauth-protected-resource" + below);
    }
    std::string resource(std::string const& below = "") {
        return std::string(document(below).json().at("resource").as_string());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_resource_metadata, fixture)

BOOST_AUTO_TEST_CASE(says_where_tokens_come_from_and_how_to_send_them) {
    auto const a = document();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Cache-Control") == "no-cache");
    auto const d = a.json();
    BOOST_TEST(d.at("authorization_servers").at(0).as_string() == "http://localhost:9100");
    BOOST_TEST(d.at("authorization_servers").as_array().size() == 1u);
    BOOST_TEST(d.at("scopes_supported").at(0).as_string() == "mcp:tools");
    BOOST_TEST(d.at("bearer_methods_supported").at(0).as_string() == "header");
    BOOST_TEST(d.at("resource_name").as_string() == "tollgate");
}

// RFC 9728 §2: authorization_servers holds the issuer identifiers of those whose tokens are taken
BOOST_AUTO_TEST_CASE(names_somebody_else_s_issuer_to_the_byte) {
    change_policy(
        [](mcp::policy& p) { p.authorization_servers = {"https://idp.example.com/tenant/"}; });
    auto const issuers = document("/mcp").json().at("authorization_servers").as_array();
    BOOST_REQUIRE(issuers.size() == 1u);
    BOOST_TEST(issuers[0].as_string() == "https://idp.example.com/tenant/");
}

// RFC 9728 §2: dpop_signing_alg_values_supported, dpop_bound_access_tokens_required.
BOOST_AUTO_TEST_CASE(says_whether_tokens_are_bound_to_keys) {
    auto const d = document().json().as_object();
    BOOST_TEST(d.at("dpop_signing_alg_values_supported").as_array().size() == 4u);
    BOOST_TEST(!d.contains("dpop_bound_access_tokens_required"));
}

// RFC 9728 §3.3: resource MUST be identical to what the well-known URL was made from.
BOOST_AUTO_TEST_CASE(each_document_names_its_own_resource) {
    BOOST_TEST(resource() == "http://localhost:9101");
    BOOST_TEST(resource("/mcp") == "http://localhost:9101/mcp");
    BOOST_TEST(resource("/sse") == "http://localhost:9101/sse");
    BOOST_TEST(document("/messages").status == 404u);
}

BOOST_AUTO_TEST_CASE(speaks_of_the_base_and_the_name_that_the_request_used) {
    b.where.base = "/r/alpha";
    b.where.mcp_origin = "http://127.0.0.1:9101";
    b.where.as_origin = "http://127.0.0.1:9100";
    BOOST_TEST(resource("/mcp") == "http://127.0.0.1:9101/r/alpha/mcp");
    BOOST_TEST(document().json().at("authorization_servers").at(0).as_string() ==
               "http://127.0.0.1:9100/r/alpha");
}

BOOST_AUTO_TEST_CASE(follows_the_policy_of_the_realm) {
    change_policy([](mcp::policy& p) {
        p.scopes = {"mcp:tools", "openid"};
        p.transports = {"streamable-http"};
    });
    BOOST_TEST(document().json().at("scopes_supported").as_array().size() == 2u);
    BOOST_TEST(document("/sse").status == 404u);
    BOOST_TEST(document("/mcp").status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

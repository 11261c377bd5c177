#include "oauth/model/records.hpp"

#include <chrono>
#include <string>

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;
namespace json = boost::json;

namespace {

grant sample_grant() {
    grant g;
    g.client_id = "c";
    g.subject = "demo";
    g.issuer = "http://localhost:9100";
    g.scopes = {"mcp:tools", "openid"};
    g.audience = {"http://localhost:9101/mcp"};
    g.authenticated_at = 1800000000;
    g.ancestors = {"f0", "client:b"};
    return g;
}

void check_same(grant const& a, grant const& b) {
    BOOST_TEST(a.client_id == b.client_id);
    BOOST_TEST(a.subject == b.subject);
    BOOST_TEST(a.issuer == b.issuer);
    BOOST_TEST(a.scopes == b.scopes, boost::test_tools::per_element());
    BOOST_TEST(a.audience == b.audience, boost::test_tools::per_element());
    BOOST_TEST(a.authenticated_at == b.authenticated_at);
    BOOST_TEST(a.ancestors == b.ancestors, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model)

BOOST_AUTO_TEST_CASE(keeps_a_client_whole) {
    client c;
    c.id = "abc";
    c.secret_digest = "digest";
    c.metadata["token_endpoint_auth_method"] = "client_secret_post";
    c.metadata["grant_types"] = json::array{"authorization_code"};
    c.metadata["redirect_uris"] = json::array{"https://a.example/"};
    c.metadata["client_name"] = "A";
    auto const back = client_from(to_body(c));
    BOOST_REQUIRE(bool(back));
    BOOST_TEST(back->id == "abc");
    BOOST_TEST(back->secret_digest == "digest");
    BOOST_TEST(back->auth_method == "client_secret_post");
    BOOST_TEST(back->may_use("authorization_code"));
    BOOST_TEST(!back->may_use("refresh_token"));
    BOOST_TEST(back->redirect_uris.at(0) == "https://a.example/");
    BOOST_TEST(back->metadata.at("client_name").as_string() == "A");
    BOOST_TEST(!back->is_public());
}

BOOST_AUTO_TEST_CASE(keeps_a_code_whole) {
    authorization_code c;
    c.grant = sample_grant();
    c.redirect_uri = "http://localhost:1/cb";
    c.redirect_sent = true;
    c.challenge = "ch";
    c.nonce = "n";
    auto const back = code_from(to_body(c));
    BOOST_REQUIRE(bool(back));
    check_same(back->grant, c.grant);
    BOOST_TEST(back->redirect_uri == c.redirect_uri);
    BOOST_TEST(back->redirect_sent);
    BOOST_TEST(back->challenge == "ch");
    BOOST_TEST(back->nonce == "n");
}

BOOST_AUTO_TEST_CASE(keeps_tokens_whole) {
    auto const noon = tollgate::time_point(std::chrono::seconds(1800000000));
    access_token a;
    a.grant = sample_grant();
    a.id = "jti";
    a.issued_at = noon;
    auto const access = access_token_from(to_body(a));
    BOOST_REQUIRE(bool(access));
    check_same(access->grant, a.grant);
    BOOST_TEST(access->id == "jti");
    BOOST_TEST((access->issued_at == noon));

    refresh_token r;
    r.grant = sample_grant();
    r.issued_at = noon;
    auto const refresh = refresh_token_from(to_body(r));
    BOOST_REQUIRE(bool(refresh));
    check_same(refresh->grant, r.grant);
    BOOST_TEST((refresh->issued_at == noon));
    BOOST_TEST(!refresh->used_at);

    r.grant.actor["sub"] = "agent";
    r.used_at = noon + std::chrono::milliseconds(1500);
    r.predecessor = "before";
    r.successor = "after";
    auto const used = refresh_token_from(to_body(r));
    BOOST_REQUIRE(bool(used));
    BOOST_TEST((used->grant.actor == r.grant.actor));
    BOOST_TEST((used->used_at == r.used_at));
    BOOST_TEST(used->predecessor == "before");
    BOOST_TEST(used->successor == "after");
}

BOOST_AUTO_TEST_CASE(answers_a_damaged_record_with_server_error) {
    for (auto const* damaged : {"", "{", "[]", "{}", "{\"client\":1}", "null"}) {
        BOOST_TEST(client_from(damaged).error().error() == "server_error");
        BOOST_TEST(code_from(damaged).error().error() == "server_error");
        BOOST_TEST(access_token_from(damaged).error().error() == "server_error");
        BOOST_TEST(refresh_token_from(damaged).error().error() == "server_error");
    }
}

BOOST_AUTO_TEST_CASE(counts_seconds_downwards) {
    using namespace std::chrono_literals;
    tollgate::time_point const epoch;
    BOOST_TEST(to_epoch(epoch) == 0);
    BOOST_TEST(to_epoch(epoch + 1999ms) == 1);
    BOOST_TEST(to_epoch(epoch - 1ms) == -1);
}

BOOST_AUTO_TEST_SUITE_END()

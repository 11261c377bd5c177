// OpenID Connect Core §5.3.
#include <boost/test/unit_test.hpp>

#include "oauth/bearer/token_answer.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
namespace http = tollgate::http;
using namespace std::chrono_literals;

struct fixture : test::validator_bench {
    validator_options options;

    fixture() { options.internal_credential = "between-us"; }
    void make() { validator = make_userinfo_validator(client, options); }
    void make_foreign() {
        options.endpoint = peer.url() + "/me";
        make();
    }
};

constexpr char full[] = R"({"sub":"u1","name":"User One","aud":["http://localhost:9101/mcp"],
                            "scope":"openid mcp:tools","client_id":"c1","exp":1800000060,
                            "iss":"http://localhost:9100"})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(userinfo_validator, fixture)

BOOST_AUTO_TEST_CASE(presents_the_token_and_the_internal_credential_to_the_own_server) {
    peer.answers_json(full);
    make();
    auto const got = ask("tok.en");
    BOOST_REQUIRE(got.has_value());
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(asked[0].method == "GET");
    BOOST_TEST(asked[0].target == "/userinfo");
    BOOST_TEST(asked[0].authorization == "Bearer tok.en");
    BOOST_TEST(asked[0].internal == "between-us");
    BOOST_TEST(asked[0].body.empty());
}

BOOST_AUTO_TEST_CASE(takes_what_the_own_server_adds) {
    peer.answers_json(full);
    make();
    auto const got = ask();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->subject == "u1");
    BOOST_TEST(got->client_id == "c1");
    BOOST_TEST(got->audience.front() == "http://localhost:9101/mcp");
    BOOST_TEST(got->has_scope("mcp:tools"));
    BOOST_TEST(!got->has_scope("mcp:admin"));
    BOOST_TEST((got->expires_at == tollgate::time_point(1800000060s)));
    BOOST_TEST(got->strategy == "userinfo");
    BOOST_TEST(got->claims.at("name") == "User One");
}

BOOST_AUTO_TEST_CASE(takes_no_scope_from_the_own_server_for_none_and_from_others_for_unknown) {
    peer.answers_json(R"({"sub":"u1","aud":["http://localhost:9101/mcp"]})");
    make();
    auto const own = ask();
    BOOST_REQUIRE(own.has_value());
    BOOST_REQUIRE(own->scopes.has_value());
    BOOST_TEST(own->scopes->empty());
    make_foreign();
    auto const foreign = ask();
    BOOST_REQUIRE(foreign.has_value());
    BOOST_TEST(!foreign->scopes.has_value());
}

// What a stranger claims about scopes and audience is not part of the standard answer.
BOOST_AUTO_TEST_CASE(takes_only_the_identity_from_a_foreign_server) {
    peer.answers_json(full);
    make_foreign();
    auto const got = ask();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->subject == "u1");
    BOOST_TEST(got->client_id.empty());
    BOOST_TEST(got->audience.empty());
    BOOST_TEST(!got->scopes.has_value());
    BOOST_TEST(!got->expires_at.has_value());
    auto const asked = peer.asked();
    BOOST_TEST(asked[0].target == "/me");
    BOOST_TEST(asked[0].internal.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_token_that_the_server_answers_with_401) {
    peer.answers(401, "text/plain", "no");
    make();
    BOOST_TEST(status() == 401u);
    make_foreign();
    BOOST_TEST(status() == 401u);
}

// RFC 6750 §3.1: the token is good, openid is missing.
BOOST_AUTO_TEST_CASE(says_insufficient_scope_when_the_server_does) {
    peer.answers(403, "application/json", R"({"error":"insufficient_scope"})");
    make();
    auto const got = ask();
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 403u);
    BOOST_TEST(got.error().error() == "insufficient_scope");
    make_foreign();
    BOOST_TEST(status() == 503u);  // a firewall may say 403 as well
    peer.script = [](test::heard const&) {
        http::reply r(403, "text/plain", "no");
        r.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        return r;
    };
    BOOST_TEST(status() == 403u);
}

BOOST_AUTO_TEST_CASE(cannot_tell_from_anything_else) {
    make();
    for (unsigned const code : {204u, 302u, 400u, 404u, 429u, 500u, 503u}) {
        peer.answers(code, "application/json", full);
        BOOST_TEST(status() == 503u, code);
    }
    for (auto const* type : {"text/html", "application/jwt", "text/plain"}) {
        peer.answers(200, type, full);
        BOOST_TEST(status() == 503u, type);
    }
    for (auto const* body :
         {"", "{", "[]", "{}", R"({"sub":""})", R"({"sub":1})", R"({"sub":null})",
          R"({"sub":"u","scope":5})", R"({"sub":"u","exp":"x"})"}) {
        peer.answers_json(body);
        BOOST_TEST(status() == 503u, body);
    }
}

BOOST_AUTO_TEST_CASE(cannot_tell_when_nobody_answers_in_time) {
    peer.answers_json(full);
    peer.delay = 2s;
    options.timeout = 100ms;
    make();
    BOOST_TEST(status() == 503u);
    where.internal_issuer = test::nobody();
    BOOST_TEST(status() == 503u);
}

// Whatever the caller hands over must not become a second header.
BOOST_AUTO_TEST_CASE(never_sends_what_is_not_the_syntax_of_a_token) {
    make();
    for (auto const* token : {"", "a b", "a\r\nHost: evil", "t\xc3\xb6ken"})
        BOOST_TEST(status(token) == 401u);
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

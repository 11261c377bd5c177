// RFC 7662.
#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
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
    void make() { validator = make_introspection_validator(client, options); }
};

http_result said(unsigned status, std::string type, std::string body) {
    http::client_response a;
    a.status = status;
    a.headers.add("Content-Type", std::move(type));
    a.body = std::move(body);
    return a;
}

outcome<http::principal> judge(std::string body, bool own = false) {
    return principal_of_introspection(said(200, "application/json", std::move(body)), own,
                                      "digest");
}

unsigned status_of(outcome<http::principal> const& r) {
    return r ? 200u : r.error().status();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(introspection_validator, fixture)

// RFC 7662 §2.2: the members that are defined, and others that are let be.
BOOST_AUTO_TEST_CASE(maps_every_member_of_section_2_2) {
    auto const got = judge(
        R"({"active":true,"sub":"u1","client_id":"c1","username":"user one","token_type":"bearer",
            "scope":"mcp:tools  profile","aud":["http://a","http://b"],"exp":1800000060,
            "iss":"http://as","extra":{"x":1}})");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->subject == "u1");
    BOOST_TEST(got->client_id == "c1");
    std::vector<std::string> const scopes{"mcp:tools", "profile"};
    BOOST_TEST(*got->scopes == scopes, boost::test_tools::per_element());
    std::vector<std::string> const audience{"http://a", "http://b"};
    BOOST_TEST(got->audience == audience, boost::test_tools::per_element());
    BOOST_TEST((got->expires_at == tollgate::time_point(1800000060s)));
    BOOST_TEST(got->issuer == "http://as");
    BOOST_TEST(got->strategy == "introspection");
    BOOST_TEST(got->claims.contains("extra"));
}

BOOST_AUTO_TEST_CASE(reveals_nothing_that_the_provider_did_not_say) {
    auto const got = judge(R"({"active":true,"sub":"u1"})");
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->client_id.empty());
    BOOST_TEST(!got->scopes.has_value());
    BOOST_TEST(got->audience.empty());
    BOOST_TEST(!got->expires_at.has_value());
    auto const one = judge(R"({"active":true,"sub":"u1","aud":"http://a","scope":""})");
    BOOST_TEST(one->audience.size() == 1u);
    BOOST_TEST(one->scopes->empty());
}

// RFC 6749 §3.3: the own AS cannot write an empty scope, so that it leaves it out.
BOOST_AUTO_TEST_CASE(takes_no_scope_from_the_own_server_for_none_and_from_others_for_unknown) {
    std::string const silent = R"({"active":true,"sub":"u1","token_type":"Bearer"})";
    auto const own = judge(silent, true);
    BOOST_REQUIRE(own.has_value());
    BOOST_REQUIRE(own->scopes.has_value());
    BOOST_TEST(own->scopes->empty());
    BOOST_TEST(!own->has_scope("mcp:tools"));
    BOOST_TEST(judge(silent, false)->has_scope("mcp:tools"));
}

BOOST_AUTO_TEST_CASE(tells_callers_apart_whom_the_provider_does_not_name) {
    BOOST_TEST(judge(R"({"active":true,"username":"joe"})")->subject == "joe");
    BOOST_TEST(judge(R"({"active":true})")->subject == "token:digest");
}

// RFC 7662 §2.2: only active=true is a token that can be used.
BOOST_AUTO_TEST_CASE(refuses_an_inactive_token) {
    BOOST_TEST(status_of(judge(R"({"active":false})")) == 401u);
    BOOST_TEST(status_of(judge(R"({"active":false,"sub":"u1"})")) == 401u);
}

// RFC 9449 §6.2: cnf.jkt names the key of a token of type DPoP.
// RFC 9449 §6: the resource server can tell whether a token is bound, and to what.
BOOST_AUTO_TEST_CASE(tells_the_key_that_a_token_is_bound_to) {
    auto const bound =
        judge(R"({"active":true,"sub":"u","token_type":"DPoP","cnf":{"jkt":"thumb"}})");
    BOOST_REQUIRE(bound.has_value());
    BOOST_TEST(bound->key.value() == "thumb");
    BOOST_TEST(judge(R"({"active":true,"sub":"u"})")->key.value() == "");
    BOOST_TEST(status_of(judge(R"({"active":true,"sub":"u","cnf":"thumb"})")) == 503u);
}

// RFC 9449 §6.2: a token of type DPoP names its key.
// RFC 7662 §2.2: a refresh token is active, too, and none for access.
BOOST_AUTO_TEST_CASE(refuses_a_token_of_another_sort) {
    for (auto const* type : {"DPoP", "N_A", "refresh_token", ""}) {
        auto const body = std::string(R"({"active":true,"sub":"u","token_type":")") + type + "\"}";
        BOOST_TEST(status_of(judge(body)) == 401u, type);
    }
    BOOST_TEST(status_of(judge(R"({"active":true,"sub":"u","token_type":"BEARER"})")) == 200u);
    // Our own AS always says it, so a token without it is none for access.
    BOOST_TEST(status_of(judge(R"({"active":true,"sub":"u"})", true)) == 401u);
    BOOST_TEST(status_of(judge(R"({"active":true,"sub":"u","token_type":"Bearer"})", true)) ==
               200u);
}

// RFC 7662 §2.2: active is required and a boolean.
BOOST_AUTO_TEST_CASE(cannot_tell_from_an_answer_that_makes_no_sense) {
    for (auto const* body :
         {"", "{", "[]", "true", "{}", R"({"active":"true"})", R"({"active":1})",
          R"({"active":null})", R"({"active":true,"sub":7})", R"({"active":true,"scope":["a"]})",
          R"({"active":true,"aud":5})", R"({"active":true,"aud":["a",5]})",
          R"({"active":true,"exp":"soon"})", R"({"active":true,"exp":-1})",
          R"({"active":true,"client_id":{}})", R"({"active":true,"iss":[]})",
          R"({"active":true,"token_type":1})", R"({"active":true,"username":false})"})
        BOOST_TEST(status_of(judge(body)) == 503u, body);
}

BOOST_AUTO_TEST_CASE(cannot_tell_from_anything_but_json_with_status_200) {
    std::string const good = R"({"active":true,"sub":"u"})";
    for (unsigned const status : {201u, 204u, 302u, 400u, 404u, 429u, 500u, 502u})
        BOOST_TEST(status_of(principal_of_introspection(said(status, "application/json", good),
                                                        false, "d")) == 503u);
    for (auto const* type : {"text/html", "text/plain", "", "application/jwt"})
        BOOST_TEST(status_of(principal_of_introspection(said(200, type, good), false, "d")) == 503u,
                   type);
    BOOST_TEST(status_of(principal_of_introspection(
                   said(200, "Application/JSON; charset=utf-8", good), false, "d")) == 200u);
    http_result const failed = boost::asio::error::make_error_code(boost::asio::error::timed_out);
    BOOST_TEST(status_of(principal_of_introspection(failed, false, "d")) == 503u);
}

// RFC 7662 §2.3: 401 speaks of our credentials. A login of the user would not help.
BOOST_AUTO_TEST_CASE(blames_itself_when_the_provider_refuses_its_credentials) {
    for (unsigned const status : {401u, 403u}) {
        auto const got =
            principal_of_introspection(said(status, "application/json", "{}"), false, "d");
        BOOST_TEST(status_of(got) == 503u);
        BOOST_TEST(got.error().log_text() ==
                   "the introspection endpoint refused our own credentials");
    }
}

BOOST_AUTO_TEST_CASE(asks_the_own_server_with_the_internal_credential) {
    peer.answers_json(R"({"active":true,"sub":"u","token_type":"Bearer"})");
    options.client_id = "not-used";
    make();
    BOOST_TEST(status("a+b/c==") == 200u);
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(asked[0].method == "POST");
    BOOST_TEST(asked[0].target == "/introspect");
    BOOST_TEST(asked[0].content_type == "application/x-www-form-urlencoded");
    BOOST_TEST(asked[0].body == "token=a%2Bb%2Fc%3D%3D&token_type_hint=access_token");
    BOOST_TEST(asked[0].internal == "between-us");
    BOOST_TEST(asked[0].authorization.empty());
}

// RFC 6749 §2.3.1: form-encoded first, then joined and base64-encoded.
BOOST_AUTO_TEST_CASE(asks_a_foreign_server_with_basic_and_never_shows_it_the_internal_credential) {
    peer.answers_json(R"({"active":true,"sub":"u"})");
    options.endpoint = peer.url() + "/foreign?x=y";
    options.client_id = "my client";
    options.client_secret = "s:e%";
    make();
    BOOST_TEST(status() == 200u);
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 1u);
    BOOST_TEST(asked[0].target == "/foreign?x=y");
    BOOST_TEST(asked[0].internal.empty());
    BOOST_TEST(asked[0].authorization == "Basic " + to_base64("my%20client:s%3Ae%25"));
}

BOOST_AUTO_TEST_CASE(keeps_the_token_out_of_every_text) {
    make();
    peer.answers(500, "text/html", "<html>oops</html>");
    auto const got = ask("very-secret");
    BOOST_REQUIRE(!got);
    for (auto const& text : {got.error().log_text(), got.error().description()})
        BOOST_TEST(text.find("very-secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_503_when_nobody_is_there) {
    where.internal_issuer = test::nobody();
    make();
    BOOST_TEST(status() == 503u);
}

BOOST_AUTO_TEST_CASE(answers_503_when_the_server_is_too_slow) {
    peer.answers_json(R"({"active":true,"sub":"u","token_type":"Bearer"})");
    peer.delay = 3s;
    options.timeout = 100ms;
    make();
    auto const start = std::chrono::steady_clock::now();
    BOOST_TEST(status() == 503u);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 2s));
}

BOOST_AUTO_TEST_CASE(answers_503_to_an_answer_that_is_too_long) {
    peer.answers_json(R"({"active":true,"sub":"u","token_type":"Bearer","pad":")" +
                      std::string(100'000, 'x') + "\"}");
    make();
    BOOST_TEST(status() == 503u);
}

BOOST_AUTO_TEST_CASE(does_not_follow_a_redirect) {
    peer.script = [](test::heard const&) { return http::redirect("/elsewhere"); };
    make();
    BOOST_TEST(status() == 503u);
    BOOST_TEST(peer.count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

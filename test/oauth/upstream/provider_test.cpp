// Another's authorization server: found, asked, and blamed in words that help.
#include "oauth/upstream/provider.hpp"
#include "base/crypto.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/upstream/provider_peer.hpp"

using namespace test;
using namespace std::chrono_literals;
namespace oauth = tollgate::oauth;
namespace json = boost::json;

namespace {

struct upstream_bench {
    boost::asio::io_context io;
    provider_peer peer;
    http::client client{http::client::options()};
    tollgate::manual_clock time;
    oauth::provider_options configured;
    std::unique_ptr<oauth::provider> made;

    upstream_bench() {
        configured.client_id = "us";
        configured.timeout = 2s;
        configured.issuer = peer.url();
    }
    oauth::provider& upstream() {
        if (!made) made = std::make_unique<oauth::provider>(client, configured, time);
        return *made;
    }

    json::object document() {
        json::object d;
        d["issuer"] = configured.issuer;
        d["authorization_endpoint"] = peer.url() + "/authorize";
        d["token_endpoint"] = peer.url() + "/token";
        d["userinfo_endpoint"] = peer.url() + "/userinfo";
        d["authorization_response_iss_parameter_supported"] = true;
        return d;
    }
    // The document at `path`, 404 elsewhere; `others` answer with `body`.
    void publishes(json::object d, std::string path, std::string body = "{}",
                   unsigned status = 200) {
        auto const text = json::serialize(d);
        peer.script = [=](heard const& h) {
            if (h.target == path) return http::reply(200, "application/json", text);
            if (h.target.starts_with("/.well-known") ||
                h.target.find("/.well-known/") != std::string::npos)
                return http::reply(404, "text/html", "<p>no</p>");
            return http::reply(status, "application/json", body);
        };
    }
    void publishes(std::string body = "{}", unsigned status = 200) {
        publishes(document(), "/.well-known/openid-configuration", std::move(body), status);
    }

    tollgate::outcome<oauth::known_provider> metadata() {
        auto asking = upstream().metadata();
        return run(io, std::move(asking));
    }
    std::string why() {
        auto const got = metadata();
        return got ? "found"
                   : std::to_string(got.error().status()) + ' ' + got.error().description();
    }
    tollgate::outcome<oauth::provider_tokens> redeem() {
        auto asking = upstream().redeem("the code", "the verifier", "http://localhost/cb");
        return run(io, std::move(asking));
    }
    std::string refusal() {
        auto const got = redeem();
        if (got) return "tokens";
        return std::to_string(got.error().status()) + ' ' + got.error().error() + ' ' +
               got.error().description();
    }
};

bool contains(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(provider_suite, upstream_bench)

// OpenID Connect Discovery §4: the well-known path is appended to the issuer
BOOST_AUTO_TEST_CASE(is_found_by_its_openid_document) {
    publishes();
    auto const m = metadata();
    BOOST_REQUIRE(m.has_value());
    BOOST_TEST((*m)->token_endpoint == peer.url() + "/token");
    BOOST_TEST((*m)->sends_issuer);
    BOOST_TEST(peer.count() == 1u);
}

// RFC 8414 §3.1: the well-known path is inserted between host and path
BOOST_AUTO_TEST_CASE(is_found_by_its_oauth_document_when_it_has_no_openid_one) {
    configured.issuer = peer.url() + "/tenant";
    publishes(document(), "/.well-known/oauth-authorization-server/tenant");
    BOOST_TEST(why() == "found");
    BOOST_TEST(peer.asked().front().target == "/tenant/.well-known/openid-configuration");
}

// RFC 8414 §3.3: the issuer must be identical, or the document must not be used
BOOST_AUTO_TEST_CASE(is_refused_when_its_document_names_another_issuer) {
    auto d = document();
    d["issuer"] = configured.issuer + "/";
    publishes(d, "/.well-known/openid-configuration");
    auto const said = why();
    BOOST_TEST(said.starts_with("502 "));
    BOOST_TEST(contains(said, configured.issuer + "/\""));
    BOOST_TEST(contains(said, "differ by a slash at the end"));
}

BOOST_AUTO_TEST_CASE(is_asked_once_in_five_minutes_and_again_after) {
    publishes();
    metadata();
    time.advance(4min);
    metadata();
    BOOST_TEST(peer.count() == 1u);
    time.advance(2min);
    metadata();
    BOOST_TEST(peer.count() == 2u);
}

BOOST_AUTO_TEST_CASE(keeps_its_last_good_document_while_it_does_not_answer) {
    publishes();
    metadata();
    peer.answers(500, "text/plain", "");
    time.advance(10min);
    auto const before = peer.count();
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(why() == "found");
        time.advance(9s);
    }
    BOOST_TEST(peer.count() == before + 1);
    time.advance(3s);
    BOOST_TEST(why() == "found");
    BOOST_TEST(peer.count() == before + 2);
}

// RFC 8414 §2, OpenID Connect Discovery §3: endpoints are https URLs; of an issuer on plain http
// (for tests, on loopback) nobody can ask that
BOOST_AUTO_TEST_CASE(is_refused_when_an_https_issuer_names_an_endpoint_that_is_not) {
    json::object d;
    d["issuer"] = "https://login.example";
    d["token_endpoint"] = "https://login.example/token";
    auto const ask = [&] {
        auto const got =
            oauth::read_discovery(d, "https://login.example", "https://login.example/x");
        return got ? "fine" : got.error().description();
    };
    BOOST_TEST(ask() == "fine");
    for (auto const* name : {"token_endpoint", "jwks_uri", "userinfo_endpoint"}) {
        auto const before = d;
        d[name] = "http://login.example/plain";
        BOOST_TEST(contains(ask(), std::string("has a ") + name + " that is not https"));
        d = before;
    }
}

// RFC 6749 §3.2: an issuer on this machine must not lead our secret in clear text to another one
BOOST_AUTO_TEST_CASE(is_refused_when_an_endpoint_is_plain_http_on_another_machine) {
    json::object d;
    d["issuer"] = "http://localhost:8080";
    auto const ask = [&](bool allowed = false) {
        auto const got = oauth::read_discovery(d, "http://localhost:8080", "http://x", allowed);
        return got ? "fine" : got.error().description();
    };
    for (auto const* own : {"http://localhost:1/t", "http://127.0.0.9/t", "http://[::1]:1/t",
                            "http://idp.localhost/t", "https://idp.example/t"}) {
        d["token_endpoint"] = own;
        BOOST_TEST(ask() == "fine", own);
    }
    for (auto const* other : {"http://keycloak:8080/t", "http://127.evil.example/t",
                              "http://localhost.example/t", "http://10.0.0.1/t"}) {
        d["token_endpoint"] = other;
        BOOST_TEST(contains(ask(), "has a token_endpoint that is plain http on another machine"),
                   other);
        BOOST_TEST(contains(ask(), "upstream.allow_insecure_http"));
        BOOST_TEST(ask(true) == "fine", other);
    }
}

BOOST_AUTO_TEST_CASE(is_asked_again_a_second_after_it_failed) {
    peer.answers(500, "text/plain", "");
    BOOST_TEST(why().starts_with("502 The provider answered with status 500 (discovery, "));
    why();
    BOOST_TEST(peer.count() == 1u);
    publishes();
    time.advance(1s);
    BOOST_TEST(why() == "found");
}

BOOST_AUTO_TEST_CASE(needs_no_document_when_its_endpoints_are_configured) {
    configured.issuer.clear();
    configured.token_endpoint = peer.url() + "/t";
    peer.answers_json(R"({"access_token":"a","token_type":"Bearer"})");
    auto const tokens = redeem();
    BOOST_REQUIRE(tokens.has_value());
    BOOST_TEST(peer.count() == 1u);
    BOOST_TEST(peer.asked().front().target == "/t");
}

BOOST_AUTO_TEST_CASE(uses_a_configured_endpoint_rather_than_the_published_one) {
    configured.token_endpoint = peer.url() + "/mine";
    publishes();
    BOOST_TEST((*metadata())->token_endpoint == peer.url() + "/mine");
    BOOST_TEST((*metadata())->userinfo_endpoint == peer.url() + "/userinfo");
}

// RFC 6749 §4.1.3, RFC 7636 §4.5: what a token request carries
BOOST_AUTO_TEST_CASE(redeems_a_code_with_its_verifier_as_a_public_client) {
    publishes(R"({"access_token":"a","token_type":"Bearer","refresh_token":"r","expires_in":60})");
    auto const tokens = redeem();
    BOOST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->access_token == "a");
    BOOST_TEST(tokens->refresh_token == "r");
    BOOST_TEST(tokens->expires_in->count() == 60);
    auto const asked = peer.asked().back();
    BOOST_TEST(asked.method == "POST");
    BOOST_TEST(asked.authorization == "");
    BOOST_TEST(asked.body ==
               "grant_type=authorization_code&code=the%20code&redirect_uri=http%3A%2F%2Flocalhost"
               "%2Fcb&code_verifier=the%20verifier&client_id=us");
}

// RFC 6749 §2.3.1: Basic, both halves form-encoded
BOOST_AUTO_TEST_CASE(authenticates_with_basic_where_it_has_a_secret) {
    configured.client_secret = "s:1";
    publishes(R"({"access_token":"a","token_type":"Bearer"})");
    redeem();
    BOOST_TEST(peer.asked().back().authorization == "Basic dXM6cyUzQTE=");
    BOOST_TEST(!contains(peer.asked().back().body, "client_secret"));
}

// RFC 8414 §2: token_endpoint_auth_methods_supported
BOOST_AUTO_TEST_CASE(authenticates_in_the_body_where_the_provider_knows_nothing_else) {
    configured.client_secret = "s";
    auto d = document();
    d["token_endpoint_auth_methods_supported"] = json::array{"client_secret_post"};
    publishes(d, "/.well-known/openid-configuration",
              R"({"access_token":"a","token_type":"Bearer"})");
    redeem();
    BOOST_TEST(peer.asked().back().authorization == "");
    BOOST_TEST(contains(peer.asked().back().body, "&client_id=us&client_secret=s"));
}

BOOST_AUTO_TEST_CASE(that_says_no_life_or_a_strange_one_is_understood) {
    for (auto const* life :
         {"", R"(,"expires_in":-1)", R"(,"expires_in":"soon")", R"(,"expires_in":null)"}) {
        made.reset();
        publishes(R"({"access_token":"a","token_type":"Bearer")" + std::string(life) + "}");
        BOOST_TEST(!redeem()->expires_in.has_value());
    }
    made.reset();
    publishes(R"({"access_token":"a","expires_in":"3600"})");
    BOOST_TEST(redeem()->expires_in->count() == 3600);
}

// RFC 6749 §5.2: the error of the token endpoint is told in the provider's own words
BOOST_AUTO_TEST_CASE(that_refuses_is_quoted) {
    publishes(R"({"error":"invalid_grant","error_description":"code \"x\" expired\n"})", 400);
    BOOST_TEST(refusal() ==
               "400 invalid_grant The provider refused the token request: invalid_grant: code ?x? "
               "expired?");
}

// What was sent comes back in no sentence and on no page, not even in part.
BOOST_AUTO_TEST_CASE(that_repeats_what_it_was_sent_is_quoted_without_it) {
    configured.client_secret = "top \"secret\"/of ours";
    auto const said = "Basic " + tollgate::to_base64("us:top%20%22secret%22%2Fof%20ours") +
                      " top \"secret\"/of ours, the code, the verifier";
    json::object o;
    o["error"] = "invalid_client";
    o["error_description"] = std::string(470, '.') + said;
    publishes(json::serialize(o), 401);
    oauth::provider_response heard;
    oauth::code_redemption r("the code", "the verifier", "http://localhost/cb");
    r.response = &heard;
    auto asking = upstream().redeem(std::move(r));
    auto const got = run(io, std::move(asking));
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(got.error().description().ends_with(".....Basic *** ***, ***, ***"));
    BOOST_TEST(heard.status == 401u);
    BOOST_TEST(contains(heard.body, "Basic *** ***, ***, ***"));

    publishes(R"({"error":"invalid_token","error_description":"no at+1/2"})", 401);
    auto userinfo = upstream().userinfo("at+1/2", &heard);
    auto const refused = run(io, std::move(userinfo));
    BOOST_TEST(contains(refused.error().description(), "invalid_token: no ***"));
    BOOST_TEST(!contains(heard.body, "at+1"));
}

BOOST_AUTO_TEST_CASE(that_answers_nonsense_is_described_with_the_address_and_what_to_check) {
    struct row {
        unsigned status;
        char const* type;
        char const* body;
        char const* says;
    };
    row const rows[] = {
        {200, "text/html", "<html>", "answered with text/html instead of JSON"},
        {200, "application/json", "<html>", "something that is no JSON object"},
        {200, "application/json", "[]", "something that is no JSON object"},
        {200, "application/json", "{}", "has no access_token"},
        {503, "text/plain", "", "answered with status 503"},
        {404, "text/html", "", "answered with status 404 and no OAuth error"},
        {302, "text/html", "", "a redirect to https://login.example, which is not followed"},
    };
    configured.issuer.clear();
    configured.token_endpoint = peer.url() + "/token";
    for (auto const& r : rows) {
        peer.script = [&](heard const&) {
            http::reply answer(r.status, r.type, r.body);
            if (r.status == 302) answer.headers.add("Location", "https://login.example/?secret=1");
            return answer;
        };
        auto const said = refusal();
        // RFC 9110 §15.6.4: it is for later, and so is ours.
        std::string const status = r.status == 503 ? "503" : "502";
        BOOST_TEST(said.starts_with(status + " temporarily_unavailable "));
        BOOST_TEST(contains(said, r.says), said);
        BOOST_TEST(contains(said, peer.url() + "/token"), said);
        BOOST_TEST(!contains(said, "secret"), said);
    }
}

BOOST_AUTO_TEST_CASE(that_is_not_there_or_too_slow_is_told_apart) {
    configured.issuer.clear();
    configured.token_endpoint = nobody() + "/token";
    BOOST_TEST(
        refusal().starts_with("502 temporarily_unavailable The provider cannot be reached: "));
    made.reset();
    configured.token_endpoint = peer.url() + "/token";
    configured.timeout = 50ms;
    peer.answers_json("{}");
    peer.delay = 400ms;
    BOOST_TEST(refusal().starts_with(
        "504 temporarily_unavailable The provider did not answer in time (token request, "));
}

BOOST_AUTO_TEST_CASE(without_an_endpoint_says_which_key_to_set) {
    auto d = document();
    d.erase("userinfo_endpoint");
    publishes(d, "/.well-known/openid-configuration");
    auto asking = upstream().userinfo("a");
    auto const got = run(io, std::move(asking));
    BOOST_REQUIRE(!got.has_value());
    BOOST_TEST(contains(got.error().description(), "set upstream.userinfo_endpoint"));
}

BOOST_AUTO_TEST_SUITE_END()

// A provider that answers something else, or nothing: one sentence says which leg failed.
#include "oauth/proxy/proxy_bench.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct fixture : proxy_bench {
    // "502 temporarily_unavailable The provider answered with …"
    std::string refusal() {
        auto const a = token({{"grant_type", "authorization_code"}, {"client_id", "us"}});
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        BOOST_TEST(!has_part(a.body, "secret"));
        return std::to_string(a.status) + ' ' + error_of(a) + ' ' + sentence_of(a);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proxy_failures, fixture)

BOOST_AUTO_TEST_CASE(a_page_is_never_passed_on) {
    answers(200, "text/html", "<script>alert(1)</script>");
    auto const said = refusal();
    BOOST_TEST(
        said.starts_with("502 temporarily_unavailable The provider answered with text/html "
                         "instead of JSON (token request, " +
                         peer.url() + "/t)"));
    BOOST_TEST(has_part(said, "Check upstream.issuer or upstream.token_endpoint"));
}

BOOST_AUTO_TEST_CASE(a_lying_content_type_is_found_out) {
    answers(200, "application/json", "<script>alert(1)</script>");
    BOOST_TEST(has_part(refusal(),
                        "502 temporarily_unavailable The provider answered with "
                        "something that is no JSON object"));
    answers(200, "application/json", "[]");
    BOOST_TEST(has_part(refusal(), "no JSON object"));
    answers(200, "application/json", "");
    BOOST_TEST(has_part(refusal(),
                        "502 temporarily_unavailable The provider answered without a "
                        "body"));
}

// RFC 9110 §12.5.3: identity is all that was asked for
BOOST_AUTO_TEST_CASE(what_is_coded_and_cannot_be_looked_into_is_not_passed_on) {
    for (unsigned const status : {200u, 401u}) {
        answers(status, "application/json", "\x1f\x8b...");
        says.headers.add("Content-Encoding", "gzip");
        BOOST_TEST(has_part(refusal(),
                            "502 temporarily_unavailable The provider answered with a "
                            "Content-Encoding that nobody asked for"));
    }
    answers(200, "application/json", "{}");
    says.headers.add("Content-Encoding", "identity");
    BOOST_TEST(token({}).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_failure_without_an_oauth_error_is_explained) {
    answers(500, "text/html", "<p>oops</p>");
    BOOST_TEST(has_part(refusal(),
                        "502 temporarily_unavailable The provider answered with status "
                        "500 and no OAuth error"));
    answers(404, "text/plain", "no");
    BOOST_TEST(has_part(refusal(), "status 404 and no OAuth error"));
}

// RFC 6749 §5.2: an error is 400, whatever status the provider sends it with
BOOST_AUTO_TEST_CASE(an_error_that_the_provider_sends_with_status_200_is_400) {
    answers(200, "application/json", R"({"error":"bad_refresh_token","error_description":"old"})");
    auto const a = token({});
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.body == R"({"error":"bad_refresh_token","error_description":"old"})");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    // Tokens are tokens, whatever else stands beside them.
    answers(200, "application/json", R"({"access_token":"at","error":""})");
    BOOST_TEST(token({}).status == 200u);
}

// RFC 9110 §10.2.3: Retry-After says when to come back
BOOST_AUTO_TEST_CASE(a_provider_that_is_busy_says_when_to_come_back) {
    for (unsigned const status : {429u, 503u}) {
        answers(status, "text/html", "<p>busy</p>");
        says.headers.add("Retry-After", "30");
        auto const a = token({});
        BOOST_TEST(a.status == status);
        BOOST_TEST(a.header("Retry-After") == "30");
        BOOST_TEST(error_of(a) == "temporarily_unavailable");
    }
}

// RFC 6749 §5.1: a token endpoint answers with JSON; credentials go nowhere else
BOOST_AUTO_TEST_CASE(a_redirect_is_neither_followed_nor_passed_on) {
    provider_peer elsewhere;
    elsewhere.answers_json("{}");
    for (unsigned const status : {301u, 302u, 303u, 307u, 308u}) {
        answers(status, "text/html", "");
        says.headers.add("Location", elsewhere.url() + "/t?leak=1");
        auto const a = token({});
        BOOST_TEST(a.status == 502u);
        BOOST_TEST(a.header("Location") == "");
        BOOST_TEST(has_part(sentence_of(a), "redirect to " + elsewhere.url() + ", which is"));
        BOOST_TEST(!has_part(a.body, "leak"));
    }
    BOOST_TEST(elsewhere.count() == 0u);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_away_is_named) {
    configured.issuer.clear();
    configured.authorization_endpoint = nobody() + "/authorize";
    configured.token_endpoint = nobody() + "/token";
    auto const said = refusal();
    BOOST_TEST(said.starts_with("502 temporarily_unavailable The provider cannot be reached: "));
    BOOST_TEST(has_part(said, nobody() + "/token"));
    BOOST_TEST(at().get("/authorize?a=b").status == 302u);  // nobody needs to be asked for that
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_slow_is_not_waited_for) {
    configured.timeout = 200ms;
    token({});
    peer.delay = 1s;
    BOOST_TEST(refusal().starts_with(
        "504 temporarily_unavailable The provider did not answer in time (token request, "));
}

BOOST_AUTO_TEST_CASE(an_answer_has_a_limit) {
    answers(200, "application/json", '"' + std::string(2 << 20, 'x') + '"');
    BOOST_TEST(has_part(refusal(),
                        "502 temporarily_unavailable The provider answered with too "
                        "much"));
}

// A person is there who can read.
BOOST_AUTO_TEST_CASE(a_login_that_cannot_be_sent_anywhere_is_a_page) {
    document["issuer"] = peer.url() + "/";
    auto const a = at().get("/authorize?a=b");
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(has_part(a.header("Content-Type"), "text/html"));
    BOOST_TEST(has_part(a.body, "differ by a slash"));
    BOOST_TEST(a.header("Location") == "");
}

// RFC 8414 §3.3: a document of another issuer must not be used
BOOST_AUTO_TEST_CASE(a_wrong_issuer_stops_everything) {
    document["issuer"] = "https://evil.example";
    BOOST_TEST(has_part(refusal(), "502 temporarily_unavailable The provider's metadata at "));
    BOOST_TEST(at().get("/.well-known/oauth-authorization-server").status == 502u);
    BOOST_TEST(at().get("/userinfo").status == 502u);
    BOOST_TEST(peer.count() == 1u);
}

// RFC 9110 §7.6.3: Via makes loops visible
BOOST_AUTO_TEST_CASE(a_provider_that_leads_back_here_is_found_out) {
    token({});
    std::string const via(last().headers.get("Via"));
    BOOST_TEST(via.starts_with("1.1 tollgate-"));
    auto const before = peer.count();
    auto const a = token({}, {{"Via", "1.1 other"}, {"Via", via}});
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(has_part(sentence_of(a), "leads back to this very server"));
    BOOST_TEST(peer.count() == before);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_this_very_server_is_found_out_before_it_is_asked) {
    configured.issuer = "http://127.0.0.1:9100";  // an alias of localhost
    for (auto const* path : {"/.well-known/oauth-authorization-server", "/authorize?a=b",
                             "/userinfo", "/.well-known/jwks.json"}) {
        auto const a = at().get(path);
        BOOST_TEST(a.status == 502u, path);
        BOOST_TEST(has_part(a.body, "leads back to this very server"), path);
    }
}

BOOST_AUTO_TEST_CASE(a_login_is_not_sent_round_in_a_circle) {
    configured.issuer.clear();
    configured.authorization_endpoint = "http://[::1]:9100/authorize";
    configured.token_endpoint = peer.url() + "/t";
    auto const a = at().get("/authorize?a=b");
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(a.header("Location") == "");
    BOOST_TEST(token({}).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

// A client whose client_id is the address of its metadata, all the way through a login.
#include "oauth/client_auth/remote_keys.hpp"
#include "oauth/server/authorization_bench.hpp"
#include "oauth/upstream/provider_peer.hpp"

using namespace test;

namespace {

oauth::server_options asking_with(http::client& c) {
    oauth::server_options o;
    o.configured.client_documents = true;
    o.configured.loopback_metadata = true;
    o.outbound = &c;
    return o;
}

// Calls an endpoint of ours with a context that the handlers would see.
struct document_bench {
    provider_peer peer;
    http::client client{http::client::options()};
    authorization_bench as{asking_with(client)};
    std::string const id = peer.url() + "/client.json";

    json::object document() const {
        json::object o;
        o["client_id"] = id;
        o["client_name"] = "Documented";
        o["redirect_uris"] = json::array{callback};
        o["grant_types"] = json::array{"authorization_code", "refresh_token"};
        return o;
    }
    void serves(json::object const& o) { peer.answers_json(json::serialize(o)); }
    answer authorize() { return as.authorize(as.authorize_request(id)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(document_client, document_bench)

// MCP 2025-11-25, Authorization, "Client ID Metadata Documents": no registration before
BOOST_AUTO_TEST_CASE(logs_in_refreshes_and_is_looked_up_once) {
    serves(document());
    auto const tokens = as.login(id);
    auto const again = as.token(as.refresh_request(id, text(tokens, "refresh_token")));
    BOOST_TEST(again.status == 200);
    auto const told = as.introspect(text(again.json(), "access_token"));
    BOOST_TEST(text(told, "client_id") == id);
    BOOST_TEST(peer.count() == 1u);
}

// MCP 2025-11-25, Authorization, "Client ID Metadata Documents": redirects are those of the
// document
BOOST_AUTO_TEST_CASE(sends_nobody_to_a_redirect_that_the_document_does_not_name) {
    serves(document());
    auto const a =
        as.authorize(with(as.authorize_request(id), "redirect_uri", "https://evil.example/cb"));
    BOOST_TEST(a.status == 400);
    BOOST_TEST(!a.headers.has("Location"));
}

// Client ID Metadata Document draft-01 §4.3: the authorization request is aborted
BOOST_AUTO_TEST_CASE(shows_what_is_wrong_with_the_document) {
    auto wrong = document();
    wrong["client_id"] = "https://other.example/c";
    serves(wrong);
    auto a = authorize();
    BOOST_TEST(a.status == 400);
    BOOST_TEST(a.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(a.body.find("not exactly the URL") != std::string::npos);
    peer.answers(404, "text/plain", "");
    a = authorize();
    BOOST_TEST(a.status == 400);
    BOOST_TEST(a.body.find("could not be fetched, or is none") != std::string::npos);
    serves(document());
    BOOST_TEST(authorize().status == 302);
}

BOOST_AUTO_TEST_CASE(refuses_at_the_token_endpoint_with_invalid_client) {
    for (unsigned const status : {404u, 410u}) {
        peer.answers(status, "text/plain", "");
        auto const a = as.token(as.refresh_request(id, "x"));
        BOOST_TEST(refusal(a) == "401 invalid_client");
        BOOST_TEST(a.header("WWW-Authenticate").starts_with("Basic "));
    }
}

// RFC 6749 §4.1.2.1, RFC 9110 §11.6.1: nobody authenticates on a page, so there is no challenge
BOOST_AUTO_TEST_CASE(is_asked_for_no_credentials_on_a_page) {
    peer.answers(404, "text/plain", "");
    for (std::string const& unknown : {id, std::string("nobody-we-know")}) {
        auto const a = as.authorize(as.authorize_request(unknown));
        BOOST_TEST(a.status == 400, unknown);
        BOOST_TEST(!a.headers.has("WWW-Authenticate"), unknown);
        BOOST_TEST(a.body.find("invalid_client") == std::string::npos, unknown);
        BOOST_TEST(a.body.find("invalid_request") != std::string::npos, unknown);
    }
}

// RFC 9110 §15.6.4, RFC 9111 §4.2.4: while its document cannot be had nothing is said about a
// client
BOOST_AUTO_TEST_CASE(goes_on_with_its_refresh_token_once_its_document_can_be_had_again) {
    peer.script = [this](heard const&) {
        http::reply r(200, "application/json", json::serialize(document()));
        r.headers.add("Cache-Control", "max-age=60, must-revalidate");
        return r;
    };
    auto const tokens = as.login(id);
    as.later(std::chrono::seconds(60));
    peer.answers(500, "text/plain", "");
    auto const refresh = as.refresh_request(id, text(tokens, "refresh_token"));
    auto const away = as.token(refresh);
    BOOST_TEST(refusal(away) == "503 temporarily_unavailable");
    BOOST_TEST(away.header("Retry-After") == "5");
    BOOST_TEST(!away.headers.has("WWW-Authenticate"));
    BOOST_TEST(away.header("Cache-Control") == "no-store");
    for (auto const* path : {"/introspect", "/revoke", "/device_authorization"}) {
        auto const a = as.web.post_form(path, {{"client_id", id}, {"token", "t"}});
        BOOST_TEST(refusal(a) == "503 temporarily_unavailable", path);
        BOOST_TEST(a.header("Retry-After") == "5", path);
    }
    auto const page = authorize();
    BOOST_TEST(page.status == 503);
    BOOST_TEST(page.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(page.header("Retry-After") == "5");
    BOOST_TEST(!page.headers.has("Location"));
    serves(document());
    BOOST_TEST(as.token(refresh).status == 200);
}

BOOST_AUTO_TEST_CASE(goes_on_with_a_stale_document_where_it_may_be_used) {
    serves(document());
    auto const tokens = as.login(id);
    as.later(std::chrono::minutes(10));
    peer.answers(503, "text/plain", "");
    BOOST_TEST(as.token(as.refresh_request(id, text(tokens, "refresh_token"))).status == 200);
}

// MCP 2025-11-25, Authorization, "Authorization Server Abuse Protection": SSRF
BOOST_AUTO_TEST_CASE(asks_no_address_inside_and_nothing_on_loopback_unless_allowed) {
    serves(document());
    for (auto const* inside :
         {"https://127.0.0.1/c", "https://localhost/c", "https://10.0.0.1/c", "https://[::1]/c",
          "https://169.254.169.254/latest/meta-data", "https://[::ffff:127.0.0.1]/c"}) {
        auto const a = as.authorize(as.authorize_request(inside));
        BOOST_TEST(a.status == 400, inside);
        BOOST_TEST(a.body.find("has no public address") != std::string::npos, inside);
    }
    as.policy([](auto& p) { p.loopback_metadata = false; });
    BOOST_TEST(authorize().status == 400);
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(knows_no_documents_when_the_policy_has_none) {
    as.policy([](auto& p) { p.client_documents = false; });
    BOOST_TEST(authorize().status == 400);
    auto const d = as.web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(!d.at("client_id_metadata_document_supported").as_bool());
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(has_no_registration_to_manage) {
    serves(document());
    auto const a =
        as.web.get("/register/" + http::percent_encode(id), {{"Authorization", "Bearer abc"}});
    BOOST_TEST(a.status == 401);
}

BOOST_AUTO_TEST_SUITE_END()

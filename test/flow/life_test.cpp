// Streams, shutdown, refusals at the door: what does not depend on one endpoint.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "http/net/listening.hpp"
#include "http/server/server.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(life_flow)

BOOST_AUTO_TEST_CASE(an_open_stream_ends_when_its_token_dies) {
    program p({"validation.recheck=200ms"});
    login const client(p.mcp());
    auto const stream = open("GET", p.sse(), bearer(client.now.access));
    stream->read_until("sessionId=");
    post_json(p.issuer() + "/control/revoke-access", "");
    auto const rest = stream->read_until("0\r\n\r\n");  // the last chunk: a polite end
    BOOST_TEST(rest.find("0\r\n\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(streams_end_politely_when_the_server_drains) {
    program p;
    login const client(p.mcp());
    auto const stream = open("GET", p.sse(), bearer(client.now.access));
    stream->read_until("sessionId=");
    auto const took = p.stop();
    BOOST_TEST(took.count() < 2500);
    stream->read_until("0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_second_instance_on_the_same_port_is_told_which_port_is_taken) {
    program p;
    auto const port = p.issuer().substr(p.issuer().rfind(':') + 1);
    try {
        program const second({"authorization_server.listen=localhost:" + port});
        BOOST_FAIL("two servers share a port");
    } catch (tollgate::http::cannot_bind const& e) {
        BOOST_TEST(std::string(e.what()).find(port) != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_provider_that_cannot_be_asked_is_a_503_and_no_challenge) {
    std::string nobody;
    {
        program const gone;
        nobody = gone.issuer() + "/introspect";
    }
    program p({"validation.endpoint=" + nobody, "validation.client_id=mcp",
               "validation.client_secret=secret"});
    login const client(p.mcp());
    auto const answer = post_json(p.mcp(), initialize_body(), bearer(client.now.access));
    BOOST_TEST(answer.status == 503u);
    BOOST_TEST(!answer.header("Retry-After").empty());
    BOOST_TEST(answer.header("WWW-Authenticate").empty());
}

BOOST_AUTO_TEST_CASE(a_provider_may_be_another_tollgate) {
    program provider(
        {"clients=[{client_id=\"mcp\",client_secret=\"s3cret\",redirect_uris="
         "[\"http://127.0.0.1/callback\"]}]",
         "authorization_server.resources=\"any\""});
    program p({"validation.endpoint=" + provider.issuer() + "/introspect",
               "validation.client_id=mcp", "validation.client_secret=s3cret"});
    login const at_own_as(p.mcp());
    BOOST_TEST(post_json(p.mcp(), initialize_body(), bearer(at_own_as.now.access)).status ==
               401u);  // the provider does not know it
}

BOOST_AUTO_TEST_CASE(a_foreign_host_is_misdirected_and_a_foreign_origin_is_forbidden) {
    program p;
    BOOST_TEST(post_json(p.mcp(), initialize_body(), {{"Host", "evil.example"}}).status == 421u);
    auto const refused = post_json(p.mcp(), initialize_body(), {{"Origin", "http://evil.example"}});
    BOOST_TEST(refused.status == 403u);
    BOOST_TEST(refused.header("Access-Control-Allow-Origin").empty());
}

BOOST_AUTO_TEST_CASE(a_browser_client_may_read_the_challenge) {
    program p;
    auto const answer =
        post_json(p.mcp(), initialize_body(), {{"Origin", "http://localhost:6274"}});
    BOOST_TEST(answer.status == 401u);
    BOOST_TEST(answer.header("Access-Control-Allow-Origin") == "http://localhost:6274");
    BOOST_TEST(answer.header("Access-Control-Expose-Headers").find("WWW-Authenticate") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(health_and_metrics_stand_at_the_origin) {
    program p;
    BOOST_TEST(get(p.issuer() + "/healthz").status == 200u);
    BOOST_TEST(get(p.issuer() + "/readyz").status == 200u);
    BOOST_TEST(get(p.issuer() + "/metrics").body.find("# TYPE") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_same_refusal_is_the_same_bytes) {
    program p;
    login const client(p.mcp());
    auto const first = post_json(p.mcp(), initialize_body(), bearer("unknown-token"));
    auto const again = post_json(p.mcp(), initialize_body(), bearer("another-unknown"));
    BOOST_TEST(first.header("WWW-Authenticate") == again.header("WWW-Authenticate"));
    BOOST_TEST(first.body == again.body);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

// Faults of the connection and of streams, as they arrive on a real socket.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;

struct broken {
    program p{{"authorization_server.consent=auto"}};
    std::string document = p.issuer() + "/.well-known/oauth-authorization-server";

    void fault(std::string const& body) const {
        BOOST_REQUIRE(post_json(p.issuer() + "/control/faults", body).status == 201u);
    }
    // Everything that comes until the peer closes; "reset" where it resets.
    std::string all_of(std::string const& url) const {
        auto const client = open("GET", url);
        auto const all = client->read_to_end();
        return client->was_reset() ? "reset" : all;
    }
};

BOOST_FIXTURE_TEST_SUITE(wrong_delivery_flow, broken,
                         *needs_one_program("a proxy answers itself where a connection breaks"))

BOOST_AUTO_TEST_CASE(net_empty_ends_the_connection_without_a_byte) {
    fault(R"({"name":"net.empty","select":{"endpoint":"as_metadata"}})");
    BOOST_TEST(all_of(document) == "");
}

BOOST_AUTO_TEST_CASE(net_reset_before_resets_it) {
    fault(R"({"name":"net.reset_before","select":{"endpoint":"as_metadata"}})");
    BOOST_TEST(all_of(document) == "reset");
}

// RFC 9112 §8: the client can tell, by the length that was promised.
BOOST_AUTO_TEST_CASE(net_fin_early_sends_half_of_the_body_that_it_announces) {
    auto const whole = get(document);
    fault(R"({"name":"net.fin_early","select":{"endpoint":"as_metadata"}})");
    auto const got = all_of(document);
    auto const body = got.substr(got.find("\r\n\r\n") + 4);
    BOOST_TEST(got.starts_with("HTTP/1.1 200"));
    BOOST_TEST(got.find("Content-Length: " + std::to_string(whole.body.size())) !=
               std::string::npos);
    BOOST_TEST(body == whole.body.substr(0, whole.body.size() / 2));
}

BOOST_AUTO_TEST_CASE(net_garbage_is_no_http) {
    fault(R"({"name":"net.garbage","select":{"endpoint":"as_metadata"}})");
    auto const got = all_of(document);
    BOOST_TEST(!got.empty());
    BOOST_TEST(!got.starts_with("HTTP/"));
}

BOOST_AUTO_TEST_CASE(net_dribble_sends_the_whole_answer_in_pieces_and_takes_its_time) {
    auto const whole = get(document);
    fault(R"({"name":"net.dribble","select":{"endpoint":"as_metadata"},
              "params":{"bytes":400,"every_ms":20}})");
    auto const started = std::chrono::steady_clock::now();
    auto const got = get(document);
    BOOST_TEST(got.body == whole.body);
    auto const pieces = whole.body.size() / 400;
    BOOST_TEST((std::chrono::steady_clock::now() - started >= pieces * 20ms));
}

BOOST_AUTO_TEST_CASE(refresh_lost_response_has_rotated_the_token) {
    login client(p.mcp());
    fault(R"({"name":"refresh.lost_response","trigger":{"nth":1}})");
    BOOST_CHECK_THROW(client.try_refresh(client.now.refresh), raw_failure);
    // The old one was used up by the request whose answer nobody saw.
    auto const again = client.try_refresh(client.now.refresh);
    BOOST_TEST(again.status == 400u);
    BOOST_TEST(again.body.find("invalid_grant") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cut_answer_is_cut_in_the_journal) {
    fault(R"({"name":"net.reset_during","select":{"endpoint":"as_metadata"}})");
    all_of(document);
    auto const events =
        json_of(get(p.issuer() + "/control/events?endpoint=as_metadata&type=exchange"))
            .at("events")
            .as_array();
    BOOST_REQUIRE(events.size() == 1u);
    BOOST_TEST(events[0].at("response").at("delivery").as_string() == "cut");
    BOOST_TEST(events[0].at("faults").as_array().front().as_string() == "net.reset_during");
}

BOOST_AUTO_TEST_CASE(authz_iss_wrong_and_state_missing_spoil_the_redirect) {
    login const client(p.mcp());
    auto const url = p.issuer() + "/authorize?response_type=code&client_id=" + client.client_id +
                     "&redirect_uri=http%3A%2F%2F127.0.0.1%3A33418%2Fcallback&state=xyz&"
                     "code_challenge=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU&"
                     "code_challenge_method=S256";
    fault(R"({"name":"authz.iss_wrong"})");
    auto const wrong = std::string(get(url).header("Location"));
    BOOST_TEST(wrong.find("iss=https%3A%2F%2Fissuer.example") != std::string::npos, wrong);
    BOOST_TEST(wrong.find("state=xyz") != std::string::npos, wrong);
    fault(R"({"name":"authz.state_missing"})");
    auto const none = std::string(get(url).header("Location"));
    BOOST_TEST(none.find("state=") == std::string::npos, none);
    BOOST_TEST(none.find("code=") != std::string::npos, none);
}

BOOST_AUTO_TEST_CASE(streams_can_break_off_and_end_their_lines_otherwise) {
    program q({"authorization_server.consent=auto", "mcp.answers=stream"});
    login const client(q.mcp());
    auto const session = open_session(q.mcp(), client.now.access);
    auto const control = q.issuer() + "/control/faults";
    BOOST_REQUIRE(post_json(control, R"({"name":"stream.crlf","trigger":{"nth":1}})").status ==
                  201u);
    auto const crlf = call_tool(q.mcp(), client.now.access, session, "echo", R"({"message":"hi"})");
    BOOST_TEST(crlf.body.find("\r\n\r\n") != std::string::npos);
    call("DELETE", control);
    BOOST_REQUIRE(post_json(control, R"({"name":"stream.cut_before_response"})").status == 201u);
    auto const cut = call_tool(q.mcp(), client.now.access, session, "echo", R"({"message":"hi"})");
    BOOST_TEST(cut.body.find("\"result\"") == std::string::npos, cut.body);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

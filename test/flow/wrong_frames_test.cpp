// Frames of answers that are wrong, byte for byte, as they arrive on a real socket.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;

std::size_t count_of(std::string_view what, std::string_view in) {
    std::size_t n = 0;
    for (auto at = in.find(what); at != in.npos; at = in.find(what, at + what.size()))
        ++n;
    return n;
}

struct framed {
    program p{{"authorization_server.consent=auto"}};
    std::string document = p.issuer() + "/.well-known/oauth-authorization-server";
    std::string sound = get(document).body;

    void fault(std::string const& name, std::string const& params = "{}") const {
        auto const a =
            post_json(p.issuer() + "/control/faults",
                      R"({"name":")" + name + R"(","select":{"endpoint":"as_metadata"},"params":)" +
                          params + "}");
        BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    }
    // The head and what came with it.
    std::string head_of(raw_client& client) const { return client.read_until("\r\n\r\n"); }
    // After DELETE nothing is left of it.
    void is_gone_after_delete() const {
        call("DELETE", p.issuer() + "/control/faults");
        auto const again = get(document);
        BOOST_TEST(again.status == 200u);
        BOOST_TEST(again.body == sound);
    }
};

BOOST_FIXTURE_TEST_SUITE(wrong_frames_flow, framed,
                         *needs_one_program("a proxy frames what it passes on itself"))

// RFC 9110 §15.2: a client must be able to parse one or more of them.
BOOST_AUTO_TEST_CASE(http_100_and_103_come_before_the_answer) {
    fault("http.103");
    auto const client = open("GET", document);
    BOOST_TEST(head_of(*client) ==
               "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n");
    BOOST_TEST(client->read_reply().body == sound);
    is_gone_after_delete();
    fault("http.100_continue", R"({"times":2})");
    auto const other = open("GET", document);
    BOOST_TEST(head_of(*other) == "HTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST(head_of(*other) == "HTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST(other->read_reply().body == sound);
    is_gone_after_delete();
    fault("http.102");
    BOOST_TEST(head_of(*open("GET", document)) == "HTTP/1.1 102 Processing\r\n\r\n");
}

// RFC 9112 §7.1.
BOOST_AUTO_TEST_CASE(chunks_of_one_byte_are_chunks_of_one_byte) {
    fault("http.chunks_of_one_byte");
    auto const client = open("GET", document, {{"Connection", "close"}});
    auto const head = head_of(*client);
    BOOST_TEST(head.find("\r\nTransfer-Encoding: chunked\r\n") != head.npos);
    BOOST_TEST(head.find("Content-Length") == head.npos);
    auto const body = client->read_to_end();
    BOOST_TEST(body.starts_with("1\r\n{\r\n1\r\n\"\r\n"));
    BOOST_TEST(body.ends_with("1\r\n}\r\n0\r\n\r\n"));
    BOOST_TEST(body.size() == sound.size() * 6 + 5);
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_long_leaves_the_client_waiting) {
    fault("http.length_longer");
    auto const client = open("GET", document);
    auto const head = head_of(*client);
    auto const said = "\r\nContent-Length: " + std::to_string(sound.size() + 10) + "\r\n";
    BOOST_TEST(head.find(said) != head.npos, head);
    BOOST_TEST(client->take(sound.size()) == sound);
    BOOST_TEST(client->is_silent(100ms));
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(a_length_that_is_too_short_leaves_bytes_behind) {
    fault("http.length_shorter");
    auto const client = open("GET", document);
    auto const first = client->read_reply();
    BOOST_TEST(first.body == sound.substr(0, sound.size() - 10));
    BOOST_TEST(client->take(10) == sound.substr(sound.size() - 10));
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(fields_are_there_twice_folded_or_in_contradiction) {
    auto const own = "\r\nContent-Length: " + std::to_string(sound.size()) + "\r\n";
    fault("http.dup_content_length");
    auto head = head_of(*open("GET", document));
    BOOST_TEST(head.find(own) != head.npos, head);
    BOOST_TEST(head.find("\r\nContent-Length: 7\r\n") != head.npos, head);
    is_gone_after_delete();
    fault("http.te_cl");
    head = head_of(*open("GET", document));
    BOOST_TEST(head.find("\r\nTransfer-Encoding: chunked\r\n") != head.npos, head);
    BOOST_TEST(head.find("\r\nContent-Length: 7\r\n") != head.npos, head);
    is_gone_after_delete();
    fault("http.obs_fold");
    head = head_of(*open("GET", document));
    BOOST_TEST(head.find("\r\nX-Folded: one\r\n two\r\n") != head.npos, head);
    is_gone_after_delete();
    fault("http.dup_header");
    head = head_of(*open("GET", document));
    BOOST_TEST(count_of("\r\nContent-Type: ", head) == 2u, head);
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(heads_can_be_floods) {
    fault("http.header_flood", R"({"fields":2000})");
    auto head = head_of(*open("GET", document));
    BOOST_TEST(count_of("\r\nX-Flood-", head) == 2000u);
    is_gone_after_delete();
    fault("http.header_large", R"({"bytes":100000})");
    head = head_of(*open("GET", document));
    BOOST_TEST(head.find("\r\nX-Flood-1: " + std::string(100'000, 'a') + "\r\n") != head.npos);
    is_gone_after_delete();
}

// RFC 9110 §15.5.22: Upgrade says to which protocol.
BOOST_AUTO_TEST_CASE(http_417_and_426_refuse) {
    fault("http.426");
    auto const refused = get(document);
    BOOST_TEST(refused.status == 426u);
    BOOST_TEST(refused.header("Upgrade") == "HTTP/3.0");
    is_gone_after_delete();
    fault("http.417");
    BOOST_TEST(get(document).status == 417u);
    is_gone_after_delete();
}

// RFC 1952 §2.3.1: these three bytes begin a gzip member.
BOOST_AUTO_TEST_CASE(codings_lie) {
    fault("http.identity");
    auto const packed = get(document);
    BOOST_TEST(packed.body.starts_with("\x1f\x8b\x08"));
    BOOST_TEST(!packed.headers.has("Content-Encoding"));
    is_gone_after_delete();
    for (std::string const coding : {"gzip", "br"}) {
        fault("http." + coding);
        auto const plain = get(document);
        BOOST_TEST(plain.header("Content-Encoding") == coding);
        BOOST_TEST(plain.body == sound);
        is_gone_after_delete();
    }
}

BOOST_AUTO_TEST_CASE(noise_comes_before_and_after_an_answer) {
    fault("net.garbage_before");
    auto const before = open("GET", document);
    BOOST_TEST(before->read_until("\r\n") == "\x01\x02 noise\r\n");
    BOOST_TEST(before->read_reply().body == sound);
    is_gone_after_delete();
    fault("net.garbage_after");
    auto const after = open("GET", document);
    BOOST_TEST(after->read_reply().body == sound);
    BOOST_TEST(after->read_until("\r\n") == "\x01\x02 noise\r\n");
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(slow_headers_come_byte_by_byte_and_the_body_at_once) {
    fault("http.slow_headers", R"({"every_ms":1})");
    auto const began = std::chrono::steady_clock::now();
    auto const client = open("GET", document);
    auto const head = head_of(*client);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= (head.size() - 1) * 1ms));
    BOOST_TEST(client->take(sound.size()) == sound);
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(a_bandwidth_is_kept) {
    auto const rate = std::to_string(sound.size() * 2);
    fault("net.bandwidth", R"({"bytes_per_second":)" + rate + "}");
    auto const began = std::chrono::steady_clock::now();
    BOOST_TEST(get(document).body == sound);
    // The head comes on top.
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 400ms));
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(delays_stand_before_the_answer_or_between_head_and_body) {
    fault("net.delay", R"({"ms":150})");
    auto const began = std::chrono::steady_clock::now();
    BOOST_TEST(get(document).body == sound);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 150ms));
    is_gone_after_delete();
    fault("net.delay", R"({"ms":400,"when":"body"})");
    auto const client = open("GET", document);
    head_of(*client);
    BOOST_TEST(client->is_silent(100ms));
    BOOST_TEST(client->take(sound.size()) == sound);
    is_gone_after_delete();
    fault("net.delay_chunks", R"({"bytes":200,"every_ms":30})");
    auto const slow = std::chrono::steady_clock::now();
    BOOST_TEST(get(document).body == sound);
    BOOST_TEST((std::chrono::steady_clock::now() - slow >= sound.size() / 200 * 30ms));
    is_gone_after_delete();
}

// RFC 9112 §9.6.
BOOST_AUTO_TEST_CASE(a_slow_close_sends_the_whole_answer_and_keeps_the_connection) {
    fault("net.slow_close", R"({"ms":600})");
    auto const client = open("GET", document);
    auto const answer = client->read_reply();
    BOOST_TEST(answer.body == sound);
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(client->is_silent(100ms));
    BOOST_TEST(client->is_closed());
    is_gone_after_delete();
}

BOOST_AUTO_TEST_CASE(a_half_open_connection_never_answers_and_ends_with_its_client) {
    fault("net.half_open");
    {
        auto const client = open("GET", document);
        BOOST_TEST(client->is_silent(200ms));
        auto const held = json_of(get(p.issuer() + "/control/faults")).at("faults").as_array();
        BOOST_TEST(held.at(0).at("fired").as_int64() == 1);
    }
    is_gone_after_delete();
    // Held until the server ends: it must not keep it from ending.
    fault("net.half_open");
    auto const client = open("GET", document);
    BOOST_TEST(client->is_silent(50ms));
    BOOST_TEST((p.stop() < 5s));
    BOOST_TEST(client->is_closed());
}

BOOST_AUTO_TEST_CASE(a_stream_can_be_paced_and_have_interim_answers) {
    program q({"authorization_server.consent=auto", "mcp.answers=stream"});
    login const client(q.mcp());
    auto const session = open_session(q.mcp(), client.now.access);
    auto const control = q.issuer() + "/control/faults";
    auto const made =
        post_json(control, R"({"select":{"tool":"echo"},"effects":[{"interim":{"status":103}},
                     {"pace":{"bytes":10,"every_ms":5}},{"framing":{"lines":["X-More: 1"]}}]})");
    BOOST_REQUIRE_MESSAGE(made.status == 201u, made.body);
    auto const stream = open("POST", q.mcp(),
                             {{"Authorization", "Bearer " + client.now.access},
                              {"Accept", "application/json, text/event-stream"},
                              {"Content-Type", "application/json"},
                              {"Mcp-Session-Id", session}},
                             tool_call(7, "echo", R"({"message":"hi"})"));
    BOOST_TEST(head_of(*stream) == "HTTP/1.1 103 Early Hints\r\n\r\n");
    auto const answer = stream->read_reply();
    BOOST_TEST(answer.header("X-More") == "1");
    BOOST_TEST(answer.body.find("\"result\"") != std::string::npos, answer.body);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_frame_is_told_by_its_place) {
    auto const control = p.issuer() + "/control/faults";
    auto const refused = [&](std::string const& effect) {
        auto const a = post_json(control, R"({"effects":[)" + effect + "]}");
        BOOST_TEST(a.status == 400u, a.body);
        return text_of(json_of(a), "error_description");
    };
    BOOST_TEST(refused(R"({"interim":{"status":101}})").starts_with("/effects/0/interim/status: "));
    BOOST_TEST(refused(R"({"framing":{"lines":[1]}})").starts_with("/effects/0/framing/lines: "));
    BOOST_TEST(refused(R"({"delay":{"ms":1,"median_ms":2}})").starts_with("/effects/0/delay/ms: "));
    BOOST_TEST(refused(R"({"delay":{"sigma":1,"ms":2}})").starts_with("/effects/0/delay/sigma: "));
    BOOST_TEST(refused(R"({"pace":{"bytes":1,"bytes_per_second":2}})")
                   .starts_with("/effects/0/pace/bytes_per_second: "));
    BOOST_TEST(refused(R"({"garbage":{"at":"end","when":"after"}})")
                   .starts_with("/effects/0/garbage/when: "));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

// cut, pace, garbage, interim and framing: how the connection is told to send an answer; connect
// and tls: what it is told of connections. What comes over the wire of it is in test/wire/faults.
#include <limits>

#include <boost/test/unit_test.hpp>

#include "control/faults/effects/effect.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

using part = http::reply_delivery::part;
using manner = http::listener_conduct::manner;

constexpr std::string_view metadata = R"({"issuer":"http://localhost:9100","x":1})";

struct sending : plane {
    void make(std::string const& effect) {
        fault(R"({"select":{"endpoint":"as_metadata"},"effects":[)" + effect + "]}");
    }
    http::reply got() { return b.raw(http::verb::get, "/metadata", "", {}); }
    // How it is sent; the fault is there alone.
    http::reply_delivery sent(std::string const& effect) {
        del("faults");
        make(effect);
        auto const r = got();
        BOOST_REQUIRE_MESSAGE(r.wrongly, effect);
        return *r.wrongly;
    }
    std::string mistake(std::string const& effect) {
        auto const a = post("faults", R"({"effects":[)" + effect + "]}");
        return a.status == 201 ? "" : described(a);
    }
};

// What a list of effects, read without a realm, says of connections.
control::connection_rule rule_of(std::string const& effect) {
    auto const list = json::parse('[' + effect + ']').as_array();
    json::object const whole{{"effects", list}};
    control::object_reader in(whole);
    auto const all = control::read_effects(list, in, "effects");
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0]->seams() == control::on_connection);
    BOOST_REQUIRE(all[0]->connections() != nullptr);
    return *all[0]->connections();
}

std::uint32_t number_at(std::string const& bytes, std::size_t at) {
    std::uint32_t n = 0;
    for (std::size_t i = 4; i-- > 0;)
        n = n << 8 | static_cast<unsigned char>(bytes[at + i]);
    return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cut_effect, sending)

BOOST_AUTO_TEST_CASE(resets_before_the_server_has_acted) {
    auto const d = sent(R"({"cut":{"at":"before"}})");
    BOOST_TEST(d.cut);
    BOOST_TEST(d.reset);
    BOOST_TEST(!d.head);
    BOOST_TEST(d.body_bytes == 0u);
    BOOST_TEST(served.metadata == 0);
}

BOOST_AUTO_TEST_CASE(resets_after_the_server_has_acted_unless_told_otherwise) {
    auto const d = sent(R"({"cut":{}})");
    BOOST_TEST(d.cut);
    BOOST_TEST(!d.head);
    BOOST_TEST(served.metadata == 1);
}

BOOST_AUTO_TEST_CASE(sends_so_much_of_the_answer_as_it_says) {
    BOOST_TEST(sent(R"({"cut":{"at":"head"}})").body_bytes == 0u);
    BOOST_TEST(sent(R"({"cut":{"at":"half"}})").body_bytes == metadata.size() / 2);
    BOOST_TEST(sent(R"({"cut":{"at":"body"}})").body_bytes == 1u);
    BOOST_TEST(sent(R"({"cut":{"at":"body","bytes":0}})").body_bytes == 0u);
    BOOST_TEST(sent(R"({"cut":{"at":"body","bytes":7}})").body_bytes == 7u);
    BOOST_TEST(sent(R"({"cut":{"at":"end"}})").body_bytes ==
               std::numeric_limits<std::size_t>::max());
    for (auto const* at : {"head", "body", "half", "end"})
        BOOST_TEST(sent(std::string(R"({"cut":{"at":")") + at + "\"}}").head, at);
}

BOOST_AUTO_TEST_CASE(ends_in_order_or_after_a_silence) {
    auto const d = sent(R"({"cut":{"reset":false,"hold_ms":250}})");
    BOOST_TEST(!d.reset);
    BOOST_TEST((d.hold == 250ms));
    BOOST_TEST((sent(R"({"cut":{}})").hold == 0ms));
}

BOOST_AUTO_TEST_CASE(is_refused_bytes_of_anything_but_a_body) {
    BOOST_TEST(mistake(R"({"cut":{"at":"half","bytes":1}})") ==
               "/effects/0/cut/bytes: needs \"at\": \"body\"");
    BOOST_TEST(mistake(R"({"cut":{"hold_ms":600001}})").starts_with("/effects/0/cut/hold_ms:"));
    BOOST_TEST(mistake(R"({"cut":{"hold_ms":600000}})") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(pace_effect, sending)

BOOST_AUTO_TEST_CASE(sends_a_byte_every_ten_milliseconds_unless_told_otherwise) {
    auto const d = sent(R"({"pace":{}})");
    BOOST_TEST(d.piece == 1u);
    BOOST_TEST((d.pause == 10ms));
    BOOST_TEST((d.paced == part::all));
    BOOST_TEST(!d.ends());
}

BOOST_AUTO_TEST_CASE(paces_a_part_of_the_answer) {
    BOOST_TEST((sent(R"({"pace":{"of":"head"}})").paced == part::head));
    BOOST_TEST((sent(R"({"pace":{"of":"body","bytes":3,"every_ms":5}})").paced == part::body));
}

// Twenty pieces a second, or a byte at a time.
BOOST_AUTO_TEST_CASE(keeps_to_so_many_bytes_a_second) {
    for (long const rate : {1L, 10L, 19L, 20L, 100L, 1000L, 65'536L}) {
        auto const d = sent(R"({"pace":{"bytes_per_second":)" + std::to_string(rate) + "}}");
        auto const second =
            static_cast<double>(d.piece) * 1000 / static_cast<double>(d.pause.count());
        BOOST_TEST(second >= static_cast<double>(rate) * 0.99, rate);
        BOOST_TEST(second <= static_cast<double>(rate) * 1.03, rate);
    }
    BOOST_TEST(sent(R"({"pace":{"bytes_per_second":1000}})").piece == 50u);
}

BOOST_AUTO_TEST_CASE(is_refused_two_ways_to_say_it) {
    BOOST_TEST(mistake(R"({"pace":{"bytes_per_second":5,"bytes":1}})") ==
               "/effects/0/pace/bytes_per_second: does not go with bytes and every_ms");
    BOOST_TEST(mistake(R"({"pace":{"every_ms":0}})").starts_with("/effects/0/pace/every_ms:"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(garbage_effect, sending)

BOOST_AUTO_TEST_CASE(comes_in_the_place_of_an_answer_that_nobody_made) {
    auto const d = sent(R"({"garbage":{"text":"what?"}})");
    BOOST_TEST(d.instead == "what?");
    BOOST_TEST(d.ends());
    BOOST_TEST(served.metadata == 0);
    BOOST_TEST(sent(R"({"garbage":{}})").instead.starts_with("\x01\x02\x03"));
}

BOOST_AUTO_TEST_CASE(comes_after_the_server_has_acted) {
    BOOST_TEST(sent(R"({"garbage":{"text":"x","when":"after"}})").instead == "x");
    BOOST_TEST(served.metadata == 1);
}

BOOST_AUTO_TEST_CASE(stands_before_or_behind_an_answer_that_is_whole) {
    auto const before = sent(R"({"garbage":{"text":"x","at":"head"}})");
    BOOST_TEST(before.interim == "x");
    BOOST_TEST(!before.ends());
    auto const behind = sent(R"({"garbage":{"text":"x","at":"end"}})");
    BOOST_TEST(behind.trailing == "x");
    BOOST_TEST(behind.interim == "");
    BOOST_TEST(got().body == metadata);
}

BOOST_AUTO_TEST_CASE(is_refused_a_moment_where_there_is_an_answer) {
    BOOST_TEST(mistake(R"({"garbage":{"at":"end","when":"after"}})") ==
               "/effects/0/garbage/when: needs \"at\": \"instead\"");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(framing_effect, sending)

// RFC 9110 §15.2
BOOST_AUTO_TEST_CASE(sends_interim_answers_with_their_reason_and_fields) {
    BOOST_TEST(sent(R"({"interim":{"status":103,"headers":{"Link":"</a>"}}})").interim ==
               "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    BOOST_TEST(sent(R"({"interim":{"status":100,"times":2}})").interim ==
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
    BOOST_TEST(
        sent(R"({"interim":{"status":102}})").interim.starts_with("HTTP/1.1 102 Processing"));
    BOOST_TEST(sent(R"({"interim":{"status":199}})").interim.starts_with("HTTP/1.1 199 Interim"));
}

BOOST_AUTO_TEST_CASE(is_refused_an_interim_status_that_is_none) {
    BOOST_TEST(mistake(R"({"interim":{"status":101}})") ==
               "/effects/0/interim/status: 101 would end HTTP on the connection");
    BOOST_TEST(mistake(R"({"interim":{"status":200}})").starts_with("/effects/0/interim/status:"));
    BOOST_TEST(mistake(R"({"interim":{}})") ==
               "/effects/0/interim/status: is missing; expected 100 to 199");
}

BOOST_AUTO_TEST_CASE(lies_about_the_length_and_cuts_into_chunks) {
    auto const d = sent(R"({"framing":{"length_error":-3,"chunk":5}})");
    BOOST_TEST(d.length_error == -3);
    BOOST_TEST(d.chunk == 5u);
    BOOST_TEST(got().body == metadata);
}

// RFC 9112 §5: they go out as they are, wrong as they may be.
BOOST_AUTO_TEST_CASE(adds_lines_as_they_are) {
    BOOST_TEST(sent(R"({"framing":{"lines":["Content-Length : 7"," folded","no colon"]}})").lines ==
               "Content-Length : 7\r\n folded\r\nno colon\r\n");
}

BOOST_AUTO_TEST_CASE(floods_the_head_with_fields_of_that_length) {
    BOOST_TEST(sent(R"({"framing":{"fields":2,"field_bytes":3}})").lines ==
               "X-Flood-1: aaa\r\nX-Flood-2: aaa\r\n");
    BOOST_TEST(sent(R"({"framing":{"fields":1}})").lines ==
               "X-Flood-1: " + std::string(64, 'a') + "\r\n");
}

BOOST_AUTO_TEST_CASE(adds_up_where_several_effects_say_something) {
    auto const d = sent(R"({"framing":{"lines":["A: 1"]}},{"framing":{"lines":["B: 2"],"chunk":4}},
                           {"interim":{"status":103}},{"garbage":{"at":"head","text":"!"}})");
    BOOST_TEST(d.lines == "A: 1\r\nB: 2\r\n");
    BOOST_TEST(d.chunk == 4u);
    BOOST_TEST(d.interim == "HTTP/1.1 103 Early Hints\r\n\r\n!");
}

BOOST_AUTO_TEST_CASE(is_refused_more_than_a_server_should_have_to_send) {
    BOOST_TEST(mistake(R"({"framing":{"field_bytes":1}})") ==
               "/effects/0/framing/field_bytes: needs fields");
    BOOST_TEST(mistake(R"({"framing":{"fields":17,"field_bytes":1048576}})") ==
               "/effects/0/framing/fields: are more than 16 MiB together");
    BOOST_TEST(mistake(R"({"framing":{"lines":[1]}})") ==
               "/effects/0/framing/lines: expected texts of at most 16384 bytes");
    json::array lines(65, "x");
    BOOST_TEST(mistake(R"({"framing":{"lines":)" + json::serialize(lines) + "}}") ==
               "/effects/0/framing/lines: expected at most 64");
}

// RFC 1952 §2.3: magic bytes, flags and time, the blocks, CRC-32 and length.
BOOST_AUTO_TEST_CASE(packs_a_body_as_gzip_that_can_be_unpacked) {
    fault(R"({"select":{"endpoint":"as_metadata"},
              "effects":[{"text":{"body":"123456789"}},{"framing":{"coding":"gzip"}}]})");
    auto const body = got().body;
    BOOST_TEST(body.starts_with(std::string("\x1f\x8b\x08\0", 4)));
    // RFC 1951 §3.2.4: a last, stored block: its length, the complement of it, the bytes.
    BOOST_TEST(body.substr(10, 5) == std::string("\x01\x09\x00\xf6\xff", 5));
    BOOST_TEST(body.substr(15, 9) == "123456789");
    // The check value of that CRC.
    BOOST_TEST(number_at(body, 24) == 0xcbf43926u);
    BOOST_TEST(number_at(body, 28) == 9u);
    BOOST_TEST(body.size() == 32u);
}

BOOST_AUTO_TEST_CASE(packs_a_long_body_into_several_blocks_and_an_empty_one_into_one) {
    fault(R"({"select":{"endpoint":"as_metadata"},
              "effects":[{"text":{"truncate":0,"pad":65536}},{"framing":{"coding":"gzip"}}]})");
    auto const body = got().body;
    BOOST_TEST(body.substr(10, 5) == std::string("\x00\xff\xff\x00\x00", 5));
    BOOST_TEST(body.substr(15 + 65535, 5) == std::string("\x01\x01\x00\xfe\xff", 5));
    BOOST_TEST(number_at(body, body.size() - 4) == 65536u);
    del("faults");
    fault(R"({"select":{"endpoint":"as_metadata"},
              "effects":[{"text":{"truncate":0}},{"framing":{"coding":"gzip"}}]})");
    auto const none = got().body;
    BOOST_TEST(none.size() == 23u);
    BOOST_TEST(number_at(none, 15) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connection_effects)

BOOST_AUTO_TEST_CASE(say_how_connections_are_treated) {
    std::pair<std::string, manner> const ways[] = {{"refuse", manner::refuse},
                                                   {"no_accept", manner::no_accept},
                                                   {"backlog_full", manner::backlog_full},
                                                   {"silent", manner::silent},
                                                   {"end", manner::end},
                                                   {"reset", manner::reset}};
    for (auto const& [word, how] : ways)
        BOOST_TEST((rule_of(R"({"connect":{"how":")" + word + "\"}}").how.how == how), word);
}

BOOST_AUTO_TEST_CASE(say_what_is_wrong_with_tls) {
    std::pair<std::string, http::tls_flaw> const flaws[] = {
        {"self_signed", http::tls_flaw::self_signed},
        {"unknown_ca", http::tls_flaw::unknown_ca},
        {"expired", http::tls_flaw::expired},
        {"not_yet_valid", http::tls_flaw::not_yet_valid},
        {"wrong_host", http::tls_flaw::wrong_host},
        {"revoked", http::tls_flaw::revoked},
        {"old_version", http::tls_flaw::old_version},
        {"weak_cipher", http::tls_flaw::weak_cipher},
        {"no_alpn", http::tls_flaw::no_alpn},
        {"no_close_notify", http::tls_flaw::no_close_notify},
        {"unrecognized_name", http::tls_flaw::unrecognized_name},
        {"client_certificate", http::tls_flaw::client_certificate}};
    for (auto const& [word, flaw] : flaws) {
        auto const how = rule_of(R"({"tls":{"flaw":")" + word + "\"}}").how;
        BOOST_TEST((how.how == manner::tls), word);
        BOOST_TEST((how.flaw == flaw), word);
    }
    BOOST_TEST((rule_of(R"({"tls":{"flaw":"cut_handshake"}})").how.how == manner::cut_handshake));
    BOOST_TEST((rule_of(R"({"tls":{"flaw":"plain_http"}})").how.how == manner::plain));
}

BOOST_AUTO_TEST_CASE(are_about_the_listeners_of_both_servers_or_of_one) {
    BOOST_TEST(rule_of(R"({"connect":{"how":"end"}})").sides == control::both_sides);
    BOOST_TEST(rule_of(R"({"connect":{"how":"end","server":"mcp"}})").sides == control::mcp_side);
    BOOST_TEST(rule_of(R"({"tls":{"flaw":"expired","server":"authorization_server"}})").sides ==
               control::as_side);
}

BOOST_AUTO_TEST_SUITE_END()

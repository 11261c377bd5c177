// The journal as others read it: JSON, HAR 1.2, Mermaid; and never a secret.
#include "control/journal/views.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "control/journal/message_view.hpp"
#include "control/journal/redaction.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace json = boost::json;

namespace {

time_point const then{1'800'000'000s};
std::string const token(43, 't');

recorded_message message(std::string start, std::string fields = {}, std::string body = {}) {
    recorded_message m{std::move(start), std::move(fields), std::move(body), 0};
    m.body_size = m.body.size();
    return m;
}

// POST /token, answered after 250 ms.
event token_request() {
    event e;
    e.seq = 7;
    e.time = then + 250ms;
    e.endpoint = "token";
    e.flow = "f3";
    e.outcome = "ok";
    e.exchange = std::make_shared<recorded_exchange>();
    auto& x = *e.exchange;
    x.arrived = then;
    x.peer = "192.0.2.7";
    x.how = delivery::delivered;
    x.request = message("POST /token?a=1&b=x%20y",
                        "Host: localhost:9100\r\n"
                        "Content-Type: application/x-www-form-urlencoded\r\n",
                        "grant_type=refresh_token&refresh_token=" + token);
    x.response = message("200", "Content-Type: application/json\r\n",
                         R"({"access_token":")" + token + R"("})");
    return e;
}

event of_type(event_type type, std::string endpoint = "mcp") {
    event e;
    e.type = type;
    e.endpoint = std::move(endpoint);
    return e;
}

json::object told(event const& e) {
    return to_json(e, "alpha");
}

std::string text(json::value const& v, std::string_view pointer) {
    return json::serialize(v.at_pointer(pointer));
}

std::vector<event_ptr> list(std::vector<event> const& events) {
    std::vector<event_ptr> all;
    for (auto const& e : events)
        all.push_back(std::make_shared<event const>(e));
    return all;
}

json::value har(std::vector<event> const& events, std::string_view scheme = "http") {
    return to_har(list(events), scheme);
}

// The lines of the diagram behind its participants.
std::string drawn(std::vector<event> const& events) {
    auto const all = to_mermaid(list(events));
    std::string const head =
        "sequenceDiagram\n    participant C as Client\n    participant AS as Authorization "
        "server\n    participant MCP as MCP server\n";
    BOOST_REQUIRE(all.starts_with(head));
    return all.substr(head.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_message_view)

BOOST_AUTO_TEST_CASE(takes_a_request_apart) {
    auto const v = view_request(token_request().exchange->request);
    BOOST_TEST(v.method == "POST");
    BOOST_TEST(v.target == "/token?a=1&b=x%20y");
    BOOST_REQUIRE(v.fields.size() == 2u);
    BOOST_TEST(v.fields[0].name == "Host");
    BOOST_TEST(v.field("content-type") == "application/x-www-form-urlencoded");
    BOOST_TEST(v.field("Accept") == "");
    BOOST_TEST(v.body == "grant_type=refresh_token&refresh_token=" + pseudonym(token));
}

BOOST_AUTO_TEST_CASE(keeps_fields_that_are_empty_or_there_twice_in_their_order) {
    auto const v = view_response(message("200", "A: 1\r\nB: \r\nA: 2\r\nC: x: y\r\n"));
    BOOST_REQUIRE(v.fields.size() == 4u);
    BOOST_TEST(v.fields[1].name == "B");
    BOOST_TEST(v.fields[1].value == "");
    BOOST_TEST(v.fields[2].value == "2");
    BOOST_TEST(v.fields[3].value == "x: y");
    BOOST_TEST(v.field("a") == "1");
    BOOST_TEST(v.status == 200u);
}

BOOST_AUTO_TEST_CASE(takes_the_secrets_out_of_target_fields_and_body) {
    auto const v = view_request(message("GET /callback?code=" + token,
                                        "Authorization: Bearer " + token +
                                            "\r\n"
                                            "Content-Type: application/json; charset=utf-8\r\n",
                                        R"({"token":")" + token + R"("})"));
    BOOST_TEST(v.target == "/callback?code=" + pseudonym(token));
    BOOST_TEST(v.field("Authorization") == "Bearer " + pseudonym(token));
    BOOST_TEST(v.body == R"({"token":")" + pseudonym(token) + R"("})");
}

BOOST_AUTO_TEST_CASE(tells_a_body_that_was_not_kept_whole_by_its_size) {
    auto m = message("200", "Content-Type: application/json\r\n", R"({"a":")");
    m.body_size = 20'000;
    auto const v = view_response(m);
    BOOST_TEST(v.body == "(20000 bytes)");
    BOOST_TEST(v.body_size == 20'000u);
}

// RFC 3339 §5.6
BOOST_AUTO_TEST_CASE(writes_a_time_with_three_digits_behind_the_second) {
    BOOST_TEST(rfc3339_milliseconds(then) == "2027-01-15T08:00:00.000Z");
    BOOST_TEST(rfc3339_milliseconds(then + 7ms) == "2027-01-15T08:00:00.007Z");
    BOOST_TEST(rfc3339_milliseconds(then + 999ms + 999us) == "2027-01-15T08:00:00.999Z");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(journal_as_json)

BOOST_AUTO_TEST_CASE(leaves_out_what_says_nothing) {
    auto e = of_type(event_type::control, "");
    e.seq = 1;
    e.time = then;
    BOOST_TEST(json::serialize(told(e)) ==
               R"({"seq":1,"time":"2027-01-15T08:00:00.000Z","realm":"alpha","flow":"",)"
               R"("type":"control"})");
}

BOOST_AUTO_TEST_CASE(tells_both_halves_of_an_exchange) {
    json::value const o = told(token_request());
    BOOST_TEST(text(o, "/type") == R"("exchange")");
    BOOST_TEST(text(o, "/arrived") == R"("2027-01-15T08:00:00.000Z")");
    BOOST_TEST(text(o, "/time") == R"("2027-01-15T08:00:00.250Z")");
    BOOST_TEST(text(o, "/peer") == R"("192.0.2.7")");
    BOOST_TEST(text(o, "/request/method") == R"("POST")");
    BOOST_TEST(text(o, "/request/headers/0") == R"({"name":"Host","value":"localhost:9100"})");
    BOOST_TEST(text(o, "/request/body_size") == "82");
    BOOST_TEST(text(o, "/response/status") == "200");
    BOOST_TEST(text(o, "/response/streamed") == "false");
    BOOST_TEST(text(o, "/response/delivery") == R"("delivered")");
}

BOOST_AUTO_TEST_CASE(names_how_an_answer_got_away) {
    auto e = token_request();
    e.exchange->how = delivery::cut;
    BOOST_TEST(text(told(e), "/response/delivery") == R"("cut")");
    e.exchange->how = delivery::pending;
    BOOST_TEST(text(told(e), "/response/delivery") == R"("pending")");
}

// Who waits for a fault looks at one member, whether there was one or not.
BOOST_AUTO_TEST_CASE(lists_the_faults_of_every_exchange_and_of_nothing_else) {
    auto e = token_request();
    BOOST_TEST(text(told(e), "/faults") == "[]");
    e.facts.faults = {"token.unavailable", "custom"};
    BOOST_TEST(text(told(e), "/faults") == R"(["token.unavailable","custom"])");
    auto part = of_type(event_type::fault);
    part.facts.faults = e.facts.faults;
    BOOST_TEST(!told(part).contains("faults"));
}

BOOST_AUTO_TEST_CASE(names_the_exchange_that_an_event_belongs_to) {
    auto e = of_type(event_type::refresh, "token");
    BOOST_TEST(!told(e).contains("exchange"));
    e.of = 7;
    BOOST_TEST(text(told(e), "/exchange") == "7");
}

BOOST_AUTO_TEST_CASE(tells_what_the_request_turned_out_to_be_about) {
    auto e = of_type(event_type::login, "authorize");
    e.outcome = "access_denied";
    e.facts.client_id = "c";
    e.facts.subject = "demo";
    e.facts.family = "fam";
    e.facts.decision = "deny";
    e.facts.error = "access_denied";
    e.facts.refused_by = "the person";
    json::value const o = told(e);
    BOOST_TEST(text(o, "/outcome") == R"("access_denied")");
    BOOST_TEST(text(o, "/client_id") == R"("c")");
    BOOST_TEST(text(o, "/subject") == R"("demo")");
    BOOST_TEST(text(o, "/family") == R"("fam")");
    BOOST_TEST(text(o, "/decision") == R"("deny")");
    BOOST_TEST(text(o, "/error") == R"("access_denied")");
    BOOST_TEST(text(o, "/refused_by") == R"("the person")");
}

// A client may call a tool by its token.
BOOST_AUTO_TEST_CASE(takes_tokens_out_of_the_names_that_a_client_chose) {
    std::string const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJl";
    auto e = of_type(event_type::message);
    e.facts.mcp_method = e.facts.tool = e.facts.refused_by = jwt;
    json::value const o = told(e);
    for (auto const* member : {"/mcp_method", "/tool", "/refused_by"})
        BOOST_TEST(text(o, member) == '"' + pseudonym(jwt) + '"', member);
}

BOOST_AUTO_TEST_CASE(tells_the_data_of_a_stream_without_its_secrets) {
    auto e = of_type(event_type::stream);
    e.stream_event = "message";
    e.stream_data = R"({"token":")" + token + R"("})";
    BOOST_TEST(text(told(e), "/stream/data") ==
               json::serialize(json::string(R"({"token":")" + pseudonym(token) + R"("})")));
    BOOST_TEST(!told(e).at("stream").as_object().contains("id"));
    e.stream_event = "endpoint";
    e.stream_id = "5";
    e.stream_data = "/messages?sessionId=0123456789abcdef";
    BOOST_TEST(text(told(e), "/stream/data") == R"("/messages?sessionId=01234567…")");
    BOOST_TEST(text(told(e), "/stream/id") == R"("5")");
}

BOOST_AUTO_TEST_CASE(has_no_stream_at_the_end_of_one) {
    auto e = of_type(event_type::stream);
    e.outcome = "cut";
    BOOST_TEST(!told(e).contains("stream"));
    BOOST_TEST(text(told(e), "/outcome") == R"("cut")");
}

BOOST_AUTO_TEST_SUITE_END()

// HTTP Archive 1.2
BOOST_AUTO_TEST_SUITE(journal_as_har)

BOOST_AUTO_TEST_CASE(is_an_archive_without_entries_when_nothing_happened) {
    json::value const o = har({});
    BOOST_TEST(text(o, "/log/version") == R"("1.2")");
    BOOST_TEST(text(o, "/log/creator/name") == R"("tollgate")");
    BOOST_TEST(text(o, "/log/entries") == "[]");
}

BOOST_AUTO_TEST_CASE(has_an_entry_for_each_exchange_and_for_nothing_else) {
    auto first = token_request(), second = token_request();
    second.seq = 9;
    auto const o = har({first, of_type(event_type::stream), of_type(event_type::control), second});
    BOOST_TEST(o.at_pointer("/log/entries").as_array().size() == 2u);
    BOOST_TEST(text(o, "/log/entries/0/_seq") == "7");
    BOOST_TEST(text(o, "/log/entries/1/_seq") == "9");
    BOOST_TEST(text(o, "/log/entries/0/_flow") == R"("f3")");
    BOOST_TEST(text(o, "/log/entries/0/_endpoint") == R"("token")");
}

BOOST_AUTO_TEST_CASE(makes_a_url_of_scheme_host_and_target) {
    auto const o = har({token_request()}, "https");
    BOOST_TEST(text(o, "/log/entries/0/request/url") ==
               R"("https://localhost:9100/token?a=1&b=x%20y")");
}

BOOST_AUTO_TEST_CASE(tells_a_query_decoded_and_the_body_as_what_was_posted) {
    auto const o = har({token_request()});
    auto const* sent = &o.at_pointer("/log/entries/0/request");
    BOOST_TEST(text(*sent, "/queryString") ==
               R"([{"name":"a","value":"1"},{"name":"b","value":"x y"}])");
    BOOST_TEST(text(*sent, "/postData/mimeType") == R"("application/x-www-form-urlencoded")");
    BOOST_TEST(text(*sent, "/postData/text") ==
               "\"grant_type=refresh_token&refresh_token=" + pseudonym(token) + '"');
    BOOST_TEST(text(*sent, "/bodySize") == "82");
}

BOOST_AUTO_TEST_CASE(has_no_posted_data_without_a_body) {
    auto e = token_request();
    e.exchange->request = message("GET /mcp", "Host: h\r\n");
    auto const o = har({e});
    BOOST_TEST(!o.at_pointer("/log/entries/0/request").as_object().contains("postData"));
    BOOST_TEST(text(o, "/log/entries/0/request/queryString") == "[]");
}

BOOST_AUTO_TEST_CASE(tells_how_long_the_answer_took_in_milliseconds) {
    auto const o = har({token_request()});
    BOOST_TEST(o.at_pointer("/log/entries/0/time").as_double() == 250.0);
    BOOST_TEST(o.at_pointer("/log/entries/0/timings/wait").as_double() == 250.0);
    BOOST_TEST(text(o, "/log/entries/0/startedDateTime") == R"("2027-01-15T08:00:00.000Z")");
}

BOOST_AUTO_TEST_CASE(names_where_a_redirect_leads_without_the_code) {
    auto e = token_request();
    e.exchange->response = message("302", "Location: http://a/cb?code=" + token + "\r\n");
    auto const o = har({e});
    BOOST_TEST(text(o, "/log/entries/0/response/redirectURL") ==
               "\"http://a/cb?code=" + pseudonym(token) + '"');
    BOOST_TEST(text(o, "/log/entries/0/response/status") == "302");
    BOOST_TEST(text(o, "/log/entries/0/response/content/size") == "0");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(journal_as_mermaid)

BOOST_AUTO_TEST_CASE(draws_a_request_and_its_answer_as_two_arrows) {
    auto e = token_request();
    e.facts.grant_type = "refresh_token";
    BOOST_TEST(drawn({e}) ==
               "    C->>AS: POST /token refresh_token\n"
               "    AS-->>C: 200\n");
}

BOOST_AUTO_TEST_CASE(tells_the_two_servers_apart_by_the_endpoint) {
    for (auto const* endpoint : {"mcp", "sse", "messages", "resource_metadata"}) {
        auto e = token_request();
        e.endpoint = endpoint;
        BOOST_TEST(drawn({e}).starts_with("    C->>MCP: "), endpoint);
    }
    for (auto const* endpoint : {"authorize", "as_metadata", ""}) {
        auto e = token_request();
        e.endpoint = endpoint;
        BOOST_TEST(drawn({e}).starts_with("    C->>AS: "), endpoint);
    }
}

BOOST_AUTO_TEST_CASE(says_behind_the_status_what_was_wrong_and_which_fault_acted) {
    auto e = token_request();
    e.exchange->response = message("503");
    e.exchange->streamed = true;
    e.facts.error = "temporarily_unavailable";
    e.facts.faults = {"token.unavailable"};
    BOOST_TEST(drawn({e}).ends_with(
        "    AS-->>C: 503 temporarily_unavailable (stream) [fault token.unavailable]\n"));
}

// ";" ends a line of Mermaid, "#" begins an entity.
BOOST_AUTO_TEST_CASE(leaves_nothing_in_a_text_that_mermaid_takes_for_its_own) {
    auto e = of_type(event_type::message);
    e.facts.mcp_method = "a;b#c<d>e\nf";
    BOOST_TEST(drawn({e}) == "    MCP-)C: a b c d e f\n");
    e.facts.mcp_method = std::string(200, 'x') + '\n';
    BOOST_TEST(drawn({e}) == "    MCP-)C: " + std::string(80, 'x') + '\n');
}

BOOST_AUTO_TEST_CASE(notes_the_end_of_a_stream_and_no_event_of_it) {
    auto end = of_type(event_type::stream), part = end;
    end.outcome = "ended";
    part.stream_event = "message";
    BOOST_TEST(drawn({part, end}) == "    Note over C,MCP: stream ended\n");
}

BOOST_AUTO_TEST_CASE(draws_nothing_of_what_no_client_does) {
    BOOST_TEST(drawn({of_type(event_type::control), of_type(event_type::fault),
                      of_type(event_type::session)}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

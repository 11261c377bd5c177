// events and rpc: what is said on a stream, and what a JSON-RPC response says.
#include <deque>

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;

namespace {

class pieces final : public http::body_stream {
public:
    explicit pieces(std::deque<std::string> all) : all_(std::move(all)) {}
    task<std::optional<std::string>> next() override {
        if (all_.empty()) co_return std::nullopt;
        auto first = std::move(all_.front());
        all_.pop_front();
        co_return first;
    }
    void close() noexcept override { all_.clear(); }

private:
    std::deque<std::string> all_;
};

// A stream of those pieces; without any a JSON body.
struct speaker {
    std::deque<std::string> says;
    std::string body;
};

task<outcome<http::reply>> speak(speaker& s, http::context&) {
    if (s.says.empty()) co_return http::json_reply(200, s.body);
    http::reply r(200, "text/event-stream", "");
    r.stream = std::make_unique<pieces>(s.says);
    co_return r;
}

constexpr http::route<speaker> rows[] = {
    {"/sse", http::verb::get, "sse", &speak, http::plain_route},
};

constexpr auto three = "id: 1\ndata: {\"a\":1}\n\nid: 2\ndata: {\"b\":2}\n\nid: 3\ndata: x\n\n";

struct speech : plane {
    speech() {
        routes.add(from, std::span<http::route<speaker> const>(rows));
        from.says = {three};
    }

    speaker from;

    void make(std::string const& effect) {
        fault(R"({"select":{"endpoint":"sse"},"effects":[)" + effect + "]}");
    }
    void events(std::string const& arguments) { make(R"({"events":)" + arguments + "}"); }
    void rpc(std::string const& arguments) { make(R"({"rpc":)" + arguments + "}"); }
    std::string heard() { return b.get("/sse").body; }
    std::string heard_of(std::deque<std::string> said) {
        from.says = std::move(said);
        return heard();
    }
    // What becomes of that JSON body.
    std::string answered(std::string said) {
        from.says.clear();
        from.body = std::move(said);
        return heard();
    }
    std::string mistake(std::string const& effect) {
        auto const a = post("faults", R"({"effects":[)" + effect + "]}");
        return a.status == 201 ? "" : described(a);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events_effect, speech)

BOOST_AUTO_TEST_CASE(drops_events_by_their_number) {
    events(R"({"drop":[1,3,9]})");
    BOOST_TEST(heard() == "id: 2\ndata: {\"b\":2}\n\n");
}

BOOST_AUTO_TEST_CASE(sends_events_twice_one_behind_the_other) {
    events(R"({"twice":[3]})");
    BOOST_TEST(heard() == std::string(three) + "id: 3\ndata: x\n\n");
}

BOOST_AUTO_TEST_CASE(counts_events_and_no_pieces) {
    events(R"({"drop":[2]})");
    BOOST_TEST(heard_of({"data: 1\n", "\nda", "ta: 2\n\ndata: 3", "\n\n"}) ==
               "data: 1\n\ndata: 3\n\n");
}

// A heartbeat is as much of the stream as an event is.
BOOST_AUTO_TEST_CASE(counts_comments_and_alters_none) {
    events(R"({"drop":[2],"event":"other"})");
    BOOST_TEST(heard_of({": alive\n\ndata: 1\n\ndata: 2\n\n"}) ==
               ": alive\n\nevent: other\ndata: 2\n\n");
}

BOOST_AUTO_TEST_CASE(breaks_off_behind_an_event_or_before_the_first) {
    events(R"({"end_after":2})");
    BOOST_TEST(heard() == "id: 1\ndata: {\"a\":1}\n\nid: 2\ndata: {\"b\":2}\n\n");
    del("faults");
    events(R"({"end_after":0})");
    BOOST_TEST(heard() == "");
}

BOOST_AUTO_TEST_CASE(breaks_off_behind_an_event_that_it_has_dropped) {
    events(R"({"end_after":2,"drop":[2]})");
    BOOST_TEST(heard() == "id: 1\ndata: {\"a\":1}\n\n");
}

BOOST_AUTO_TEST_CASE(breaks_off_within_an_event_whose_empty_line_is_missing) {
    events(R"({"end_after":1,"unfinished":true})");
    BOOST_TEST(heard() == "id: 1\ndata: {\"a\":1}\n");
}

BOOST_AUTO_TEST_CASE(falls_silent_and_ends_when_the_silence_is_over) {
    events(R"({"silent_after":1,"silence_ms":1})");
    BOOST_TEST(heard() == "id: 1\ndata: {\"a\":1}\n\n");
}

BOOST_AUTO_TEST_CASE(waits_before_each_event) {
    events(R"({"delay_ms":20})");
    auto const begun = std::chrono::steady_clock::now();
    BOOST_TEST(heard() == three);
    BOOST_TEST((std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(60)));
}

BOOST_AUTO_TEST_CASE(gives_events_another_type_id_retry_or_datum) {
    events(R"({"id":"9","retry":"0","event":"other","data":"{issuer}"})");
    BOOST_TEST(heard_of({"id: 1\nevent: message\nretry: 5\ndata: a\ndata: b\n\n"}) ==
               "data: http://localhost:9100\nretry: 0\nid: 9\nevent: other\n\n");
}

BOOST_AUTO_TEST_CASE(takes_the_id_away) {
    events(R"({"without_id":true})");
    BOOST_TEST(heard() == "data: {\"a\":1}\n\ndata: {\"b\":2}\n\ndata: x\n\n");
}

BOOST_AUTO_TEST_CASE(alters_only_the_events_that_are_meant) {
    events(R"({"of":[2],"without_id":true})");
    BOOST_TEST(heard() == "id: 1\ndata: {\"a\":1}\n\ndata: {\"b\":2}\n\nid: 3\ndata: x\n\n");
}

BOOST_AUTO_TEST_CASE(replaces_the_first_of_it_in_each) {
    events(R"({"replace":"x","by":"{resource}"})");
    BOOST_TEST(heard_of({"data: xx\n\ndata: y\n\ndata: x\n\n"}) ==
               "data: http://localhost:9101/mcpx\n\ndata: y\n\ndata: "
               "http://localhost:9101/mcp\n\n");
}

// Server-sent events: two lines of data are one datum with a line break.
BOOST_AUTO_TEST_CASE(splits_an_object_over_two_lines_behind_its_brace) {
    events(R"({"split_data":true})");
    BOOST_TEST(heard_of({"data: {\"a\":1}\n\ndata: x\n\n"}) ==
               "data: {\ndata: \"a\":1}\n\ndata: x\n\n");
}

BOOST_AUTO_TEST_CASE(pads_data_within_the_datum) {
    events(R"({"pad":3})");
    BOOST_TEST(heard_of({"id: 1\ndata: x\n\n"}) == "id: 1\ndata:    x\n\n");
}

BOOST_AUTO_TEST_CASE(ends_lines_as_the_standard_lets_it) {
    events(R"({"line_end":"crlf"})");
    BOOST_TEST(heard_of({"id: 1\ndata: x\n\n"}) == "id: 1\r\ndata: x\r\n\r\n");
    del("faults");
    events(R"({"line_end":"cr","of":[1]})");
    // Of all of them: a stream has one kind of lines.
    BOOST_TEST(heard_of({"data: 1\n\n: c\n\n"}) == "data: 1\r\r: c\r\r");
}

BOOST_AUTO_TEST_CASE(says_something_in_front_of_each_event) {
    events(R"({"between":": noise\n\n"})");
    BOOST_TEST(heard_of({"data: 1\n\ndata: 2\n\n"}) ==
               ": noise\n\ndata: 1\n\n: noise\n\ndata: 2\n\n");
}

BOOST_AUTO_TEST_CASE(says_something_before_the_server_has) {
    events(R"({"first":": hello\n\n","first_times":3})");
    BOOST_TEST(heard() == ": hello\n\n: hello\n\n: hello\n\n" + std::string(three));
}

BOOST_AUTO_TEST_CASE(says_that_alone_where_the_stream_ends_before_the_first_event) {
    events(R"({"first":": hello\n\n","end_after":0})");
    BOOST_TEST(heard() == ": hello\n\n");
}

BOOST_AUTO_TEST_CASE(passes_on_what_lacks_its_end) {
    events(R"({"drop":[1]})");
    BOOST_TEST(heard_of({"data: 1\n\ndata: half"}) == "data: half");
}

BOOST_AUTO_TEST_CASE(counts_anew_on_every_stream) {
    events(R"({"drop":[1]})");
    auto const once = heard();
    BOOST_TEST(heard() == once);
}

BOOST_AUTO_TEST_CASE(is_about_no_body) {
    events(R"({"end_after":0})");
    BOOST_TEST(answered("{}") == "{}");
}

BOOST_AUTO_TEST_CASE(is_refused_where_its_members_do_not_go_together) {
    BOOST_TEST(mistake(R"({"events":{}})")
                   .starts_with("/effects/0/events/drop: is missing; expected drop, twice, "));
    BOOST_TEST(mistake(R"({"events":{"drop":[0]}})") ==
               "/effects/0/events/drop: expected numbers of events, from 1 on");
    BOOST_TEST(mistake(R"({"events":{"twice":["1"]}})") ==
               "/effects/0/events/twice: expected numbers of events, from 1 on");
    BOOST_TEST(mistake(R"({"events":{"silence_ms":1}})") ==
               "/effects/0/events/silence_ms: needs silent_after");
    BOOST_TEST(mistake(R"({"events":{"unfinished":true}})") ==
               "/effects/0/events/unfinished: needs end_after");
    BOOST_TEST(mistake(R"({"events":{"first":")" + std::string(1024, 'x') +
                       R"(","first_times":65537}})") ==
               "/effects/0/events/first_times: makes more than 64 MiB");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(rpc_effect, speech)

BOOST_AUTO_TEST_CASE(merges_into_the_result_and_takes_members_out) {
    rpc(R"({"result":{"a":{"c":"{issuer}"}},"without":["gone"]})");
    BOOST_TEST(answered(R"({"id":1,"result":{"a":{"b":1},"gone":2}})") ==
               R"({"id":1,"result":{"a":{"b":1,"c":"http://localhost:9100"}}})");
}

BOOST_AUTO_TEST_CASE(merges_nothing_into_an_error) {
    rpc(R"({"result":{"a":1}})");
    BOOST_TEST(answered(R"({"id":1,"error":{"code":-32601}})") ==
               R"({"id":1,"error":{"code":-32601}})");
}

BOOST_AUTO_TEST_CASE(adds_to_lists_of_the_result_that_are_there) {
    rpc(R"({"append":{"tools":[{"name":"x"}],"none":[1]}})");
    BOOST_TEST(answered(R"({"id":1,"result":{"tools":[]}})") ==
               R"({"id":1,"result":{"tools":[{"name":"x"}]}})");
    BOOST_TEST(answered(R"({"id":1,"result":7})") == R"({"id":1,"result":7})");
}

// JSON-RPC 2.0 §5: the id of a response is that of the request.
BOOST_AUTO_TEST_CASE(answers_under_another_id) {
    rpc(R"({"another_id":true})");
    BOOST_TEST(answered(R"({"id":1,"result":{}})") ==
               R"({"id":"an-id-that-nobody-used","result":{}})");
    del("faults");
    rpc(R"({"id":"null"})");
    BOOST_TEST(answered(R"({"id":1,"result":{}})") == R"({"id":null,"result":{}})");
}

BOOST_AUTO_TEST_CASE(answers_under_an_id_of_the_other_type) {
    rpc(R"({"id":"other_type"})");
    BOOST_TEST(answered(R"({"id":17,"result":{}})") == R"({"id":"17","result":{}})");
    BOOST_TEST(answered(R"({"id":"a","result":{}})") == R"({"id":1,"result":{}})");
}

BOOST_AUTO_TEST_CASE(changes_members_of_the_message_itself_last) {
    rpc(R"({"members":{"jsonrpc":"1.0","id":null},"another_id":true})");
    BOOST_TEST(answered(R"({"jsonrpc":"2.0","id":1,"result":{}})") ==
               R"({"jsonrpc":"1.0","result":{}})");
}

BOOST_AUTO_TEST_CASE(puts_a_response_into_a_batch) {
    rpc(R"({"batch":true})");
    BOOST_TEST(answered(R"({"id":1,"result":{}})") == R"([{"id":1,"result":{}}])");
}

BOOST_AUTO_TEST_CASE(leaves_requests_notifications_and_other_bodies_alone) {
    rpc(R"({"error":{"code":1}})");
    for (std::string const said :
         {R"({"jsonrpc":"2.0","id":1,"method":"ping"})", R"({"jsonrpc":"2.0","method":"x"})",
          R"({"result":{}})", R"([{"id":1,"result":{}}])", "no json", ""})
        BOOST_TEST(answered(said) == said);
}

BOOST_AUTO_TEST_CASE(changes_responses_on_a_stream_and_leaves_the_rest_of_it) {
    rpc(R"({"answer":{"ok":true}})");
    BOOST_TEST(heard_of({": c\n\nid: 4\ndata: {\"id\":1,\"error\":{}}\n\n",
                         "data: {\"method\":\"x\"}\n\nevent: endpoint\ndata: /m\n\n"}) ==
               ": c\n\nid: 4\ndata: {\"id\":1,\"result\":{\"ok\":true}}\n\n"
               "data: {\"method\":\"x\"}\n\nevent: endpoint\ndata: /m\n\n");
}

BOOST_AUTO_TEST_CASE(of_rpc_is_refused_where_it_says_nothing) {
    BOOST_TEST(mistake(R"({"rpc":{}})") ==
               "/effects/0/rpc/result: is missing; expected answer, result, without, append, "
               "error, members, id, another_id or batch");
    BOOST_TEST(mistake(R"({"rpc":{"append":{"tools":1}}})") ==
               "/effects/0/rpc/append: expected lists");
    BOOST_TEST(
        mistake(R"({"rpc":{"id":"none"}})").starts_with("/effects/0/rpc/id: expected one of"));
}

BOOST_AUTO_TEST_SUITE_END()

// Streams that are left and come back to: Last-Event-ID.
#include "mcp/server/realm_state.hpp"
#include "mcp/transport/http/talking_fixture.hpp"

using test::parsed;
using test::text_in;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::talking_fixture {
    std::string id = ready();

    std::shared_ptr<mcp::session> server_session() {
        return b.realm->get<mcp::realm_state>().sessions.all().back();
    }
    static std::vector<int> progress_of(std::vector<sse::received> const& events) {
        std::vector<int> out;
        for (auto const& e : events) {
            auto const m = parsed(e.data);
            if (!m.as_object().contains("method")) continue;
            out.push_back(static_cast<int>(m.at("params").at("progress").as_int64()));
        }
        return out;
    }
    // Reads until the first event with data, and leaves.
    sse::received first_of(http::reply& r) {
        for (;;) {
            for (auto const& e : events(*r.stream)) {
                if (e.data.empty()) continue;
                r.stream.reset();
                return e;
            }
        }
    }
};

std::vector<int> numbers(std::initializer_list<int> n) {
    return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_resumption, fixture)

// MCP 2025-11-25, Transports, "Sending Messages to the Server": disconnection is not a
// cancellation. MCP 2025-11-25, Transports, "Resumability and Redelivery": GET with Last-Event-ID
// replays what came after.
BOOST_AUTO_TEST_CASE(a_call_goes_on_without_its_connection_and_the_rest_is_fetched) {
    auto r = open_call(id, call("count", R"({"n":4,"gap":5})"));
    auto const first = first_of(r);
    let_run(100ms);
    auto const back = open_get(id, first.id);
    BOOST_TEST(back.status == 200u);
    auto const missed = rest(*back.stream);
    BOOST_TEST(progress_of(missed) == numbers({2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(text_in(missed.back()) == "counted");
}

BOOST_AUTO_TEST_CASE(a_reader_that_comes_back_early_gets_the_rest_live) {
    auto r = open_call(id, call("count", R"({"n":4,"gap":20})"));
    auto const first = first_of(r);
    auto const back = open_get(id, first.id);
    auto const all = rest(*back.stream);
    BOOST_TEST(progress_of(all) == numbers({2, 3, 4}), boost::test_tools::per_element());
    BOOST_TEST(text_in(all.back()) == "counted");
}

BOOST_AUTO_TEST_CASE(the_answer_can_be_fetched_again_and_from_any_event) {
    auto const all = events_of(post(call("count", R"({"n":2})"), in(id)));
    auto const first_id = all.at(all.size() - 3).id;
    for (int i = 0; i < 2; ++i) {
        auto const back = open_get(id, first_id);
        BOOST_TEST(rest(*back.stream).size() == 2u);
    }
    auto const end = open_get(id, all.back().id);
    BOOST_TEST(end.status == 200u);
    BOOST_TEST(rest(*end.stream).empty());
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": messages of a different stream are not
// replayed.
BOOST_AUTO_TEST_CASE(only_the_stream_that_was_left_is_replayed) {
    auto const one = events_of(post(call("count", R"({"n":1})", "1"), in(id)));
    auto const two = events_of(post(call("count", R"({"n":2})", "2"), in(id)));
    auto const back = open_get(id, one.at(one.size() - 2).id);
    auto const missed = rest(*back.stream);
    BOOST_REQUIRE(missed.size() == 1u);
    BOOST_TEST(parsed(missed[0].data).at("id").as_int64() == 1);
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": event ids are unique within the
// session.
BOOST_AUTO_TEST_CASE(no_id_comes_twice_in_a_session) {
    std::set<std::string> seen;
    std::size_t n = 0;
    for (int i = 0; i < 3; ++i) {
        auto const all = events_of(post(call("count", R"({"n":3})"), in(id)));
        for (auto const& e : all) {
            seen.insert(e.id);
            ++n;
        }
    }
    BOOST_TEST(seen.size() == n);
    BOOST_TEST(n >= 12u);
}

BOOST_AUTO_TEST_CASE(an_id_of_another_session_is_as_unknown_as_any) {
    auto const all = events_of(post(call("count", R"({"n":2})"), in(id)));
    auto const first = all.at(all.size() - 3).id;
    auto const answer_to = [&](std::string const& session, std::string const& last) {
        auto const r = open_get(session, last);
        BOOST_TEST((r.stream == nullptr));
        return std::to_string(r.status) + r.body;
    };
    auto const unknown = answer_to(id, "aaaaaaaaaaaaaaaa.1");
    BOOST_TEST(unknown.substr(0, 3) == "400");
    BOOST_TEST(answer_to(id, "nonsense") == unknown);
    BOOST_TEST(answer_to(id, first.substr(0, 17) + "99") == unknown);
    auto const own = ready();
    BOOST_TEST(answer_to(own, first) == unknown);
    token = "bob";
    BOOST_TEST(open_get(id, first).status == 404u);
    BOOST_TEST(answer_to(ready(), first) == unknown);
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": after an event with an id the
// server may close the connection, having sent `retry`, and the client polls the stream.
BOOST_AUTO_TEST_CASE(the_server_may_hang_up_and_go_on) {
    auto const r = open_call(id, call("hang_up", R"({"gap":5})"));
    std::string bytes;
    while (auto const chunk = test::run(b.io(), r.stream->next()))
        bytes += *chunk;
    BOOST_TEST(bytes.find("counted") == std::string::npos);
    BOOST_TEST(bytes.rfind("retry: 1000") > bytes.find("id: "));
    sse::decoder d;
    d.feed(bytes);
    let_run(60ms);
    auto const back = open_get(id, d.last_id());
    auto const missed = rest(*back.stream);
    BOOST_TEST(progress_of(missed) == numbers({1, 2, 3}), boost::test_tools::per_element());
    BOOST_TEST(text_in(missed.back()) == "counted");
}

BOOST_AUTO_TEST_CASE(the_server_does_not_hang_up_on_clients_that_do_not_poll) {
    for (auto const* version : {"2025-03-26", "2025-06-18"}) {
        auto const all = events_of(post(call("hang_up"), in(ready(version))));
        BOOST_TEST(text_in(all.back()) == "counted");
    }
}

BOOST_AUTO_TEST_CASE(a_second_connection_of_a_stream_ends_the_first) {
    auto r = open_call(id, call("count", R"({"n":3,"gap":20})"));
    std::string last;
    for (auto const& e : events(*r.stream))
        last = e.id;
    auto const back = open_get(id, last);
    BOOST_TEST(ends(*r.stream));
    BOOST_TEST(text_in(rest(*back.stream).back()) == "counted");
}

// MCP 2025-11-25, Transports, "Multiple Connections": each message goes to only one stream.
BOOST_AUTO_TEST_CASE(news_go_to_one_stream_and_wait_for_a_reader_that_may_come_back) {
    auto const session = server_session();
    json::object const nothing;
    BOOST_TEST(!session->tell("notifications/tools/list_changed", nothing));
    auto one = open_get(id);
    auto two = open_get(id);
    BOOST_TEST(session->tell("notifications/tools/list_changed", nothing));
    auto const got = events(*two.stream);
    BOOST_TEST(!got.back().id.empty());
    two.stream.reset();
    BOOST_TEST(session->tell("notifications/prompts/list_changed", nothing));
    bool found = false;
    for (auto const& e : events(*one.stream))
        found = found || e.data.find("prompts") != std::string::npos;
    BOOST_TEST(found);
    one.stream.reset();
    BOOST_TEST(session->tell("notifications/resources/list_changed", nothing));
    auto const back = open_get(id, got.back().id);
    auto const missed = events(*back.stream);
    BOOST_REQUIRE(missed.size() == 1u);
    BOOST_TEST(missed[0].data.find("resources") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_kept_is_bounded_and_a_gap_does_not_stop_the_answer) {
    change_policy([](mcp::policy& p) { p.replay_bytes = 2048; });
    id = ready();
    auto const all = events_of(post(call("count", R"({"n":100})"), in(id)));
    auto const back = open_get(id, all.at(1).id);
    auto const missed = rest(*back.stream);
    BOOST_TEST(missed.size() < 50u);
    BOOST_TEST(text_in(missed.back()) == "counted");
}

// More than a stream holds for a slow reader: who comes back is none.
BOOST_AUTO_TEST_CASE(much_that_was_kept_is_replayed_whole) {
    change_policy([](mcp::policy& p) { p.replay_bytes = 4 << 20; });
    id = ready();
    auto r = open_call(id, call("count", R"({"n":6,"gap":5,"words":300000})"));
    auto const first = first_of(r);
    let_run(200ms);
    auto const back = open_get(id, first.id);
    auto const missed = rest(*back.stream);
    BOOST_TEST(progress_of(missed) == numbers({2, 3, 4, 5, 6}), boost::test_tools::per_element());
    BOOST_TEST(text_in(missed.back()) == "counted");
}

BOOST_AUTO_TEST_SUITE_END()

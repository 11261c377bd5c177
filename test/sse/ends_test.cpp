// The two ends of a stream, and the bounds of what is kept for it.
#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"
#include "sse/event_id.hpp"
#include "sse/replay_log.hpp"
#include "sse/stream.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct fixture {
    asio::io_context io{1};
    sse::stream_options options;
    int closed = 0;

    sse::opened_stream open() {
        options.on_close = [this] { ++closed; };
        return sse::open_stream(io.get_executor(), options);
    }
    std::string next(http::body_stream& s) { return test::run(io, s.next()).value_or("the end"); }
};

task<bool> say(bool answer) {
    co_return answer;
}

task<bool> fail() {
    throw std::runtime_error("a bug");
    co_return true;
}

long long slow_consumers() {
    std::string const name = "\ntollgate_sse_slow_consumers_total ";
    auto const all = render_metrics();
    auto const at = all.find(name);
    BOOST_REQUIRE(at != all.npos);
    return std::stoll(all.substr(at + name.size()));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sse_ends, fixture)

BOOST_AUTO_TEST_CASE(ends_at_once_when_it_is_closed_with_nothing_to_say) {
    auto s = open();
    s.channel->close();
    BOOST_TEST(!s.channel->is_open());
    BOOST_TEST(next(*s.body) == "the end");
    BOOST_TEST(next(*s.body) == "the end");
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(says_its_farewell_once_whoever_closes_it_and_how_often) {
    options.farewell = sse::message("bye");
    auto s = open();
    s.channel->close();
    s.body->close();
    s.channel->close();
    BOOST_TEST(next(*s.body) == "event: message\ndata: bye\n\n");
    BOOST_TEST(next(*s.body) == "the end");
}

BOOST_AUTO_TEST_CASE(is_open_until_its_reader_is_gone) {
    auto s = open();
    BOOST_TEST(s.channel->is_open());
    s.body.reset();
    BOOST_TEST(!s.channel->is_open());
}

// A server that closes streams of slow readers must be able to see that it does.
BOOST_AUTO_TEST_CASE(counts_a_reader_that_is_too_slow_once) {
    options.max_bytes = 32;
    auto const before = slow_consumers();
    auto s = open();
    BOOST_TEST(s.channel->push(sse::message("1")));
    BOOST_TEST(!s.channel->push(sse::message("2")));
    BOOST_TEST(!s.channel->push(sse::message("3")));
    BOOST_TEST(slow_consumers() == before + 1);
}

BOOST_AUTO_TEST_CASE(lets_exactly_its_limit_wait) {
    auto const one = sse::message("1");
    options.max_bytes = 2 * one.bytes().size();
    auto s = open();
    BOOST_TEST(s.channel->push(one));
    BOOST_TEST(s.channel->push(one));
    BOOST_TEST(next(*s.body) == one.bytes() + one.bytes());
    BOOST_TEST(s.channel->is_open());
}

BOOST_AUTO_TEST_CASE(asks_nobody_when_it_is_to_ask_never) {
    int asked = 0;
    options.heartbeat = 5ms;
    options.may_continue = [&asked] {
        ++asked;
        return say(false);
    };
    auto s = open();
    BOOST_TEST(next(*s.body) == ":\n\n");
    BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_CASE(passes_on_what_goes_wrong_while_it_asks) {
    options.recheck = 1ms;
    options.may_continue = &fail;
    auto s = open();
    BOOST_CHECK_THROW(next(*s.body), std::runtime_error);
    s.body.reset();
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(answers_an_event_stream_that_says_nothing) {
    auto const r = sse::empty_stream_reply();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    BOOST_TEST(r.body == "");
    BOOST_TEST((r.stream == nullptr));
}

BOOST_AUTO_TEST_CASE(takes_from_a_budget_all_or_nothing) {
    sse::byte_budget b(10);
    BOOST_TEST(!b.take(11));
    BOOST_TEST(b.left() == 10u);
    BOOST_TEST(b.take(10));
    BOOST_TEST(b.take(0));
    BOOST_TEST(!b.take(1));
    b.give_back(10);
    BOOST_TEST(b.take(10));
}

BOOST_AUTO_TEST_CASE(never_gives_away_more_of_a_budget_than_there_is) {
    sse::byte_budget b(100);
    std::atomic<int> given{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i)
                    if (b.take(1)) ++given;
            });
    }
    BOOST_TEST(given == 100);
    BOOST_TEST(b.left() == 0u);
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": nothing is given back of a stream
// that nothing was said on, and nothing is missing there
BOOST_AUTO_TEST_CASE(has_nothing_to_give_back_of_a_silent_stream) {
    sse::byte_budget shared(1 << 20);
    sse::replay_log log(1 << 10, shared);
    log.keep(1, 1, sse::message("of another"));
    auto const r = log.after(2, 0, 0);
    BOOST_TEST(r.frames.empty());
    BOOST_TEST(r.complete);
}

BOOST_AUTO_TEST_CASE(tells_when_the_newest_event_could_not_be_kept) {
    sse::byte_budget shared(1 << 20);
    sse::replay_log log(1 << 10, shared);
    log.keep(1, 1, sse::message("a"));
    log.keep(1, 2, sse::message(std::string(2 << 10, 'b')));
    auto const r = log.after(1, 0, 2);
    BOOST_TEST(r.frames.size() == 1u);
    BOOST_TEST(!r.complete);
}

BOOST_AUTO_TEST_CASE(frees_its_bytes_for_others_when_it_is_cleared_and_can_be_used_again) {
    sse::byte_budget shared(1 << 10);
    sse::replay_log log(1 << 10, shared);
    log.clear();
    log.keep(1, 1, sse::message("a"));
    BOOST_TEST(shared.left() == (1u << 10) - log.bytes());
    log.clear();
    log.clear();
    BOOST_TEST(shared.left() == 1u << 10);
    log.keep(1, 2, sse::message("b"));
    BOOST_TEST(log.after(1, 1, 2).complete);
}

BOOST_AUTO_TEST_CASE(numbers_events_up_to_the_last_number_there_is) {
    auto const last = std::numeric_limits<std::uint64_t>::max();
    std::string const token(16, 'a');
    auto const text = sse::to_text({token, last});
    BOOST_TEST(text == token + ".18446744073709551615");
    BOOST_REQUIRE(sse::parse_event_id(text).has_value());
    BOOST_TEST(sse::parse_event_id(text)->number == last);
    BOOST_TEST(sse::parse_event_id(token + ".0")->number == 0u);
    BOOST_TEST(!sse::parse_event_id(token + ".18446744073709551616"));
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": an id goes back in a header field
BOOST_AUTO_TEST_CASE(names_streams_by_characters_that_a_header_field_can_hold) {
    for (int i = 0; i < 50; ++i) {
        auto const name = sse::random_stream_token();
        BOOST_TEST(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-_") == name.npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()

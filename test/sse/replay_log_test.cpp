// What is kept for readers that come back.
#include "sse/replay_log.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

namespace {

struct fixture {
    sse::byte_budget shared{1 << 20};
    sse::replay_log log{64 << 10, shared};

    static sse::frame text(std::string const& s) { return sse::message(s); }
    static std::string joined(sse::replay_log::replay const& r) {
        std::string all;
        for (auto const& f : r.frames) {
            auto const& b = f.bytes();
            all += b.substr(b.find("data: ") + 6, 1);
        }
        return all;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sse_replay_log, fixture)

// MCP 2025-11-25, Transports, "Resumability and Redelivery": what was sent after the last event id
// on the stream that was disconnected, and nothing of another stream.
BOOST_AUTO_TEST_CASE(gives_back_what_followed_on_that_stream_alone) {
    log.keep(1, 1, text("a"));
    log.keep(2, 1, text("x"));
    log.keep(1, 2, text("b"));
    log.keep(2, 2, text("y"));
    log.keep(1, 3, text("c"));
    BOOST_TEST(joined(log.after(1, 1, 3)) == "bc");
    BOOST_TEST(joined(log.after(1, 0, 3)) == "abc");
    BOOST_TEST(joined(log.after(2, 1, 2)) == "y");
    BOOST_TEST(log.after(1, 0, 3).complete);
    BOOST_TEST(log.after(1, 3, 3).frames.empty());
    BOOST_TEST(log.after(1, 3, 3).complete);
}

BOOST_AUTO_TEST_CASE(lets_the_oldest_go_first_and_says_that_there_is_a_gap) {
    std::string const big(20 << 10, 'z');
    log.keep(1, 1, text("a" + big));
    log.keep(1, 2, text("b" + big));
    log.keep(1, 3, text("c" + big));
    log.keep(1, 4, text("d" + big));
    BOOST_TEST(log.bytes() <= 64u << 10);
    BOOST_TEST(joined(log.after(1, 0, 4)) == "bcd");
    BOOST_TEST(!log.after(1, 0, 4).complete);
    BOOST_TEST(log.after(1, 1, 4).complete);
}

BOOST_AUTO_TEST_CASE(does_not_keep_what_is_bigger_than_all_of_it) {
    log.keep(1, 1, text("a"));
    log.keep(1, 2, text(std::string(70 << 10, 'b')));
    log.keep(1, 3, text("c"));
    BOOST_TEST(joined(log.after(1, 0, 3)) == "ac");
    BOOST_TEST(!log.after(1, 0, 3).complete);
    BOOST_TEST(!log.after(1, 1, 2).complete);
    BOOST_TEST(log.after(1, 2, 3).complete);
}

BOOST_AUTO_TEST_CASE(shares_a_budget_with_others_and_gives_it_back) {
    sse::byte_budget little{1000};
    {
        sse::replay_log first(4096, little);
        first.keep(1, 1, text(std::string(700, 'a')));
        sse::replay_log second(4096, little);
        second.keep(1, 1, text(std::string(700, 'b')));
        BOOST_TEST(second.bytes() == 0u);
        BOOST_TEST(!second.after(1, 0, 1).complete);
        first.keep(1, 2, text(std::string(700, 'c')));  // its own oldest makes room
        BOOST_TEST(joined(first.after(1, 0, 2)) == "c");
        first.forget(1);
        BOOST_TEST(first.bytes() == 0u);
        second.keep(1, 2, text(std::string(700, 'd')));
        BOOST_TEST(joined(second.after(1, 1, 2)) == "d");
    }
    BOOST_TEST(little.left() == 1000u);
}

BOOST_AUTO_TEST_CASE(forgets_one_stream_and_keeps_the_others) {
    log.keep(1, 1, text("a"));
    log.keep(2, 1, text("x"));
    log.forget(1);
    BOOST_TEST(log.after(1, 0, 1).frames.empty());
    BOOST_TEST(joined(log.after(2, 0, 1)) == "x");
    log.clear();
    BOOST_TEST(shared.left() == 1u << 20);
}

BOOST_AUTO_TEST_SUITE_END()

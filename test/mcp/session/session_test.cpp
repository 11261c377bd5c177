// To whom a session belongs, and how long.
#include "mcp/session/session_table.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

#include "mcp/server/fixture.hpp"

using namespace tollgate;
using mcp::session_binding;
using mcp::transport;
using namespace std::chrono_literals;

namespace {

struct fixture {
    test::fake_guard guard;
    mcp::session_table table;
    tollgate::time_point time{1'000'000s};

    static mcp::policy at_most(std::size_t sessions) {
        mcp::policy p;
        p.max_sessions = sessions;
        return p;
    }
    mcp::session_table::now now() const { return {time, 30min}; }
    http::credential who(std::string const& token) { return guard.credential_for(token); }
    std::string open(http::credential const* c, transport via = transport::streamable_http) {
        auto const s = table.open(via, mcp::revision::v2025_11_25, c, at_most(100), now());
        BOOST_REQUIRE(s);
        return s->id();
    }
    bool finds(std::string const& id, http::credential const* c,
               session_binding how = session_binding::principal,
               transport via = transport::streamable_http) {
        return table.find(id, via, c, how, now()).session != nullptr;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_session, fixture)

BOOST_AUTO_TEST_CASE(a_refreshed_token_of_the_same_principal_goes_on) {
    auto const first = who("alice@app#1");
    auto const second = who("alice@app#2");
    auto const id = open(&first);
    BOOST_TEST(finds(id, &second));
}

BOOST_AUTO_TEST_CASE(another_subject_another_client_or_nobody_is_refused) {
    auto const alice = who("alice@app");
    auto const bob = who("bob@app");
    auto const elsewhere = who("alice@other");
    auto const id = open(&alice);
    BOOST_TEST(!finds(id, &bob));
    BOOST_TEST(!finds(id, &elsewhere));
    BOOST_TEST(!finds(id, nullptr));
    BOOST_TEST(finds(id, &alice));
}

BOOST_AUTO_TEST_CASE(the_client_is_compared_only_where_the_strategy_reveals_it) {
    auto const known = who("alice@app");
    auto const unknown = who("alice");
    auto const id = open(&unknown);
    BOOST_TEST(finds(id, &known));
    BOOST_TEST(finds(open(&known), &unknown));
}

BOOST_AUTO_TEST_CASE(an_anonymous_session_is_adopted_by_the_first_principal) {
    auto const alice = who("alice");
    auto const bob = who("bob");
    auto const id = open(nullptr);
    BOOST_TEST(finds(id, nullptr));
    BOOST_TEST(finds(id, &alice));
    BOOST_TEST(!finds(id, &bob));
    BOOST_TEST(!finds(id, nullptr));
}

BOOST_AUTO_TEST_CASE(token_binding_admits_only_the_very_token) {
    auto const first = who("alice@app#1");
    auto const second = who("alice@app#2");
    auto const id = open(&first);
    BOOST_TEST(finds(id, &first, session_binding::token));
    BOOST_TEST(!finds(id, &second, session_binding::token));
}

BOOST_AUTO_TEST_CASE(a_session_of_one_transport_is_unknown_to_the_other) {
    auto const alice = who("alice");
    auto const id = open(&alice, transport::sse);
    BOOST_TEST(!finds(id, &alice));
    BOOST_TEST(finds(id, &alice, session_binding::principal, transport::sse));
}

BOOST_AUTO_TEST_CASE(a_strangers_visits_do_not_keep_a_session_alive) {
    auto const alice = who("alice");
    auto const bob = who("bob");
    auto const id = open(&alice);
    time += 20min;
    BOOST_TEST(!finds(id, &bob));
    time += 20min;
    BOOST_TEST(!finds(id, &alice));
    BOOST_TEST(table.count(now()) == 0u);
}

// For the log alone: outside, both look the same.
BOOST_AUTO_TEST_CASE(tells_a_foreign_session_from_an_unknown_one) {
    auto const alice = who("alice");
    auto const bob = who("bob");
    auto const id = open(&alice);
    auto const foreign =
        table.find(id, transport::streamable_http, &bob, session_binding::principal, now());
    BOOST_TEST(foreign.foreign);
    BOOST_TEST((foreign.session == nullptr));
    auto const unknown =
        table.find("x", transport::streamable_http, &bob, session_binding::principal, now());
    BOOST_TEST(!unknown.foreign);
    BOOST_TEST((unknown.session == nullptr));
}

BOOST_AUTO_TEST_CASE(idle_sessions_make_room_for_new_ones) {
    auto const first =
        table.open(transport::sse, mcp::revision::v2024_11_05, nullptr, at_most(1), now());
    BOOST_REQUIRE((first != nullptr));
    boost::asio::io_context io;
    auto const opened = sse::open_stream(io.get_executor(), {});
    BOOST_REQUIRE(first->streams.open(mcp::session_streams::kind::plain, opened.channel));
    BOOST_TEST((table.open(transport::sse, mcp::revision::v2024_11_05, nullptr, at_most(1),
                           now()) == nullptr));
    opened.channel->close();
    BOOST_TEST((table.open(transport::sse, mcp::revision::v2024_11_05, nullptr, at_most(1),
                           now()) != nullptr));
    BOOST_TEST(table.count(now()) == 1u);
}

BOOST_AUTO_TEST_CASE(ending_twice_or_an_unknown_one_does_nothing) {
    auto const id = open(nullptr);
    table.end(id);
    table.end(id);
    table.end("unknown");
    BOOST_TEST(table.count(now()) == 0u);
}

BOOST_AUTO_TEST_CASE(may_be_used_from_several_threads) {
    auto const alice = who("alice");
    std::vector<std::jthread> threads;
    std::atomic<int> found{0};
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                auto const s = table.open(transport::streamable_http, mcp::revision::v2025_11_25,
                                          nullptr, at_most(1000), now());
                if (finds(s->id(), &alice)) ++found;
                table.end(s->id());
            }
        });
    }
    threads.clear();
    BOOST_TEST(found == 600);
    BOOST_TEST(table.count(now()) == 0u);
}

BOOST_AUTO_TEST_CASE(its_label_is_too_short_to_use_it) {
    BOOST_TEST(mcp::session_label("0123456789abcdef") == "01234567");
}

BOOST_AUTO_TEST_SUITE_END()

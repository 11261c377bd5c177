// The sessions of one realm: who makes room, who has lapsed, who hears of what.
#include "mcp/session/session_table.hpp"

#include <set>

#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
using mcp::session_binding;
using mcp::transport;
using namespace std::chrono_literals;

namespace {

struct quiet_call final : mcp::in_flight {
    int abandoned = 0;
    void cancel(std::string_view) override {}
    void abandon() override { ++abandoned; }
    void answered(std::int64_t, mcp::client_answer) override {}
};

struct fixture {
    boost::asio::io_context io;
    mcp::session_table table;
    tollgate::time_point time{1'000'000s};
    mcp::policy limits;

    mcp::session_table::now now() const { return {time, 30min}; }
    std::shared_ptr<mcp::session> open(std::string const& agent = "") {
        return table.open(transport::streamable_http, mcp::revision::v2025_11_25, nullptr, limits,
                          now(), agent);
    }
    bool finds(std::string const& id, std::string const& agent = "") {
        auto const got = table.find(id, transport::streamable_http, nullptr,
                                    session_binding::principal, now(), agent);
        return got.session != nullptr;
    }
    sse::opened_stream listen(mcp::session& s) {
        auto opened = sse::open_stream(io.get_executor(), {});
        BOOST_REQUIRE(
            s.streams.open(mcp::session_streams::kind::standalone, opened.channel).has_value());
        return opened;
    }
    // What it was told; ends the connection.
    std::vector<std::string> told(sse::opened_stream const& c) {
        c.channel->close();
        sse::decoder d;
        std::vector<std::string> out;
        while (auto const piece = test::run(io, c.body->next())) {
            for (auto const& e : d.feed(*piece))
                out.emplace_back(test::parsed(e.data).at("method").as_string());
        }
        return out;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_session_table, fixture)

// MCP 2025-11-25, Transports, "Session Management": globally unique, visible ASCII.
BOOST_AUTO_TEST_CASE(no_two_sessions_have_one_id) {
    std::set<std::string> ids;
    for (int i = 0; i < 200; ++i)
        ids.insert(open()->id());
    BOOST_TEST(ids.size() == 200u);
    for (auto const& id : ids) {
        for (unsigned char const c : id)
            BOOST_TEST((c >= 0x21 && c <= 0x7e));
    }
}

BOOST_AUTO_TEST_CASE(the_session_unused_for_longest_makes_room_for_a_new_one) {
    limits.max_sessions = 2;
    auto const first = open();
    auto const second = open();
    BOOST_TEST(finds(first->id()));
    auto const third = open();
    BOOST_TEST(finds(first->id()));
    BOOST_TEST(!finds(second->id()));
    BOOST_TEST(finds(third->id()));
}

BOOST_AUTO_TEST_CASE(a_session_in_use_does_not_make_room) {
    limits.max_sessions = 2;
    auto const busy = open();
    auto const call = std::make_shared<quiet_call>();
    busy->calls.add({"1"}, call);
    auto const idle = open();
    BOOST_TEST((open() != nullptr));
    BOOST_TEST(finds(busy->id()));
    BOOST_TEST(!finds(idle->id()));
    BOOST_TEST(call->abandoned == 0);
}

BOOST_AUTO_TEST_CASE(an_evicted_session_is_ended_for_who_still_holds_it) {
    limits.max_sessions = 1;
    auto const evicted = open();
    open();
    BOOST_TEST((evicted->calls.add({"1"}, std::make_shared<quiet_call>()) ==
                mcp::call_table::added::over));
    BOOST_TEST(evicted->streams.is_sealed());
}

BOOST_AUTO_TEST_CASE(who_opens_a_session_is_told_which_one_had_to_go) {
    limits.max_sessions = 1;
    auto const first = open();
    std::string evicted;
    auto const second = table.open(transport::streamable_http, mcp::revision::v2025_11_25, nullptr,
                                   limits, now(), {}, &evicted);
    BOOST_TEST(evicted == first->id());
    evicted.clear();
    time += 31min;  // the second has lapsed by itself
    table.open(transport::streamable_http, mcp::revision::v2025_11_25, nullptr, limits, now(), {},
               &evicted);
    BOOST_TEST(evicted == "");
}

BOOST_AUTO_TEST_CASE(a_recalled_session_lapses_when_it_would_have_if_it_had_been_here) {
    auto const s = open();
    auto const kept = s->save();
    table.end_all();
    BOOST_TEST(!table.has(s->id()));
    time += 29min;
    table.recall({kept, time - 20min}, limits, now());
    BOOST_TEST(table.has(s->id()));
    time += 9min;
    auto const back =
        table.find(s->id(), transport::streamable_http, nullptr, session_binding::principal, now());
    BOOST_REQUIRE(back.session);
    BOOST_TEST(back.session->recalled());
    BOOST_TEST(!s->recalled());
    table.end_all();
    table.recall({kept, time - 20min}, limits, now());
    time += 11min;
    BOOST_TEST(!finds(s->id()));
}

BOOST_AUTO_TEST_CASE(a_session_that_is_here_is_not_recalled_over_itself) {
    auto const s = open();
    table.recall({s->save(), time}, limits, now());
    auto const found =
        table.find(s->id(), transport::streamable_http, nullptr, session_binding::principal, now());
    BOOST_TEST((found.session == s));
    BOOST_TEST(table.count(now()) == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_table_takes_a_recalled_session_all_the_same) {
    auto const s = open();
    auto const kept = s->save();
    table.end_all();
    limits.max_sessions = 1;
    auto const busy = open();
    busy->calls.add({"1"}, std::make_shared<quiet_call>());
    table.recall({kept, time}, limits, now());
    BOOST_TEST(finds(s->id()));
}

BOOST_AUTO_TEST_CASE(a_table_for_no_sessions_opens_none) {
    limits.max_sessions = 0;
    BOOST_TEST((open() == nullptr));
    BOOST_TEST(table.count(now()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_session_lapses_after_its_idle_time_and_not_with_it) {
    auto const s = open();
    time += 30min;
    BOOST_TEST(table.count(now()) == 1u);
    time += 1ms;
    BOOST_TEST(table.count(now()) == 0u);
}

BOOST_AUTO_TEST_CASE(the_idle_time_of_a_session_in_use_begins_when_the_use_ends) {
    auto const s = open();
    auto const call = std::make_shared<quiet_call>();
    s->calls.add({"1"}, call);
    time += 2h;
    BOOST_TEST(table.count(now()) == 1u);
    s->calls.remove({"1"});
    time += 30min;
    BOOST_TEST(table.count(now()) == 1u);
    time += 1min;
    BOOST_TEST(table.count(now()) == 0u);
}

BOOST_AUTO_TEST_CASE(a_touched_session_has_just_been_used) {
    limits.max_sessions = 2;
    auto const first = open();
    auto const second = open();
    time += 20min;
    table.touch(first->id(), time);
    table.touch("unknown", time);
    open();
    BOOST_TEST(!finds(second->id()));
    time += 30min;
    BOOST_TEST(finds(first->id()));
}

// docs/mcp.md, "Agents": every name is an MCP server of its own.
BOOST_AUTO_TEST_CASE(a_session_of_one_agent_is_unknown_to_the_others) {
    auto const s = open("alice");
    BOOST_TEST(finds(s->id(), "alice"));
    BOOST_TEST(!finds(s->id(), "bob"));
    BOOST_TEST(!finds(s->id()));
    BOOST_TEST(!finds(open()->id(), "alice"));
}

BOOST_AUTO_TEST_CASE(a_visit_at_the_wrong_agent_does_not_keep_a_session_alive) {
    auto const s = open("alice");
    time += 20min;
    finds(s->id(), "bob");
    time += 20min;
    BOOST_TEST(!finds(s->id(), "alice"));
}

BOOST_AUTO_TEST_CASE(ending_all_ends_what_runs_in_each_of_them) {
    auto const one = open();
    auto const two = open();
    auto const call = std::make_shared<quiet_call>();
    one->calls.add({"1"}, call);
    auto const stream = listen(*two);
    table.end_all();
    BOOST_TEST(call->abandoned == 1);
    BOOST_TEST(!stream.channel->is_open());
    BOOST_TEST(table.all().empty());
    BOOST_TEST(!finds(one->id()));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_table_ends_its_sessions) {
    std::shared_ptr<mcp::session> outliving;
    {
        mcp::session_table short_lived;
        outliving = short_lived.open(transport::streamable_http, mcp::revision::v2025_11_25,
                                     nullptr, limits, now());
    }
    BOOST_TEST(outliving->streams.is_sealed());
}

// MCP 2025-11-25, Server Features, Tools, "List Changed Notification".
BOOST_AUTO_TEST_CASE(a_change_of_a_list_is_told_to_every_session) {
    auto const one = open();
    auto const two = open();
    auto const first = listen(*one);
    auto const second = listen(*two);
    table.tell({mcp::change::kind::prompts, {}, {}});
    std::vector<std::string> const expected{"notifications/prompts/list_changed"};
    BOOST_TEST(told(first) == expected, boost::test_tools::per_element());
    BOOST_TEST(told(second) == expected, boost::test_tools::per_element());
}

// MCP 2025-11-25, Server Features, Resources, "Subscriptions".
BOOST_AUTO_TEST_CASE(a_change_of_a_resource_is_told_to_its_subscribers_alone) {
    auto const one = open();
    auto const two = open();
    BOOST_TEST(one->subscribe("test://a"));
    BOOST_TEST(two->subscribe("test://b"));
    auto const first = listen(*one);
    auto const second = listen(*two);
    table.tell({mcp::change::kind::resource, "test://a", {{"uri", "test://a"}}});
    std::vector<std::string> const expected{"notifications/resources/updated"};
    BOOST_TEST(told(first) == expected, boost::test_tools::per_element());
    BOOST_TEST(told(second).empty());
}

// Tasks are of 2026-07-28, which has no sessions.
BOOST_AUTO_TEST_CASE(a_change_of_a_task_is_told_to_no_session) {
    auto const s = open();
    BOOST_TEST(s->subscribe("a-task"));
    auto const stream = listen(*s);
    table.tell({mcp::change::kind::task, "a-task", {}});
    BOOST_TEST(told(stream).empty());
}

// What ends is not the session, but its streams and its calls.
BOOST_AUTO_TEST_CASE(sessions_of_one_moment_can_be_there_again) {
    auto const s = open();
    s->set_initialized();
    s->set_client({test::parsed(R"({"roots":{}})").as_object(), {}});
    s->set_log_level(mcp::logging_level::warning);
    BOOST_TEST(s->subscribe("test://watched"));
    time += 29min;
    auto const younger = open();
    auto const then = table.save();
    BOOST_TEST(then.size() == 2u);
    auto const stream = listen(*s);
    table.end_all();
    BOOST_TEST(!finds(s->id()));
    table.load(then, limits.replay_bytes);
    table.load(then, limits.replay_bytes);  // nothing is there twice

    auto const back = table.find(s->id(), transport::streamable_http, nullptr,
                                 session_binding::principal, {time, 24h});
    BOOST_REQUIRE(back.session);
    BOOST_TEST((back.session != s));
    BOOST_TEST(back.session->initialized());
    BOOST_TEST(back.session->client()->capabilities.contains("roots"));
    BOOST_TEST((back.session->log_level() == mcp::logging_level::warning));
    BOOST_TEST(back.session->subscribed("test://watched"));
    BOOST_TEST(!back.session->in_use());
    BOOST_TEST(finds(younger->id()));
    BOOST_TEST(table.count(now()) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()

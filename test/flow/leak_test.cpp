// Many sessions with an open stream each: nothing is lost while they live, and when their clients
// vanish no session and no descriptor stays. scripts/bench does it with thousands.
#include <filesystem>
#include <iterator>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

constexpr int many = 200;
constexpr int half = many / 2;

// Of this process, which holds both ends of every connection.
std::ptrdiff_t descriptors() {
    std::filesystem::directory_iterator const all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

struct crowd {
    // Longer than a busy machine takes from the session to its stream.
    program p{{"mcp.session_idle=8s", "validation.strategy=local"}};
    login me{p.mcp()};
    std::ptrdiff_t const before = (sessions(), descriptors());
    std::vector<std::unique_ptr<raw_client>> streams;
    std::vector<std::string> names;  // session ids, or where to post

    std::int64_t sessions() const {
        return json_of(get(p.mcp_origin() + "/control/state")).at("sessions").as_int64();
    }
    fields in(std::string const& session) const {
        auto h = bearer(me.now.access);
        if (!session.empty()) h.emplace_back("Mcp-Session-Id", session);
        return h;
    }
    static std::string echo(int i) {
        return tool_call(i, "echo", R"({"message":"number )" + std::to_string(i) + R"(."})");
    }
    void vanish() {
        for (int i = 0; i < half; ++i)
            streams[static_cast<std::size_t>(i)]->reset();
    }
    // Two for each stream that is open.
    bool holds_no_more_than(std::ptrdiff_t open) const {
        return eventually([&] { return descriptors() <= before + 2 * open; });
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(leak_flow)

BOOST_AUTO_TEST_CASE(streamable_sessions_leave_nothing_when_their_clients_vanish,
                     *needs_one_program("counts the connections of one")) {
    crowd c;
    for (int i = 0; i < many; ++i) {
        c.names.push_back(open_session(c.p.mcp(), c.me.now.access));
        auto h = c.in(c.names.back());
        h.emplace_back("Accept", "text/event-stream");
        c.streams.push_back(open("GET", c.p.mcp(), h));
        c.streams.back()->read_until("retry: ");
    }
    BOOST_TEST(c.sessions() == many);
    auto const call_each = [&](int first) {
        for (int i = first; i < many; ++i) {
            auto const a =
                post_json(c.p.mcp(), crowd::echo(i), c.in(c.names[static_cast<std::size_t>(i)]));
            BOOST_TEST(a.status == 200u);
            BOOST_TEST(a.body.find("number " + std::to_string(i) + '.') != std::string::npos);
        }
    };
    call_each(0);
    c.vanish();
    BOOST_TEST(c.holds_no_more_than(many - half));
    // Those without a stream are idle after a while, the others are in use.
    BOOST_TEST(eventually([&] { return c.sessions() == many - half; }));
    call_each(half);
    c.streams.clear();
    BOOST_TEST(c.holds_no_more_than(0));
    BOOST_TEST(eventually([&] { return c.sessions() == 0; }));
}

BOOST_AUTO_TEST_CASE(sessions_of_http_with_sse_leave_nothing_when_their_clients_vanish,
                     *needs_one_program("counts the connections of one")) {
    crowd c;
    for (int i = 0; i < many; ++i) {
        c.streams.push_back(open("GET", c.p.sse(), bearer(c.me.now.access)));
        c.streams.back()->read_until("data: ");
        auto const where = c.streams.back()->read_until("\n\n");
        c.names.push_back(c.p.mcp_origin() + where.substr(0, where.find('\n')));
    }
    BOOST_TEST(c.sessions() == many);
    auto const call_each = [&](int first) {
        for (int i = first; i < many; ++i) {
            auto const at = static_cast<std::size_t>(i);
            BOOST_TEST(post_json(c.names[at], crowd::echo(i), c.in("")).status == 202u);
            // Behind the signs of life of a stream that has waited.
            c.streams[at]->read_until("number " + std::to_string(i) + '.');
            c.streams[at]->read_until("\n\n");
        }
    };
    call_each(0);
    c.vanish();
    BOOST_TEST(eventually([&] { return c.sessions() == many - half; }));
    BOOST_TEST(c.holds_no_more_than(many - half));
    call_each(half);
    c.streams.clear();
    BOOST_TEST(eventually([&] { return c.sessions() == 0; }));
    BOOST_TEST(c.holds_no_more_than(0));
}

BOOST_AUTO_TEST_SUITE_END()

// Conversations over stdio with an endpoint that the test makes up.
#include "mcp/transport/stdio/stdio.hpp"

#include <algorithm>
#include <csignal>
#include <deque>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/transport/stdio/pipes.hpp"
#include "sse/stream.hpp"
#include "support/exchange.hpp"
#include "support/waiting.hpp"

namespace asio = boost::asio;
namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
using mcp::stdio_end;
using tollgate::task;
using namespace std::chrono_literals;

namespace {

struct seen {
    std::string method, body, session, version, last_event;

    explicit seen(http::request const& r)
        : method(r.method_text),
          body(r.body),
          session(r.header("Mcp-Session-Id")),
          version(r.header("MCP-Protocol-Version")),
          last_event(r.header("Last-Event-ID")) {}
    json::object message() const { return json::parse(body).as_object(); }
    bool asks_the_guard() const { return method == "GET" && session.empty() && body.empty(); }
};

// {"jsonrpc":"2.0","id":…,"result":{}}
std::string result_for(seen const& s) {
    return R"({"jsonrpc":"2.0","id":)" + json::serialize(s.message().at("id")) + R"(,"result":{}})";
}

struct fixture {
    asio::io_context io;
    test::held_pipe in;
    test::held_pipe out;
    mcp::stdio_options options;
    std::optional<mcp::stdio_server> server;
    std::optional<stdio_end> how;
    std::vector<seen> asked;     // but for the guard's questions
    std::deque<unsigned> guard;  // its answers; then 204
    std::function<http::reply(seen const&)> script = &plainly;
    std::string unending;  // requests of this method wait until the gate opens
    asio::steady_timer gate{io, asio::steady_timer::time_point::max()};
    std::string heard;

    fixture() {
        std::signal(SIGPIPE, SIG_IGN);
        options.in = in.read_end;
        options.out = out.write_end;
        options.recheck = 1h;
    }
    ~fixture() {
        if (server && !how) server->stop();
        unending.clear();
        gate.cancel();
        test::eventually([this] { return !server || ended(); });
    }

    static http::reply plainly(seen const& s) {
        if (s.method == "GET") return http::reply(405);
        if (!s.message().contains("id")) return http::reply(202);
        return http::json_reply(200, result_for(s));
    }
    // As plainly(), and initialize begins a session.
    static http::reply with_session(seen const& s) {
        auto r = plainly(s);
        if (s.body.find("\"initialize\"") == std::string::npos) return r;
        r.body = R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18"}})";
        r.headers.add("Mcp-Session-Id", "the-session");
        return r;
    }
    // A stream that says these events and ends.
    http::reply stream_of(std::vector<sse::event> const& events) {
        auto opened = sse::open_stream(io.get_executor(), {});
        for (auto const& e : events)
            opened.channel->push(sse::encode(e).value());
        opened.channel->close();
        return sse::stream_reply(std::move(opened.body));
    }
    static sse::event event(std::string data, std::optional<std::string> id = {}) {
        sse::event e;
        e.data = std::move(data);
        e.id = std::move(id);
        return e;
    }

    task<http::reply> answer(seen s) {
        if (s.asks_the_guard()) {
            unsigned const status = guard.empty() ? 204 : guard.front();
            if (!guard.empty()) guard.pop_front();
            co_return http::reply(status);
        }
        asked.push_back(s);
        bool const never = !unending.empty() && s.body.find(unending) != std::string::npos;
        if (never) {
            auto const token = asio::as_tuple(asio::use_awaitable);
            co_await gate.async_wait(token);
        }
        co_return script(s);
    }
    void begin() {
        server.emplace([this](http::request const& r) { return answer(seen(r)); },
                       io.get_executor(), options);
        auto running = server->run();
        asio::co_spawn(io, std::move(running),
                       [this](std::exception_ptr, stdio_end e) { how = e; });
        settle();
    }
    void settle() {
        io.restart();
        while (io.poll() != 0) {
        }
        heard += out.take();
    }
    void say(std::string const& line) {
        in.put(line + '\n');
        settle();
    }
    static std::string request(int id, std::string const& method, bool modern = false) {
        auto const meta = R"({"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}})";
        return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + '"' +
               (modern ? std::string(R"(,"params":)") + meta : "") + '}';
    }
    static std::string cancelled(int id) {
        return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
               std::to_string(id) + "}}";
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (std::size_t at = 0; at < heard.size();) {
            auto const end = heard.find('\n', at);
            all.push_back(heard.substr(at, end - at));
            at = end == std::string::npos ? heard.size() : end + 1;
        }
        return all;
    }
    bool hears(std::size_t n) {
        return test::eventually([&] {
            settle();
            return lines().size() >= n;
        });
    }
    bool ended() {
        settle();
        return how.has_value();
    }
    // Closes the input and waits for the end.
    stdio_end finish() {
        in.close_writing();
        BOOST_REQUIRE(test::eventually([this] { return ended(); }));
        return *how;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_stdio_conversation, fixture)

BOOST_AUTO_TEST_CASE(a_token_that_the_guard_refuses_ends_it_before_a_line_is_read) {
    for (unsigned const status : {401u, 403u, 503u}) {
        how.reset();
        guard = {status};
        begin();
        BOOST_REQUIRE(test::eventually([this] { return ended(); }));
        BOOST_TEST((*how == stdio_end::refused), status);
    }
    BOOST_TEST(server->why() == "");
    BOOST_TEST(asked.empty());
}

// stdio.hpp: the token is asked about again and again; 503 means that nobody could tell.
BOOST_AUTO_TEST_CASE(a_token_that_dies_ends_it_and_one_that_nobody_can_tell_about_does_not) {
    options.recheck = 1ms;
    guard = {204, 503, 204, 503, 401};
    begin();
    BOOST_REQUIRE(test::eventually([this] { return ended(); }));
    BOOST_TEST((*how == stdio_end::refused));
    BOOST_TEST(guard.empty());
}

BOOST_AUTO_TEST_CASE(a_session_is_kept_and_its_stream_is_listened_to) {
    script = [this](seen const& s) {
        if (s.method != "GET") return with_session(s);
        return stream_of({event(""), event(R"({"jsonrpc":"2.0","method":"notifications/x"})")});
    };
    begin();
    say(request(1, "initialize"));
    BOOST_TEST(hears(2));
    say(request(2, "ping"));
    BOOST_TEST(hears(3));
    BOOST_REQUIRE(asked.size() == 3u);
    BOOST_TEST(asked[0].session == "");
    BOOST_TEST(asked[1].method == "GET");
    for (auto const i : {1u, 2u}) {
        BOOST_TEST(asked[i].session == "the-session");
        BOOST_TEST(asked[i].version == "2025-06-18");
    }
    auto const told = lines();
    BOOST_TEST(std::count(told.begin(), told.end(),
                          R"({"jsonrpc":"2.0","method":"notifications/x"})") == 1);
    BOOST_TEST((finish() == stdio_end::input_ended));
}

// MCP 2026-07-28, Versioning: the version in _meta decides, also beside a session.
BOOST_AUTO_TEST_CASE(a_modern_request_is_of_no_session) {
    script = &with_session;
    begin();
    say(request(1, "initialize"));
    say(request(2, "server/discover", true));
    BOOST_TEST(hears(2));
    BOOST_TEST(asked.back().session == "");
    BOOST_TEST(asked.back().version == "");
}

BOOST_AUTO_TEST_CASE(without_a_session_id_the_negotiated_version_goes_along_all_the_same) {
    script = [](seen const& s) {
        auto r = with_session(s);
        r.headers.erase("Mcp-Session-Id");
        return r;
    };
    begin();
    say(request(1, "initialize"));
    say(request(2, "ping"));
    BOOST_TEST(hears(2));
    BOOST_REQUIRE(asked.size() == 2u);  // there is no stream to listen to
    BOOST_TEST(asked[1].session == "");
    BOOST_TEST(asked[1].version == "2025-06-18");
}

// MCP 2025-11-25, Transports, "stdio": nothing on stdout that is not an MCP message.
BOOST_AUTO_TEST_CASE(what_is_accepted_without_an_answer_is_no_line) {
    begin();
    say(R"({"jsonrpc":"2.0","method":"notifications/x"})");
    say(R"({"jsonrpc":"2.0","id":9,"result":{}})");
    say(request(2, "ping"));
    BOOST_TEST(hears(1));
    BOOST_TEST((finish() == stdio_end::input_ended));
    BOOST_REQUIRE(lines().size() == 1u);
    BOOST_TEST(json::parse(lines()[0]).at("id").as_int64() == 2);
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": the rest of a stream that broke off.
BOOST_AUTO_TEST_CASE(an_answer_that_broke_off_is_fetched_from_the_last_event) {
    script = [this](seen const& s) {
        if (s.body.find("initialize") != std::string::npos) return with_session(s);
        if (s.last_event == "stream.1")
            return stream_of(
                {event(R"({"jsonrpc":"2.0","id":2,"result":{"whole":1}})", "stream.2")});
        if (s.method == "GET") return http::reply(405);
        return stream_of({event("", "stream.0"),
                          event(R"({"jsonrpc":"2.0","method":"notifications/x"})", "stream.1")});
    };
    begin();
    say(request(1, "initialize"));
    say(request(2, "tools/call"));
    BOOST_TEST(hears(3));
    BOOST_TEST(lines().back() == R"({"jsonrpc":"2.0","id":2,"result":{"whole":1}})");
    BOOST_TEST(asked.back().last_event == "stream.1");
    BOOST_TEST(asked.back().session == "the-session");
}

BOOST_AUTO_TEST_CASE(a_stream_without_ids_that_broke_off_is_let_go) {
    script = [this](seen const& s) {
        if (s.body.find("tools/call") == std::string::npos) return plainly(s);
        return stream_of({event(R"({"jsonrpc":"2.0","method":"notifications/x"})")});
    };
    begin();
    say(request(1, "tools/call"));
    BOOST_TEST(hears(1));
    BOOST_TEST((finish() == stdio_end::input_ended));
    BOOST_TEST(asked.size() == 1u);
}

// JSON-RPC 2.0 §5.1: -32700 for what cannot be parsed.
BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_answered_and_the_next_one_is_served) {
    options.max_line = 100;
    begin();
    say(std::string(101, 'x'));
    say(request(2, "ping"));
    BOOST_TEST(hears(2));
    BOOST_TEST(json::parse(lines()[0]).at("error").at("code").as_int64() == -32700);
    BOOST_TEST(json::parse(lines()[1]).at("id").as_int64() == 2);
    BOOST_TEST(asked.size() == 1u);
}

// MCP 2026-07-28, Cancellation: on stdio by notification, and nothing more is sent for the request.
BOOST_AUTO_TEST_CASE(a_modern_request_is_stopped_by_a_notification_that_nobody_else_hears_of) {
    unending = "tools/call";
    options.grace = 1h;
    begin();
    say(request(1, "tools/call", true));
    say(cancelled(1));
    say(request(2, "server/discover", true));
    BOOST_TEST(hears(1));
    BOOST_TEST((finish() == stdio_end::input_ended));  // nothing was left to wait for
    BOOST_TEST(asked.size() == 2u);
    BOOST_TEST(json::parse(lines().at(0)).at("id").as_int64() == 2);
}

BOOST_AUTO_TEST_CASE(the_cancellation_of_a_legacy_request_is_for_its_session) {
    script = &with_session;
    begin();
    say(request(1, "initialize"));
    say(cancelled(7));
    BOOST_TEST(hears(1));
    BOOST_TEST(asked.back().message().at("method").as_string() == "notifications/cancelled");
    BOOST_TEST(asked.back().session == "the-session");
}

// docs/mcp.md: an error with the status as its code, and the request's own id.
BOOST_AUTO_TEST_CASE(a_refusal_of_http_is_an_error_of_that_request) {
    script = [](seen const&) {
        auto r = http::reply(403, "application/json", R"({"error":"insufficient_scope"})");
        r.headers.add("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
        return r;
    };
    begin();
    say(request(5, "tools/call"));
    BOOST_TEST(hears(1));
    auto const told = json::parse(lines()[0]);
    BOOST_TEST(told.at("id").as_int64() == 5);
    BOOST_TEST(told.at("error").at("code").as_int64() == 403);
    BOOST_TEST(told.at("error").at("message").as_string() == "insufficient_scope");
    BOOST_TEST(told.at("error").at("data").at("status").as_int64() == 403);
}

BOOST_AUTO_TEST_CASE(at_most_64_requests_are_under_way_and_the_next_waits) {
    unending = "tools/call";
    begin();
    for (int i = 1; i <= 70; ++i)
        say(request(i, "tools/call", true));
    BOOST_TEST(asked.size() == 64u);
    gate.cancel_one();
    settle();
    BOOST_TEST(asked.size() == 65u);
}

// An elicitation waits for the client: its response must be read however much is under way.
BOOST_AUTO_TEST_CASE(notifications_and_responses_are_read_while_requests_wait) {
    unending = "tools/call";
    begin();
    for (int i = 1; i <= 70; ++i)
        say(request(i, "tools/call", true));
    say(R"({"jsonrpc":"2.0","id":"s1","result":{"action":"accept"}})");
    BOOST_TEST(asked.size() == 65u);
    BOOST_TEST(asked.back().message().at("id").as_string() == "s1");
    say(cancelled(70));  // waits
    say(cancelled(1));
    BOOST_TEST(asked.size() == 66u);
    BOOST_TEST(asked.back().message().at("id").as_int64() == 65);
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_nothing_though_no_more_is_read) {
    unending = "tools/call";
    options.grace = 24h;
    begin();
    for (int i = 1; i <= 400; ++i)
        say(request(i, "tools/call", true));
    server->stop();
    BOOST_REQUIRE(test::eventually([this] { return ended(); }));
}

BOOST_AUTO_TEST_CASE(what_is_under_way_at_the_end_has_its_grace_and_no_more) {
    unending = "tools/call";
    options.grace = 5ms;
    begin();
    say(request(1, "tools/call"));
    say(request(2, "ping"));
    BOOST_TEST((finish() == stdio_end::input_ended));
    BOOST_TEST(lines().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_stop_waits_for_nothing) {
    unending = "tools/call";
    options.grace = 24h;
    begin();
    say(request(1, "tools/call"));
    server->stop();
    BOOST_REQUIRE(test::eventually([this] { return ended(); }));
    BOOST_TEST((*how == stdio_end::stopped));
    BOOST_TEST(lines().empty());
}

BOOST_AUTO_TEST_SUITE_END()

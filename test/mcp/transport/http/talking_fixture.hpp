// An MCP server with tools that talk, ask, wait and hang up, as a test wants them to.
#pragma once

#include "mcp/offerings/tools/tool.hpp"
#include "mcp/server/fixture.hpp"

namespace test {

using namespace std::chrono_literals;

namespace talking {

using tollgate::outcome;
using tollgate::task;

inline constexpr char any_object[] = R"({"type":"object"})";

inline json::object progress(int n) {
    json::object p;
    p["progressToken"] = "p";
    p["progress"] = n;
    return p;
}

inline int number(json::object const& arguments, char const* name) {
    auto const* const v = arguments.if_contains(name);
    return v != nullptr ? static_cast<int>(v->as_int64()) : 0;
}

// `n` notifications, `gap` milliseconds between them, each with so many `words`.
inline task<outcome<mcp::tool_result>> count(mcp::call const& c, json::object const& arguments) {
    auto const n = number(arguments, "n");
    std::chrono::milliseconds const gap(number(arguments, "gap"));
    auto const words = static_cast<std::size_t>(number(arguments, "words"));
    for (int i = 1; i <= n; ++i) {
        auto told = progress(i);
        if (words > 0) told["message"] = std::string(words, 'x');
        c.out.notify("notifications/progress", std::move(told));
        if (gap.count() == 0) continue;
        bool const go_on = co_await c.out.sleep(gap);
        if (!go_on) co_return mcp::text_result(c, "stopped");
    }
    co_return mcp::text_result(c, "counted");
}

inline task<outcome<mcp::tool_result>> nap(mcp::call const& c, json::object const& arguments) {
    std::chrono::milliseconds const time(number(arguments, "ms"));
    bool const slept = co_await c.out.sleep(time);
    co_return mcp::text_result(c, slept ? "slept" : "woken");
}

// sampling/createMessage, the least of it that every revision takes.
inline json::object question() {
    json::object content{{"type", "text"}, {"text", "?"}};
    json::object message{{"role", "user"}, {"content", std::move(content)}};
    return {{"messages", json::array{std::move(message)}}, {"maxTokens", 1}};
}

// What the client answers to a question, or the error in its place.
inline task<outcome<mcp::tool_result>> ask(mcp::call const& c, json::object const&) {
    json::object params = question();
    auto const got = co_await c.out.ask("sampling/createMessage", std::move(params));
    std::string const text =
        got ? json::serialize(*got) : std::to_string(got.error().code) + " " + got.error().message;
    co_return mcp::text_result(c, text);
}

// Hangs up, then counts to three.
inline task<outcome<mcp::tool_result>> hang_up(mcp::call const& c, json::object const& arguments) {
    c.out.drop_connection();
    json::object three = arguments;
    three["n"] = 3;
    auto result = co_await count(c, three);
    co_return result;
}

// 403, after a notification when `late`.
inline task<outcome<mcp::tool_result>> refuse(mcp::call const& c, json::object const& arguments) {
    if (arguments.contains("late")) c.out.notify("notifications/progress", progress(1));
    co_return tollgate::problem(403, "insufficient_scope", "not for you");
}

inline task<outcome<mcp::tool_result>> blow_up(mcp::call const& c, json::object const& arguments) {
    if (arguments.contains("late")) c.out.notify("notifications/progress", progress(1));
    throw std::runtime_error("a bug");
    co_return mcp::text_result(c, "never");
}

template <class Run>
mcp::tool make(std::string_view name, Run run, bool quick = false) {
    mcp::tool t{};
    t.name = t.title = t.description = name;
    t.input_schema = any_object;
    t.run = run;
    t.quick = quick;
    return t;
}

inline task<outcome<mcp::tool_result>> at_once(mcp::call const& c, json::object const&) {
    co_return mcp::text_result(c, "at once");
}

inline mcp::toolbox const& tools() {
    static mcp::tool const all[] = {
        make("count", &count),        make("nap", &nap),       make("ask", &ask),
        make("hang_up", &hang_up),    make("refuse", &refuse), make("blow_up", &blow_up),
        make("quick", &at_once, true)};
    static std::vector<mcp::tool const*> const pointers = [] {
        std::vector<mcp::tool const*> out;
        for (auto const& t : all)
            out.push_back(&t);
        return out;
    }();
    static mcp::toolbox const box(pointers);
    return box;
}

}  // namespace talking

struct talking_fixture : mcp_fixture {
    explicit talking_fixture(mcp::toolbox const& tools = talking::tools()) : mcp_fixture(tools) {}

    static std::string call(std::string const& name, std::string const& arguments = "{}",
                            std::string const& id = "1") {
        return request("tools/call", R"({"name":")" + name + R"(","arguments":)" + arguments + '}',
                       id);
    }
    // A session that has said notifications/initialized.
    std::string ready(std::string const& version = "2025-11-25") {
        auto const id = begin(version);
        BOOST_TEST(
            post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", in(id)).status ==
            202u);
        return id;
    }
    // The reply whose stream nobody has read yet.
    http::reply open_call(std::string const& session, std::string const& body) {
        auto headers = with_token(in(session));
        headers.emplace_back("Accept", both);
        headers.emplace_back("Content-Type", "application/json");
        return b.raw(http::verb::post, "/mcp", body, std::move(headers));
    }
    http::reply open_modern(std::string const& name, std::string const& arguments) {
        std::string const meta =
            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
            R"("io.modelcontextprotocol/clientCapabilities":{},"progressToken":"p"})";
        auto const body = request("tools/call", R"({"name":")" + name + R"(","arguments":)" +
                                                    arguments + R"(,"_meta":)" + meta + '}');
        auto const headers = with_token({{"MCP-Protocol-Version", "2026-07-28"},
                                         {"Mcp-Method", "tools/call"},
                                         {"Mcp-Name", name},
                                         {"Accept", both},
                                         {"Content-Type", "application/json"}});
        return b.raw(http::verb::post, "/mcp", body, headers);
    }
    http::reply open_get(std::string const& session, std::string const& last_event_id = "") {
        auto headers = with_token(in(session));
        headers.emplace_back("Accept", "text/event-stream");
        if (!last_event_id.empty()) headers.emplace_back("Last-Event-ID", last_event_id);
        return b.raw(http::verb::get, "/mcp", "", std::move(headers));
    }
    // Everything until the stream ends.
    std::vector<sse::received> rest(http::body_stream& s) {
        sse::decoder d;
        std::vector<sse::received> all;
        for (int i = 0; i < 1000; ++i) {
            auto const chunk = run(b.io(), s.next());
            if (!chunk) return all;
            for (auto& e : d.feed(*chunk))
                all.push_back(std::move(e));
        }
        BOOST_FAIL("the stream does not end");
        return all;
    }
    std::vector<sse::received> events_of(answer const& a) {
        BOOST_TEST(a.header("Content-Type") == "text/event-stream");
        sse::decoder d;
        return d.feed(a.body);
    }
    // Lets what is under way go on for a while.
    void let_run(std::chrono::milliseconds time) {
        b.io().restart();
        b.io().run_for(time);
    }
    answer cancel(std::string const& session, std::string const& request_id) {
        return post(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
                request_id + R"(,"reason":"enough"}})",
            in(session));
    }
};

// "counted", of the event that carries a response.
inline std::string text_in(sse::received const& e) {
    auto const body = parsed(e.data);
    if (!body.as_object().contains("result")) return e.data;
    return std::string(body.at("result").at("content").at(0).at("text").as_string());
}

}  // namespace test

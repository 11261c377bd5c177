#include "loads.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include "exchange.hpp"
#include "server_process.hpp"

namespace bench {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

namespace {

struct running {
    order const& what;
    asio::io_context context{1};
    std::int64_t operations = 0;
    bool over = false;
    std::exception_ptr failure;

    explicit running(order const& o) : what(o) {}
    executor on() { return context.get_executor(); }
    // Runs beside the others until it has returned; the first failure ends all.
    void begin(task<void> one) {
        asio::co_spawn(on(), std::move(one), [this](std::exception_ptr e) {
            if (!e) return;
            if (!failure) failure = e;
            context.stop();
        });
    }
};

void want(answer const& got, int status) {
    if (got.status != status)
        throw std::runtime_error("not " + std::to_string(status) + ":\n" + got.head + "\n" +
                                 got.body);
}

task<void> ask_again_and_again(running& r, int which) {
    auto const& bytes = r.what.bytes[static_cast<std::size_t>(which) % r.what.bytes.size()];
    connection c(r.on(), r.what.port);
    co_await c.open();
    answer got;
    while (!r.over) {
        co_await c.send(bytes);
        co_await c.read(got);
        want(got, r.what.status);
        ++r.operations;
    }
}

std::string code_of(answer const& got) {
    auto const location = field_of(got.head, "location");
    auto const at = location.find("code=");
    if (at == location.npos) throw std::runtime_error("no code:\n" + got.head);
    return std::string(location.substr(at + 5, location.find('&', at) - at - 5));
}

std::string token_in(answer const& got, std::string_view member) {
    auto const name = '"' + std::string(member) + "\":\"";
    auto const at = got.body.find(name);
    if (at == std::string::npos) throw std::runtime_error("no " + name + "\n" + got.body);
    auto const begin = at + name.size();
    return got.body.substr(begin, got.body.find('"', begin) - begin);
}

std::string with_length(std::string const& head, std::string const& body) {
    return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

task<void> ask_for_tokens(running& r, connection& c, std::string const& body, answer& got) {
    auto const ask = with_length(r.what.bytes[1], body);
    co_await c.send(ask);
    co_await c.read(got);
    want(got, 200);
}

task<void> log_in(running& r, connection& c, answer& got) {
    co_await c.send(r.what.bytes[0]);
    co_await c.read(got);
    want(got, 302);
    auto const body = r.what.bytes[2] + code_of(got);
    co_await ask_for_tokens(r, c, body, got);
}

task<void> log_in_again_and_again(running& r, int) {
    connection c(r.on(), r.what.port);
    co_await c.open();
    answer got;
    while (!r.over) {
        co_await log_in(r, c, got);
        ++r.operations;
    }
}

task<void> refresh_again_and_again(running& r, int) {
    connection c(r.on(), r.what.port);
    co_await c.open();
    answer got;
    co_await log_in(r, c, got);
    while (!r.over) {
        auto const body = r.what.bytes[3] + token_in(got, "refresh_token");
        co_await ask_for_tokens(r, c, body, got);
        ++r.operations;
    }
}

// The stream of a legacy session, and the connection that its messages go over.
struct event_session {
    connection stream, posts;
    std::string head;  // of what is posted
    answer got{};

    event_session(executor on, unsigned short port) : stream(on, port), posts(on, port) {}

    task<void> open(order const& o) {
        co_await stream.open();
        co_await stream.send(o.bytes[0]);
        co_await stream.read_head(got);
        want(got, 200);
        auto const first = co_await stream.read_until("\n\n");
        auto const at = first.find("data: ") + 6;
        head = o.bytes[1];
        head.replace(head.find("PATH"), 4, first.substr(at, first.find('\n', at) - at));
        co_await posts.open();
        co_await post(o.bytes[2]);
        co_await stream.read_until("\n\n");
        co_await post(o.bytes[3]);
    }
    task<void> post(std::string const& message) {
        auto const bytes = with_length(head, message);
        co_await posts.send(bytes);
        co_await posts.read(got);
        want(got, 202);
    }
};

task<void> talk_again_and_again(running& r, int) {
    event_session s(r.on(), r.what.port);
    co_await s.open(r.what);
    auto const call = with_length(s.head, r.what.bytes[4]);
    while (!r.over) {
        co_await s.posts.send(call);
        co_await s.posts.read(s.got);
        want(s.got, 202);
        auto const event = co_await s.stream.read_until("\n\n");
        if (event.find("hello") == event.npos) throw std::runtime_error("not the answer: " + event);
        ++r.operations;
    }
}

// What is done before counts for nothing: connections are being opened.
task<void> measure(running& r, outcome& into) {
    asio::basic_waitable_timer<steady, asio::wait_traits<steady>, executor> timer(r.on());
    timer.expires_after(r.what.for_so_long / 5);
    co_await timer.async_wait(asio::use_awaitable_t<executor>());
    auto const operations = r.operations;
    auto const cpu = cpu_nanoseconds(r.what.pids);
    auto const began = steady::now();
    timer.expires_after(r.what.for_so_long);
    co_await timer.async_wait(asio::use_awaitable_t<executor>());
    into.operations = r.operations - operations;
    if (into.operations == 0) throw std::runtime_error("nothing was answered in time");
    auto const n = static_cast<double>(into.operations);
    into.cpu_nanoseconds = static_cast<double>(cpu_nanoseconds(r.what.pids) - cpu) / n;
    into.wall_nanoseconds = static_cast<double>((steady::now() - began).count()) / n;
    r.over = true;
}

outcome run_for_a_while(order const& o, std::function<task<void>(running&, int)> const& one) {
    running r(o);
    outcome result;
    for (int i = 0; i < o.connections; ++i)
        r.begin(one(r, i));
    r.begin(measure(r, result));
    r.context.run();
    if (r.failure) std::rethrow_exception(r.failure);
    return result;
}

task<void> open_all(running& r, std::vector<std::unique_ptr<event_session>>& all, int count) {
    for (int i = 0; i < count; ++i) {
        all.push_back(std::make_unique<event_session>(r.on(), r.what.port));
        co_await all.back()->open(r.what);
        all.back()->posts = connection(r.on(), r.what.port);
    }
}

// Opens as many sessions as there are to be connections, and leaves them idle.
outcome weigh_sessions(order const& o) {
    running r(o);
    std::vector<std::unique_ptr<event_session>> all;
    // What the first ones need once is not theirs.
    r.begin(open_all(r, all, o.connections / 10));
    r.context.run();
    if (r.failure) std::rethrow_exception(r.failure);
    auto const before = private_bytes(o.pids.front());
    r.context.restart();
    r.begin(open_all(r, all, o.connections));
    r.context.run();
    if (r.failure) std::rethrow_exception(r.failure);
    outcome result;
    result.operations = o.connections;
    result.bytes = static_cast<double>(private_bytes(o.pids.front()) - before) / o.connections;
    return result;
}

task<void> ask_once(running& r) {
    connection c(r.on(), r.what.port);
    co_await c.open();
    co_await c.send(r.what.bytes[0]);
    answer got;
    co_await c.read(got);
    want(got, r.what.status);
    ++r.operations;
}

bool is_answered(order const& o) {
    running r(o);
    r.begin(ask_once(r));
    r.context.run();
    return r.operations == 1;
}

// From exec to the first answer.
outcome time_start(order const& o) {
    auto const began = steady::now();
    auto const pid = begin(o.command, o.core);
    bool answered = false;
    while (!answered && steady::now() - began < std::chrono::seconds(20)) {
        answered = is_answered(o);
        if (!answered && has_ended(pid)) throw std::runtime_error("it ended before it answered");
        if (!answered) std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    outcome result;
    result.operations = 1;
    result.wall_nanoseconds = static_cast<double>((steady::now() - began).count());
    result.cpu_nanoseconds = static_cast<double>(cpu_nanoseconds({pid}));
    end(pid);
    if (!answered) throw std::runtime_error("it never answered");
    return result;
}

}  // namespace

outcome run(order const& o) {
    if (o.kind == "request") return run_for_a_while(o, ask_again_and_again);
    if (o.kind == "login") return run_for_a_while(o, log_in_again_and_again);
    if (o.kind == "refresh") return run_for_a_while(o, refresh_again_and_again);
    if (o.kind == "events") return run_for_a_while(o, talk_again_and_again);
    if (o.kind == "sessions") return weigh_sessions(o);
    if (o.kind == "start") return time_start(o);
    throw std::runtime_error("no such kind of load: " + o.kind);
}

}  // namespace bench

#include "mcp/transport/stdio/stdio.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include "base/log/log.hpp"
#include "mcp/protocol/subscription.hpp"
#include "mcp/transport/stdio/jobs.hpp"
#include "mcp/transport/stdio/line_io.hpp"
#include "mcp/transport/stdio/message.hpp"
#include "sse/decoder.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_at_once = 64;   // requests that are served; further ones wait
constexpr std::size_t most_waiting = 256;  // and then nothing more is read
constexpr std::chrono::milliseconds last_words{500};
constexpr std::chrono::milliseconds before_resuming{100};

}  // namespace

struct stdio_server::impl {
    // What has come of a request's stream.
    struct heard {
        sse::decoder events;
        std::string wanted;  // the id of the request, as JSON text; empty: nothing in particular
        bool answered = false;
    };

    impl(exchange a, asio::any_io_executor ex, stdio_options o)
        : ask(std::move(a)),
          executor(std::move(ex)),
          options(std::move(o)),
          in(executor, options.in, options.max_line),
          out(executor, options.out),
          running(executor, most_at_once) {
        out.when_broken([this] { end(stdio_end::output_gone); });
    }

    task<stdio_end> run();
    task<void> read_lines();
    task<void> take(line_reader::line line);
    task<void> serve(stdio_message m);
    task<void> forward(stdio_message const& m, http::reply answer);
    task<bool> relay(http::body_stream& stream, heard& so_far);
    task<void> listen();
    task<void> watch_the_token();
    task<unsigned> ask_the_guard();
    task<void> wait_for_jobs(std::chrono::milliseconds patience);
    task<void> wait_for_room();
    bool expects_answer(stdio_message const& m) const {
        return m.is_request && running.expects_answer(m.id);
    }
    void end(stdio_end how);

    exchange ask;
    asio::any_io_executor executor;
    stdio_options options;
    line_reader in;
    line_writer out;
    stdio_jobs running;
    stdio_session session;
    stdio_end how = stdio_end::input_ended;
    bool ending = false;
    std::string refusal;
};

void stdio_server::impl::end(stdio_end why) {
    // The first reason counts.
    if (!ending) how = why;
    ending = true;
    in.cancel();
    running.wake();
}

// A GET of "/" asks the guard and nobody else. The status that it would have over HTTP.
task<unsigned> stdio_server::impl::ask_the_guard() {
    auto const question = guard_question();
    auto const answer = co_await ask(question.request);
    if (answer.status >= 300) refusal = described(answer);
    co_return answer.status;
}

task<void> stdio_server::impl::watch_the_token() {
    for (;;) {
        asio::steady_timer pause(executor, options.recheck);
        auto const token = asio::as_tuple(asio::use_awaitable);
        auto const [cancelled] = co_await pause.async_wait(token);
        if (cancelled) co_return;
        auto const status = co_await ask_the_guard();
        // 503: nobody could tell, and then it goes on.
        if (status >= 300 && status != 503) {
            log(log_level::error, "stdio", {{"why", refusal}});
            end(stdio_end::refused);
            co_return;
        }
    }
}

// Until the stream ends. False when the output is gone.
task<bool> stdio_server::impl::relay(http::body_stream& stream, heard& so_far) {
    for (;;) {
        auto const piece = co_await stream.next();
        if (!piece) co_return true;
        auto const got = so_far.events.feed(*piece);
        for (auto const& event : got) {
            if (event.data.empty()) continue;  // tells where to resume a stream: there is none here
            bool const said = co_await out.write(event.data);
            if (!said) co_return false;
            if (is_response_to(event.data, so_far.wanted)) so_far.answered = true;
        }
    }
}

// What the server says of its own accord in a legacy session.
task<void> stdio_server::impl::listen() {
    auto const question = session.stream_request({});
    auto answer = co_await ask(question.request);
    if (!answer.stream) co_return;
    heard all;
    co_await relay(*answer.stream, all);
}

task<void> stdio_server::impl::forward(stdio_message const& m, http::reply answer) {
    if (session.begin(m, answer)) {
        auto work = [this] { return listen(); };
        running.spawn(std::move(work), {}, true);
    }
    if (!answer.stream) {
        auto line = line_of(m, answer);
        if (!line.empty()) co_await out.write(std::move(line));
        co_return;
    }
    // The stream may break off before the answer: the rest is asked for, as a client would over
    // HTTP (MCP 2025-11-25, Transports, "Resumability and Redelivery").
    heard so_far;
    so_far.wanted = m.id;
    for (;;) {
        bool const readable = co_await relay(*answer.stream, so_far);
        auto const& last = so_far.events.last_id();
        if (!readable || so_far.answered || last.empty() || !expects_answer(m)) co_return;
        asio::steady_timer pause(executor, before_resuming);
        auto const token = asio::as_tuple(asio::use_awaitable);
        co_await pause.async_wait(token);
        auto const question = session.stream_request(last);
        answer = co_await ask(question.request);
        if (!answer.stream) co_return;
    }
}

task<void> stdio_server::impl::serve(stdio_message m) {
    auto const question = session.request_for(m);
    auto answer = co_await ask(question.request);
    co_await forward(m, std::move(answer));
}

// Notifications and responses are read while requests wait for their turn: these may be what a
// request that is served waits for.
task<void> stdio_server::impl::wait_for_room() {
    while (running.waiting() >= most_waiting && !ending)
        co_await running.next_end();
}

task<void> stdio_server::impl::take(line_reader::line line) {
    if (line.too_long) {
        auto refused = session.too_long(options.max_line);
        co_await out.write(std::move(refused));
        co_return;
    }
    auto m = stdio_message::read(std::move(line.text));
    bool const legacy = session.begun() && !m.names_version;
    // 2026-07-28, Cancellation: on stdio by notification; the streams of the modern era know no
    // other way than their end. The notification itself does not say which era it is of.
    running.cancel(m.cancelled_id);
    if (!legacy && !m.cancelled_id.empty()) co_return;
    running.expect_no_answer(m.cancelled_id);
    // What changes the state of the session is through before the next line is looked at.
    if (!m.is_request || m.method == "initialize") {
        co_await serve(std::move(m));
        co_return;
    }
    bool const open_end = m.method == "subscriptions/listen";
    auto id = m.id;
    auto work = [this, m = std::move(m)] { return serve(m); };
    running.spawn(std::move(work), std::move(id), open_end, !legacy);
    co_await wait_for_room();
}

task<void> stdio_server::impl::read_lines() {
    while (!ending && !out.broken()) {
        auto line = co_await in.next();
        if (!line) co_return;
        co_await take(std::move(*line));
    }
}

task<void> stdio_server::impl::wait_for_jobs(std::chrono::milliseconds patience) {
    auto const until = std::chrono::steady_clock::now() + patience;
    while (!running.empty() && !out.broken()) {
        if (running.under_way() == 0 || std::chrono::steady_clock::now() >= until) co_return;
        asio::steady_timer soon(executor, std::chrono::milliseconds(10));
        auto const token = asio::as_tuple(asio::use_awaitable);
        co_await soon.async_wait(token);
        if (how == stdio_end::stopped) co_return;
    }
}

task<stdio_end> stdio_server::impl::run() {
    auto const status = co_await ask_the_guard();
    if (status >= 300) co_return stdio_end::refused;
    auto watch = [this] { return watch_the_token(); };
    running.spawn(std::move(watch), {}, true);
    co_await read_lines();
    if (out.broken()) how = stdio_end::output_gone;
    bool const finish = how == stdio_end::input_ended;
    auto const patience = finish ? options.grace : std::chrono::milliseconds(0);
    co_await wait_for_jobs(patience);
    // 2026-07-28, Subscriptions, "Graceful Closure".
    auto const subscriptions = running.streaming();
    for (auto const& id : subscriptions) {
        auto last = subscription_end(json::parse(id));
        co_await out.write(std::move(last));
    }
    running.cancel_all();
    while (!running.empty())
        co_await running.next_end();
    co_await out.drain(last_words);
    // What has not gone out by now is given up, so that the writer ends before its memory does.
    out.cancel();
    co_await out.drain(last_words);
    co_return how;
}

stdio_server::stdio_server(exchange ask, asio::any_io_executor executor, stdio_options o)
    : impl_(std::make_unique<impl>(std::move(ask), std::move(executor), std::move(o))) {}

stdio_server::~stdio_server() = default;

task<stdio_end> stdio_server::run() {
    return impl_->run();
}

void stdio_server::stop() {
    impl_->how = stdio_end::stopped;
    impl_->end(stdio_end::stopped);
}

std::string const& stdio_server::why() const noexcept {
    return impl_->refusal;
}

}  // namespace tollgate::mcp

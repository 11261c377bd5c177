// What a running call says, asks and waits for.
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/transport/http/running_call.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

bool running_call::cancelled() const noexcept {
    return abandoned_ || (current_ != nullptr && current_->cancelled);
}

void running_call::notify(std::string_view method, json::object params) {
    if (cancelled() || form_ == answer_form::json) return;
    open_answer_stream();
    sink_->say(notification_text(method, params));
}

void running_call::drop_connection() {
    if (cancelled() || form_ == answer_form::json) return;
    open_answer_stream();
    sink_->drop_connection();
}

// A wake-up that was posted before the wait begins runs after it has begun: nothing is missed.
task<void> running_call::wait(steady::time_point until) {
    waiting_.expires_at(until);
    co_await waiting_.async_wait(asio::as_tuple(asio::use_awaitable));
}

task<bool> running_call::sleep(std::chrono::milliseconds time) {
    auto const until = steady::now() + time;
    while (!cancelled() && steady::now() < until)
        co_await wait(until);
    co_return !cancelled();
}

namespace {

std::string request_text(std::int64_t id, std::string const& method, json::object const& params) {
    json::object out;
    out["jsonrpc"] = "2.0";
    out["id"] = id;
    out["method"] = method;
    out["params"] = params;
    return json::serialize(out);
}

client_answer nobody_answers(char const* why) {
    return rpc_error(error_code::internal, why);
}

}  // namespace

bool running_call::waits_for_answer() const noexcept {
    return !answer_ && !cancelled();
}

// MCP 2025-11-25, Lifecycle, "Operation": no request but ping before `initialized`.
task<client_answer> running_call::ask(std::string method, json::object params) {
    if (!session_ || !sink_->may_ask()) {
        co_return nobody_answers("There is no way to ask the client here");
    }
    // Not on the GET stream either: what comes there "SHOULD be unrelated to any
    // concurrently-running JSON-RPC request" (2025-11-25, Transports, "Listening for Messages from
    // the Server").
    if (form_ == answer_form::json) {
        co_return nobody_answers(
            "There is no stream to ask the client on: this server answers with JSON alone "
            "(mcp.answers = \"json\")");
    }
    if (!session_->initialized() && method != "ping") {
        co_return nobody_answers("The client has not sent notifications/initialized");
    }
    if (cancelled()) co_return nobody_answers("The request was cancelled");
    open_answer_stream();
    asked_ = session_->calls.ask(weak_from_this());
    answer_.reset();
    sink_->say(request_text(asked_, method, params));
    auto const until = steady::now() + at_.policy->ask_timeout;
    while (waits_for_answer() && steady::now() < until)
        co_await wait(until);
    auto result = end_of_ask(method);
    co_return result;
}

// MCP 2025-11-25, Lifecycle, "Timeouts": the sender SHOULD cancel what it stops waiting for.
client_answer running_call::end_of_ask(std::string const& method) {
    session_->calls.forget(asked_);
    auto const id = std::exchange(asked_, 0);
    if (answer_) return std::move(*std::exchange(answer_, std::nullopt));
    char const* const why =
        cancelled() ? "The request was cancelled" : "The client took too long to answer";
    json::object params;
    params["requestId"] = id;
    params["reason"] = why;
    sink_->say(notification_text("notifications/cancelled", params));
    return rpc_error(error_code::internal, std::string(why) + " (" + method + ")");
}

void running_call::wake() {
    asio::post(kept_.ctx().executor(), [self = shared_from_this()] { self->waiting_.cancel(); });
}

void running_call::cancel(std::string_view id) {
    for (auto& one : items_) {
        if (one.id == id) one.cancelled = true;
    }
    wake();
}

void running_call::abandon() {
    abandoned_ = true;
    wake();
}

// Nothing is posted: a stream also ends while its executor is taken down.
void running_call::leave() noexcept {
    abandoned_ = true;
    waiting_.cancel();
}

void running_call::answered(std::int64_t ask, client_answer a) {
    asio::post(kept_.ctx().executor(),
               [self = shared_from_this(), ask, a = std::move(a)]() mutable {
                   if (self->asked_ != ask) return;
                   self->answer_.emplace(std::move(a));
                   self->waiting_.cancel();
               });
}

}  // namespace tollgate::mcp

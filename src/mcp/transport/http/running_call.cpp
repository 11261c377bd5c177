#include "mcp/transport/http/running_call.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

namespace {

// Whoever cancels a call can see here that it has stopped.
metric calls_running(metric::kind::gauge, "tollgate_mcp_calls_running",
                     "MCP requests that take their time and run now");

}  // namespace

running_call::item::item(json::value const& b) : body(b), message(*classify(body)) {
    id = id_text(*message.id);
}

running_call::running_call(endpoint const& e, transport via, mcp::revision r,
                           std::shared_ptr<session> s, json::value const& body)
    : kept_(e.http),
      at_(e.owner, kept_.ctx()),
      via_(via),
      form_(via == transport::streamable_http ? e.answers() : answer_form::automatic),
      revision_(r),
      session_(std::move(s)),
      waiting_(kept_.ctx().executor()),
      watching_(kept_.ctx().executor()) {
    calls_running.add();
    // The snapshot that the request began with: the copy of the exchange has read one of its own.
    at_.policy = e.policy;
    auto const* const batch = body.if_array();
    auto const take = [&](json::value const& one) {
        auto wrong = batch != nullptr ? bad_element(one) : std::nullopt;
        if (wrong) {
            answers_.push_back(std::move(*wrong));
        } else if (classify(one)->kind == message::kind::request) {
            items_.emplace_back(one);
        }
    };
    if (batch == nullptr) {
        take(body);
        return;
    }
    for (auto const& one : *batch)
        take(one);
}

running_call::~running_call() {
    calls_running.add(-1);
}

call_table& running_call::known_to() const noexcept {
    return session_ ? session_->calls : at_.state.loose_calls;
}

// Without a session, two clients may use one id.
std::vector<std::string> running_call::keys() {
    std::vector<std::string> out;
    if (!session_) out.push_back(kept_.ctx().request_id());
    for (auto const& i : items_) {
        if (session_) out.push_back(i.id);
    }
    return out;
}

call_table::added running_call::enter() {
    return known_to().add(keys(), weak_from_this());
}

// Owned by its own coroutine: it ends by itself, or when its session does.
void running_call::start() {
    auto work = run(shared_from_this());
    asio::co_spawn(kept_.ctx().executor(), std::move(work), [](std::exception_ptr thrown) {
        if (thrown) log(log_level::error, "call_threw");
    });
}

task<void> running_call::run(std::shared_ptr<running_call> self) {
    for (auto& one : self->items_) {
        self->current_ = &one;
        if (self->cancelled()) continue;
        auto const result = co_await self->run_one(one);
        self->settle(one, result);
        if (self->refused_) break;  // HTTP answers in place of all of them
    }
    self->finish();
}

// A bug of ours answers this one request; the others go on.
task<outcome<answer>> running_call::run_one(item& one) {
    std::string what;
    try {
        auto result =
            co_await run_request(at_, via_, revision_, session_.get(), one.message, *this);
        co_return result;
    } catch (std::exception const& e) {
        what = e.what();
    }
    log(log_level::error, "exception", {{"id", kept_.ctx().request_id()}, {"what", what}});
    rpc_error const internal(error_code::internal, "Internal error");
    answer failed;
    failed.error = internal.code;
    failed.text = error_text(one.message.id, internal);
    co_return failed;
}

// MCP 2025-11-25, "Cancellation": a cancelled request gets no response.
void running_call::settle(item& one, outcome<answer> const& result) {
    if (one.cancelled || abandoned_) return;
    if (result) {
        error_ = result->error;
        deliver(result->text);
        return;
    }
    if (!talking_) {
        refused_ = result.error();
        return;
    }
    // HTTP has answered already.
    rpc_error const late(
        error_code::invalid_request,
        "HTTP " + std::to_string(result.error().status()) + ": " + result.error().description());
    deliver(error_text(one.message.id, late));
}

void running_call::deliver(std::string text) {
    if (talking_) {
        sink_->say(text);
    } else {
        answers_.push_back(std::move(text));
    }
}

void running_call::finish() {
    done_ = true;
    known_to().remove(keys());
    bool const streamed = form_ == answer_form::stream && !refused_ && status() == 200;
    if (streamed && !answers_.empty()) open_answer_stream();
    if (talking_) sink_->end();
    watching_.cancel();
}

task<void> running_call::settled(std::chrono::milliseconds patience) {
    if (talking_ || done_) co_return;
    watching_.expires_after(patience);
    // Whoever ends it cancels the timer, which is no failure.
    co_await watching_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void running_call::open_answer_stream() {
    if (talking_) return;
    talking_ = true;
    sink_->begin();
    for (auto const& text : answers_)
        sink_->say(text);
    answers_.clear();
    watching_.cancel();
}

}  // namespace tollgate::mcp

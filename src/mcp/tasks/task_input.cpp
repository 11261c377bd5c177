// What the work of a task does: waits, asks, reports; and tasks/update, which answers it.
#include <stdexcept>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "mcp/tasks/background_task.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

bool background_task::is_over() const {
    std::lock_guard const hold(lock_);
    return has_ended(status_);
}

task<void> background_task::wait(steady::time_point until) {
    timer_->expires_at(until);
    co_await timer_->async_wait(asio::as_tuple(asio::use_awaitable));
}

// A wake-up that was posted before the wait begins runs after it has begun: nothing is missed.
task<bool> background_task::sleep(std::chrono::milliseconds time) {
    auto const until = steady::now() + time;
    while (!is_over() && steady::now() < until)
        co_await wait(until);
    co_return !is_over();
}

// Nothing: the task waits for the client now.
std::optional<rpc_error> background_task::open_questions(std::vector<input_request> const& wanted) {
    json::object missing;
    for (auto const& r : wanted) {
        if (can_answer(capabilities_, r)) continue;
        for (auto& member : needed_capability(r))
            missing[member.key()] = std::move(member.value());
    }
    if (!missing.empty()) {
        return missing_capability(std::move(missing), "The task requires a client capability");
    }
    std::lock_guard const hold(lock_);
    for (auto const& r : wanted) {
        if (!used_keys_.insert(r.key).second) throw std::logic_error("a key is used twice");
    }
    // Cancelled meanwhile: collect() says so.
    if (has_ended(status_)) return std::nullopt;
    outstanding_ = wanted;
    status_ = status::input_required;
    touch_locked();
    return std::nullopt;
}

bool background_task::waits_for_input() const {
    std::lock_guard const hold(lock_);
    return status_ == status::input_required;
}

asked background_task::collect(std::vector<input_request> const& wanted) {
    asked out;
    std::lock_guard const hold(lock_);
    if (has_ended(status_)) {
        out.stopped = rpc_error(error_code::internal, "The task has ended");
        return out;
    }
    for (auto const& r : wanted) {
        // The time of the task is over, and nobody has swept it yet.
        auto const* const answer = answers_.if_contains(r.key);
        if (answer == nullptr) {
            out.stopped = rpc_error(error_code::internal, "The task was not answered in time");
            return out;
        }
        out.answers[r.key] = *answer;
    }
    return out;
}

task<asked> background_task::ask(std::vector<input_request> wanted) {
    auto const cannot = open_questions(wanted);
    if (cannot) {
        asked refused;
        refused.stopped = *cannot;
        co_return refused;
    }
    changed();
    // The client may never come back: the table ends the task when its time is over.
    constexpr std::chrono::seconds look_again{60};
    while (waits_for_input() && !lapsed())
        co_await wait(steady::now() + look_again);
    auto out = collect(wanted);
    co_return out;
}

void background_task::report(std::string_view sentence) {
    {
        std::lock_guard const hold(lock_);
        if (has_ended(status_)) return;
        message_ = sentence;
        touch_locked();
    }
    changed();
}

std::optional<rpc_error> background_task::update(json::object const& answers) {
    {
        std::lock_guard const hold(lock_);
        if (status_ != status::input_required) return std::nullopt;
        std::vector<input_request> open;
        json::object taken;
        for (auto const& r : outstanding_) {
            auto const* const answer = answers.if_contains(r.key);
            if (answer == nullptr) {
                open.push_back(r);
                continue;
            }
            if (auto const flaw = flaw_in_answer(r, *answer)) {
                return rpc_error(error_code::invalid_params,
                                 "params.inputResponses[\"" + r.key + "\"]: " + *flaw);
            }
            taken[r.key] = *answer;
        }
        if (taken.empty()) return std::nullopt;
        for (auto& member : taken)
            answers_[member.key()] = std::move(member.value());
        outstanding_ = std::move(open);
        if (outstanding_.empty()) status_ = status::working;
        touch_locked();
    }
    changed();
    wake();
    return std::nullopt;
}

}  // namespace tollgate::mcp

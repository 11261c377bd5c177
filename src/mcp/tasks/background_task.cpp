#include "mcp/tasks/background_task.hpp"

#include <ctime>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "base/log/log.hpp"
#include "mcp/protocol/content.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

namespace {

// ISO 8601 in UTC, with milliseconds: "2026-07-28T10:30:00.000Z".
std::string iso8601(time_point t) {
    auto const ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(t.time_since_epoch()).count();
    std::time_t const seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[40];
    auto const n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    // Three digits, zeros in front included.
    auto fraction = std::to_string(1000 + ms % 1000);
    fraction[0] = '.';
    return std::string(text, n) + fraction + 'Z';
}

json::object error_object(rpc_error const& e) {
    json::object out;
    out["code"] = e.code;
    out["message"] = e.message;
    if (!e.data.is_null()) out["data"] = e.data;
    return out;
}

}  // namespace

task_owner::task_owner(http::principal const* who) : known(who != nullptr) {
    if (who == nullptr) return;
    authority = who->authority();
    subject = who->subject;
    client_id = who->client_id;
}

// What a validation strategy does not reveal cannot tell two callers apart.
bool task_owner::is(http::principal const* who) const {
    if (who == nullptr || !known) return who == nullptr && !known;
    bool const same_client =
        client_id.empty() || who->client_id.empty() || client_id == who->client_id;
    return authority == who->authority() && subject == who->subject && same_client;
}

// Keeps no reference to the call, which ends before the work does.
background_task::background_task(std::string id, call const& c, json::object arguments,
                                 observer on_change)
    : id_(std::move(id)),
      owner_(c.who()),
      arguments_(std::move(arguments)),
      capabilities_(c.client_capabilities),
      clock_(c.http.clock()),
      created_(c.http.now()),
      ttl_(c.policy.task_ttl),
      poll_(c.policy.task_poll_interval),
      on_change_(std::move(on_change)),
      home_(c.http.executor()),
      updated_(created_) {}

background_task::background_task(background_task const& o, shifted_clock time)
    : id_(o.id_),
      owner_(o.owner_),
      arguments_(o.arguments_),
      capabilities_(o.capabilities_),
      clock_(std::move(time)),
      created_(o.created_),
      ttl_(o.ttl_),
      poll_(o.poll_),
      home_(o.home_),
      gone_(true) {
    std::lock_guard const hold(o.lock_);
    updated_ = o.updated_;
    status_ = o.status_;
    message_ = o.message_;
    outcome_ = o.outcome_;
    if (has_ended(status_)) return;
    status_ = status::failed;
    message_ = "The task was at work when its server was set back or copied";
    outcome_ = rpc_error(error_code::internal, message_);
}

std::string_view background_task::to_string(status s) noexcept {
    switch (s) {
        case status::working:
            return "working";
        case status::input_required:
            return "input_required";
        case status::completed:
            return "completed";
        case status::cancelled:
            return "cancelled";
        case status::failed:
            return "failed";
    }
    return {};
}

bool background_task::lapsed() const {
    return clock_.now() >= created_ + ttl_;
}

json::object background_task::summary_locked() const {
    json::object out;
    out["taskId"] = id_;
    out["status"] = view(to_string(status_));
    if (!message_.empty()) out["statusMessage"] = message_;
    out["createdAt"] = iso8601(created_);
    out["lastUpdatedAt"] = iso8601(updated_);
    out["ttlMs"] = ttl_.count();
    out["pollIntervalMs"] = poll_.count();
    return out;
}

json::object background_task::summary() const {
    std::lock_guard const hold(lock_);
    return summary_locked();
}

json::object background_task::details() const {
    std::lock_guard const hold(lock_);
    auto out = summary_locked();
    if (status_ == status::completed) out["result"] = std::get<json::object>(outcome_);
    if (status_ == status::failed) out["error"] = error_object(std::get<rpc_error>(outcome_));
    if (status_ != status::input_required) return out;
    json::object requests;
    for (auto const& r : outstanding_) {
        json::object one;
        one["method"] = r.method;
        one["params"] = params_for(r, revision::v2026_07_28);
        requests[r.key] = std::move(one);
    }
    out["inputRequests"] = std::move(requests);
    return out;
}

void background_task::touch_locked() {
    updated_ = clock_.now();
}

void background_task::changed() const {
    if (on_change_) on_change_(*this);
}

// The context that runs the work may end before those who know the task.
struct background_task::presence {
    std::shared_ptr<background_task> of;
    asio::steady_timer timer;

    explicit presence(std::shared_ptr<background_task> t) : of(std::move(t)), timer(of->home_) {
        of->timer_ = &timer;
    }
    presence(presence const&) = delete;
    presence& operator=(presence const&) = delete;
    ~presence() {
        // timer_ is used on home_ alone, gone_ by everybody.
        of->timer_ = nullptr;
        std::lock_guard const hold(of->lock_);
        of->gone_ = true;
    }
};

// Owned by its own coroutine, which ends when the work does; cancel() makes that soon.
void background_task::start(job_function work) {
    auto here = std::make_unique<presence>(shared_from_this());
    auto running = run(std::move(here), work);
    asio::co_spawn(home_, std::move(running), [](std::exception_ptr failure) {
        if (failure) log(log_level::error, "task_threw");
    });
}

task<other_answer> background_task::guarded(background_task& self, job_function work) {
    std::string what;
    try {
        auto done = co_await work(self);
        co_return done;
    } catch (std::exception const& e) {
        what = e.what();
    }
    log(log_level::error, "exception", {{"what", what}});
    other_answer const failed = rpc_error(error_code::internal, "Internal error");
    co_return failed;
}

task<void> background_task::run(std::unique_ptr<presence> here, job_function work) {
    auto& self = *here->of;
    auto done = co_await guarded(self, work);
    // "failed" is for errors of the protocol alone; a tool's own error completes.
    bool const failed = std::holds_alternative<rpc_error>(done);
    if (auto* const result = std::get_if<json::object>(&done)) complete_modern(*result);
    self.end(failed ? status::failed : status::completed, std::move(done));
}

// The first end counts.
void background_task::end(status s, other_answer with) {
    {
        std::lock_guard const hold(lock_);
        if (has_ended(status_)) return;
        status_ = s;
        if (auto const* const error = std::get_if<rpc_error>(&with)) message_ = error->message;
        outcome_ = std::move(with);
        outstanding_.clear();
        touch_locked();
    }
    changed();
}

void background_task::cancel() {
    end(status::cancelled, json::object());
    wake();
}

// May run when all but the task is gone already, the clock included.
void background_task::abandon() {
    {
        std::lock_guard const hold(lock_);
        if (has_ended(status_)) return;
        status_ = status::cancelled;
        outstanding_.clear();
    }
    wake();
}

void background_task::wake() {
    std::lock_guard const hold(lock_);
    // With the lock held the presence cannot end between this look and the post.
    if (gone_) return;
    asio::post(home_, [self = shared_from_this()] {
        if (self->timer_ != nullptr) self->timer_->cancel();
    });
}

}  // namespace tollgate::mcp

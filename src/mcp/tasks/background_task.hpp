// Background task (extension io.modelcontextprotocol/tasks): its work, and what is known of it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "base/time_shift.hpp"
#include "mcp/tasks/job.hpp"

namespace tollgate::mcp {

// Whoever began a task, and may look at it.
struct task_owner {
    bool known = false;     // false: nobody was logged in
    std::string authority;  // principal::authority
    std::string subject;
    std::string client_id;

    explicit task_owner(http::principal const* who);
    bool is(http::principal const* who) const;
};

// Lives as long as its table or its work needs it. The public functions may be called by any
// thread, those of `job` by the work alone.
class background_task final : public job, public std::enable_shared_from_this<background_task> {
public:
    // Called after each change, without a lock.
    using observer = std::function<void(background_task const&)>;

    background_task(std::string id, call const& c, json::object arguments, observer on_change);

    // What is known of `o` at this moment, without its work: one that has not ended has failed
    // here. It lives by `time`.
    background_task(background_task const& o, shifted_clock time);

    std::string const& id() const noexcept { return id_; }
    task_owner const& owner() const noexcept { return owner_; }
    bool lapsed() const;  // its time to live is over
    // Task, and DetailedTask with what belongs to its status: result, error or inputRequests.
    json::object summary() const;
    json::object details() const;

    // Runs the work on the executor of the connection that began it.
    void start(job_function work);
    // tasks/update: answers to questions that are not outstanding are ignored. -32602, and nothing
    // is taken, when one has the wrong form.
    std::optional<rpc_error> update(json::object const& answers);
    // tasks/cancel; nothing happens to a task that has ended.
    void cancel();
    // Likewise, but tells nobody: nobody can look at it any more.
    void abandon();

    json::object const& arguments() const noexcept override { return arguments_; }
    task<bool> sleep(std::chrono::milliseconds time) override;
    task<asked> ask(std::vector<input_request> wanted) override;
    void report(std::string_view sentence) override;

private:
    using steady = std::chrono::steady_clock;
    enum class status { working, input_required, completed, cancelled, failed };

    // Lives in the work's coroutine: while it does, `home_` may be used.
    struct presence;

    static std::string_view to_string(status s) noexcept;
    static task<void> run(std::unique_ptr<presence> here, job_function work);
    static task<other_answer> guarded(background_task& self, job_function work);
    static bool has_ended(status s) noexcept { return s > status::input_required; }

    json::object summary_locked() const;
    void touch_locked();
    void end(status s, other_answer with);
    std::optional<rpc_error> open_questions(std::vector<input_request> const& wanted);
    bool waits_for_input() const;
    bool is_over() const;
    asked collect(std::vector<input_request> const& wanted);
    task<void> wait(steady::time_point until);
    void wake();
    void changed() const;

    std::string const id_;
    task_owner const owner_;
    json::object const arguments_;
    json::object const capabilities_;
    shifted_clock const clock_;  // of the realm
    time_point const created_;
    std::chrono::milliseconds const ttl_;
    std::chrono::milliseconds const poll_;
    observer const on_change_;
    boost::asio::any_io_executor const home_;
    boost::asio::steady_timer* timer_ = nullptr;  // of the work; used on home_ only

    mutable std::mutex lock_;
    bool gone_ = false;  // the work: `home_` may not be used any more
    time_point updated_;
    status status_ = status::working;
    std::string message_;
    std::vector<input_request> outstanding_;
    std::set<std::string> used_keys_;
    json::object answers_;
    other_answer outcome_;
};

}  // namespace tollgate::mcp

// Task table of one realm (extension io.modelcontextprotocol/tasks).
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time_shift.hpp"
#include "mcp/tasks/job.hpp"

namespace tollgate::mcp {

class background_task;

// Thread-safe. A task that has lapsed is forgotten when somebody looks; its work ends then.
class task_table {
public:
    ~task_table();

    // Begins the work and remembers it: "the server MUST NOT return CreateTaskResult until […] a
    // tasks/get for the returned taskId would resolve". The CreateTaskResult; -32603 when the
    // realm or the caller has too many tasks under way.
    boost::system::result<json::object, rpc_error> begin(call const& c, json::object arguments,
                                                         job_function work);
    // Nothing when there is no such task, it has lapsed, or is somebody else's.
    std::shared_ptr<background_task> find(std::string_view id, http::principal const* who);
    // Cancels and forgets all of them.
    void end_all() noexcept;
    std::size_t size() const;

    using order = std::list<std::shared_ptr<background_task>>;  // oldest first
    // What is known of the tasks at one moment, without their work, which cannot be set back.
    // `time` is the clock of the realm.
    using image = order;
    image save(shifted_clock const& time) const;
    // Those, beside what there is: for a table that was emptied.
    void load(image const& then, shifted_clock const& time);

private:
    void sweep_locked(std::vector<std::shared_ptr<background_task>>& ended);
    bool has_room_locked(call const& c) const;

    mutable std::mutex lock_;
    order by_age_;
    std::unordered_map<std::string_view, order::iterator> by_id_;  // keys live in the tasks
};

}  // namespace tollgate::mcp

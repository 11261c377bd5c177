#include "mcp/tasks/task_table.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "mcp/protocol/changes.hpp"
#include "mcp/tasks/background_task.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::size_t most_in_realm = 1000;
constexpr std::size_t most_of_one = 100;

// The work may outlive the realm: it then tells nobody.
background_task::observer announcer(std::weak_ptr<http::realm> where) {
    return [where = std::move(where)](background_task const& t) {
        auto const realm = where.lock();
        if (!realm) return;
        realm->get<change_hub>().announce({change::kind::task, t.id(), t.details()});
    };
}

}  // namespace

task_table::~task_table() {
    end_all();
}

// All tasks of a realm live equally long, but for a change of its policy.
void task_table::sweep_locked(std::vector<std::shared_ptr<background_task>>& ended) {
    while (!by_age_.empty() && by_age_.front()->lapsed()) {
        by_id_.erase(by_age_.front()->id());
        ended.push_back(std::move(by_age_.front()));
        by_age_.pop_front();
    }
}

bool task_table::has_room_locked(call const& c) const {
    if (by_age_.size() >= most_in_realm) return false;
    std::size_t own = 0;
    for (auto const& t : by_age_) {
        if (t->owner().is(c.who())) ++own;
    }
    return own < most_of_one;
}

boost::system::result<json::object, rpc_error> task_table::begin(call const& c,
                                                                 json::object arguments,
                                                                 job_function work) {
    auto made = std::make_shared<background_task>(random_token(32), c, std::move(arguments),
                                                  announcer(c.http.realm_handle()));
    std::vector<std::shared_ptr<background_task>> ended;
    bool room = false;
    {
        std::lock_guard const hold(lock_);
        sweep_locked(ended);
        room = has_room_locked(c);
        if (room) {
            by_age_.push_back(made);
            by_id_.emplace(made->id(), std::prev(by_age_.end()));
        }
    }
    for (auto const& t : ended)
        t->abandon();
    if (!room)
        return rpc_error(error_code::internal,
                         "Too many tasks: those that ended count until their ttl is over");
    // Before it starts: what the client hears of first is a task that works.
    auto result = made->summary();
    result["resultType"] = "task";
    made->start(work);
    return result;
}

std::shared_ptr<background_task> task_table::find(std::string_view id, http::principal const* who) {
    std::vector<std::shared_ptr<background_task>> ended;
    std::shared_ptr<background_task> found;
    {
        std::lock_guard const hold(lock_);
        sweep_locked(ended);
        auto const at = by_id_.find(id);
        if (at != by_id_.end()) found = *at->second;
    }
    for (auto const& t : ended)
        t->abandon();
    // Also what no sweep has found: after a change of policy the oldest need not be the first to
    // end.
    if (!found || found->lapsed() || !found->owner().is(who)) return nullptr;
    return found;
}

void task_table::end_all() noexcept {
    order all;
    {
        std::lock_guard const hold(lock_);
        by_id_.clear();
        all.swap(by_age_);
    }
    for (auto const& t : all)
        t->abandon();
}

task_table::image task_table::save(shifted_clock const& time) const {
    order all;
    {
        std::lock_guard const hold(lock_);
        all = by_age_;
    }
    for (auto& t : all)
        t = std::make_shared<background_task>(*t, time);
    return all;
}

void task_table::load(image const& then, shifted_clock const& time) {
    std::lock_guard const hold(lock_);
    for (auto const& t : then) {
        if (by_id_.contains(t->id())) continue;
        by_age_.push_back(std::make_shared<background_task>(*t, time));
        by_id_.emplace(by_age_.back()->id(), std::prev(by_age_.end()));
    }
}

std::size_t task_table::size() const {
    std::lock_guard const hold(lock_);
    return by_age_.size();
}

}  // namespace tollgate::mcp

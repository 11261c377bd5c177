// Jobs that a stdio session has under way: each can be cancelled by the id of its request, a few
// run at once, and the others wait for their turn.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"

namespace tollgate::mcp {

// Used on its executor alone, which runs one handler at a time; must outlive its jobs.
class stdio_jobs {
public:
    // `most_at_once`: of those that end by themselves.
    stdio_jobs(boost::asio::any_io_executor executor, std::size_t most_at_once);

    // Starts `work`, or keeps it until there is room. `id`: of the request that it answers, as JSON
    // text; empty: of none. `streams`: it ends with the session, not by itself. `modern`: the
    // request is one of 2026-07-28.
    void spawn(std::function<task<void>()> work, std::string id, bool streams = false,
               bool modern = false);
    // Stops whoever answers that request, if it is a modern one.
    void cancel(std::string const& id);
    // Its client has cancelled it in a legacy session: no answer will come.
    void expect_no_answer(std::string const& id);
    bool expects_answer(std::string const& id) const;
    void cancel_all();

    bool empty() const noexcept { return jobs_.empty(); }
    // Those that end by themselves, and those of them that have not begun.
    std::size_t under_way() const;
    std::size_t waiting() const;
    // The requests whose streams are open, as JSON text: modern ones alone have an id.
    std::vector<std::string> streaming() const;
    // Until a job ends, or wake() is called.
    task<void> next_end();
    void wake();

private:
    struct job {
        std::string id;
        std::function<task<void>()> work;  // empty once it has begun
        boost::asio::cancellation_signal stop;
        bool streams = false;
        bool modern = false;
        bool cancelled = false;  // by its client, in a legacy session
    };

    static bool is_waiting(job const& j) { return static_cast<bool>(j.work); }
    using place = std::list<job>::iterator;
    void start(place which);
    void start_waiting();
    void forget(place which);

    boost::asio::any_io_executor executor_;
    std::size_t const most_at_once_;
    boost::asio::steady_timer changed_;  // cancelled whenever a job ends
    bool starting_ = false;
    std::list<job> jobs_;  // in the order in which they came
};

}  // namespace tollgate::mcp

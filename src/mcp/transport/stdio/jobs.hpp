// Jobs that a stdio session has under way: each can be cancelled by the id of its request, and who
// has to wait can wait for the next one to end.
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
    explicit stdio_jobs(boost::asio::any_io_executor executor);

    // Starts `work`. `id`: of the request that it answers, as JSON text; empty: of none. `streams`:
    // it ends with the session, not by itself. `modern`: the request is one of 2026-07-28.
    void spawn(std::function<task<void>()> work, std::string id, bool streams = false,
               bool modern = false);
    // Stops whoever answers that request, if it is a modern one.
    void cancel(std::string const& id);
    // Its client has cancelled it in a legacy session: no answer will come.
    void expect_no_answer(std::string const& id);
    bool expects_answer(std::string const& id) const;
    void cancel_all();

    bool empty() const noexcept { return running_.empty(); }
    // Those that end by themselves.
    std::size_t under_way() const;
    // The requests whose streams are open, as JSON text: modern ones alone have an id.
    std::vector<std::string> streaming() const;
    // Until a job ends.
    task<void> next_end();

private:
    struct job {
        std::string id;
        boost::asio::cancellation_signal stop;
        bool streams = false;
        bool modern = false;
        bool cancelled = false;  // by its client, in a legacy session
    };

    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer changed_;  // cancelled whenever a job ends
    std::list<job> running_;
};

}  // namespace tollgate::mcp

#include "support/waiting.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace test {

// A thread of a pool that lets go of the last work of a run stops the context, and may do so only
// when the next run has begun: then it is started again.
bool run_until(boost::asio::io_context& io, std::function<bool()> const& holds) {
    auto const stays = boost::asio::make_work_guard(io);
    io.restart();
    while (!holds()) {
        if (io.run_one_for(std::chrono::minutes(1)) != 0) continue;
        if (!io.stopped()) return false;
        io.restart();
    }
    return true;
}

}  // namespace test

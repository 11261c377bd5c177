// A context to run coroutines on, lent from a store that lasts as long as the process: whoever
// posts to it from another thread may still be at it when the coroutine has ended.
#pragma once

#include <boost/asio/io_context.hpp>

namespace test {

// One thread's at a time.
class lent_context {
public:
    lent_context();
    ~lent_context();
    lent_context(lent_context const&) = delete;
    lent_context& operator=(lent_context const&) = delete;

    boost::asio::io_context& io() noexcept { return *io_; }

private:
    boost::asio::io_context* io_;
};

}  // namespace test

// Blocking work (RSA, password hashing, SQLite) off the I/O threads, and home again.
#pragma once

#include <type_traits>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.hpp"

namespace tollgate {

template <class F>
task<std::invoke_result_t<F>> as_task(F f) {
    co_return f();
}

// Runs `work` on `pool`, resumes on the caller's executor with its result or exception. Name
// the lambda first (GCC 12): auto job = [..]{..}; co_await offload(pool, std::move(job));
template <class F>
task<std::invoke_result_t<F>> offload(boost::asio::thread_pool& pool, F work) {
    auto job = as_task(std::move(work));
    co_return co_await boost::asio::co_spawn(pool, std::move(job), boost::asio::use_awaitable);
}

}  // namespace tollgate

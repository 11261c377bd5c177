// The coroutine type of every asynchronous function here.
#pragma once

#include <type_traits>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tollgate {

// Lazy: nothing runs before the caller awaits it. GCC 12 miscompiles several
// forms of co_await; CONTRIBUTING.md lists them ("one co_await a statement").
template <class T = void>
using task = boost::asio::awaitable<T>;

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

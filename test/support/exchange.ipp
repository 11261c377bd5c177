// run(): a template, so it stands in a header.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

namespace test {

template <class T>
T run(boost::asio::io_context& io, tollgate::task<T> work) {
    std::exception_ptr failure;
    // A thread of a pool may let go of the last work of the run before this one only now, which
    // would stop the context that has just been restarted.
    auto begun = boost::asio::make_work_guard(io);
    io.restart();
    if constexpr (std::is_void_v<T>) {
        bool done = false;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e) {
            failure = e;
            done = true;
        });
        begun.reset();
        while (!done && io.run_one() != 0) {
        }
        if (failure) std::rethrow_exception(failure);
        if (!done) throw std::logic_error("the coroutine never finished");
    } else {
        std::optional<T> result;
        bool done = false;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
            failure = e;
            done = true;
            if (!e) result.emplace(std::move(value));
        });
        begun.reset();
        while (!done && io.run_one() != 0) {
        }
        if (failure) std::rethrow_exception(failure);
        if (!done) throw std::logic_error("the coroutine never finished");
        return std::move(*result);
    }
}

}  // namespace test

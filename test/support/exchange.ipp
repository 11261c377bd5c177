// run(): a template, so it stands in a header.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

namespace test {

template <class T>
T run(boost::asio::io_context& io, tollgate::task<T> work) {
    std::exception_ptr failure;
    io.restart();
    if constexpr (std::is_void_v<T>) {
        bool done = false;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e) {
            failure = e;
            done = true;
        });
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
        while (!done && io.run_one() != 0) {
        }
        if (failure) std::rethrow_exception(failure);
        if (!done) throw std::logic_error("the coroutine never finished");
        return std::move(*result);
    }
}

}  // namespace test

// run(): a template, so it stands in a header.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

#include "support/waiting.hpp"

namespace test {

template <class T>
T run(boost::asio::io_context& io, tollgate::task<T> work) {
    std::exception_ptr failure;
    bool done = false;
    auto const is_done = [&done] { return done; };
    if constexpr (std::is_void_v<T>) {
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e) {
            failure = e;
            done = true;
        });
        if (!run_until(io, is_done)) throw std::logic_error("the coroutine never finished");
        if (failure) std::rethrow_exception(failure);
    } else {
        std::optional<T> result;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
            failure = e;
            done = true;
            if (!e) result.emplace(std::move(value));
        });
        if (!run_until(io, is_done)) throw std::logic_error("the coroutine never finished");
        if (failure) std::rethrow_exception(failure);
        return std::move(*result);
    }
}

}  // namespace test

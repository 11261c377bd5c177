// The coroutine type of every asynchronous function here.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace tollgate {

// Lazy: nothing runs before the caller awaits it. GCC 12 miscompiles several
// forms of co_await; CONTRIBUTING.md lists them ("one co_await a statement").
template <class T = void>
using task = boost::asio::awaitable<T>;

}  // namespace tollgate

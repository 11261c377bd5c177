// Waiter: a coroutine that waits for what another thread finds out.
#pragma once

#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.hpp"
#include "http/message/problem.hpp"

namespace tollgate::oauth {

// Keeps the coroutine's executor from running out of work.
template <class T, class Handler>
class waiter {
public:
    explicit waiter(Handler handler)
        : handler_(std::move(handler)), home_(boost::asio::get_associated_executor(handler_)) {}

    // Once. The coroutine resumes on its own executor, and may be gone, and that with it, before
    // this returns: nothing of either is touched afterwards.
    void tell(outcome<T> found) {
        auto const home = home_.get_executor();
        auto last = [handler = std::move(handler_), found = std::move(found),
                     kept_open = std::move(home_)]() mutable {
            kept_open.reset();
            std::move(handler)(std::move(found));
        };
        boost::asio::post(home, std::move(last));
    }

private:
    Handler handler_;
    boost::asio::executor_work_guard<boost::asio::any_io_executor> home_;
};

// `begin` gets the handler of the coroutine, for a waiter. Cannot be cancelled: a file answers.
template <class T, class Begin>
task<outcome<T>> wait_for(Begin begin) {
    auto const& token = boost::asio::use_awaitable;
    co_return co_await boost::asio::async_initiate<boost::asio::use_awaitable_t<> const,
                                                   void(outcome<T>)>(std::move(begin), token);
}

}  // namespace tollgate::oauth

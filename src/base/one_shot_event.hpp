// One-shot event: opens once and wakes everybody who waits, on whichever core they wait.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"

namespace tollgate {

class one_shot_event {
public:
    explicit one_shot_event(boost::asio::any_io_executor executor);
    ~one_shot_event();

    // Returns when it was opened, or when the caller was cancelled: it must look which. Resumes
    // on the caller's own executor. The caller keeps the event alive.
    task<void> wait();
    // Any thread.
    void open();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate

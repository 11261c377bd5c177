// Opens once and wakes everybody who waits, on whichever core they wait.
#pragma once

#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"

namespace tollgate {

class gate {
public:
    explicit gate(boost::asio::any_io_executor executor);
    ~gate();

    // Returns when the gate is open, or when the caller was cancelled: it must look which. Resumes
    // on the caller's own executor. The caller keeps the gate alive.
    task<void> wait();
    // Any thread.
    void open();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate

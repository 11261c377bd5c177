// Lock: one process at a time uses the records below a prefix.
//
// It lies in Redis and runs out by itself, so that a process that was killed locks nobody out for
// longer than `lock_life`. Whoever has it renews it; where that could not be done in time, this
// process answers no call until it has it again, and no change that it sent before is done after
// the end (protocol/script.hpp, "late"): by then another one may hold it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "store/redis/link.hpp"
#include "store/redis/protocol/layout.hpp"

namespace tollgate::oauth::redis {

inline constexpr std::chrono::milliseconds lock_life{10'000};
inline constexpr std::chrono::milliseconds lock_renewal{2'000};

class lock {
public:
    // `over` must outlive it.
    lock(link& over, realm_keys const& keys);

    // Blocks until it is ours: at most lock_life, while it is not known whether whoever has it
    // lives. Throws std::runtime_error, with a sentence that begins with `what`, where somebody
    // else goes on to have it, or nobody answers.
    void take(std::string const& what);
    // Renews it from now on. `missed`: it was not held for a while, or the records are gone; called
    // on the thread of the link.
    void keep(std::function<void(bool emptied)> missed);
    // No renewal any more, and whoever comes next need not wait. Blocks.
    void release();

private:
    request question() const;
    task<void> renew();
    void note(answer const& a, steady::time_point sent);

    link& link_;
    std::string const key_;
    std::string const meta_;
    std::uint16_t const slot_;
    std::string const owner_;
    std::function<void(bool)> missed_;
    boost::asio::steady_timer pause_;
    bool held_ = false;
    bool ending_ = false;
};

}  // namespace tollgate::oauth::redis

// Exam progress: how far the client of a realm has come in its exam. Kept with the realm, so that
// it survives new sessions and new logins.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "control/verdict/verdict.hpp"

namespace tollgate::control {

struct station_record {
    std::uint64_t since = 0;  // the number of its first event
    bool over = false;
    std::string left_out;           // why it was; "": it was not
    std::vector<finding> findings;  // when it is over
};

// Hangs on the realm. Thread-safe.
class exam_progress {
public:
    // Of the stations that the client has come to, in their order.
    std::vector<station_record> records() const {
        std::lock_guard const lock(mutex_);
        return records_;
    }
    void begin_anew() {
        std::lock_guard const lock(mutex_);
        records_.clear();
    }
    // Whoever reads, decides and writes back holds editing() of the realm's state.
    void write(std::vector<station_record> records) {
        std::lock_guard const lock(mutex_);
        records_ = std::move(records);
    }

private:
    mutable std::mutex mutex_;
    std::vector<station_record> records_;
};

}  // namespace tollgate::control

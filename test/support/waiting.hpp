// Waiting for what is meant, however slow the machine is.
#pragma once

#include <chrono>
#include <thread>

namespace test {

// Asks again until it holds. False after a minute, which is for tests that fail.
inline bool eventually(auto const& holds) {
    auto const end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

// Returns when whatever had `life` to live before the call is over: real time is what is meant.
inline void outlive(std::chrono::milliseconds life) {
    std::this_thread::sleep_for(life + std::chrono::milliseconds(1));
}

}  // namespace test

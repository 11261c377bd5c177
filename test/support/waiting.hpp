// Waiting for what is meant, however slow the machine is.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace boost::asio {
class io_context;
}

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

// Runs what there is to do on `io` until `holds`. False when nothing has happened for a minute,
// which is for tests that fail.
bool run_until(boost::asio::io_context& io, std::function<bool()> const& holds);

// Returns when whatever had `life` to live before the call is over: real time is what is meant.
inline void outlive(std::chrono::milliseconds life) {
    std::this_thread::sleep_for(life + std::chrono::milliseconds(1));
}

}  // namespace test

// Page sessions: browsers that have shown control.token to the dashboard once. What a browser keeps
// is a random value of ours, never the token.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"

namespace tollgate::control {

// Thread-safe. Bounded: the oldest session makes room for a new one.
class page_sessions {
public:
    static constexpr std::chrono::hours length{12};  // from the login on, whatever is done with it
    static constexpr std::size_t most = 100;

    // `time` must outlive it.
    explicit page_sessions(tollgate::clock const& time) noexcept : time_(time) {}

    // The secret value for the cookie; only its digest is kept.
    std::string begin();
    bool knows(std::string_view value);
    void end(std::string_view value);

private:
    tollgate::clock const& time_;
    std::mutex mutex_;
    bounded_table<bool> open_{most};  // by digest
};

}  // namespace tollgate::control

// Page sessions: browsers that have shown control.token to the dashboard once. What a browser keeps
// is a random value of ours, never the token.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"

namespace tollgate::control {

// Thread-safe. Bounded: the oldest session makes room for a new one. Where several instances are
// one server each knows the sessions that another has begun by what they say of themselves, signed.
class page_sessions {
public:
    static constexpr std::chrono::hours length{12};  // from the login on, whatever is done with it
    static constexpr std::size_t most = 100;

    // `time` must outlive it. `shared_key`: all instances have it; empty: there is one.
    explicit page_sessions(tollgate::clock const& time, std::string shared_key = {}) noexcept
        : time_(time), shared_key_(std::move(shared_key)) {}

    // The secret value for the cookie; only its digest is kept.
    std::string begin();
    bool knows(std::string_view value);
    void end(std::string_view value);

private:
    std::string begin_signed() const;
    bool is_signed(std::string_view value) const;

    tollgate::clock const& time_;
    std::string const shared_key_;
    std::mutex mutex_;
    bounded_table<bool> open_{most};   // by digest
    bounded_table<bool> ended_{most};  // likewise, of those that are signed
};

}  // namespace tollgate::control

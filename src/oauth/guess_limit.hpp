// How often somebody may be wrong about a secret that a person chose: a password of a user, or
// the secret of a client in the configuration. What this server makes itself is too long to guess.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string_view>

#include "http/clock.hpp"
#include "oauth/bounded_table.hpp"

namespace tollgate::oauth {

// RFC 6749 §2.3.1 and §10.10. Hangs on the realm. Thread-safe, bounded: the oldest name goes.
class guess_limit {
public:
    // Wrong guesses for one name in a minute: a client under test may be wrong for long, and
    // nobody who searches gets anywhere.
    static constexpr unsigned most = 100;
    static constexpr std::chrono::seconds length{60};  // from the first wrong guess

    // Another guess for `name` may be looked at, a right one as well.
    bool open(std::string_view name, http::time_point now);
    void count(std::string_view name, http::time_point now);
    void reset();

private:
    static constexpr std::size_t most_names = 1000;

    std::mutex mutex_;
    bounded_table<unsigned> wrong_{most_names};
};

}  // namespace tollgate::oauth

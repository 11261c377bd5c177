// Realm client: what somebody has told of the client of a realm, and where its trial began.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "control/verdict/verdict.hpp"

namespace tollgate::control {

// Hangs on the realm. Thread-safe.
class realm_client {
public:
    struct told {
        std::uint64_t since = 1;  // events before it are not judged
        client_state state = client_state::running;
        std::optional<int> exit;
    };

    // `key`: as long as a token, so that whatever hides those hides it.
    explicit realm_client(std::string key) : key_(std::move(key)) {}

    // A new trial: events from number `since` on.
    void begin(std::uint64_t since) {
        std::lock_guard const lock(mutex_);
        told_ = {since, client_state::running, std::nullopt};
    }
    void report(client_state state, std::optional<int> exit) {
        std::lock_guard const lock(mutex_);
        told_.state = state;
        told_.exit = exit;
    }
    // As it was told to an earlier process.
    void restore(told const& then) {
        std::lock_guard const lock(mutex_);
        told_ = then;
    }
    told now() const {
        std::lock_guard const lock(mutex_);
        return told_;
    }
    // Whoever has it may read the verdict of this realm, and nothing else.
    std::string const& key() const noexcept { return key_; }

private:
    std::string const key_;
    mutable std::mutex mutex_;
    told told_;
};

}  // namespace tollgate::control

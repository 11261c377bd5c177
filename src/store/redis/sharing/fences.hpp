// Fences: under which ownership changes of a realm are made (store/ownership.hpp).
//
// The token of an ownership lies in Redis beside the records. A change carries the one that its
// process was given, and is not done where another lies there.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::oauth::redis {

// The realm with whose owner that one is: by scenario path, its name has a dot, and it goes with
// "default".
constexpr std::string_view realm_in_charge(std::string_view realm) noexcept {
    return realm.find('.') == std::string_view::npos ? realm : std::string_view("default");
}

// Thread-safe.
class fences {
public:
    // Nothing: nobody has claimed it, and changes need no token. Empty: it is not ours any more.
    std::optional<std::string> token_of(std::string_view realm) const;
    // Ours, and confirmed since the last call of doubt().
    bool is_sure(std::string_view realm) const;
    // `round`: as it was before that was asked for, so that what was answered before a call of
    // doubt() and is taken after it is not sure. False where it was ours by that token already.
    bool take(std::string const& realm, std::string token, std::uint64_t round);
    std::uint64_t round() const noexcept { return round_.load(); }
    // It is not ours any more; false where it was not.
    bool lose(std::string const& realm);
    // Each is to be claimed again before it is relied upon: this process was not heard for a while.
    void doubt() noexcept { ++round_; }
    std::vector<std::string> held() const;
    // Realms are claimed here: one without a token is somebody else's.
    bool are_used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    struct entry {
        std::string token;  // empty: lost
        std::uint64_t round = 0;
    };

    mutable std::shared_mutex mutex_;
    std::map<std::string, entry, std::less<>> entries_;
    std::deque<std::string> lost_;  // in the order in which they were, some of them ours again
    std::atomic<std::uint64_t> round_{0};
    std::atomic<bool> used_{false};
};

}  // namespace tollgate::oauth::redis

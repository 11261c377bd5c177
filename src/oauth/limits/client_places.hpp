// Client places, of each realm and of the whole server: who may stay registered. Anybody may
// register (RFC 7591 §5), so a client that never got a token keeps its place for a while only, and
// where all places are taken the oldest of these goes first.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"

namespace tollgate::oauth {

// Thread-safe; not for the hot path. Says who is to go; the caller erases the record.
class client_places {
public:
    struct bounds {
        std::size_t realm = 10'000;
        std::size_t all = 20'000;
        std::chrono::milliseconds unused_life{3'600'000};  // of a client that got no token
    };
    // `alive`: a gauge that goes with it; must outlive it.
    explicit client_places(bounds b, metric* alive = nullptr) noexcept
        : bounds_(b), alive_(alive) {}
    ~client_places();
    client_places(client_places const&) = delete;
    client_places& operator=(client_places const&) = delete;

    struct place {
        std::uint64_t realm = 0;  // http::realm::id()
        std::string realm_name;
        std::string client;
    };

    // Gives `p` a place, and names who must go for it. Nothing: all places are taken by clients
    // that are in use.
    std::optional<std::vector<place>> take(place p, time_point now);
    // It got a token and stays.
    void keep(std::uint64_t realm, std::string_view client);
    // It is not there (any more).
    void give_back(std::uint64_t realm, std::string_view client);
    void forget_realm(std::uint64_t realm);

    std::chrono::milliseconds unused_life() const noexcept { return bounds_.unused_life; }
    std::size_t in_all() const;
    std::size_t in_realm(std::uint64_t realm) const;

private:
    using number = std::uint64_t;  // of a place, in the order of their taking; 0: in use
    struct waiting {
        place of;
        time_point until;
    };
    struct realm_places {
        std::unordered_map<std::string, number> all;
        std::map<number, std::string> unused;  // the oldest first
    };

    void count(std::size_t before) noexcept;
    void drop_what_is_over(time_point now);
    bool make_room(std::uint64_t realm, std::vector<place>& gone);
    void settle(place p, time_point now);
    void remove(std::uint64_t realm, std::string const& client);

    bounds const bounds_;
    metric* const alive_;
    mutable std::mutex mutex_;
    number last_ = 0;
    std::size_t taken_ = 0;
    std::unordered_map<std::uint64_t, realm_places> realms_;
    std::map<number, waiting> unused_;  // of all realms, the oldest first
};

}  // namespace tollgate::oauth

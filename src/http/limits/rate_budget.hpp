// Rate budget: so many in a minute, of each peer and of all together. It bounds what strangers may
// begin without having shown anything.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "http/message/problem.hpp"

namespace tollgate::http {

// Under whose name a request is counted.
struct account {
    // The key of its peer (http/realm/peer.hpp). Of a tunnel's request: the last address of
    // X-Forwarded-For, which the tunnel itself has added. Where no tunnel did, it is anybody's
    // claim, but one that only divides what all may do together. Empty: nobody can tell peers
    // apart.
    std::string peer;
    // A program on this machine, of a server without a public URL: its own developer's tests.
    bool local = false;
};
// Thread-safe; not for the hot path. Bounded: who was refused leaves no trace.
class rate_budget {
public:
    static constexpr std::chrono::seconds length{60};  // from the first one on

    struct bounds {
        std::size_t peer;  // of one peer
        std::size_t all;
    };
    explicit rate_budget(bounds b) noexcept : bounds_(b) {}

    enum class spent { nothing, by_peer, by_all };
    struct answer {
        spent used_up = spent::nothing;
        std::chrono::seconds wait{0};  // until there may be more; at least one second

        explicit operator bool() const noexcept { return used_up == spent::nothing; }
    };

    // Whether there is something left; takes nothing.
    answer ask(account const& who, time_point now) const;
    // Likewise, and takes one if so. A local account has no bound of its own, but counts for all.
    answer take(account const& who, time_point now);
    void reset();

private:
    struct window {
        time_point began{};
        std::size_t count = 0;

        bool is_over(time_point now) const noexcept { return now >= began + length; }
        std::size_t at(time_point now) const noexcept { return is_over(now) ? 0 : count; }
        void add(time_point now) noexcept;
        std::chrono::seconds left(time_point now) const noexcept;
    };

    answer ask_locked(account const& who, time_point now) const;
    void drop_what_is_over(time_point now);

    bounds const bounds_;
    mutable std::mutex mutex_;
    window all_;
    std::unordered_map<std::string, window> peers_;
    std::size_t next_sweep_ = 64;  // entries of peers_ at which it is looked through again
};

// How an answer that is no yes is told: 429 to the one who has used up their own (RFC 6585 §4), 503
// to everybody (RFC 9110 §15.6.4), with Retry-After. `what` is a sentence's plural ("wrong codes"),
// `key` the key below [limits] that bounds it for all ("user_codes").
problem refusal_of(rate_budget::answer const& a, std::string_view what, std::string_view key);

}  // namespace tollgate::http

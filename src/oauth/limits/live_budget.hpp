// Live budget: how many records that are not over yet each client has, each peer, and all together.
// It bounds what a request leaves behind for hours, where a rate alone would add up.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/metrics.hpp"
#include "base/time_shift.hpp"
#include "http/limits/rate_budget.hpp"

namespace tollgate::oauth {

// When a place is free again.
struct place_end {
    time_point real;
    // Of a realm whose clock stands: that clock, and what it shows then. While there is such a
    // clock it alone says what is over; when the realm is gone, `real` does.
    std::weak_ptr<time_shift const> clock{};
    time_point shown{};

    place_end(time_point at) noexcept : real(at) {}
    place_end(time_point at, std::weak_ptr<time_shift const> by, time_point shows) noexcept
        : real(at), clock(std::move(by)), shown(shows) {}
};

// Counts that lapse: so many until then. A few steps however many there are.
class lapsing_count {
public:
    // Takes out what is over when it is really `now`: how many that were.
    std::size_t lapse(time_point now);
    void add(std::size_t n, place_end const& until, time_point now);
    // Takes out `n` that were added until then: how many of them were still there.
    std::size_t remove(std::size_t n, place_end const& until) noexcept;
    std::size_t count() const noexcept { return count_; }

private:
    struct step {
        time_point until;
        std::size_t count;
    };
    struct standing_step {
        place_end until;
        std::size_t count;
    };
    void add_standing(std::size_t n, place_end const& until, time_point now);
    std::size_t lapse_standing(time_point now);
    std::size_t remove_standing(std::size_t n, place_end const& until) noexcept;

    std::vector<step> steps_;  // the first to lapse first
    std::vector<standing_step> standing_;
    std::size_t count_ = 0;
};

// Thread-safe, in shards: tokens are issued on every core at once. As large as what it counts.
class live_budget {
public:
    struct bounds {
        std::size_t client;
        std::size_t peer;
        std::size_t all;
    };
    // `alive`: a gauge that goes with it; must outlive it.
    explicit live_budget(bounds b, metric* alive = nullptr) noexcept : bounds_(b), alive_(alive) {}
    ~live_budget();
    live_budget(live_budget const&) = delete;
    live_budget& operator=(live_budget const&) = delete;

    enum class spent { nothing, by_client, by_peer, by_all };
    // Who owns a record. `realm` is http::realm::id(); clients of one name in two realms are two.
    struct owner {
        std::uint64_t realm = 0;
        std::string client;
        http::account who;
    };

    // Whether there is room for `n` more; takes none.
    spent ask(owner const& o, std::size_t n, time_point now);
    // Counts `n` records until `until`, all or none.
    spent take(owner const& o, std::size_t n, place_end const& until, time_point now);
    // Takes back what take() counted.
    void give_back(owner const& o, std::size_t n, place_end const& until);
    // The records of a realm are gone; what its peers have used stays counted against them.
    void forget_realm(std::uint64_t realm);
    void forget_peers();
    // Alive in all, as far as is known without looking: what has lapsed may still count.
    std::int64_t in_all() const noexcept { return all_.load(std::memory_order_relaxed); }

private:
    // Not noexcept: so the library keeps the hash with each key (store/text_map.hpp).
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const {
            return std::hash<std::string_view>{}(s);
        }
    };
    using counts = std::unordered_map<std::string, lapsing_count, text_hash, std::equal_to<>>;
    struct shard {
        std::mutex mutex;
        counts of;
        std::size_t next_sweep = 64;
    };
    static constexpr std::size_t shard_count = 16;
    using shards = std::array<shard, shard_count>;

    struct taking {
        bool done = false;
        std::size_t lapsed = 0;  // on the way
    };
    struct found {
        std::size_t alive = 0;
        std::size_t lapsed = 0;
    };
    static shard& shard_of(shards& all, std::string_view key) noexcept;
    static std::size_t drop_what_is_over(shard& part, time_point now);
    static found alive_of(shards& all, std::string const& key, time_point now);
    static taking take_one(shards& all, std::string const& key, std::size_t n, std::size_t most,
                           place_end const& until, time_point now);
    static std::size_t put_back(shards& all, std::string const& key, std::size_t n,
                                place_end const& until);
    void subtract(std::size_t n) noexcept;
    bool add_within_bounds(std::size_t n) noexcept;
    bool take_in_all(std::size_t n, time_point now);
    void untake(std::string const& client, std::size_t n, place_end const& until);
    void sweep(time_point now);

    bounds const bounds_;
    metric* const alive_;
    shards clients_;
    shards peers_;
    std::atomic<std::int64_t> all_{0};  // the clients' counts, less those being taken
    std::atomic<time_point::rep> swept_at_{0};
};

}  // namespace tollgate::oauth

// Snapshots of realms: all that a realm is at one moment, to which it can return, or which another
// realm begins with.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "base/time_shift.hpp"
#include "config/policies.hpp"
#include "control/administrations.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control {

// Never changes. What is not in it: the journal, which tells what happened, gates, and requests
// under way.
struct realm_snapshot {
    time_point taken{};        // in real time
    time_shift::setting time;  // of the realm's clock
    control::scenario const* scenario = nullptr;
    policies rules;  // those of the two images
    realm_faults::image faults;
    http::image_ptr oauth;
    http::image_ptr mcp;
};
using snapshot_ptr = std::shared_ptr<realm_snapshot const>;

// Hangs on the realm. Thread-safe, bounded.
class realm_snapshots {
public:
    static constexpr std::size_t most = 10;

    // Its id. 409 when there are `most` already.
    outcome<std::string> add(snapshot_ptr s);
    snapshot_ptr find(std::string_view id) const;  // null: there is none of that id
    bool erase(std::string_view id);

    struct listed {
        std::string id;
        snapshot_ptr snapshot;
    };
    std::vector<listed> all() const;

    // Of many who look at the realm and one who sets it back, nobody meets the other half way.
    bool begin_to_look() noexcept;
    void end_to_look() noexcept { users_.fetch_sub(1); }
    bool begin_to_load() noexcept;
    void end_to_load() noexcept { users_.store(0); }

private:
    mutable std::mutex mutex_;
    std::uint64_t next_ = 1;
    std::vector<listed> all_;
    std::atomic<int> users_{0};  // who look; -1: somebody sets it back
};

// All that `r` is now. 409 while it is being set back.
task<outcome<snapshot_ptr>> take_snapshot(http::realm_ptr r, administrations to,
                                          tollgate::clock const& real);
// `r` is what `s` says, clock included; its streams and calls end, its gates open and are gone.
// `r` may be another realm than that of `s`. 409 while somebody else looks at it. `lasts`: it
// outlives the process (realm_registry::keeps), and what it is then is written down with its
// records, or nothing is.
task<outcome<void>> load_snapshot(http::realm_ptr r, snapshot_ptr s, administrations to,
                                  tollgate::clock const& real, bool lasts);

}  // namespace tollgate::control

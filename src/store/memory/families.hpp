// One shard of the memory store's groups: who belongs to a group, and which groups are dead.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "store/memory/records.hpp"

namespace tollgate::oauth {

// Not locked by itself: a put must hold `mutex` from the question "is the family dead?" until
// its record is there, or erase_group could pass between the two.
class memory_families {
public:
    using member = std::pair<kind, std::string>;
    using members = std::set<member>;

    std::mutex mutex;

    bool is_dead(hashed_text const& realm, hashed_text const& group, time_point now) const;
    void join(hashed_text const& realm, hashed_text const& group, kind k, hashed_text const& key);
    void leave(hashed_text const& realm, hashed_text const& group, kind k, hashed_text const& key);
    // Who has to go; the family stays dead long enough for every put that may race with this.
    members kill(hashed_text const& realm, hashed_text const& group, time_point now);
    // The realm has no groups any more, dead ones neither.
    void clear(hashed_text const& realm);

private:
    struct family {
        members alive;
        time_point dead_until{};  // the epoch: it never died
    };
    struct tombstone {
        time_point until;
        std::string realm;
        std::string group;
    };
    family const* look_up(hashed_text const& realm, hashed_text const& group) const;
    family& make(hashed_text const& realm, hashed_text const& group);
    void forget(hashed_text const& realm, hashed_text const& group);
    void clear_old_tombstones(time_point now);

    text_map<text_map<family>> realms_;
    std::deque<tombstone> tombstones_;  // oldest first
};

}  // namespace tollgate::oauth

// One shard of the memory store's groups: who belongs to a group, and which groups are dead.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "store/memory/member_set.hpp"
#include "store/text_map.hpp"

namespace tollgate::oauth {

// Not locked by itself: a put must hold `mutex` from the question "is the family dead?" until
// its record is there, or erase_group could pass between the two.
class memory_families {
public:
    std::mutex mutex;

    bool is_dead(hashed_text const& realm, hashed_text const& group, time_point now) const;
    void join(hashed_text const& realm, hashed_text const& group, record_id id);
    // For who knows that no record of that id belongs to it any more.
    void leave(hashed_text const& realm, hashed_text const& group, record_id id);
    // Who has to go; the family stays dead long enough for every put that may race with this.
    member_set kill(hashed_text const& realm, hashed_text const& group, time_point now);
    // The realm has no groups any more, dead ones neither.
    void clear(hashed_text const& realm);

private:
    struct tombstone {
        time_point until;
        std::string realm;
        std::string group;
    };
    template <class T>
    using by_group = text_map<text_map<T>>;

    void bury(hashed_text const& realm, hashed_text const& group, time_point now);
    void clear_old_tombstones(time_point now);

    by_group<member_set> alive_;
    by_group<time_point> dead_until_;
    std::deque<tombstone> tombstones_;  // oldest first
};

}  // namespace tollgate::oauth

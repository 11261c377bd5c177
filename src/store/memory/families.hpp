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

    bool is_dead(std::string_view realm, std::string_view group, time_point now) const;
    void join(std::string_view realm, std::string_view group, kind k, std::string_view key);
    void leave(std::string_view realm, std::string_view group, kind k, std::string_view key);
    // Who has to go; the family stays dead long enough for every put that may race with this.
    members kill(std::string_view realm, std::string_view group, time_point now);
    // The realm has no groups any more, dead ones neither.
    void clear(std::string_view realm);

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
    family const* look_up(std::string_view realm, std::string_view group) const;
    family& make(std::string_view realm, std::string_view group);
    void forget(std::string_view realm, std::string_view group);
    void clear_old_tombstones(time_point now);

    text_map<text_map<family>> realms_;
    std::deque<tombstone> tombstones_;  // oldest first
};

}  // namespace tollgate::oauth

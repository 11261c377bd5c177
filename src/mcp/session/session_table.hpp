// Session table of one realm.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "mcp/protocol/changes.hpp"
#include "mcp/session/session.hpp"

namespace tollgate::mcp {

// Thread-safe. Sessions end when they are deleted, or when nobody has used them for a while:
// most clients leave without saying so. That is noticed when somebody looks, there is no timer.
class session_table {
public:
    // What a look needs to know.
    struct now {
        time_point time;
        std::chrono::milliseconds idle;
    };

    struct kept {
        mcp::session::image session;
        time_point used;
    };

    ~session_table() { end_all(); }

    // At `limits.max_sessions` the session that was unused for longest ends, unless it is in use;
    // nothing when all of them are. `evicted`: told the id of the one that had to go.
    std::shared_ptr<session> open(transport via, revision r, http::credential const* opener,
                                  policy const& limits, now const& at, std::string_view agent = {},
                                  std::string* evicted = nullptr);
    // One that is kept elsewhere (session_keeper), unused since `used`; not when it is here
    // already.
    void recall(kept const& one, policy const& limits, now const& at);
    // Whoever asks, and however long it was unused.
    bool has(std::string_view id) const;
    struct found {
        std::shared_ptr<mcp::session> session;  // nothing: there is no such session for this caller
        bool foreign = false;  // because it is somebody else's; never to be told outside
    };
    // An unknown, ended or idle id, one of another transport or agent, and somebody else's are all
    // the same to the caller.
    found find(std::string_view id, transport via, http::credential const* who,
               session_binding binding, now const& at, std::string_view agent = {});
    // A use without a request: its stream has just ended.
    void touch(std::string_view id, time_point time);
    // Ends the session and its streams.
    void end(std::string_view id);
    void end_all();
    // All of them, for what every client is to hear of.
    std::vector<std::shared_ptr<session>> all() const;
    std::size_t count(now const& at);

    // The sessions of one moment, longest unused first; a session of HTTP+SSE ends with its stream,
    // and is none of them.
    using image = std::vector<kept>;
    image save() const;
    // Those, beside what there is: for a table that was emptied.
    void load(image const& then, std::size_t replay_bytes);
    // Passes a change on to the clients that it concerns: one of a list to all, one of a resource
    // to those that subscribed to it.
    void tell(change const& c);

private:
    struct entry {
        std::shared_ptr<mcp::session> session;
        time_point used;
    };
    using order = std::list<entry>;  // longest unused first

    bool evict_locked(std::vector<std::shared_ptr<session>>& ended);
    void sweep_locked(now const& at, std::vector<std::shared_ptr<session>>& ended);

    mutable std::mutex lock_;
    order by_use_;
    std::unordered_map<std::string_view, order::iterator> by_id_;  // keys live in the sessions
};

}  // namespace tollgate::mcp

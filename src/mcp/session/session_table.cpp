#include "mcp/session/session_table.hpp"

#include <algorithm>
#include <utility>

#include "base/metrics.hpp"
#include "mcp/protocol/header_value.hpp"

namespace tollgate::mcp {

namespace {

metric sessions_open(metric::kind::gauge, "tollgate_mcp_sessions",
                     "MCP sessions that are open now");

// Requests and streams end when the table's lock is free again.
void end_them(std::vector<std::shared_ptr<session>> const& ended) {
    for (auto const& s : ended)
        s->end();
    sessions_open.add(-static_cast<std::int64_t>(ended.size()));
}

}  // namespace

void session_table::sweep_locked(now const& at, std::vector<std::shared_ptr<session>>& ended) {
    while (!by_use_.empty() && by_use_.front().used + at.idle < at.time) {
        auto const oldest = by_use_.begin();
        if (oldest->session->in_use()) {
            // Its stream or its call was in use all the time, and nobody took note of it.
            oldest->used = at.time;
            by_use_.splice(by_use_.end(), by_use_, oldest);
            continue;
        }
        by_id_.erase(oldest->session->id());
        ended.push_back(std::move(oldest->session));
        by_use_.erase(oldest);
    }
}

// The one that nobody has used for longest and that is not in use: a client that never
// deletes its sessions must not lock the others out.
bool session_table::evict_locked(std::vector<std::shared_ptr<session>>& ended) {
    auto const idle = std::find_if(by_use_.begin(), by_use_.end(),
                                   [](entry const& e) { return !e.session->in_use(); });
    if (idle == by_use_.end()) return false;
    by_id_.erase(idle->session->id());
    ended.push_back(std::move(idle->session));
    by_use_.erase(idle);
    return true;
}

std::shared_ptr<session> session_table::open(transport via, revision r,
                                             http::credential const* opener, policy const& limits,
                                             now const& at, std::string_view agent,
                                             std::string* evicted) {
    // Before the lock: making one takes random bytes.
    auto made = std::make_shared<session>(random_session_id(), via, r, opener, limits.replay_bytes,
                                          std::string(agent));
    std::vector<std::shared_ptr<session>> ended;
    {
        std::lock_guard const hold(lock_);
        sweep_locked(at, ended);
        bool const full = by_use_.size() >= limits.max_sessions;
        bool const room = !full || evict_locked(ended);
        if (full && room && evicted != nullptr) *evicted = ended.back()->id();
        if (!room) {
            made.reset();
        } else {
            by_use_.push_back({made, at.time});
            by_id_.emplace(made->id(), std::prev(by_use_.end()));
        }
    }
    end_them(ended);
    if (made) sessions_open.add();
    return made;
}

void session_table::recall(kept const& one, policy const& limits, now const& at) {
    auto made = std::make_shared<session>(one.session, limits.replay_bytes);
    made->set_recalled();
    std::vector<std::shared_ptr<session>> ended;
    {
        std::lock_guard const hold(lock_);
        if (by_id_.contains(one.session.id)) return;
        sweep_locked(at, ended);
        // Who has one already is not locked out, however many there are.
        if (by_use_.size() >= limits.max_sessions) evict_locked(ended);
        // In its place: whoever asks for it, only its owner's visit keeps it alive.
        auto const place = std::ranges::upper_bound(by_use_, one.used, {}, &entry::used);
        auto const added = by_use_.insert(place, {std::move(made), one.used});
        by_id_.emplace(added->session->id(), added);
    }
    sessions_open.add();
    end_them(ended);
}

bool session_table::has(std::string_view id) const {
    std::lock_guard const hold(lock_);
    return by_id_.contains(id);
}

session_table::found session_table::find(std::string_view id, transport via,
                                         http::credential const* who, session_binding binding,
                                         now const& at, std::string_view agent) {
    std::vector<std::shared_ptr<session>> ended;
    found out;
    {
        std::lock_guard const hold(lock_);
        sweep_locked(at, ended);
        auto const known = by_id_.find(id);
        if (known != by_id_.end() && known->second->session->via() == via &&
            known->second->session->agent() == agent) {
            auto const place = known->second;
            out.foreign = !place->session->admits(who, binding);
            // A stranger's visit does not keep a session alive.
            if (!out.foreign) {
                place->used = at.time;
                by_use_.splice(by_use_.end(), by_use_, place);
                out.session = place->session;
            }
        }
    }
    if (!ended.empty()) end_them(ended);
    return out;
}

void session_table::touch(std::string_view id, time_point time) {
    std::lock_guard const hold(lock_);
    auto const known = by_id_.find(id);
    if (known == by_id_.end()) return;
    known->second->used = time;
    by_use_.splice(by_use_.end(), by_use_, known->second);
}

void session_table::end(std::string_view id) {
    std::vector<std::shared_ptr<session>> ended;
    {
        std::lock_guard const hold(lock_);
        auto const known = by_id_.find(id);
        if (known == by_id_.end()) return;
        auto const place = known->second;
        by_id_.erase(known);
        ended.push_back(std::move(place->session));
        by_use_.erase(place);
    }
    end_them(ended);
}

void session_table::end_all() {
    std::vector<std::shared_ptr<session>> ended;
    {
        std::lock_guard const hold(lock_);
        by_id_.clear();
        for (auto& e : by_use_)
            ended.push_back(std::move(e.session));
        by_use_.clear();
    }
    end_them(ended);
}

std::vector<std::shared_ptr<session>> session_table::all() const {
    std::vector<std::shared_ptr<session>> out;
    std::lock_guard const hold(lock_);
    out.reserve(by_use_.size());
    for (auto const& e : by_use_)
        out.push_back(e.session);
    return out;
}

session_table::image session_table::save() const {
    image out;
    std::lock_guard const hold(lock_);
    for (auto const& e : by_use_)
        if (e.session->via() != transport::sse) out.push_back({e.session->save(), e.used});
    return out;
}

void session_table::load(image const& then, std::size_t replay_bytes) {
    std::size_t added = 0;
    std::lock_guard const hold(lock_);
    for (auto const& one : then) {
        if (by_id_.contains(one.session.id)) continue;
        by_use_.push_back({std::make_shared<session>(one.session, replay_bytes), one.used});
        by_id_.emplace(by_use_.back().session->id(), std::prev(by_use_.end()));
        ++added;
    }
    sessions_open.add(static_cast<std::int64_t>(added));
}

std::size_t session_table::count(now const& at) {
    std::vector<std::shared_ptr<session>> ended;
    std::size_t left = 0;
    {
        std::lock_guard const hold(lock_);
        sweep_locked(at, ended);
        left = by_use_.size();
    }
    end_them(ended);
    return left;
}

void session_table::tell(change const& c) {
    if (c.kind == change::kind::task) return;  // the legacy revisions have none
    std::vector<std::shared_ptr<session>> all;
    {
        std::lock_guard const hold(lock_);
        all.reserve(by_use_.size());
        for (auto const& e : by_use_)
            all.push_back(e.session);
    }
    for (auto const& s : all) {
        if (c.kind == change::kind::resource && !s->subscribed(c.name)) continue;
        s->tell(c.method(), c.params);
    }
}

}  // namespace tollgate::mcp

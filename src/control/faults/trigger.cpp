#include "control/faults/trigger.hpp"

#include "base/mixed.hpp"

namespace tollgate::control {

bool fires(trigger const& t, std::uint64_t count) noexcept {
    switch (t.kind) {
        case trigger::kind::always:
            return true;
        case trigger::kind::next:
            return count <= t.n;
        case trigger::kind::nth:
            return count == t.n;
        case trigger::kind::every:
            return t.n != 0 && count % t.n == 0;
        case trigger::kind::after:
            return count > t.n;
        case trigger::kind::probability:
            return uniform(t.seed, count) < t.p;
        case trigger::kind::script:
            return count >= 1 && count <= t.script.size() && t.script[count - 1];
        case trigger::kind::until:
            return !t.over || !t.over->load(std::memory_order_acquire);
        case trigger::kind::since:
            return t.over && t.over->load(std::memory_order_acquire);
        case trigger::kind::first_per:
        case trigger::kind::between:
            return false;
    }
    return false;
}

bool is_within(trigger const& t, time_point::duration since_it_was_made) noexcept {
    return since_it_was_made >= t.from && since_it_was_made < t.until;
}

std::string const& key_of(trigger const& t, request_facts const& f) noexcept {
    switch (t.key) {
        case trigger::per::client:
            return f.client_id;
        case trigger::per::session:
            return f.session;
        case trigger::per::token:
            break;
    }
    return f.token;
}

unsigned needs_of(trigger const& t) noexcept {
    if (t.kind != trigger::kind::first_per) return need_nothing;
    switch (t.key) {
        case trigger::per::client:
            return need_client;
        case trigger::per::session:
            return need_session;
        case trigger::per::token:
            break;
    }
    return need_token;
}

bool first_seen::insert(std::string const& key) {
    std::scoped_lock const lock(mutex_);
    if (keys_.size() >= most) return false;
    return keys_.insert(key).second;
}

first_seen::keys first_seen::all() const {
    std::scoped_lock const lock(mutex_);
    return keys_;
}

}  // namespace tollgate::control

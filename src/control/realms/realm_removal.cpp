// How realms go: by request, when their time is over, or to make room.
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "base/text.hpp"
#include "control/realms/realm_names.hpp"
#include "control/realms/realm_registry.hpp"

namespace tollgate::control {

namespace {

metric realms_alive(metric::kind::gauge, "tollgate_realms", "Realms that are alive.");
metric realms_evicted(metric::kind::counter, "tollgate_realms_evicted_total",
                      "Implicit realms that went to make room for another one.");

metric refused(metric::kind::counter, "tollgate_limit_refusals_total{limit=\"realms\"}",
               "Requests refused because a budget of [limits] was used up.");

problem no_room(std::string why) {
    return problem(503, "no_room", std::move(why)).with("Retry-After", "1");
}

problem not_forgotten() {
    return problem(503, "temporarily_unavailable",
                   "the realm is closed, but its records could not be erased, and a restart would "
                   "bring it back; send this again")
        .with("Retry-After", "1");
}

}  // namespace

void realm_registry::count_alive(int change) noexcept {
    realms_alive.add(change);
}

// The caller holds making_.
outcome<void> realm_registry::make_room(std::string const& name) {
    std::size_t alive = 0;
    {
        std::shared_lock const lock(map_mutex_);
        if (closing_.contains(name)) return no_room("the realm of that name is just being closed");
        if (founding_.contains(name)) return no_room("the realm of that name is just being made");
        if (closing_.size() >= options_.max) return no_room("too many realms are being closed");
        alive = realms_.size() + founding_.size();
    }
    if (alive < options_.max) return outcome<void>();
    if (withdraw_expired() != 0) return outcome<void>();
    auto const idle = longest_idle_implicit({}).realm;
    if (!idle) {
        return no_room("there are " + std::to_string(options_.max) +
                       " realms (realms.max) and none of them may be taken away");
    }
    let_go(idle);
    realms_evicted.add(1);
    return outcome<void>();
}

// Whoever makes realms without end takes the room of nobody else but their own.
void realm_registry::make_room_among_own(std::string const& peer) {
    if (peer.empty()) return;
    auto const own = longest_idle_implicit(peer);
    if (own.of < options_.max_per_peer || !let_go(own.realm)) return;
    realms_evicted.add(1);
}

// The tests of this machine are bounded by realms.max alone.
outcome<void> realm_registry::may_found(http::founder const& by) {
    if (by.trusted || by.who.local) return outcome<void>();
    auto const may = made_.take(by.who, clock_.now());
    if (may) return outcome<void>();
    refused.add();
    return http::refusal_of(may, "new realms", "realms");
}

realm_registry::idle_realm realm_registry::longest_idle_implicit(std::string const& peer) const {
    std::shared_lock const lock(map_mutex_);
    idle_realm idle;
    for (auto const& [name, realm] : realms_) {
        auto const& state = realm->get<realm_state>();
        if (state.birth().way != isolation::scenario_path) continue;
        if (!peer.empty() && state.birth().founder != peer) continue;
        ++idle.of;
        if (!idle.realm || state.last_used() < idle.realm->get<realm_state>().last_used())
            idle.realm = realm;
    }
    return idle;
}

std::size_t realm_registry::withdraw_expired() {
    auto const now = clock_.now();
    std::size_t gone = 0;
    for (auto const& realm : all()) {
        if (realm->get<realm_state>().expired(now) && let_go(realm)) ++gone;
    }
    return gone;
}

// Bookkeeping under the lock, closing after it. False when somebody else was faster.
bool realm_registry::withdraw(http::realm_ptr const& r) {
    realm_listeners listeners;
    {
        std::scoped_lock const lock(map_mutex_);
        auto const at = realms_.find(r->name());
        if (at == realms_.end() || at->second != r) return false;
        realms_.erase(at);
        if (auto const l = listeners_.find(r->name()); l != listeners_.end()) {
            listeners = l->second;
            listeners_.erase(l);
        }
        // Until its records are forgotten no realm of that name may begin, for it would find them.
        closing_.insert(r->name());
    }
    count_alive(-1);
    end_journal(*r);
    if (listeners.as && options_.ports.close) options_.ports.close(listeners);
    to_.mcp.drop_sessions(*r);
    return true;
}

bool realm_registry::let_go(http::realm_ptr const& r) {
    if (!withdraw(r)) return false;
    {
        std::scoped_lock const lock(map_mutex_);
        withdrawn_.push_back(r->name());
    }
    if (home_) boost::asio::co_spawn(home_, forget_withdrawn(), boost::asio::detached);
    return true;
}

// A name whose records are being forgotten. Whatever ends the work before they are, the next sweep
// tries again.
class realm_registry::forgetting {
public:
    forgetting(realm_registry& in, std::string name) : in_(in), name_(std::move(name)) {}
    forgetting(forgetting const&) = delete;
    forgetting& operator=(forgetting const&) = delete;
    ~forgetting() {
        std::scoped_lock const lock(in_.map_mutex_);
        if (done_) {
            in_.closing_.erase(name_);
        } else {
            in_.withdrawn_.push_back(name_);
        }
    }
    void is_done() noexcept { done_ = true; }

private:
    realm_registry& in_;
    std::string const name_;
    bool done_ = false;
};

// Whether the records of a realm that is to be forgotten are still ours to erase. When it is
// another instance's what was here of it is of before, and theirs stay as they are.
task<outcome<bool>> realm_registry::may_erase(std::string name) {
    if (!options_.owners) co_return true;
    if (!is_realm_name(name)) {
        std::string first(default_name);
        auto const with = co_await have(std::move(first), true);
        if (!with) co_return with.error();
        co_return with->ours;
    }
    auto const claim = co_await options_.owners->claim(name, true);
    if (!claim) co_return claim.error();
    if (!claim->ours || !claim->taken_over) co_return claim->ours;
    // Another one has had it meanwhile, and has ended: it is as that one has left it.
    auto const kept = co_await is_kept(name);
    if (!kept) co_return kept.error();
    co_return !*kept;
}

task<outcome<void>> realm_registry::forget_one(std::string name) {
    forgetting work(*this, name);
    auto const may = co_await may_erase(name);
    if (may && !*may) {
        drop(name);
        work.is_done();
        co_return problem(503, "temporarily_unavailable", "the realm is another instance's");
    }
    // First: what is left of its records when the process ends here belongs to no realm then.
    outcome<void> done;
    if (!may) done = may.error();
    if (journals_) co_await journals_->settle(name);
    if (done) done = co_await forget_birth(name);
    if (done) done = co_await to_.oauth.close(name);
    if (done) {
        work.is_done();
        if (options_.owners) co_await options_.owners->release(name, true);
    } else {
        log(log_level::warning, "realm_not_forgotten", {{"realm", name}});
    }
    co_return done;
}

std::optional<std::string> realm_registry::next_withdrawn() {
    std::scoped_lock const lock(map_mutex_);
    if (withdrawn_.empty()) return std::nullopt;
    auto name = std::move(withdrawn_.front());
    withdrawn_.erase(withdrawn_.begin());
    return name;
}

task<void> realm_registry::forget_withdrawn() {
    std::size_t left = 0;
    {
        std::shared_lock const lock(map_mutex_);
        left = withdrawn_.size();
    }
    // What cannot be forgotten comes back to the end, and is not tried twice in a row.
    for (; left != 0; --left) {
        auto name = next_withdrawn();
        if (!name) co_return;
        [[maybe_unused]] auto const done = co_await forget_one(std::move(*name));
    }
}

// The caller forgets it then: nobody else does.
outcome<void> realm_registry::take_away(std::string const& name) {
    auto const realm = look(name);
    if (realm && withdraw(realm)) return outcome<void>();
    std::scoped_lock const lock(map_mutex_);
    // Of these only the records are there.
    if (std::erase(withdrawn_, name) != 0) return outcome<void>();
    if (left_out_.erase(name) != 0) {
        closing_.insert(name);
        return outcome<void>();
    }
    if (closing_.contains(name)) return no_room("the realm of that name is just being closed");
    return problem(404, "unknown_realm",
                   "there is no realm \"" + tollgate::printable(name, 80) + '"');
}

task<outcome<void>> realm_registry::remove(std::string name) {
    if (name == default_name) {
        co_return problem(409, "default_realm", "the realm \"default\" cannot be removed");
    }
    auto const may = take_away(name);
    if (!may) co_return may.error();
    auto const done = co_await forget_one(std::move(name));
    if (!done) co_return not_forgotten();
    co_return outcome<void>();
}

task<void> realm_registry::sweep() {
    withdraw_expired();
    co_await forget_withdrawn();
    co_await keep_counters();
    co_await claim_free();
}

}  // namespace tollgate::control

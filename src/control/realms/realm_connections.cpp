// The listeners of realms with ports of their own, as the connection faults of the realm want them.
#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "control/faults/connection_fault.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/realm_registry.hpp"

namespace tollgate::control {

namespace {

bool has_own_ports(http::realm const& r) noexcept {
    return r.get<realm_state>().birth().way == isolation::port;
}

// A connection has no request that a journal would tell of: it is an event of its own.
void record_connection(http::realm& r, std::string const& fault_name, time_point now) {
    auto& to = r.get<journal>();
    if (!to.on()) return;
    event_draft e;
    e.type = event_type::fault;
    e.time = now;
    e.outcome = fault_name;
    to.record(e);
}

// Whether the next connection is one that the fault acts on. Counts it.
bool acts_on_next(fault& f, http::realm& r, time_point now) {
    if (f.expired(now) || f.hit(request_facts(), now) == 0) return false;
    f.count_action();
    record_connection(r, f.settings().name, now);
    return true;
}

// What goes wrong when a fault expires has nobody to be told to but the log.
void log_unsettled(std::exception_ptr const& failure, outcome<void> const& settled) {
    if (!failure && settled) return;
    log(log_level::error, "connection_faults_not_settled");
}

}  // namespace

task<outcome<void>> realm_registry::settle_connections(http::realm_ptr r) {
    if (!has_own_ports(*r) || !options_.ports.conduct) co_return outcome<void>();
    if (!home_) co_return settle_now(r);
    auto work = as_task([this, r] { return settle_now(r); });
    auto const settled =
        co_await boost::asio::co_spawn(home_, std::move(work), boost::asio::use_awaitable);
    co_return settled;
}

outcome<void> realm_registry::settle_now(http::realm_ptr const& r) {
    std::erase_if(in_force_, [](auto const& entry) { return entry.second.realm.expired(); });
    realm_listeners own;
    {
        std::shared_lock const lock(map_mutex_);
        auto const at = listeners_.find(r->name());
        auto const same = realms_.find(r->name());
        if (at == listeners_.end() || same == realms_.end() || same->second != r)
            return outcome<void>();
        own = at->second;
    }
    auto& now = in_force_[r->id()];
    now.realm = r;
    bool const shared = own.as == own.mcp;
    auto const as = settle_listener(r, shared ? both_sides : as_side, own.as, now.as);
    auto const mcp = shared ? as : settle_listener(r, mcp_side, own.mcp, now.mcp);
    wait_for_expiry(r, now);
    return as ? mcp : as;
}

// `followed`: the fault that the listener follows so far.
outcome<void> realm_registry::settle_listener(http::realm_ptr const& r, unsigned sides,
                                              std::shared_ptr<http::listener_info> const& at,
                                              fault_ptr& followed) {
    auto const plan = r->get<realm_faults>().faults();
    auto const f = connection_fault_at(plan.get(), sides, clock_.now());
    if (f == followed) return outcome<void>();
    http::listener_conduct how;
    if (f) {
        how = connection_rule_of(f->settings())->how;
        how.acts = [f, weak = std::weak_ptr(r), &time = clock_] {
            auto const realm = weak.lock();
            return realm && acts_on_next(*f, *realm, time.now());
        };
    }
    bool const nobody = how.accepts_nobody();
    auto const done = options_.ports.conduct(at, std::move(how));
    if (!done) return done;
    followed = f;
    // Nobody is accepted who could be counted: it acts as a whole.
    if (nobody) acts_on_next(*f, *r, clock_.now());
    return outcome<void>();
}

// Real time: a fault's expires_in does not follow the clock of its realm.
void realm_registry::wait_for_expiry(http::realm_ptr const& r, in_force& now) {
    if (auto const old = now.expiry.lock()) old->cancel();
    std::optional<time_point> first;
    auto const plan = r->get<realm_faults>().faults();
    for (auto const& f : plan ? *plan : fault_plan()) {
        auto const& s = f->settings();
        if (connection_rule_of(s) == nullptr || !s.expires_at || f->expired(clock_.now())) continue;
        first = std::min(first.value_or(*s.expires_at), *s.expires_at);
    }
    if (!first || !home_) return;
    auto const timer = std::make_shared<boost::asio::steady_timer>(
        home_, std::chrono::ceil<milliseconds>(*first - clock_.now()));
    now.expiry = timer;
    timer->async_wait([this, timer, weak = std::weak_ptr(r)](boost::system::error_code ec) {
        auto const realm = weak.lock();
        if (ec || !realm) return;
        auto work = settle_connections(realm);
        boost::asio::co_spawn(home_, std::move(work), log_unsettled);
    });
}

void realm_registry::stop_waiting() {
    for (auto const& [id, now] : in_force_)
        if (auto const timer = now.expiry.lock()) timer->cancel();
}

}  // namespace tollgate::control

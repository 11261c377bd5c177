#include "control/realms/realm_snapshot.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "control/gates/realm_gates.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/kept_journal.hpp"
#include "control/realms/realm_document.hpp"
#include "control/realms/realm_setup.hpp"
#include "control/realms/realm_state.hpp"

namespace tollgate::control {

namespace {

problem busy(std::string const& realm) {
    return problem(409, "realm_busy",
                   "the realm \"" + realm + "\" is being copied or set back; try again")
        .with("Retry-After", "1");
}

class looking {
public:
    explicit looking(realm_snapshots& s) : s_(s), may_(s.begin_to_look()) {}
    looking(looking const&) = delete;
    looking& operator=(looking const&) = delete;
    ~looking() {
        if (may_) s_.end_to_look();
    }
    bool may() const noexcept { return may_; }

private:
    realm_snapshots& s_;
    bool const may_;
};

class loading {
public:
    explicit loading(realm_snapshots& s) : s_(s), may_(s.begin_to_load()) {}
    loading(loading const&) = delete;
    loading& operator=(loading const&) = delete;
    ~loading() {
        if (may_) s_.end_to_load();
    }
    bool may() const noexcept { return may_; }

private:
    realm_snapshots& s_;
    bool const may_;
};

// The record by which `r` is what the snapshot says after a restart.
oauth::realm_records records_beside(http::realm const& r, realm_snapshot const& then,
                                    realm_faults::image const& faults, administrations const& to) {
    realm_snapshot now;
    now.scenario = then.scenario;
    now.rules = then.rules;
    now.time = r.time().current();
    now.faults = faults;
    event_batch nothing_yet;
    nothing_yet.first = r.get<journal>().next();
    realm_client::told trial;
    trial.since = nothing_yet.first;
    auto const document = document_of(r, now, trial, to);
    oauth::realm_records one;
    one.push_back({oauth::kind::state, std::string(document_of_control),
                   oauth::record(boost::json::serialize(document), {}, time_point::max())});
    one.push_back(r.get<kept_journal>().record_of(nothing_yet));
    return one;
}

}  // namespace

outcome<std::string> realm_snapshots::add(snapshot_ptr s) {
    std::lock_guard const lock(mutex_);
    if (all_.size() >= most) {
        return problem(409, "too_many_snapshots",
                       "this realm has " + std::to_string(most) +
                           " snapshots already; delete some first "
                           "(DELETE /control/realms/NAME/snapshots/ID)");
    }
    all_.push_back({"s" + std::to_string(next_++), std::move(s)});
    return all_.back().id;
}

snapshot_ptr realm_snapshots::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const at = std::ranges::find(all_, id, &listed::id);
    return at == all_.end() ? nullptr : at->snapshot;
}

bool realm_snapshots::erase(std::string_view id) {
    std::lock_guard const lock(mutex_);
    return std::erase_if(all_, [id](listed const& l) { return l.id == id; }) != 0;
}

std::vector<realm_snapshots::listed> realm_snapshots::all() const {
    std::lock_guard const lock(mutex_);
    return all_;
}

bool realm_snapshots::begin_to_look() noexcept {
    auto n = users_.load();
    while (n >= 0)
        if (users_.compare_exchange_weak(n, n + 1)) return true;
    return false;
}

bool realm_snapshots::begin_to_load() noexcept {
    int nobody = 0;
    return users_.compare_exchange_strong(nobody, -1);
}

task<outcome<snapshot_ptr>> take_snapshot(http::realm_ptr r, administrations to,
                                          tollgate::clock const& real) {
    looking const here(r->get<realm_snapshots>());
    if (!here.may()) co_return busy(r->name());
    auto const now = std::make_shared<realm_snapshot>();
    auto tokens = co_await to.oauth.save(*r);
    if (!tokens) co_return tokens.error();
    now->oauth = std::move(*tokens);
    now->mcp = to.mcp.save(*r);
    auto& state = r->get<realm_state>();
    std::scoped_lock const lock(state.editing());
    now->taken = real.now();
    now->time = r->time().current();
    now->scenario = &state.current_scenario();
    now->rules = current(to, *r);
    now->faults = r->get<realm_faults>().save(now->taken);
    snapshot_ptr const done = now;
    co_return done;
}

task<outcome<void>> load_snapshot(http::realm_ptr r, snapshot_ptr s, administrations to,
                                  tollgate::clock const& real, bool lasts) {
    loading const here(r->get<realm_snapshots>());
    if (!here.may()) co_return busy(r->name());
    auto const before = r->time().current();
    auto const then = real.now();
    // First: what the records live by, lest somebody sweeps those that come back.
    r->time().restore(s->time, s->taken, then);
    auto faults = realm_faults::resumed(s->faults, then);
    for (auto& one : faults.faults)
        watch_end(one.settings, r->get<journal>());
    oauth::realm_records beside;
    if (lasts) beside = records_beside(*r, *s, faults, to);
    auto const tokens = co_await to.oauth.load(*r, s->oauth, std::move(beside));
    // Also where it cannot be told whether they were replaced.
    if (lasts) r->get<kept_journal>().lose();
    if (!tokens) {
        r->time().restore(before, then, then);
        co_return tokens.error();
    }
    {
        auto& state = r->get<realm_state>();
        std::scoped_lock const lock(state.editing());
        r->get<realm_gates>().clear();
        r->get<realm_faults>().load(std::move(faults));
        state.set_scenario(*s->scenario);
        // What was done before is undone: it is no part of what is judged.
        begin_trial(*r);
    }
    to.mcp.load(*r, s->mcp);
    co_return outcome<void>();
}

}  // namespace tollgate::control

// Realms of several instances: which are ours, and how one comes here and goes.
#include <algorithm>
#include <utility>

#include "base/log/log.hpp"
#include "control/realms/realm_names.hpp"
#include "control/realms/realm_registry.hpp"

namespace tollgate::control {

namespace {

// Requests that began with one of before have ended long ago.
constexpr std::size_t most_defaults = 8;

problem not_here_yet(problem const& why) {
    if (why.error() == "temporarily_unavailable") return why;
    return problem(503, "temporarily_unavailable", "the realm cannot be read now; try again")
        .with("Retry-After", "1")
        .log(why.description());
}

problem just_being(std::string const& what) {
    return problem(503, "temporarily_unavailable",
                   "the realm is just being " + what + "; try again")
        .with("Retry-After", "1");
}

problem exists_already(std::string const& name) {
    return problem(409, "realm_exists", "there is a realm called \"" + name + '"');
}

}  // namespace

void realm_registry::begin_default() {
    std::scoped_lock const making(making_);
    realm_settings birth;
    birth.way = isolation::origin;
    auto made = build(std::string(default_name), std::move(birth));
    std::scoped_lock const lock(map_mutex_);
    defaults_.push_back(std::move(made));
    default_ = &defaults_.back();
    if (defaults_.size() > most_defaults) defaults_.pop_front();
}

bool realm_registry::is_owned(std::string const& name) const {
    return options_.owners == nullptr || options_.owners->claims(name);
}

std::vector<http::realm_ptr> realm_registry::own() const {
    auto list = all();
    if (!is_owned(std::string(default_name))) list.erase(list.begin());
    return list;
}

bool realm_registry::has(std::string_view name) const {
    if (!options_.owners->holds(name)) return false;
    return name == default_name ? default_is_whole_.load() : look(name) != nullptr;
}

task<outcome<bool>> realm_registry::is_kept(std::string name) {
    auto const kept = co_await options_.lasting->get(oauth::server_wide, oauth::kind::realm, name);
    if (!kept && kept.error().status() != 404) co_return kept.error();
    co_return kept.has_value();
}

task<outcome<oauth::realm_claim>> realm_registry::have(std::string name, bool sure) {
    auto key = name;
    auto const ask = [this, name, sure] { return have_now(name, sure); };
    auto const found = co_await claims_.run(std::move(key), ask);
    if (!found) co_return just_being("looked for");
    co_return *found;
}

task<outcome<oauth::realm_claim>> realm_registry::have_now(std::string name, bool sure) {
    auto const claim = co_await options_.owners->claim(name, sure);
    if (!claim) co_return not_here_yet(claim.error());
    if (!claim->ours) {
        drop(name);
        co_return claim;
    }
    bool const taken_over = claim->taken_over;
    auto const here = co_await bring_here(name, taken_over);
    if (here) co_return claim;
    // Whoever asks next begins at the beginning.
    if (taken_over) co_await options_.owners->release(name, false);
    co_return not_here_yet(here.error());
}

task<outcome<void>> realm_registry::bring_here(std::string name, bool taken_over) {
    if (name == default_name) co_return co_await bring_default(taken_over);
    if (taken_over) drop(name);
    {
        std::shared_lock const lock(map_mutex_);
        if (realms_.contains(name) || left_out_.contains(name)) co_return outcome<void>();
        if (founding_.contains(name)) co_return just_being("made");
        if (closing_.contains(name)) co_return just_being("removed");
    }
    auto const kept = co_await is_kept(name);
    if (!kept) co_return kept.error();
    if (!*kept) co_return outcome<void>();
    co_return co_await restore_named(std::move(name));
}

// With it the realms by scenario path come, of which what the last instance had in memory is gone:
// their records go, too.
task<outcome<void>> realm_registry::bring_default(bool taken_over) {
    if (default_is_whole_ && !taken_over) co_return outcome<void>();
    if (taken_over) drop(std::string(default_name));
    if (default_was_here_.exchange(true)) begin_default();
    auto const mine = default_realm();
    auto const done = co_await restore_state(mine);
    if (!done) co_return done;
    auto const forgotten = co_await forget_strangers();
    if (!forgotten) co_return forgotten;
    default_is_whole_ = true;
    co_return outcome<void>();
}

// What is here of a realm that is another instance's: its streams end, and nobody finds it.
void realm_registry::drop(std::string const& name) {
    if (name == default_name) {
        default_is_whole_ = false;
        end_journal(*default_realm());
        to_.mcp.drop_sessions(*default_realm());
        for (auto const& realm : all())
            if (!is_realm_name(realm->name())) drop(realm->name());
        return;
    }
    http::realm_ptr gone;
    {
        std::scoped_lock const lock(map_mutex_);
        left_out_.erase(name);
        auto const at = realms_.find(name);
        if (at == realms_.end()) return;
        gone = at->second;
        realms_.erase(at);
    }
    count_alive(-1);
    end_journal(*gone);
    to_.mcp.drop_sessions(*gone);
}

// Before a realm of that name is made.
task<outcome<void>> realm_registry::claim_new(std::string name) {
    if (!options_.owners) co_return outcome<void>();
    auto const claim = co_await options_.owners->claim(name, true);
    if (!claim) co_return not_here_yet(claim.error());
    if (!claim->ours) co_return exists_already(name);
    if (look(name)) co_return outcome<void>();  // or its time is over
    auto const kept = co_await is_kept(name);
    if (!kept) co_return not_here_yet(kept.error());
    std::shared_lock const lock(map_mutex_);
    if (*kept && !left_out_.contains(name) && !closing_.contains(name))
        co_return exists_already(name);
    co_return outcome<void>();
}

// None was made. Somebody else may be making one of that name here, under the same ownership.
task<void> realm_registry::unclaim(std::string name) {
    if (!options_.owners || look(name)) co_return;
    auto const kept = co_await is_kept(name);
    if (!kept || *kept) co_return;
    {
        std::shared_lock const lock(map_mutex_);
        if (realms_.contains(name) || founding_.contains(name) || closing_.contains(name))
            co_return;
    }
    co_await options_.owners->release(std::move(name), true);
}

// Whether the records of a realm that is written down nowhere are nobody's: another instance may
// be about to make one of that name, or we.
task<outcome<bool>> realm_registry::may_forget(std::string name) {
    if (!options_.owners || !is_realm_name(name)) co_return true;
    {
        std::shared_lock const lock(map_mutex_);
        if (founding_.contains(name) || closing_.contains(name)) co_return false;
    }
    auto const claim = co_await options_.owners->claim(std::move(name), false);
    if (!claim) co_return claim.error();
    co_return claim->ours;
}

// At the start: what nobody else has.
task<outcome<void>> realm_registry::restore_shared() {
    std::string first(default_name);
    auto const has_first = co_await have(std::move(first), true);
    if (!has_first) co_return has_first.error();
    auto const names = co_await kept_names();
    if (!names) co_return names.error();
    for (auto const& name : *names) {
        auto const done = co_await have(name, true);
        if (!done) co_return done.error();
    }
    co_return outcome<void>();
}

// Now and then: what an instance that is no more has left, also where nobody asks for it. Its time
// runs, and is over once.
task<void> realm_registry::claim_free() {
    if (!options_.owners || !options_.owners->is_alive()) co_return;
    auto names = co_await kept_names();
    if (!names) co_return;
    names->emplace_back(default_name);
    for (auto const& name : *names) {
        if (has(name)) continue;
        auto const owner = co_await options_.owners->owner_of(name);
        if (!owner) co_return;
        if (*owner && (*owner)->id != options_.owners->id()) {
            // It went while this process was not heard. It may have come back just now.
            if (!has(name)) drop(name);
            continue;
        }
        [[maybe_unused]] auto const done = co_await have(name, true);
    }
}

}  // namespace tollgate::control

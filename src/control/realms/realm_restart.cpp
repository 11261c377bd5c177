// What of the realms outlives the process: written while they change, read when it begins.
#include <algorithm>
#include <utility>

#include <boost/json/serialize.hpp>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "control/realms/realm_document.hpp"
#include "control/realms/realm_registry.hpp"
#include "control/verdict/realm_client.hpp"
#include "store/document.hpp"

namespace tollgate::control {

namespace {

namespace json = boost::json;

// Whose URLs are the same after a restart, and who are not there by chance.
bool outlives_process(http::realm const& r) {
    auto const way = r.get<realm_state>().birth().way;
    return way == isolation::origin || way == isolation::path || way == isolation::host;
}

// The words of the store are not for clients.
problem not_kept(problem const& why) {
    return problem(503, "temporarily_unavailable",
                   "what was asked for is done but could not be written down, and a restart would "
                   "undo it; try again")
        .with("Retry-After", "1")
        .log("store: " + why.error());
}

problem not_made(problem const& why) {
    return problem(503, "temporarily_unavailable",
                   "the realm could not be written down, and so it was not made; try again")
        .with("Retry-After", "1")
        .log("store: " + why.error());
}

void log_left_out(std::string const& realm, std::string const& why) {
    log(log_level::warning, "not_restored", {{"realm", realm}, {"what", "realm"}, {"why", why}});
}

}  // namespace

bool realm_registry::keeps(http::realm const& r) const noexcept {
    return options_.lasting != nullptr && outlives_process(r);
}

// What reaches over a restart is found again by the secret of the store.
void realm_registry::attach_lasting(http::realm& r) const {
    auto key = random_token();
    if (keeps(r)) {
        r.attach(std::make_shared<kept_journal>(options_.secret, r.name()));
        if (!options_.secret.empty())
            key = base64url(hmac_sha256(options_.secret, "verdict of " + r.name()));
    }
    r.attach(std::make_shared<realm_client>(std::move(key)));
}

task<outcome<void>> realm_registry::keep(http::realm_ptr r) {
    // It went to another instance, and may have come back: what was changed is in neither.
    if (options_.owners && keeps(*r) && look(r->name()) != r)
        co_return not_kept(oauth::store_unavailable());
    auto const done = co_await keep_state(std::move(r));
    if (!done) co_return not_kept(done.error());
    co_return outcome<void>();
}

task<outcome<void>> realm_registry::keep_state(http::realm_ptr r) {
    if (!keeps(*r)) co_return outcome<void>();
    if (!is_owned(r->name())) co_return oauth::store_unavailable();
    std::string key(document_of_control);
    std::function<std::string()> const make = [this, r] {
        return json::serialize(document_of(*r, to_));
    };
    auto const done = co_await oauth::keep_newest(*options_.lasting, r->name(), oauth::kind::state,
                                                  std::move(key), make);
    co_return done;
}

// Last: a realm of which this is not written is none after a restart.
task<outcome<void>> realm_registry::keep_birth(http::realm_ptr r) {
    if (!keeps(*r)) co_return outcome<void>();
    if (!is_owned(r->name())) co_return oauth::store_unavailable();
    std::string const everywhere(oauth::server_wide);
    std::function<std::string()> const make = [r] { return json::serialize(birth_document(*r)); };
    auto const done = co_await oauth::keep_newest(*options_.lasting, everywhere, oauth::kind::realm,
                                                  r->name(), make);
    co_return done;
}

task<outcome<void>> realm_registry::keep_whole(http::realm_ptr r) {
    auto done = co_await keep_state(r);
    if (done) done = co_await keep_birth(std::move(r));
    if (!done) co_return not_made(done.error());
    co_return done;
}

task<outcome<void>> realm_registry::forget_birth(std::string name) {
    if (!options_.lasting) co_return outcome<void>();
    auto const done =
        co_await options_.lasting->erase(oauth::server_wide, oauth::kind::realm, name);
    co_return done;
}

task<outcome<void>> realm_registry::restore_state(http::realm_ptr r) {
    // First: what a trial begins with is told by the numbers of events.
    auto const journal = co_await journals_->restore(*r);
    if (!journal) co_return journal.error();
    auto const kept =
        co_await options_.lasting->get(r->name(), oauth::kind::state, document_of_control);
    if (!kept && kept.error().status() != 404) co_return kept.error();
    // Its clock before what goes by it.
    if (kept) apply_document(*r, kept->body, to_, clock_.now());
    co_return co_await to_.oauth.restore(*r);
}

task<outcome<http::realm_ptr>> realm_registry::rebuild(std::string name) {
    auto const kept = co_await options_.lasting->get(oauth::server_wide, oauth::kind::realm, name);
    if (!kept) co_return kept.error();
    auto birth = birth_from(kept->body, to_);
    if (!birth) co_return birth.error();
    auto realm = build(std::move(name), std::move(birth->settings));
    realm->set_kin(std::move(birth->kin));
    co_return realm;
}

task<outcome<void>> realm_registry::restore_named(std::string name) {
    auto const made = co_await rebuild(name);
    if (!made && made.error().status() == 503) co_return made.error();
    if (!made) {
        log_left_out(name, made.error().description());
        std::scoped_lock const lock(map_mutex_);
        left_out_.insert(std::move(name));
        co_return outcome<void>();
    }
    auto const state = co_await restore_state(*made);
    if (!state) co_return state;
    publish(*made, {});
    co_return outcome<void>();
}

// Of the named realms in the store.
task<outcome<std::vector<std::string>>> realm_registry::kept_names() {
    std::string everywhere(oauth::server_wide);
    co_return co_await oauth::all_keys(*options_.lasting, std::move(everywhere),
                                       oauth::kind::realm);
}

task<outcome<void>> realm_registry::restore() {
    if (!options_.lasting) co_return outcome<void>();
    if (options_.owners) co_return co_await restore_shared();
    auto const first = co_await restore_state(default_realm());
    if (!first) co_return first;
    auto const names = co_await kept_names();
    if (!names) co_return names.error();
    for (auto const& name : *names) {
        auto const done = co_await restore_named(name);
        if (!done) co_return done;
    }
    co_return co_await forget_strangers();
}

// Records of realms that ended with the process: those by scenario path, and by a port of their
// own.
task<outcome<void>> realm_registry::forget_strangers() {
    auto const names = co_await options_.lasting->realms();
    if (!names) co_return names.error();
    auto const kept = co_await kept_names();
    if (!kept) co_return kept.error();
    for (auto const& name : *names) {
        bool const ours = name == oauth::server_wide || look(name) != nullptr ||
                          std::ranges::find(*kept, name) != kept->end();
        if (ours) continue;
        auto const may = co_await may_forget(name);
        if (!may) co_return may.error();
        if (!*may) continue;
        auto copy = name;
        auto const done = co_await to_.oauth.close(std::move(copy));
        if (!done) co_return done;
        if (options_.owners) co_await options_.owners->release(name, true);
    }
    co_return outcome<void>();
}

task<outcome<void>> realm_registry::keep_journal(http::realm_ptr r, std::uint64_t until) {
    if (!keeps(*r)) co_return outcome<void>();
    co_return co_await journals_->keep(std::move(r), until);
}

task<void> realm_registry::keep_journals() {
    if (!options_.lasting) co_return;
    for (auto const& realm : own()) {
        if (!keeps(*realm) || !journal_keeper::has_news(*realm) || !is_owned(realm->name()))
            continue;
        // The store says what is wrong with it, and the next time is near.
        [[maybe_unused]] auto const done = co_await journals_->keep_news(realm);
    }
}

// Of a realm that is no more, or another instance's.
void realm_registry::end_journal(http::realm const& r) const {
    if (keeps(r)) r.get<kept_journal>().end();
}

// Counters change with every request: they are written now and then.
task<void> realm_registry::keep_counters() {
    if (!options_.lasting) co_return;
    for (auto const& realm : all()) {
        if (!realm->get<realm_faults>().has_faults() || !is_owned(realm->name())) continue;
        auto const done = co_await keep(realm);
        if (!done) co_return;
    }
}

}  // namespace tollgate::control

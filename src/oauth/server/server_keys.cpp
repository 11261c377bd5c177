// Signing keys of a realm that are exchanged while it runs.
#include <algorithm>
#include <utility>

#include "base/task.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/records/store_errors.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

namespace {

// Of the algorithms whose keys a realm exchanges: a secret comes from the configuration and stays.
std::vector<signing_key> make_fresh_keys(std::vector<jws_algorithm> const& algorithms) {
    std::vector<signing_key> fresh;
    for (auto const a : algorithms)
        fresh.push_back(signing_key::generate(a));
    return fresh;
}

}  // namespace

void server::make_first_keys() {
    for (auto const a : id_token_algorithms(configured_))
        keys_->get(a);
    keys_->get(configured_.signing_alg);
}

// Whoever is told of a key finds it again after a restart; what cannot be kept is undone.
task<outcome<void>> server::keep_keys(http::realm const& r, key_ring::image before) {
    if (!keeper_) co_return outcome<void>();
    auto done = co_await keeper_->keep(r.name(), state(r).keys());
    if (!done) state(r).keys().load(std::move(before));
    co_return as_oauth_error(std::move(done));
}

task<outcome<std::string>> server::rotate_keys(http::realm& r) {
    auto& here = state(r);
    auto const p = here.current();
    auto const algorithms = id_token_algorithms(*p);
    // On a worker: an RSA key takes about 50 ms, in which this core would serve nobody.
    auto job = [algorithms] { return make_fresh_keys(algorithms); };
    auto const fresh = co_await offload(workers_, std::move(job));
    // Tokens of before a change of policy may live longer than those of now.
    auto const now = r.time().at(clock_.now());
    auto const until = now + std::max(p->access_ttl, configured_.access_ttl);
    auto before = here.keys().save();
    auto const done = here.keys().replace(fresh, now, until);
    if (!done) co_return done.error();
    auto const kept = co_await keep_keys(r, std::move(before));
    if (!kept) co_return kept.error();
    // The last of them signs access tokens, unless a secret does.
    co_return fresh.back().key_id();
}

task<outcome<void>> server::drop_old_keys(http::realm& r) {
    auto before = state(r).keys().save();
    state(r).keys().drop_retired();
    co_return co_await keep_keys(r, std::move(before));
}

task<outcome<void>> server::renew_keys_by_old_names(http::realm& r) {
    auto& here = state(r);
    auto const p = here.current();
    auto const algorithms = id_token_algorithms(*p);
    // On a worker: an RSA key takes about 50 ms, in which this core would serve nobody.
    auto job = [algorithms] { return make_fresh_keys(algorithms); };
    auto fresh = co_await offload(workers_, std::move(job));
    auto before = here.keys().save();
    here.keys().replace_by_old_names(std::move(fresh));
    co_return co_await keep_keys(r, std::move(before));
}

}  // namespace tollgate::oauth

#include "store/redis/database.hpp"

#include "base/log/log.hpp"
#include "store/store_metrics.hpp"

namespace tollgate::oauth::redis {

namespace {

// As long as a failure of a call is a reason not to be ready: a call comes and goes.
constexpr std::chrono::seconds failing_for{2};

}  // namespace

bool database::is_failing() const noexcept {
    auto const at = failed_at_.load();
    return at != steady::time_point::min() && steady::now() - at < failing_for;
}

outcome<reply> database::result_of(answer a, bool changed) {
    auto const why = a.why_not();
    (changed ? store_writes : store_reads).add();
    if (why.empty()) return std::move(a.value);
    if (a.given_up) return store_unavailable();
    failed_at_ = steady::now();
    (changed ? failed_store_writes : failed_store_reads).add();
    log(log_level::error, changed ? "store_write_failed" : "store_read_failed", {{"why", why}});
    return store_unavailable();
}

task<outcome<reply>> database::read(request r) {
    auto got = co_await link_.ask(std::move(r));
    co_return result_of(std::move(*got), false);
}

task<outcome<reply>> database::write(request r) {
    auto got = co_await link_.ask(std::move(r));
    co_return result_of(std::move(*got), true);
}

void database::on_lost(std::function<void(std::string const&)> then) {
    std::lock_guard const lock(lost_mutex_);
    lost_ = std::move(then);
}

bool database::put_fence(std::string const& realm, request& r) const {
    auto const in_charge = realm_in_charge(realm);
    // The token of that one lies in another slot: what is known here must do.
    if (in_charge != realm) return !fences_.are_used() || fences_.is_sure(in_charge);
    auto token = fences_.token_of(realm);
    if (!token) return true;
    if (token->empty()) return false;
    r.fence = std::move(*token);
    r.fence_key = keys(realm).of("owner");
    return true;
}

task<outcome<reply>> database::write_in(std::string realm, request r) {
    if (!put_fence(realm, r)) co_return store_unavailable().log("the realm is another instance's");
    auto done = co_await write(std::move(r));
    if (!done || done->item(0) != "lost") co_return done;
    std::lock_guard const lock(lost_mutex_);
    if (lost_) lost_(realm);
    co_return store_unavailable().log("the realm is another instance's");
}

task<outcome<void>> database::name(std::string realm) {
    if (names_.is_known(realm)) co_return outcome<void>();
    auto const keys = this->keys(server_wide);
    std::vector<std::string> words{"ZINCRBY", keys.of("realms"), "1", realm};
    request r(keys.slot(), std::move(words));
    auto const done = co_await write(std::move(r));
    if (!done) co_return done.error();
    names_.learn(realm);
    co_return outcome<void>();
}

task<outcome<std::vector<std::string>>> database::named() {
    auto const keys = this->keys(server_wide);
    std::vector<std::string> words{"ZRANGE", keys.of("realms"), "0", "-1"};
    request r(keys.slot(), std::move(words));
    r.takes_long = true;
    auto const got = co_await read(std::move(r));
    if (!got) co_return got.error();
    std::vector<std::string> all;
    for (auto const& item : got->items)
        all.push_back(item.text);
    co_return all;
}

task<outcome<bool>> database::has_records(std::string realm) {
    auto const keys = this->keys(realm);
    auto words = keys.kinds();
    words.insert(words.begin(), "EXISTS");
    request r(keys.slot(), std::move(words));
    auto const got = co_await read(std::move(r));
    if (!got) co_return got.error();
    co_return got->number > 0;
}

}  // namespace tollgate::oauth::redis

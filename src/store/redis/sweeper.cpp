#include "store/redis/sweeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;

namespace {

constexpr std::size_t swept_at_once = 256;

}  // namespace

sweeper::sweeper(link& over, database& in, realm_times const& times, tollgate::clock const& time,
                 std::chrono::milliseconds pause)
    : link_(over),
      database_(in),
      times_(times),
      clock_(time),
      between_rounds_(pause),
      pause_(over.io()) {}

void sweeper::begin() {
    auto loop = run();
    auto done = [](std::exception_ptr failure) {
        if (failure) log(log_level::error, "store_sweeper", {{"why", "it has ended"}});
    };
    asio::co_spawn(link_.io(), std::move(loop), std::move(done));
}

void sweeper::end() {
    asio::post(link_.io(), [this] {
        ending_ = true;
        pause_.cancel();
    });
}

task<void> sweeper::run() {
    while (!ending_) {
        pause_.expires_after(between_rounds_);
        error_code ignored;
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (!ending_ && link_.is_allowed()) co_await sweep_all();
    }
}

task<void> sweeper::sweep_all() {
    auto due = database_.names().take_written();
    if (turns_.empty()) {
        auto const all = co_await database_.named();
        if (all) turns_ = *all;
    }
    if (!turns_.empty()) {
        due.insert(turns_.back());
        turns_.pop_back();
    }
    for (auto const& realm : due) {
        if (ending_) co_return;
        co_await sweep(realm);
    }
}

// Whether a record is over knows only who has the realm, and its clock.
bool sweeper::is_ours(std::string const& realm) const {
    auto const& fences = database_.fenced();
    if (realm.empty() || !fences.are_used()) return true;
    return fences.is_sure(realm_in_charge(realm));
}

task<void> sweeper::sweep(std::string realm) {
    if (!is_ours(realm)) co_return;
    for (;;) {
        auto const now = co_await sweep_some(realm);
        if (now.failed) co_return;
        if (now.swept == swept_at_once && !ending_) continue;
        if (!now.left && !realm.empty()) co_await forget(realm);
        co_return;
    }
}

task<sweeper::round> sweeper::sweep_some(std::string realm) {
    auto const real = clock_.now();
    auto const own = times_.find(realm);
    // What is over only because the clock is wrong may come back.
    auto const over = own ? own->earliest(real) : real;
    auto const keys = database_.keys(realm);
    std::vector<std::string> arguments{milliseconds_before(over), std::to_string(swept_at_once),
                                       milliseconds_before(real)};
    request r(keys.slot(), sweep_script(), keys.all(), std::move(arguments), true);
    round done;
    done.failed = !database_.put_fence(realm, r);
    if (done.failed) co_return done;
    auto const got = co_await link_.ask(std::move(r));
    done.failed = got->value.item(0) != "done" || got->value.items.size() < 3;
    if (!done.failed) {
        done.swept = static_cast<std::size_t>(got->value.items[1].number);
        done.left = got->value.items[2].number > 0;
    }
    co_return done;
}

// Whoever writes there from the moment at which it is let go of names it again first, which changes
// its score.
task<void> sweeper::forget(std::string realm) {
    auto const keys = database_.keys(server_wide);
    std::vector<std::string> words{"ZSCORE", keys.of("realms"), realm};
    request asked(keys.slot(), std::move(words));
    auto const score = co_await link_.ask(std::move(asked));
    if (score->value.text.empty() || !database_.names().let_go(realm)) co_return;
    auto const still = co_await sweep_some(realm);
    if (still.failed || still.left) co_return;
    std::vector<std::string> list{keys.of("realms")};
    std::vector<std::string> arguments{realm, score->value.text};
    request r(keys.slot(), forget_realm_script(), std::move(list), std::move(arguments), true);
    co_await link_.ask(std::move(r));
}

}  // namespace tollgate::oauth::redis

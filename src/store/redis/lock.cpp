#include "store/redis/lock.hpp"

#include <unistd.h>

#include <array>
#include <stdexcept>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "base/text.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_questions{200};
constexpr std::chrono::milliseconds until_tried_again{250};

// "TOKEN HOST PROCESS": the token tells us apart, the rest is for people.
std::string name_of_this_process() {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    return random_token(16) + ' ' + host.data() + ' ' + std::to_string(getpid());
}

std::string shown_holder(std::string_view owner) {
    next_part(owner, ' ');
    auto const host = next_part(owner, ' ');
    return "on " + printable(host, 100) + ", process " + printable(owner, 20);
}

}  // namespace

lock::lock(link& over, realm_keys const& keys)
    : link_(over),
      key_(keys.of("lock")),
      meta_(keys.of("meta")),
      slot_(keys.slot()),
      owner_(name_of_this_process()),
      pause_(over.io()) {}

request lock::question() const {
    std::vector<std::string> keys{key_, meta_};
    std::vector<std::string> arguments{owner_, std::to_string(lock_life.count())};
    request r(slot_, lock_script(), std::move(keys), std::move(arguments), false);
    r.needs_lock = false;
    r.is_urgent = true;
    return r;
}

void lock::take(std::string const& what) {
    std::int64_t left_before = lock_life.count();
    for (;;) {
        auto const sent = steady::now();
        auto const got = link_.ask_now(question());
        if (auto const why = got.why_not(); !why.empty())
            throw std::runtime_error(what + " cannot be used: " + why);
        note(got, sent);
        if (held_) return;
        auto const left = got.value.items.size() > 2 ? got.value.items[2].number : -1;
        // Whoever lives renews it; it has no end only where somebody else has made it.
        if (left < 0 || left > left_before)
            throw std::runtime_error(what + " is in use by another tollgate (" +
                                     shown_holder(got.value.item(1)) +
                                     "); one process at a time can use it: end that one first, or "
                                     "give this one a store.prefix of its own");
        left_before = left;
        std::this_thread::sleep_for(between_questions);
    }
}

// Counted from before it was asked: here it ends no later than there.
void lock::note(answer const& a, steady::time_point sent) {
    if (!a.why_not().empty()) return;
    held_ = a.value.item(0) == "held";
    if (held_)
        link_.allow_until(sent + lock_life);
    else
        link_.allow_until(steady::time_point::min());
}

void lock::keep(std::function<void(bool)> missed) {
    missed_ = std::move(missed);
    auto loop = renew();
    auto done = [](std::exception_ptr failure) {
        if (failure) log(log_level::error, "store_lock", {{"why", "it is not renewed any more"}});
    };
    asio::co_spawn(link_.io(), std::move(loop), std::move(done));
}

task<void> lock::renew() {
    bool held_before = true;
    while (!ending_) {
        pause_.expires_after(held_before ? lock_renewal : until_tried_again);
        error_code ignored;
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (ending_) co_return;
        bool const in_time = link_.is_allowed();
        auto const sent = steady::now();
        auto asked = question();
        auto const got = co_await link_.ask(std::move(asked));
        note(*got, sent);
        bool const holds = link_.is_allowed();
        auto const& items = got->value.items;
        bool const emptied = holds && items.size() > 1 && items[1].number == 0;
        if (holds && (emptied || !in_time || !held_before)) missed_(emptied);
        if (!holds && held_before)
            log(log_level::error, "store_lock_lost",
                {{"why", got->why_not().empty()
                             ? "another tollgate has it, " + shown_holder(got->value.item(1))
                             : got->why_not()}});
        if (holds && !held_before) log(log_level::info, "store_lock_held");
        held_before = holds;
    }
}

void lock::release() {
    asio::post(link_.io(), [this] {
        ending_ = true;
        pause_.cancel();
    });
    std::vector<std::string> keys{key_};
    std::vector<std::string> arguments{owner_};
    request r(slot_, unlock_script(), std::move(keys), std::move(arguments), false);
    r.needs_lock = false;
    r.is_urgent = true;  // a server that hangs must not keep the process; the lock runs out
    link_.ask_now(std::move(r));
    link_.allow_until(steady::time_point::min());
}

}  // namespace tollgate::oauth::redis

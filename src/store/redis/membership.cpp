#include "store/redis/membership.hpp"

#include <unistd.h>

#include <algorithm>
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
#include "store/redis/sharing/process_place.hpp"

namespace tollgate::oauth::redis {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds between_questions{200};
constexpr std::chrono::milliseconds until_tried_again{250};

// Lines of a record: how it uses the records, where it listens, its machine, its process, where
// that can be looked for, what all have alike.
struct member_record {
    std::string_view mode, address, host, process, place, same;
};

member_record parts_of(std::string_view text) {
    member_record r;
    for (auto* part : {&r.mode, &r.address, &r.host, &r.process, &r.place, &r.same})
        *part = next_part(text, '\n');
    return r;
}

std::string shown_member(std::string_view record) {
    auto const r = parts_of(record);
    return "on " + printable(r.host, 100) + ", process " + printable(r.process, 20);
}

// It was here, and has ended: it need not be waited for.
bool is_gone(std::string_view record) {
    auto const r = parts_of(record);
    return !r.place.empty() && process_is_gone(r.place);
}

bool has_lapsed(answer const& a) {
    return a.why_not().empty() && a.value.item(0) == "lapsed";
}

// The names of what two have not alike.
std::string differences(std::string_view ours, std::string_view theirs) {
    std::string all;
    while (!ours.empty()) {
        auto const one = next_part(ours, ' ');
        auto rest = theirs;
        bool found = false;
        while (!found && !rest.empty())
            found = next_part(rest, ' ') == one;
        if (found) continue;
        if (!all.empty()) all += ", ";
        all += one.substr(0, one.find('='));
    }
    return all;
}

}  // namespace

membership::membership(link& over, realm_keys const& keys, std::string same, bool alone)
    : link_(over),
      instance_(keys.of("instance")),
      instances_(keys.of("instances")),
      meta_(keys.of("meta")),
      lock_(keys.of("lock")),
      slot_(keys.slot()),
      id_(random_token(12)),
      place_(place_of_this_process()),
      same_(std::move(same)),
      alone_(alone),
      pause_(over.io()) {}

std::string membership::record() const {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    std::lock_guard const lock(mutex_);
    return (alone_ ? "alone\n" : "shared\n") + address_ + '\n' + host.data() + '\n' +
           std::to_string(getpid()) + '\n' + place_ + '\n' + same_;
}

request membership::question() const {
    std::vector<std::string> keys{instance_, instances_, meta_, lock_};
    std::vector<std::string> arguments{id_, std::to_string(member_life.count()), record(),
                                       std::string(held_ ? "again" : "first")};
    request r(slot_, join_script(), std::move(keys), std::move(arguments), false);
    r.needs_lock = false;
    r.is_urgent = true;
    return r;
}

void membership::throw_refusal(std::string const& what, reply const& r) const {
    auto const other = r.item(1);
    if (r.item(0) == "differs")
        throw std::runtime_error(
            what + " is used by an instance (" + shown_member(other) +
            ") that is configured otherwise: " + differences(same_, parts_of(other).same) +
            ". All instances must have these alike, or a store.prefix of their own");
    throw std::runtime_error(what + " is in use by another tollgate (" + shown_member(other) +
                             "), and one of the two must be alone with it: end that one first, or "
                             "give this one a store.prefix of its own");
}

void membership::take(std::string const& what) {
    std::int64_t left_before = member_life.count();
    for (;;) {
        auto const sent = steady::now();
        auto const got = link_.ask_now(question());
        if (auto const why = got.why_not(); !why.empty())
            throw std::runtime_error(what + " cannot be used: " + why);
        note(got, sent);
        if (held_) return;
        if (has_lapsed(got)) continue;
        auto const left = got.value.items.size() > 2 ? got.value.items[2].number : -1;
        // Whoever lives renews it; it has no end only where somebody else has made it.
        if (left < 0 || left > left_before) throw_refusal(what, got.value);
        left_before = left;
        std::this_thread::sleep_for(between_questions);
    }
}

void membership::announce(std::string address, std::string const& what) {
    {
        std::lock_guard const lock(mutex_);
        address_ = std::move(address);
    }
    take(what);
}

// Counted from before it was asked: here it ends no later than there.
void membership::note(answer const& a, steady::time_point sent) {
    if (!a.why_not().empty()) return;
    auto const& items = a.value.items;
    held_ = a.value.item(0) == "held";
    link_.allow_until(held_ ? sent + member_life : steady::time_point::min());
    if (has_lapsed(a)) note_lapse();
    if (!held_) return;
    std::vector<instance> found;
    for (std::size_t i = 2; i + 1 < items.size(); i += 2) {
        if (is_gone(items[i + 1].text)) continue;
        std::string address(parts_of(items[i + 1].text).address);
        found.push_back({items[i].text, std::move(address)});
    }
    known_at_ = sent;
    std::lock_guard const lock(mutex_);
    others_ = std::move(found);
}

// By the clock of the server, which may step, or be another server's since just now. Others may
// have taken what was ours.
void membership::note_lapse() {
    log(log_level::warning, "store_lock_lapsed",
        {{"why", "the server lost the record of this instance; each realm is claimed again"}});
    if (missed_) missed_(false);
}

void membership::keep(std::function<void(bool)> missed) {
    missed_ = std::move(missed);
    auto loop = renew();
    auto done = [](std::exception_ptr failure) {
        if (failure) log(log_level::error, "store_lock", {{"why", "it is not renewed any more"}});
    };
    asio::co_spawn(link_.io(), std::move(loop), std::move(done));
}

task<void> membership::renew() {
    bool held_before = true;
    while (!ending_) {
        pause_.expires_after(held_before ? member_renewal : until_tried_again);
        error_code ignored;
        co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (ending_) co_return;
        bool const in_time = link_.is_allowed() && held_before;
        auto sent = steady::now();
        auto asked = question();
        auto got = co_await link_.ask(std::move(asked));
        if (ending_) co_return;
        if (has_lapsed(*got)) {
            note(*got, sent);
            sent = steady::now();
            auto once_more = question();
            got = co_await link_.ask(std::move(once_more));
            if (ending_) co_return;
        }
        // Before anybody may rely on what it was told before.
        if (!in_time && got->value.item(0) == "held") missed_(false);
        note(*got, sent);
        bool const holds = link_.is_allowed();
        auto const& items = got->value.items;
        bool const emptied = holds && items.size() > 1 && items[1].number == 0;
        if (emptied) missed_(true);
        if (!holds && held_before)
            log(log_level::error, "store_lock_lost",
                {{"why", got->why_not().empty()
                             ? "another tollgate has it, " + shown_member(got->value.item(1))
                             : got->why_not()}});
        if (holds && !held_before) log(log_level::info, "store_lock_held");
        held_before = holds;
    }
}

void membership::release() {
    asio::post(link_.io(), [this] {
        ending_ = true;
        pause_.cancel();
    });
    std::vector<std::string> keys{instance_, instances_};
    std::vector<std::string> arguments{id_};
    request r(slot_, leave_script(), std::move(keys), std::move(arguments), false);
    r.needs_lock = false;
    r.is_urgent = true;  // a server that hangs must not keep the process; the record runs out
    link_.ask_now(std::move(r));
    link_.allow_until(steady::time_point::min());
}

std::vector<instance> membership::others() const {
    std::lock_guard const lock(mutex_);
    return others_;
}

std::optional<instance> membership::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const at = std::ranges::find(others_, id, &instance::id);
    if (at == others_.end()) return std::nullopt;
    return *at;
}

bool membership::lives(std::string_view id) const {
    return steady::now() - 2 * member_life < known_at_.load() && find(id).has_value();
}

task<outcome<std::optional<instance>>> membership::look_up(std::string id) {
    std::vector<std::string> words{"GET", instance_ + ':' + id};
    request r(slot_, std::move(words));
    auto const got = co_await link_.ask(std::move(r));
    if (!got->why_not().empty()) co_return store_unavailable().log(got->why_not());
    if (got->value.text.empty() || is_gone(got->value.text)) co_return std::optional<instance>();
    std::string address(parts_of(got->value.text).address);
    instance found{std::move(id), std::move(address)};
    std::lock_guard const lock(mutex_);
    // It came just now.
    if (std::ranges::find(others_, found.id, &instance::id) == others_.end())
        others_.push_back(found);
    co_return std::optional<instance>(std::move(found));
}

task<outcome<std::vector<instance>>> membership::look_around() {
    auto const sent = steady::now();
    auto asked = question();
    auto const got = co_await link_.ask(std::move(asked));
    if (!got->why_not().empty()) co_return store_unavailable().log(got->why_not());
    // That this process was not heard for a while, or its record had lapsed, is for its renewal to
    // notice, and not to be passed over here.
    if (got->value.item(0) == "held" && link_.is_allowed()) note(*got, sent);
    co_return others();
}

}  // namespace tollgate::oauth::redis

#include "oauth/limits/live_budget.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <iterator>

namespace tollgate::oauth {

namespace {

constexpr std::size_t smallest_sweep = 64;
constexpr std::int64_t steps_of_a_life = 8;

// Rounded up, so that what is issued all the time makes few steps and nothing lapses too early.
time_point rounded(time_point until, time_point now) {
    using std::chrono::seconds;
    auto const life = std::chrono::ceil<seconds>(until - now).count();
    auto const whole = std::max<std::int64_t>(life / steps_of_a_life, 1);
    // A power of two of seconds, so that lives that differ a little end in the same steps.
    auto const step = static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(whole)));
    auto const at = std::chrono::ceil<seconds>(until.time_since_epoch()).count();
    return time_point(seconds((at + step - 1) / step * step));
}

// A realm's id is a number, so the slash parts it from any client's name.
std::string client_key(std::uint64_t realm, std::string_view client) {
    return std::to_string(realm) + '/' + std::string(client);
}

bool same_clock(place_end const& a, place_end const& b) noexcept {
    return !a.clock.owner_before(b.clock) && !b.clock.owner_before(a.clock);
}

// Also where that clock is gone with its realm.
bool is_standing(place_end const& end) noexcept {
    return !same_clock(end, place_end(end.real));
}

}  // namespace

std::size_t lapsing_count::lapse(time_point now) {
    auto const alive = std::ranges::find_if(steps_, [now](step const& s) { return s.until > now; });
    std::size_t over = 0;
    for (auto s = steps_.begin(); s != alive; ++s)
        over += s->count;
    steps_.erase(steps_.begin(), alive);
    if (!standing_.empty()) over += lapse_standing(now);
    count_ -= over;
    return over;
}

std::size_t lapsing_count::lapse_standing(time_point now) {
    std::size_t over = 0;
    std::erase_if(standing_, [&](standing_step const& s) {
        auto const clock = s.until.clock.lock();
        bool const lapsed = clock ? s.until.shown <= clock->at(now) : s.until.real <= now;
        if (lapsed) over += s.count;
        return lapsed;
    });
    return over;
}

void lapsing_count::add_standing(std::size_t n, place_end const& until, time_point now) {
    count_ += n;
    auto end = until;
    // By the clock that stands a life is as long as it is in real time.
    end.shown = rounded(until.shown, until.shown - (until.real - now));
    for (auto& s : standing_) {
        if (s.until.shown != end.shown || !same_clock(s.until, end)) continue;
        s.until.real = std::max(s.until.real, end.real);
        s.count += n;
        return;
    }
    standing_.push_back({std::move(end), n});
}

std::size_t lapsing_count::remove_standing(std::size_t n, place_end const& until) noexcept {
    std::size_t gone = 0;
    // add_standing() rounded up, too.
    for (auto& s : standing_) {
        if (s.until.shown < until.shown || !same_clock(s.until, until)) continue;
        auto const here = std::min(n - gone, s.count);
        s.count -= here;
        gone += here;
    }
    count_ -= gone;
    return gone;
}

void lapsing_count::add(std::size_t n, place_end const& until, time_point now) {
    if (is_standing(until)) return add_standing(n, until, now);
    auto const end = rounded(until.real, now);
    auto const at = std::ranges::lower_bound(steps_, end, {}, &step::until);
    if (at != steps_.end() && at->until == end)
        at->count += n;
    else
        steps_.insert(at, step{end, n});
    count_ += n;
}

std::size_t lapsing_count::remove(std::size_t n, place_end const& until) noexcept {
    if (is_standing(until)) return remove_standing(n, until);
    std::size_t gone = 0;
    // add() rounded up: what ends at `until` stands in the first step that is not before it, or
    // later.
    for (auto at = std::ranges::lower_bound(steps_, until.real, {}, &step::until);
         at != steps_.end() && gone < n; ++at) {
        auto const here = std::min(n - gone, at->count);
        at->count -= here;
        gone += here;
    }
    count_ -= gone;
    return gone;
}

live_budget::~live_budget() {
    if (alive_) alive_->add(-in_all());
}

live_budget::shard& live_budget::shard_of(shards& all, std::string_view key) noexcept {
    return all[text_hash{}(key) % shard_count];
}

// The caller holds the shard's mutex.
std::size_t live_budget::drop_what_is_over(shard& part, time_point now) {
    std::size_t lapsed = 0;
    for (auto at = part.of.begin(); at != part.of.end();) {
        lapsed += at->second.lapse(now);
        at = at->second.count() == 0 ? part.of.erase(at) : std::next(at);
    }
    // Not before the shard has doubled: so all sweeps together cost no more than what was added.
    part.next_sweep = std::max(smallest_sweep, 2 * part.of.size());
    return lapsed;
}

live_budget::found live_budget::alive_of(shards& all, std::string const& key, time_point now) {
    auto& part = shard_of(all, key);
    std::lock_guard const lock(part.mutex);
    auto const at = part.of.find(key);
    if (at == part.of.end()) return {};
    found f;
    f.lapsed = at->second.lapse(now);
    f.alive = at->second.count();
    return f;
}

// All or none of `n`; what has lapsed is taken out on the way, whether or not there is room.
live_budget::taking live_budget::take_one(shards& all, std::string const& key, std::size_t n,
                                          std::size_t most, place_end const& until,
                                          time_point now) {
    auto& part = shard_of(all, key);
    std::lock_guard const lock(part.mutex);
    taking result;
    if (part.of.size() >= part.next_sweep) result.lapsed = drop_what_is_over(part, now);
    auto at = part.of.find(key);
    if (at != part.of.end()) result.lapsed += at->second.lapse(now);
    auto const before = at == part.of.end() ? 0 : at->second.count();
    if (before + n > most) return result;
    if (at == part.of.end()) at = part.of.try_emplace(key).first;
    at->second.add(n, until, now);
    result.done = true;
    return result;
}

std::size_t live_budget::put_back(shards& all, std::string const& key, std::size_t n,
                                  place_end const& until) {
    auto& part = shard_of(all, key);
    std::lock_guard const lock(part.mutex);
    auto const at = part.of.find(key);
    return at == part.of.end() ? 0 : at->second.remove(n, until);
}

void live_budget::subtract(std::size_t n) noexcept {
    auto const less = static_cast<std::int64_t>(n);
    all_.fetch_sub(less, std::memory_order_relaxed);
    if (alive_) alive_->add(-less);
}

// Never more than there may be, not even for a moment: who is refused must not have taken the place
// of somebody else.
bool live_budget::add_within_bounds(std::size_t n) noexcept {
    auto const most = static_cast<std::int64_t>(bounds_.all);
    auto const more = static_cast<std::int64_t>(n);
    auto have = in_all();
    do {
        if (have + more > most) return false;
    } while (!all_.compare_exchange_weak(have, have + more, std::memory_order_relaxed));
    if (alive_) alive_->add(more);
    return true;
}

// What has lapsed is noticed client by client; only a budget that seems to be used up is worth
// looking at all of them.
bool live_budget::take_in_all(std::size_t n, time_point now) {
    if (add_within_bounds(n)) return true;
    sweep(now);
    return add_within_bounds(n);
}

// Of what was not counted in all yet. Who forgot the realm meanwhile has subtracted it all the
// same.
void live_budget::untake(std::string const& client, std::size_t n, place_end const& until) {
    auto const forgotten = n - put_back(clients_, client, n, until);
    if (forgotten == 0) return;
    all_.fetch_add(static_cast<std::int64_t>(forgotten), std::memory_order_relaxed);
    if (alive_) alive_->add(static_cast<std::int64_t>(forgotten));
}

// Once a second at most.
void live_budget::sweep(time_point now) {
    constexpr auto pause = time_point::duration(std::chrono::seconds(1)).count();
    auto const ticks = now.time_since_epoch().count();
    auto last = swept_at_.load(std::memory_order_relaxed);
    if (ticks - last < pause) return;
    // Of many who come at once, one looks.
    if (!swept_at_.compare_exchange_strong(last, ticks, std::memory_order_relaxed)) return;
    for (auto& part : clients_) {
        std::lock_guard const lock(part.mutex);
        subtract(drop_what_is_over(part, now));
    }
}

live_budget::spent live_budget::ask(owner const& o, std::size_t n, time_point now) {
    auto const mine = alive_of(clients_, client_key(o.realm, o.client), now);
    subtract(mine.lapsed);
    if (mine.alive + n > bounds_.client) return spent::by_client;
    if (!o.who.peer.empty() && alive_of(peers_, o.who.peer, now).alive + n > bounds_.peer)
        return spent::by_peer;
    auto const most = static_cast<std::int64_t>(bounds_.all);
    auto const more = static_cast<std::int64_t>(n);
    if (in_all() + more > most) sweep(now);
    return in_all() + more > most ? spent::by_all : spent::nothing;
}

// From the narrowest bound to the widest. Where one is used up, what the others have counted is
// taken back.
live_budget::spent live_budget::take(owner const& o, std::size_t n, place_end const& until,
                                     time_point now) {
    auto const client = client_key(o.realm, o.client);
    auto const mine = take_one(clients_, client, n, bounds_.client, until, now);
    subtract(mine.lapsed);
    if (!mine.done) return spent::by_client;
    bool const has_peer = !o.who.peer.empty();
    if (has_peer && !take_one(peers_, o.who.peer, n, bounds_.peer, until, now).done) {
        untake(client, n, until);
        return spent::by_peer;
    }
    if (take_in_all(n, now)) return spent::nothing;
    untake(client, n, until);
    if (has_peer) put_back(peers_, o.who.peer, n, until);
    return spent::by_all;
}

void live_budget::give_back(owner const& o, std::size_t n, place_end const& until) {
    subtract(put_back(clients_, client_key(o.realm, o.client), n, until));
    if (!o.who.peer.empty()) put_back(peers_, o.who.peer, n, until);
}

void live_budget::forget_realm(std::uint64_t realm) {
    auto const prefix = client_key(realm, {});
    for (auto& part : clients_) {
        std::lock_guard const lock(part.mutex);
        std::size_t gone = 0;
        std::erase_if(part.of, [&](auto const& entry) {
            if (!entry.first.starts_with(prefix)) return false;
            gone += entry.second.count();
            return true;
        });
        subtract(gone);
    }
}

void live_budget::forget_peers() {
    for (auto& part : peers_) {
        std::lock_guard const lock(part.mutex);
        part.of.clear();
    }
}

}  // namespace tollgate::oauth

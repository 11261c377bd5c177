#include "http/limits/rate_budget.hpp"

#include <algorithm>

namespace tollgate::http {

void rate_budget::window::add(time_point now) noexcept {
    if (is_over(now)) {
        began = now;
        count = 0;
    }
    ++count;
}

std::chrono::seconds rate_budget::window::left(time_point now) const noexcept {
    auto const rest = std::chrono::ceil<std::chrono::seconds>(began + length - now);
    return std::max(rest, std::chrono::seconds(1));
}

rate_budget::answer rate_budget::ask_locked(account const& who, time_point now) const {
    // The peer first: who has used up their own is not told that everybody has.
    if (!who.peer.empty()) {
        auto const own = peers_.find(who.peer);
        if (own != peers_.end() && own->second.at(now) >= bounds_.peer)
            return {spent::by_peer, own->second.left(now)};
    }
    if (all_.at(now) >= bounds_.all) return {spent::by_all, all_.left(now)};
    return {};
}

rate_budget::answer rate_budget::ask(account const& who, time_point now) const {
    std::lock_guard const lock(mutex_);
    return ask_locked(who, now);
}

rate_budget::answer rate_budget::take(account const& who, time_point now) {
    std::lock_guard const lock(mutex_);
    auto const may = ask_locked(who, now);
    if (!may) return may;
    all_.add(now);
    if (who.peer.empty()) return may;
    peers_[who.peer].add(now);
    if (peers_.size() >= next_sweep_) drop_what_is_over(now);
    return may;
}

// No more than `all` of them can be of this minute, so the table stays as small as that.
void rate_budget::drop_what_is_over(time_point now) {
    std::erase_if(peers_, [now](auto const& p) { return p.second.is_over(now); });
    next_sweep_ = std::max<std::size_t>(64, 2 * peers_.size());
}

void rate_budget::reset() {
    std::lock_guard const lock(mutex_);
    all_ = {};
    peers_.clear();
}

problem refusal_of(rate_budget::answer const& a, std::string_view what, std::string_view key) {
    bool const own = a.used_up == rate_budget::spent::by_peer;
    auto const wait = std::to_string(a.wait.count());
    std::string sentence = own ? "too many " : "this server gets too many ";
    sentence.append(what).append(own ? " from your address" : " at the moment");
    sentence += "; try again in " + wait + " seconds (limits.";
    sentence.append(own ? "peer_" : "").append(key) += ')';
    return problem(own ? 429 : 503, "temporarily_unavailable", std::move(sentence))
        .with("Retry-After", wait);
}

}  // namespace tollgate::http

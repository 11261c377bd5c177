#include "http/rate_budget.hpp"

#include <algorithm>

#include "http/peer.hpp"
#include "http/text.hpp"

namespace tollgate::http {

namespace {

constexpr std::string_view forwarded_for = "X-Forwarded-For";
constexpr std::size_t longest_address = 64;

// Some proxies write "192.0.2.1:4711" or "[2001:db8::1]:4711".
std::string_view without_port(std::string_view address) {
    if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
    auto const colon = address.find(':');
    bool const one = colon != address.npos && address.find(':', colon + 1) == address.npos;
    return one ? address.substr(0, colon) : address;
}

// A list grows at its end (each proxy appends whom it heard), so the last entry is the one that
// the nearest proxy vouches for.
std::string_view last_hop(request const& r) {
    std::string_view value;
    for (auto const& h : r.headers)
        if (iequals(h.name, forwarded_for)) value = h.value;
    auto const comma = value.rfind(',');
    if (comma != value.npos) value.remove_prefix(comma + 1);
    return without_port(trim(value).substr(0, longest_address));
}

}  // namespace

account account_of(request const& r, place const& where) {
    if (!r.peer_is_loopback) return {peer_of(r), false};
    auto const hop = last_hop(r);
    if (!hop.empty()) return {"via " + peer_key(hop), false};
    return {{}, !speaks_for_many(r, where)};
}

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
    bool const own = a.what == rate_budget::spent::by_peer;
    auto const wait = std::to_string(a.wait.count());
    std::string sentence = own ? "too many " : "this server gets too many ";
    sentence.append(what).append(own ? " from your address" : " at the moment");
    sentence += "; try again in " + wait + " seconds (limits.";
    sentence.append(own ? "peer_" : "").append(key) += ')';
    return problem(own ? 429 : 503, "temporarily_unavailable", std::move(sentence))
        .with("Retry-After", wait);
}

}  // namespace tollgate::http

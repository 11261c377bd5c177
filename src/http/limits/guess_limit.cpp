#include "http/limits/guess_limit.hpp"

#include <utility>

#include "base/metrics.hpp"

namespace tollgate::http {

namespace {

constexpr std::string_view wrong_help = "Wrong secrets, passwords and control tokens.";
constexpr std::string_view refused_help = "Guesses that were refused unseen after too many wrong.";

metric wrong_of[] = {
    {metric::kind::counter, "tollgate_wrong_secrets_total{of=\"client\"}", wrong_help},
    {metric::kind::counter, "tollgate_wrong_secrets_total{of=\"user\"}", wrong_help},
    {metric::kind::counter, "tollgate_wrong_secrets_total{of=\"control_token\"}", wrong_help}};
metric refused_of[] = {
    {metric::kind::counter, "tollgate_guesses_refused_total{of=\"client\"}", refused_help},
    {metric::kind::counter, "tollgate_guesses_refused_total{of=\"user\"}", refused_help},
    {metric::kind::counter, "tollgate_guesses_refused_total{of=\"control_token\"}", refused_help}};

std::string secret_key(guess const& g) {
    return std::to_string(static_cast<int>(g.of)) + g.name;
}

// Neither part can be read as the other: what stands behind the zero never holds one.
std::string peer_key(guess const& g) {
    auto key = secret_key(g);
    key += '\0';
    key += g.by;
    return key;
}

unsigned count_in(bounded_table<unsigned>& table, std::string const& key, time_point now) {
    auto const* count = table.find(key, now);
    return count ? *count : 0;
}

void add_to(bounded_table<unsigned>& table, std::string const& key, time_point now) {
    if (auto* count = table.find(key, now))
        ++*count;
    else
        table.put(key, 1, now + guess_limit::length);
}

}  // namespace

bool can_be_guessed(std::string_view secret) noexcept {
    return !secret.empty() && secret.size() < shortest_unguessable;
}

void count_wrong(secret_kind of) noexcept {
    wrong_of[static_cast<std::size_t>(of)].add();
}

bool guess_limit::is_open(guess const& g, time_point now) {
    std::lock_guard const lock(mutex_);
    auto const key = peer_key(g);
    if (!g.by_many && count_in(by_peer_, key, now) >= bounds_.per_peer) return false;
    if (count_in(in_all_, secret_key(g), now) < bounds_.in_all) return true;
    return g.by_known || (!g.by_many && known_.find(key, now));
}

bool guess_limit::open(guess const& g, time_point now) {
    if (is_open(g, now)) return true;
    refused_of[static_cast<std::size_t>(g.of)].add();
    return false;
}

void guess_limit::wrong(guess const& g, time_point now) {
    count_wrong(g.of);
    std::lock_guard const lock(mutex_);
    if (!g.by_many) add_to(by_peer_, peer_key(g), now);
    add_to(in_all_, secret_key(g), now);
}

void guess_limit::right(guess const& g, time_point now) {
    if (g.by_many || g.by_known) return;
    std::lock_guard const lock(mutex_);
    auto const key = peer_key(g);
    if (!known_.find(key, now)) known_.put(key, true, now + known_for);
}

void guess_limit::reset() {
    std::lock_guard const lock(mutex_);
    by_peer_.clear();
    in_all_.clear();
    known_.clear();
}

}  // namespace tollgate::http

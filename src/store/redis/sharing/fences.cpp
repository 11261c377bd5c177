#include "store/redis/sharing/fences.hpp"

#include <mutex>
#include <utility>

namespace tollgate::oauth::redis {

namespace {

// Of those that were lost so many are known; requests of older ones have ended long ago.
constexpr std::size_t most_lost = 10'000;

}  // namespace

std::optional<std::string> fences::token_of(std::string_view realm) const {
    if (!are_used()) return std::nullopt;
    std::shared_lock const lock(mutex_);
    auto const at = entries_.find(realm);
    if (at == entries_.end()) return std::nullopt;
    return at->second.token;
}

bool fences::is_sure(std::string_view realm) const {
    std::shared_lock const lock(mutex_);
    auto const at = entries_.find(realm);
    return at != entries_.end() && !at->second.token.empty() && at->second.round == round_.load();
}

bool fences::take(std::string const& realm, std::string token, std::uint64_t round) {
    std::unique_lock const lock(mutex_);
    used_ = true;
    auto& one = entries_[realm];
    one.round = round;
    if (one.token == token) return false;
    one.token = std::move(token);
    return true;
}

bool fences::lose(std::string const& realm) {
    std::unique_lock const lock(mutex_);
    auto const at = entries_.find(realm);
    if (at == entries_.end() || at->second.token.empty()) return false;
    at->second.token.clear();
    lost_.push_back(realm);
    if (lost_.size() <= most_lost) return true;
    auto const oldest = entries_.find(lost_.front());
    if (oldest != entries_.end() && oldest->second.token.empty()) entries_.erase(oldest);
    lost_.pop_front();
    return true;
}

std::vector<std::string> fences::held() const {
    std::shared_lock const lock(mutex_);
    std::vector<std::string> all;
    for (auto const& [realm, one] : entries_)
        if (!one.token.empty()) all.push_back(realm);
    return all;
}

}  // namespace tollgate::oauth::redis

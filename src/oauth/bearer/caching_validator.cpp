// Before a strategy that asks somebody else: asks once for many, remembers good answers.

#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/single_flight.hpp"
#include "oauth/bearer/validators.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::size_t max_entries = 10'000;

// Good answers, oldest first: all live equally long, so the oldest is the next to go.
class answer_cache {
public:
    std::optional<http::principal> find(std::string const& key, time_point now) {
        std::shared_ptr<http::principal const> found;
        {
            std::lock_guard const lock(mutex_);
            auto const at = index_.find(key);
            if (at == index_.end()) return std::nullopt;
            // A clock that went back knows nothing of what was answered later.
            if (at->second->until <= now || now < at->second->since) {
                remove(at->second);
                return std::nullopt;
            }
            found = at->second->who;
        }
        // Copied without the lock, for it holds lists and claims.
        return *found;
    }

    void keep(std::string const& key, http::principal const& who, time_point since,
              time_point until) {
        auto copy = std::make_shared<http::principal const>(who);
        std::lock_guard const lock(mutex_);
        if (auto const at = index_.find(key); at != index_.end()) remove(at->second);
        if (entries_.size() >= max_entries) remove(entries_.begin());
        entries_.push_back(entry{key, std::move(copy), since, until});
        index_[key] = std::prev(entries_.end());
    }

private:
    struct entry {
        std::string key;
        std::shared_ptr<http::principal const> who;
        time_point since;
        time_point until;
    };
    void remove(std::list<entry>::iterator at) {
        index_.erase(at->key);
        entries_.erase(at);
    }

    std::mutex mutex_;
    std::list<entry> entries_;
    std::unordered_map<std::string, std::list<entry>::iterator> index_;
};

// A token is worth what the realm says: the same string in two realms is two questions. By id and
// not by name, or a deleted realm would go on answering for the next one of its name.
std::string key_of(presented_token const& token, http::place const& where) {
    return token.digest + ' ' + std::to_string(where.realm->id());
}

// A token that is revoked (also by a reset of its realm) stays good for as long as its answer is
// kept: that is what a cache in front of introspection costs, and `ttl` is the price.
class caching_validator final : public token_validator {
public:
    caching_validator(std::unique_ptr<token_validator> inner, std::chrono::milliseconds ttl,
                      tollgate::clock const& time)
        : inner_(std::move(inner)), ttl_(ttl), clock_(time) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        auto const key = key_of(token, where);
        if (ttl_.count() > 0) {
            auto known = cache_.find(key, now_in(where));
            if (known) co_return std::move(*known);
        }
        // Whoever leads asks within its own frame (single_flight.hpp), so the references hold.
        auto question = [this, &key, &token, &where] { return ask(key, token, where); };
        auto answer = co_await flights_.run(key, std::move(question));
        if (!answer)
            co_return problem(503, "temporarily_unavailable", "The question was given up.");
        co_return std::move(*answer);
    }

private:
    // Kept before anybody hears of it, so that who comes next finds the flight or the answer.
    task<outcome<http::principal>> ask(std::string const& key, presented_token const& token,
                                       http::place const& where) {
        auto answer = co_await inner_->validate(token, where);
        // Good ones alone: anybody could fill the cache with tokens that are none.
        if (answer) remember(key, *answer, now_in(where));
        co_return std::move(answer);
    }

    // Time that a realm lets pass passes for what is known of its tokens.
    time_point now_in(http::place const& where) const {
        return where.realm->time().at(clock_.now());
    }

    void remember(std::string const& key, http::principal const& who, time_point now) {
        if (ttl_.count() <= 0) return;
        auto until = now + ttl_;
        if (who.expires_at) until = std::min(until, *who.expires_at);
        if (until > now) cache_.keep(key, who, now, until);
    }

    std::unique_ptr<token_validator> inner_;
    std::chrono::milliseconds ttl_;
    tollgate::clock const& clock_;
    single_flight<outcome<http::principal>> flights_;
    answer_cache cache_;
};

}  // namespace

std::unique_ptr<token_validator> make_caching_validator(std::unique_ptr<token_validator> inner,
                                                        std::chrono::milliseconds ttl,
                                                        tollgate::clock const& time) {
    return std::make_unique<caching_validator>(std::move(inner), ttl, time);
}

}  // namespace tollgate::oauth

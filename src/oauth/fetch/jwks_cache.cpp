#include "oauth/fetch/jwks_cache.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/log/log.hpp"
#include "oauth/fetch/json_answer.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::chrono::minutes max_age{5};
constexpr std::chrono::seconds retry_interval{5};
constexpr std::chrono::seconds first_retry_interval{1};
constexpr std::size_t max_key_set_bytes = 256 << 10;
constexpr std::size_t max_urls = 4096;

outcome<std::vector<verification_key>> keys_in(http_result const& got) {
    auto const set = object_of(got, "the JWKS endpoint");
    if (!set) return set.error();
    auto keys = parse_jwks(got->body);
    if (!keys) return cannot_tell(keys.error().description());
    return keys;
}

}  // namespace

std::optional<outcome<key_set>> jwks_cache::known(std::string const& url, bool must_be_new) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(url);
    if (found == entries_.end()) return std::nullopt;
    auto& e = found->second;
    if (!e.keys) {
        if (has_passed(first_retry_interval, e.tried_at, now)) return std::nullopt;
        return outcome<key_set>(e.why);
    }
    bool const fresh = !must_be_new && !has_passed(max_age, e.fetched_at, now);
    if (fresh) return outcome<key_set>(e.keys);
    if (must_be_new && e.asked) return std::nullopt;
    // Too soon to ask again: the kid is unknown, or nobody can tell when asking failed.
    if (!has_passed(retry_interval, e.tried_at, now))
        return must_be_new && e.failed ? outcome<key_set>(e.why) : outcome<key_set>(e.keys);
    if (must_be_new) {
        e.tried_at = now;
        e.asked = true;
    }
    return std::nullopt;
}

// What came of a fetch. A failure leaves the keys that there are.
outcome<key_set> jwks_cache::learn(std::string const& url,
                                   outcome<std::vector<verification_key>> got) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    if (!entries_.contains(url)) make_room();
    auto& e = entries_[url];
    e.asked = false;
    if (!got) {
        e.tried_at = now;
        e.failed = true;
        e.why = got.error();
        if (e.keys)
            log(log_level::warning, "jwks_kept", {{"url", url}, {"why", got.error().log_text()}});
        return e.why;
    }
    e.failed = false;
    e.keys = std::make_shared<std::vector<verification_key> const>(std::move(*got));
    e.fetched_at = now;
    return e.keys;
}

key_set jwks_cache::last_good(std::string const& url) {
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(url);
    return found == entries_.end() ? nullptr : found->second.keys;
}

void jwks_cache::stop_asking(std::string const& url) {
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(url);
    if (found != entries_.end()) found->second.asked = false;
}

// Realms come and go, and each has a URL of its own: the one that was fetched longest ago goes.
void jwks_cache::make_room() {
    if (entries_.size() < max_urls) return;
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](auto const& named) { return named.second.fetched_at; }));
}

task<outcome<key_set>> jwks_cache::fetch(std::string const& url) {
    http::outbound question(url);
    question.timeout = timeout_;
    question.max_body = max_key_set_bytes;
    question.headers.add("Accept", "application/json, application/jwk-set+json");
    auto const got = co_await client_.send(std::move(question));
    auto keys = learn(url, keys_in(got));
    co_return std::move(keys);
}

task<outcome<key_set>> jwks_cache::look(std::string url, bool must_be_new) {
    auto have = known(url, must_be_new);
    if (have) co_return std::move(*have);
    // Whoever leads asks within its own frame (single_flight.hpp), so the references hold.
    auto question = [this, &url] { return fetch(url); };
    auto answer = co_await flights_.run(url, std::move(question));
    if (!answer) {
        stop_asking(url);
        co_return cannot_tell("the JWKS look-up was given up");
    }
    // Keys that are old serve while nobody answers, but not whoever asks for a kid that they lack.
    if (*answer || must_be_new) co_return std::move(*answer);
    auto const kept = last_good(url);
    if (kept) co_return kept;
    co_return std::move(*answer);
}

task<outcome<key_set>> jwks_cache::get(std::string url) {
    return look(std::move(url), false);
}
task<outcome<key_set>> jwks_cache::refresh(std::string url) {
    return look(std::move(url), true);
}

}  // namespace tollgate::oauth

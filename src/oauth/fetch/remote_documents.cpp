#include "oauth/fetch/remote_documents.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/parse.hpp>

#include "base/clock.hpp"
#include "base/log/log.hpp"
#include "http/message/url.hpp"
#include "oauth/fetch/fetch_failure.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;
constexpr std::chrono::milliseconds patience{5'000};
constexpr std::size_t most_documents = 1'000;
constexpr std::chrono::seconds soonest_again{5};
// Whoever asks waits for a server that does not answer: not all the time, as long as there is a
// copy.
constexpr std::chrono::seconds pause_with_copy{30};
// Between a document that changes while its author looks on and one that is asked for in vain.
constexpr std::chrono::seconds by_default{60};
constexpr std::chrono::seconds longest{86'400};

std::string key_of(std::string const& owner, std::string const& url) {
    // An owner is the number of a realm, which has no space in it.
    return owner + ' ' + url;
}

fetched_thing thing(remote_question const& q) {
    return fetched_thing(q.noun, q.url, q.reach, q.most);
}

outcome<remote_document> document_in(remote_question const& q, http::client_response const& got) {
    if (got.status != 200) return not_answered(thing(q), got);
    if (!says_json(got.headers.get("Content-Type")))
        return bad_document(thing(q), "is not served as application/json");
    boost::system::error_code ec;
    auto value = json::parse(got.body, ec);
    if (ec || !value.is_object()) return bad_document(thing(q), "is no JSON object");
    return std::make_shared<json::object const>(std::move(value.get_object()));
}

outcome<remote_document> judged(remote_question const& q,
                                boost::system::result<http::client_response> const& got) {
    if (!got) return not_fetched(thing(q), got.error());
    return document_in(q, *got);
}

std::string host_of(std::string const& url) {
    auto const address = http::split_url(url);
    return address ? address->host : std::string();
}

}  // namespace

remote_document remote_documents::known(remote_question const& q, std::string const& key) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    auto const& e = found->second;
    // A clock that was set back makes everything old.
    if (now < e.fetched_at) return nullptr;
    if (q.anew && now - e.fetched_at >= soonest_again) return nullptr;
    bool const in_vain = e.away_at && !has_passed(pause_with_copy, *e.away_at, now);
    auto const until = in_vain ? std::max(e.fresh_until, e.stale_until) : e.fresh_until;
    return now < until ? e.document : nullptr;
}

// What was there serves on while nobody can tell what is there. Who asks for what is new would take
// it for that.
remote_document remote_documents::stale(remote_question const& q, std::string const& key,
                                        problem const& why) {
    if (q.anew || !is_away(why)) return nullptr;
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    auto& e = found->second;
    if (now < e.fetched_at || now >= e.stale_until) return nullptr;
    // Once for all who asked together.
    if (!e.away_at || has_passed(pause_with_copy, *e.away_at, now))
        log(log_level::warning, "document_kept", {{"url", q.url}, {"why", why.log_text()}});
    e.away_at = now;
    return e.document;
}

http::outbound remote_documents::request(remote_question const& q, std::string const& key) {
    http::outbound o(q.url);
    o.timeout = patience;
    o.max_body = q.most;
    o.reach = q.reach;
    o.owner = q.owner;
    o.headers.add("Accept", "application/json");
    // RFC 9111 §4.3.1: a copy that is no longer fresh need only be confirmed.
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found != entries_.end() && !found->second.etag.empty())
        o.headers.add("If-None-Match", found->second.etag);
    return o;
}

// RFC 9111 §4.3.4: the document is what it was, and fresh again.
remote_document remote_documents::confirmed(std::string const& key,
                                            http::client_response const& got) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    auto& e = found->second;
    auto const fresh = http::freshness_of(got.headers, now, by_default, longest);
    e.fetched_at = now;
    e.fresh_until = now + fresh.lifetime;
    e.stale_until = e.fresh_until + fresh.stale_life;
    e.away_at.reset();
    return e.document;
}

void remote_documents::keep(std::string const& key, remote_document const& d,
                            http::client_response const& got) {
    auto const now = clock_.now();
    auto const fresh = http::freshness_of(got.headers, now, by_default, longest);
    std::string etag(got.headers.get("ETag"));
    std::lock_guard const lock(mutex_);
    // Nothing that can neither be used nor confirmed takes up room.
    auto const useful = fresh.lifetime + fresh.stale_life;
    if (!fresh.may_store || (useful.count() == 0 && etag.empty())) {
        entries_.erase(key);
        return;
    }
    if (!entries_.contains(key) && entries_.size() >= most_documents) {
        entries_.erase(std::ranges::min_element(
            entries_, {}, [](auto const& named) { return named.second.fetched_at; }));
    }
    auto& e = entries_[key];
    e = entry();
    e.document = d;
    e.etag = std::move(etag);
    e.fetched_at = now;
    e.fresh_until = now + fresh.lifetime;
    e.stale_until = e.fresh_until + fresh.stale_life;
}

task<outcome<remote_document>> remote_documents::fetch(remote_question const& q,
                                                       std::string const& key) {
    auto host = host_of(q.url);
    fetch_places::place const place(places_, q.owner, std::move(host));
    if (!place.is_there())
        co_return document_away(thing(q), "is not fetched now: too many of them are", 1);
    auto question = request(q, key);
    bool const conditional = question.headers.has("If-None-Match");
    auto const got = co_await client_.send(std::move(question));
    if (got && got->status == 304 && conditional) {
        auto same = confirmed(key, *got);
        if (same) co_return std::move(same);
        // What it confirms was forgotten while it was asked.
        co_return document_away(thing(q), "was forgotten meanwhile; try again", 1);
    }
    auto document = judged(q, got);
    if (document) keep(key, *document, *got);
    // It is no more what it was, whatever happens to its server later.
    if (!document && !is_away(document.error())) forget(q.owner, q.url);
    co_return document;
}

void remote_documents::forget(std::string const& owner, std::string const& url) {
    std::lock_guard const lock(mutex_);
    entries_.erase(key_of(owner, url));
}

task<outcome<remote_document>> remote_documents::get(remote_question q) {
    auto const key = key_of(q.owner, q.url);
    auto have = known(q, key);
    if (have) co_return std::move(have);
    // Whoever leads asks within its own frame (single_flight.hpp), so the references hold.
    auto question = [this, &q, &key] { return fetch(q, key); };
    auto answer = co_await flights_.run(key, std::move(question));
    if (!answer) co_return errors::temporarily_unavailable.log("a fetch was given up");
    if (!*answer) {
        auto copy = stale(q, key, answer->error());
        if (copy) co_return std::move(copy);
    }
    co_return std::move(*answer);
}

}  // namespace tollgate::oauth

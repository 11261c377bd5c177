#include "oauth/remote_documents.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/json/parse.hpp>

#include "oauth/errors.hpp"
#include "oauth/provider_failure.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;
using result = boost::system::result<http::answer>;

constexpr std::chrono::milliseconds patience{5'000};
constexpr std::size_t most_documents = 1'000;
constexpr std::size_t most_fetches = 64;
constexpr std::chrono::seconds soonest_again{5};
// Between a document that changes while its author looks on and one that is asked for in vain.
constexpr std::chrono::seconds by_default{60};
constexpr std::chrono::seconds longest{86'400};

std::string key_of(std::string const& owner, std::string const& url) {
    return owner + ' ' + url;
}

problem bad(remote_question const& q, std::string sentence) {
    auto const whole = q.what + ' ' + sentence;
    return errors::invalid_client.because(whole).log(whole);
}

// What a stranger may learn of our network: a name without an address and one with an address of
// ours are told in the same words.
problem unreachable(remote_question const& q, boost::system::error_code const& ec) {
    namespace errc = boost::system::errc;
    bool const hidden = ec == errc::permission_denied || ec == boost::asio::error::host_not_found;
    if (hidden && q.reach == http::reach::only_public) {
        return bad(q, "has no public address")
            .log(q.what + " has no public address: " + ec.message());
    }
    if (ec == boost::asio::error::timed_out) return bad(q, "did not come within 5 seconds");
    if (ec == boost::asio::error::message_size)
        return bad(q, "is larger than " + std::to_string(q.most) + " bytes");
    return bad(q, "could not be fetched: " + ec.message());
}

outcome<remote_document> document_in(remote_question const& q, http::answer const& got) {
    if (got.status / 100 == 3) return bad(q, "is a redirect, and redirects are not followed");
    if (got.status != 200)
        return bad(q, "was answered with status " + std::to_string(got.status) + ", not 200");
    if (!says_json(got.headers.get("Content-Type")))
        return bad(q, "is not served as application/json");
    boost::system::error_code ec;
    auto value = json::parse(got.body, ec);
    if (ec || !value.is_object()) return bad(q, "is no JSON object");
    return std::make_shared<json::object const>(std::move(value.get_object()));
}

// One of the fetches that may be under way.
class place_in_line {
public:
    explicit place_in_line(std::atomic<std::size_t>& all) : all_(all), taken_(++all_) {}
    ~place_in_line() { --all_; }
    place_in_line(place_in_line const&) = delete;
    place_in_line& operator=(place_in_line const&) = delete;
    bool is_there() const noexcept { return taken_ <= most_fetches; }

private:
    std::atomic<std::size_t>& all_;
    std::size_t taken_;
};

}  // namespace

remote_document remote_documents::known(remote_question const& q, std::string const& key) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    auto const& e = found->second;
    // A clock that was set back makes everything old.
    if (now < e.fetched_at || now >= e.fresh_until) return nullptr;
    if (q.anew && now - e.fetched_at >= soonest_again) return nullptr;
    return e.document;
}

http::outbound remote_documents::request(remote_question const& q, std::string const& key) {
    http::outbound o(q.url);
    o.timeout = patience;
    o.max_body = q.most;
    o.reach = q.reach;
    o.headers.add("Accept", "application/json");
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found != entries_.end() && !found->second.etag.empty())
        o.headers.add("If-None-Match", found->second.etag);
    return o;
}

// RFC 9111 §4.3.4: the document is what it was, and fresh again.
remote_document remote_documents::confirmed(std::string const& key, http::answer const& got) {
    auto const now = clock_.now();
    std::lock_guard const lock(mutex_);
    auto const found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    auto& e = found->second;
    e.fetched_at = now;
    e.fresh_until = now + http::freshness_of(got.headers, now, by_default, longest).lifetime;
    return e.document;
}

void remote_documents::keep(std::string const& key, remote_document const& d,
                            http::answer const& got) {
    auto const now = clock_.now();
    auto const fresh = http::freshness_of(got.headers, now, by_default, longest);
    std::string etag(got.headers.get("ETag"));
    std::lock_guard const lock(mutex_);
    // Nothing that can neither be used nor confirmed takes up room.
    if (!fresh.may_store || (fresh.lifetime.count() == 0 && etag.empty())) {
        entries_.erase(key);
        return;
    }
    if (!entries_.contains(key) && entries_.size() >= most_documents) {
        entries_.erase(std::ranges::min_element(
            entries_, {}, [](auto const& named) { return named.second.fetched_at; }));
    }
    entries_[key] = entry{d, std::move(etag), now, now + fresh.lifetime};
}

task<outcome<remote_document>> remote_documents::fetch(remote_question const& q,
                                                       std::string const& key) {
    place_in_line const place(fetching_);
    if (!place.is_there())
        co_return errors::temporarily_unavailable.log("too many documents are being fetched");
    auto question = request(q, key);
    auto const got = co_await client_.send(std::move(question));
    if (!got) co_return unreachable(q, got.error());
    if (got->status == 304) {
        auto same = confirmed(key, *got);
        if (same) co_return std::move(same);
    }
    auto document = document_in(q, *got);
    if (document) keep(key, *document, *got);
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
    auto question = [this, &q, &key] { return fetch(q, key); };
    auto answer = co_await flights_.run(key, std::move(question));
    if (!answer) co_return errors::temporarily_unavailable.log("a fetch was given up");
    co_return std::move(*answer);
}

}  // namespace tollgate::oauth

// JWKS cache of authorization servers: fetched once for many and kept while they cannot be had.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/single_flight.hpp"
#include "http/client/client.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

using key_set = std::shared_ptr<std::vector<verification_key> const>;

// Thread-safe.
class jwks_cache {
public:
    jwks_cache(http::client& c, std::chrono::milliseconds timeout, tollgate::clock const& time)
        : client_(c), timeout_(timeout), clock_(time) {}

    // Not older than five minutes, unless the server does not answer: then the last good set.
    // Problem 503 when there never was one, which is not asked for again within a second.
    task<outcome<key_set>> get(std::string url);
    // Asks the server again, at most every five seconds: for a kid that is not in the set. Problem
    // 503 when it did not answer, since nobody can tell then whose kid that is.
    task<outcome<key_set>> refresh(std::string url);

private:
    struct entry {
        key_set keys;  // null: never had
        time_point fetched_at{};
        // The last refresh for an unknown kid, or the last failure: not again too soon.
        time_point tried_at{};
        bool failed = false;  // the last time
        bool asked = false;   // for an unknown kid, and not answered yet: whoever has one joins
        problem why;          // of that failure
    };
    // What is known suffices for now.
    std::optional<outcome<key_set>> known(std::string const& url, bool must_be_new);
    task<outcome<key_set>> look(std::string url, bool must_be_new);
    task<outcome<key_set>> fetch(std::string const& url);
    outcome<key_set> learn(std::string const& url, outcome<std::vector<verification_key>> got);
    void stop_asking(std::string const& url);
    key_set last_good(std::string const& url);
    void make_room();

    http::client& client_;
    std::chrono::milliseconds timeout_;
    tollgate::clock const& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, entry> entries_;
    single_flight<outcome<key_set>> flights_;
};

}  // namespace tollgate::oauth

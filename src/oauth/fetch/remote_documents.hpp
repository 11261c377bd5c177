// Remote documents: JSON whose address a stranger chose, client metadata and key sets. Fetched with
// care, kept as HTTP allows.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "base/single_flight.hpp"
#include "http/client/client.hpp"
#include "http/message/caching.hpp"
#include "http/message/problem.hpp"
#include "oauth/fetch/fetch_places.hpp"

namespace tollgate::oauth {

using remote_document = std::shared_ptr<boost::json::object const>;

struct remote_question {
    std::string noun;   // "the client metadata document": the subject of sentences
    std::string owner;  // two owners share nothing (a realm)
    std::string url;
    http::allowed_addresses reach = http::allowed_addresses::only_public;
    std::size_t most = 5 << 10;  // bytes
    bool anew = false;           // do not be content with what was fetched more than 5 s ago
};

// Thread-safe. Bounded: a thousand documents, so many fetches at a time (fetch_places). Equal
// questions at the same time are one fetch.
class remote_documents {
public:
    remote_documents(http::client& c, tollgate::clock const& time) : client_(c), clock_(time) {}

    // One GET of at most five seconds, no redirect followed; 200 with a JSON object. Failures are
    // never kept (fetch_failure.hpp): 401 invalid_client for what is no such document, 503 when
    // nobody could tell or too much is under way. Then a copy that is stale serves as long as HTTP
    // allows (RFC 9111 §4.2.4), unless it must be new, and nobody is asked for 30 s.
    task<outcome<remote_document>> get(remote_question q);
    // For a document that turned out to be of no use: its author is mending it.
    void forget(std::string const& owner, std::string const& url);

private:
    struct entry {
        remote_document document;
        std::string etag;
        time_point fetched_at{};
        time_point fresh_until{};
        time_point stale_until{};
        std::optional<time_point> away_at{};  // in vain since it was fetched
    };
    remote_document known(remote_question const& q, std::string const& key);
    remote_document stale(remote_question const& q, std::string const& key, problem const& why);
    task<outcome<remote_document>> fetch(remote_question const& q, std::string const& key);
    http::outbound request(remote_question const& q, std::string const& key);
    remote_document confirmed(std::string const& key, http::client_response const& got);
    void keep(std::string const& key, remote_document const& d, http::client_response const& got);

    http::client& client_;
    tollgate::clock const& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, entry> entries_;  // guarded by mutex_
    fetch_places places_;
    single_flight<outcome<remote_document>> flights_;
};

}  // namespace tollgate::oauth

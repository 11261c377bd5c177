// Provider: somebody else's authorization server, asked as its client.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "base/single_flight.hpp"
#include "http/client/client.hpp"
#include "oauth/fetch/sent_secrets.hpp"
#include "oauth/upstream/metadata.hpp"

namespace tollgate::oauth {

using known_provider = std::shared_ptr<provider_metadata const>;

// What its token endpoint gave (RFC 6749 §5.1).
struct provider_tokens {
    std::string access_token;
    std::string token_type;
    std::string refresh_token;                       // empty: none
    std::string id_token;                            // empty: none
    std::optional<std::chrono::seconds> expires_in;  // nothing: it did not say
    boost::json::object answer;                      // all of it, secrets included
};

// What a provider said, as it came but for what it was sent: for a person to read.
struct provider_response {
    unsigned status = 0;  // 0: nothing was heard
    std::string content_type;
    std::string body;
};

struct code_redemption {
    code_redemption(std::string c, std::string v, std::string uri)
        : code(std::move(c)), verifier(std::move(v)), redirect_uri(std::move(uri)) {}

    std::string code, verifier, redirect_uri;
    std::string client_id{};                // empty: upstream.client_id; another one has no secret
    std::string resource{};                 // RFC 8707 §2.2; empty: none is named
    provider_response* response = nullptr;  // gets the answer, whatever it is
};

// Failures are problems with a sentence that names the leg (provider_failure.hpp), without any of
// the secrets that were sent. Thread-safe.
class provider {
public:
    // Both references must outlive it.
    provider(http::client& c, provider_options o, tollgate::clock const& time);

    provider_options const& options() const noexcept { return options_; }
    bool configured() const noexcept { return options_.configured(); }

    // What is configured over what is published at the issuer. A published document is kept for
    // five minutes, and the last good one for as long as the provider does not answer, which is
    // tried every thirty seconds; a failure without one is kept for a second.
    task<outcome<known_provider>> metadata();
    // What is published at the issuer now, past what is remembered, and remembered by nobody.
    task<outcome<provider_metadata>> look_up();

    // RFC 6749 §4.1.3 with PKCE (RFC 7636 §4.5), as upstream.client_id or `client_id` if given
    // (which then has no secret).
    task<outcome<provider_tokens>> redeem(std::string code, std::string verifier,
                                          std::string redirect_uri, std::string client_id = {});
    task<outcome<provider_tokens>> redeem(code_redemption r);
    // RFC 6749 §6.
    task<outcome<provider_tokens>> refresh(std::string refresh_token);
    // OpenID Connect Core §5.3. Fails with no_endpoint where there is none.
    task<outcome<boost::json::object>> userinfo(std::string access_token,
                                                provider_response* response = nullptr);

private:
    struct known {
        known_provider metadata;  // null: never had
        time_point fetched_at{};
        time_point failed_at{};
        problem why;
    };
    std::optional<outcome<known_provider>> remembered();
    task<outcome<known_provider>> discover();
    outcome<known_provider> learn(outcome<provider_metadata> got);
    // `sent`: what is secret in `body`.
    task<outcome<provider_tokens>> ask_for_tokens(std::string body, std::string client_id,
                                                  sent_secrets sent, provider_response* response);

    http::client& client_;
    provider_options options_;
    tollgate::clock const& clock_;
    std::mutex mutex_;
    known known_;  // guarded by mutex_
    single_flight<outcome<known_provider>> flights_;
};

}  // namespace tollgate::oauth

// Provider failure: what a provider said instead of what it was asked for, as one sentence that
// names the leg, the address and what to check. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/fetch/json_answer.hpp"
#include "oauth/fetch/sent_secrets.hpp"

namespace tollgate::oauth {

// One question to a provider, as failures speak of it.
struct provider_leg {
    std::string_view name;  // "token request"
    std::string_view key;   // the configuration key that names the address: "token_endpoint"
    std::string_view url;

    provider_leg(std::string_view w, std::string_view k, std::string_view u)
        : name(w), key(k), url(u) {}
};

// The provider has no such endpoint that we know of: 502 server_error.
problem no_endpoint(std::string_view what, std::string_view key);
// It could not be had at all: 504 when it took too long, else 502; temporarily_unavailable.
problem unreachable(provider_leg const& leg, boost::system::error_code why);

// 502 temporarily_unavailable: "The provider `what` (the leg, its URL). Check …".
problem provider_failed(provider_leg const& leg, std::string_view what);

// The origin that a redirect leads to, and no more of it: the rest may be for nobody else's eyes.
std::string where_to(http::client_response const& a);
// The Content-Type, fit for a sentence.
std::string type_of(http::client_response const& a);

// `why` with the status of the answer where it says to come back later (429, 503), and with its
// Retry-After (RFC 9110 §10.2.3).
problem with_retry(problem const& why, http::client_response const& a);

// The OAuth error in the place of a token answer; nothing for one that holds an access token. Some
// providers send it with status 200 (GitHub, Slack), where RFC 6749 §5.2 wants 400.
std::optional<std::string_view> error_in(boost::json::object const& token_answer);

// 200 with a JSON object that is no error. Else 502 temporarily_unavailable (5xx, a redirect, HTML,
// a lying content type), or, where the provider answers with an OAuth error (RFC 6749 §5.2), its
// status (400 for 200), its error code and its description within a sentence, without what was
// `sent`.
outcome<boost::json::object> read_answer(http_result const& got, provider_leg const& leg,
                                         sent_secrets const& sent = {});

// RFC 6749 §5.2, §4.1.2.1: nothing but the characters that error and error_description may have;
// at most 500 of them.
std::string printable(std::string_view text);

}  // namespace tollgate::oauth

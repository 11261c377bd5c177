// Records, what the authorization server remembers: as values, and their form in the store (JSON).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "http/message/problem.hpp"
#include "oauth/model/scope.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

// Seconds since the epoch, as JWT, introspection and registration speak of time (RFC 7519 §2).
std::int64_t to_epoch(time_point t) noexcept;

// A client: registered (RFC 7591), configured, or described by the document that its client_id
// is the address of (Client ID Metadata Documents).
struct client {
    std::string id;
    std::string secret_digest;  // empty: a public client
    // How it authenticates (RFC 7591 §2, token_endpoint_auth_method). Empty: with its secret, by
    // Basic or in the body as it likes; only configured clients may.
    std::string auth_method;
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grant_types;
    scope_list scope_limit;  // empty: whatever the policy grants; only configured clients have one
    // What its exchanged tokens may be for besides what the subject's token is for (RFC 8693 §2.1);
    // only configured clients have any.
    std::vector<std::string> exchange_audience;
    boost::json::object metadata;     // as registered and answered, without credentials
    std::string registration_digest;  // of the registration access token (RFC 7592 §3)
    std::int64_t issued_at = 0;       // client_id_issued_at; registered clients have one
    bool from_document = false;       // its metadata was fetched from its client_id
    // Its redirects are compared to the byte: on loopback no other port will do.
    bool exact_redirects = false;
    // Registered, and it never got a token: it goes after a while (client_places.hpp).
    bool unused = false;
    bool short_secret = false;  // guesses at it are counted; only configured clients have one
    bool configured = false;  // by whoever runs the server, who answers for what it says of itself

    // By its method: it authenticates with a secret that it got when it registered.
    bool has_secret() const noexcept;
    // It has nothing to prove itself with (RFC 6749 §2.1).
    bool is_public() const noexcept;
    // Its document proves who wrote it, but redirects to nothing but loopback: any program on the
    // user's machine can pose as this client. The consent page warns of it.
    bool can_be_impersonated() const;
    bool may_use(std::string_view grant_type) const noexcept;
    // What people are told it is called: client_name without what cannot be seen; empty: nothing.
    std::string shown_name() const;
};

// One that was found, never null: those of the configuration are shared by all requests.
using client_ptr = std::shared_ptr<client const>;

// The store's group of all that was issued to a client. No family has a name like it.
std::string client_group(std::string_view client_id);

// What a resource owner agreed to, or the part of it that one token stands for. `family` is the
// store's group: everything that came of one authorization dies together.
struct grant {
    std::string family;
    std::string client_id;  // empty: a seeded refresh token that nobody has presented yet
    std::string subject;
    std::string issuer;  // the issuer name under which /authorize was called
    scope_list scopes;
    std::vector<std::string> audience;
    std::int64_t authenticated_at = 0;  // 0: nobody logged in for it
    boost::json::object actor;          // RFC 8693 §4.1 (act): who acts for the subject
    // The RFC 7638 thumbprint of the key that must be proven with it (RFC 9449 §5, §6, §10).
    // Empty: a bearer token, a code that any key may redeem.
    std::string key{};
    bool brokered = false;  // came of a login at the provider, whose tokens we keep for it
    // Of an exchanged token (RFC 8693): the groups whose end is its own as well, which are all
    // those of the token that it was exchanged for. The first is the family of the login.
    std::vector<std::string> ancestors{};

    // The family that the login began, and that the provider's tokens are kept for.
    std::string const& login() const noexcept {
        return ancestors.empty() ? family : ancestors.front();
    }
    // The store's groups besides `family` that its records belong to.
    std::vector<std::string> other_groups() const;
};

struct authorization_code {
    oauth::grant grant;
    std::string redirect_uri;    // where the code was sent
    bool redirect_sent = false;  // the request named it: the token request must do so, too
    std::string challenge;       // RFC 7636, always S256
    std::string nonce;
    bool spoiled = false;  // its own client tried it and failed: it is over, and gave nothing
};

struct access_token {
    oauth::grant grant;
    std::string id;  // jti, and the group of what came of this token and dies with it
    time_point issued_at;
    time_point expires_at;
};

struct refresh_token {
    oauth::grant grant;
    time_point issued_at;
    time_point expires_at;
    bool used = false;  // rotated away
    // For the reuse policies. A token that nobody has used yet has no used_at.
    std::optional<time_point> used_at;
    std::string predecessor;  // digest of the token that this one was issued for
    std::string successor;    // digest of its first successor that was used
};

// What a device asks for (RFC 8628 §3.2), and what a person said to it.
struct device_authorization {
    enum class decision : unsigned char { pending, approved, denied };

    oauth::grant grant;     // without a subject until it is approved
    std::string user_code;  // without its hyphen
    decision decided = decision::pending;
    time_point expires_at;  // the store keeps it longer, to say that it expired
    std::optional<time_point> polled_at;
    std::chrono::milliseconds interval{5000};
};

// Times and `family` are the store's own fields and not part of the body.
std::string to_body(client const& c);
std::string to_body(authorization_code const& c);
std::string to_body(access_token const& t);
std::string to_body(refresh_token const& t);
std::string to_body(device_authorization const& d);

// Fail with server_error when the text is not what to_body makes: a damaged store.
outcome<client> client_from(std::string_view body);
outcome<authorization_code> code_from(std::string_view body);
outcome<access_token> access_token_from(std::string_view body);
outcome<refresh_token> refresh_token_from(std::string_view body);
outcome<device_authorization> device_from(std::string_view body);

// The fields of `c` that its metadata names.
void read_metadata(client& c);

}  // namespace tollgate::oauth

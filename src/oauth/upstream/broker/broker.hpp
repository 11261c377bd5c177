// Broker mode: for MCP clients we stay an authorization server of our own; who the person is says
// somebody else's (provider.hpp), as whose client we log them in.
//
//   /authorize   our checks and our consent page as ever; then provider_login.cpp sends the browser
//   on /callback    provider_callback.cpp: it is back. identity.cpp says who it is, what the
//                provider gave is kept (token_vault.cpp), the client gets a code of ours
//   /token       grants/refresh.cpp: what the provider gave is renewed first (renewal.cpp)
//   tools        access(): the provider's token in place of the caller's
//
// Neither side ever sees a token of the other's.
#pragma once

#include <string>

#include "http/realm/place.hpp"
#include "oauth/records/vault.hpp"
#include "oauth/upstream/broker/pending_login.hpp"
#include "oauth/upstream/broker/renewal.hpp"
#include "oauth/upstream/broker/token_vault.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

struct broker_options {
    std::string token_key;  // seals the provider's tokens; empty: dies with the process
    std::string redirect_path = "/callback";
};

// The right to call an API in the name of who logged in.
struct provider_access {
    std::string token;
    std::string userinfo_endpoint;  // of the provider; empty: it has none
};

// Thread-safe.
class broker {
public:
    // All references must outlive it.
    broker(provider& p, broker_options o, store& s)
        : provider_(p),
          options_(std::move(o)),
          logins_(s),
          tokens_(s, options_.token_key),
          renewals_(p, tokens_, s),
          records_(s) {}

    provider& upstream() noexcept { return provider_; }
    pending_logins& logins() noexcept { return logins_; }
    provider_token_vault& tokens() noexcept { return tokens_; }
    provider_renewal& renewals() noexcept { return renewals_; }

    // Where the provider sends browsers back to: it must have that registered, for every issuer
    // name and realm from which people log in.
    std::string redirect_uri(http::place const& where) const {
        return where.issuer_here() + options_.redirect_path;
    }
    // What a person is told of where they are about to log in: "login.example.com".
    std::string spoken_name() const;
    // What makes its subjects unique: its issuer, or where it is asked.
    static std::string const& name_of(provider_metadata const& m) noexcept;

    // The provider's token of the login that our own access token `caller` came of; not `refused`,
    // if that is not empty. Failures as provider_renewal, and 400 invalid_grant for a token that
    // came of no such login.
    task<outcome<provider_access>> access(std::string realm, std::string caller,
                                          std::string refused);

private:
    provider& provider_;
    broker_options const options_;
    pending_logins logins_;
    provider_token_vault tokens_;
    provider_renewal renewals_;
    vault records_;
};

}  // namespace tollgate::oauth

// Proxy before somebody else's authorization server: for clients that take this origin for it.
//
// A login goes to the provider by a redirect, everything else is asked there and the answer passed
// on. Nothing is issued here, and nothing is remembered.
#pragma once

#include <string>
#include <vector>

#include "http/client/client.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/router.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

// One endpoint of the provider, by all its names.
struct forwarded_endpoint {
    std::string_view name;                    // "token request", as failures speak of it
    std::string_view place;                   // "token endpoint"
    std::string_view key;                     // of [upstream]: "token_endpoint"
    std::string provider_metadata::*address;  // where the provider's metadata have it
    bool authenticates = false;               // clients do, and ours need not
    bool body_is_ignored = false;             // of a success (RFC 7009 §2.2)
};

class proxy {
public:
    // Both references must outlive it. `scopes`: what the MCP server asks for.
    proxy(provider& p, http::client& c, std::vector<std::string> scopes);

    // 302 to the provider's authorization endpoint, with the query as it came. A failure is a page.
    task<outcome<http::reply>> send_to_login(http::context& c);
    // The request as it came, less what belongs to this side (oauth/proxy/headers.hpp), or written
    // anew with our secret (oauth/proxy/lending.hpp), and the answer (oauth/proxy/answer.hpp). 404
    // where the provider has no such endpoint. `to` has static storage.
    task<outcome<http::reply>> forward(http::context& c, forwarded_endpoint const& to);
    // RFC 8414 for this origin (oauth/proxy/metadata.hpp).
    task<outcome<http::reply>> describe(http::context& c);

private:
    // [upstream] names this very server.
    bool leads_to_itself(http::context const& c) const;
    struct forwarded {
        http::outbound question;
        bool has_our_secret = false;
        explicit forwarded(std::string url) : question(std::move(url)) {}
    };
    forwarded prepare(http::context& c, forwarded_endpoint const& to,
                      provider_metadata const& m) const;
    bool lends_secret(http::context& c, forwarded_endpoint const& to) const;
    void add_secret(provider_metadata const& m, http::outbound& question) const;

    provider& provider_;
    http::client& client_;
    std::vector<std::string> scopes_;
    std::string via_;  // what we call ourselves on the way
};

// The routes of an authorization server in mode "proxy", for every origin and realm. `p` must
// outlive the table.
void add_proxy_routes(http::router& table, proxy& p,
                      http::endpoint_paths const& paths = *http::standard_endpoint_paths());

}  // namespace tollgate::oauth

// The test page: this server as somebody's OAuth client, for a person who wants to see a login work
// and needs a token for MCP Inspector or curl.
//
//   GET /oauth            what is configured, and what is missing
//   GET /oauth/login      begins a login (state, PKCE, nonce) and goes to the provider
//   GET /oauth/callback   redeems the code, asks userinfo, and shows both answers
#pragma once

#include <functional>
#include <string>

#include "http/client/client.hpp"
#include "http/pipeline/router.hpp"
#include "oauth/server/server.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

// Which transports of the MCP server a token can be used at.
struct test_page_transports {
    bool streamable_http = true;
    bool sse = true;
};

struct test_page_options {
    std::string mode;  // authorization_server.mode, for showing
    std::function<bool()> offered;
    std::function<test_page_transports(http::realm const&)> transports;
};

// What the handlers share. All references must outlive it.
class test_page {
public:
    test_page(server& s, provider& p, http::client& c, test_page_options o)
        : as(s), upstream(p), outbound(c), options(std::move(o)) {}

    // Our own authorization server is asked, as test_page_client: where it is the one that MCP
    // clients are sent to, and where the configuration names no other.
    bool asks_own() const noexcept { return asks_own(options.mode, upstream.options()); }
    static bool asks_own(std::string_view mode, provider_options const& p) noexcept;

    server& as;
    provider& upstream;
    http::client& outbound;
    test_page_options const options;
};

// What the page keeps for a realm: the logins that it began there.
realm_part test_page_part();

// For the MCP listener. `p` must outlive the table.
void add_test_page_routes(http::router& table, test_page& p);

}  // namespace tollgate::oauth

// Login setup of the test page: who is asked, as whom, for what, and what is missing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/pipeline/context.hpp"
#include "oauth/model/scope.hpp"
#include "oauth/test_page/test_page.hpp"
#include "oauth/upstream/metadata.hpp"

namespace tollgate::oauth {

// A setting without which there is no login.
struct missing_setting {
    std::string_view variable;  // OAUTH_CLIENT_ID
    std::string_view key;       // upstream.client_id
    bool published;             // a provider that is found by its issuer names it, too
};

struct test_page_setup {
    std::string base;      // the realm's, where links of the page begin
    std::string mcp_base;  // the same with the origin that the login comes back to
    std::string mode;
    bool own = false;
    provider_metadata provider;  // as a browser reaches it
    std::string client_id;
    bool overridden = false;  // by ?client_id=, and not the configured one
    bool has_secret = false;  // a client secret is sent
    scope_list scopes;
    std::string redirect_uri;
    std::string resource;         // empty: none is named
    bool resource_given = false;  // by ?resource=
    bool needs_agent = false;     // there are many MCP servers, and none was named
    std::string mcp_url, sse_url;
    test_page_transports transports;
    std::vector<missing_setting> missing;
    std::optional<problem> failure;  // the provider could not be found

    bool ready() const noexcept { return missing.empty() && !failure; }
    // The parameters that a link of the page carries on: "?client_id=…", or "".
    std::string carried() const;
    // Absolute: the cookie of a login must be set for the host that the login comes back to.
    std::string login_url() const;
};

// Fails with 400 for a query that cannot be read.
task<outcome<test_page_setup>> set_up(test_page& p, http::context& c);

// Our own AS of this realm as a provider: by its internal address, never through a public URL.
provider_options own_back_channel(http::place const& here);

}  // namespace tollgate::oauth

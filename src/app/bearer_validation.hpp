// Bearer validation for the MCP server: what a request must show, by whom its token is validated,
// and how a refusal words it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/client/client.hpp"
#include "http/pipeline/principal.hpp"
#include "mcp/server/server.hpp"
#include "oauth/bearer/guard.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/server/server.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate {

class bearer_rules {
public:
    // The references must outlive it. `draining`: the program takes no new connections.
    bearer_rules(config const& c, std::string internal_credential, oauth::provider& provider,
                 http::client& outbound, oauth::server& as, mcp::server& mcp,
                 tollgate::clock const& clock, std::function<bool()> draining);

    oauth::token_validator& validator() noexcept { return *validator_; }
    oauth::bearer_requirement requirement(http::context const& c) const;
    http::challenge_wording wording(http::context const& c) const;

private:
    oauth::server& as_;
    mcp::server& mcp_;
    std::unique_ptr<oauth::token_validator> validator_;
};

}  // namespace tollgate

// Upstream provider (the configuration's [upstream]), and what is done for it by the mode: proxy,
// broker, or nothing but asking it about tokens.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/listeners.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"
#include "http/client/client.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "mcp/server/server.hpp"
#include "oauth/proxy/proxy.hpp"
#include "oauth/upstream/broker/broker.hpp"
#include "oauth/upstream/provider.hpp"
#include "store/store.hpp"

namespace tollgate {

class provider_roles {
public:
    // The references must outlive it.
    provider_roles(config const& c, http::client& outbound, oauth::store& store,
                   tollgate::clock const& clock);

    oauth::provider& provider() noexcept { return provider_; }
    // Null in other modes than "proxy".
    oauth::proxy* proxy() noexcept { return proxy_.get(); }
    // Null in other modes than "broker".
    oauth::broker* broker() noexcept { return broker_.get(); }
    // How the tool make_authenticated_request reaches an API, by default the one at `url`: a broker
    // lends the token of the caller's login there instead of the caller's own.
    mcp::passthrough api(std::string url);
    // Looks up what the provider publishes at its issuer and logs one line about it: a warning when
    // logins there would fail now. Of a realm of our own it says nothing: that answers when we do.
    // Obeys cancellation.
    task<void> try_out(addresses const& own);

private:
    task<outcome<mcp::api_access>> access_by_login(std::string realm, std::string caller,
                                                   std::string refused);

    http::client& outbound_;
    oauth::provider provider_;
    std::unique_ptr<oauth::proxy> proxy_;
    std::unique_ptr<oauth::broker> broker_;
};

// The provider may be a realm of this very server, whose faults it then has: the one that `issuer`
// names by path, scenario path or host. Nothing when it names somebody else, or this server's realm
// `default`, which cannot be in front of itself.
std::optional<http::realm_address> realm_of_issuer(std::string_view issuer, addresses const& own);

}  // namespace tollgate

#include "app/upstream_roles.hpp"

#include <utility>

#include "app/translate.hpp"

namespace tollgate {

provider_roles::provider_roles(config const& c, http::client& outbound, oauth::store& store,
                               tollgate::clock const& clock)
    : outbound_(outbound), provider_(outbound, c.upstream, clock) {
    auto const& mode = c.authorization_server.mode;
    if (mode == "proxy")
        proxy_ = std::make_unique<oauth::proxy>(provider_, outbound, mcp_policy(c).scopes);
    if (mode == "broker")
        broker_ = std::make_unique<oauth::broker>(provider_, broker_options(c), store, clock);
}

mcp::passthrough provider_roles::api(std::string url) {
    mcp::passthrough p{outbound_, std::move(url)};
    if (broker_)
        p.instead = [this](std::string realm, std::string caller, std::string refused) {
            return access_by_login(std::move(realm), std::move(caller), std::move(refused));
        };
    return p;
}

task<outcome<mcp::api_access>> provider_roles::access_by_login(std::string realm,
                                                               std::string caller,
                                                               std::string refused) {
    auto found = co_await broker_->access(std::move(realm), std::move(caller), std::move(refused));
    if (!found) co_return found.error();
    mcp::api_access a;
    a.token = std::move(found->token);
    a.url = std::move(found->userinfo_endpoint);
    co_return a;
}

}  // namespace tollgate

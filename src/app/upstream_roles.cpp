#include "app/upstream_roles.hpp"

#include <utility>

#include <boost/asio/this_coro.hpp>

#include "app/translate.hpp"
#include "base/log/log.hpp"
#include "http/message/url.hpp"
#include "http/realm/resolver.hpp"

namespace tollgate {

namespace {

constexpr std::string_view local_suffix = ".localhost";

// "/r/NAME" or "/s/SCENARIO/RUN", and nothing behind it.
std::optional<http::realm_address> by_path(std::string_view path) {
    if (path.ends_with('/')) path.remove_suffix(1);
    auto const at = http::split_realm_path(path);
    if (at.rest != "/") return std::nullopt;
    if (at.named == http::realm_path::by::name)
        return http::realm_address{std::string(at.name), at.base};
    if (at.named != http::realm_path::by::scenario) return std::nullopt;
    return http::realm_address{"s." + std::string(at.scenario) + '.' + std::string(at.run),
                               at.base};
}

std::optional<http::realm_address> at_origin(http::web_address const& issuer,
                                             std::string_view origin) {
    auto const ours = http::split_url(origin);
    if (!ours) return std::nullopt;
    if (http::same_origin(issuer, *ours)) return by_path(issuer.rest);
    bool const label = issuer.host.ends_with(local_suffix) && http::is_loopback_name(ours->host);
    bool const bare = issuer.rest.empty() || issuer.rest == "/";
    if (!label || !bare || issuer.port != ours->port || issuer.tls != ours->tls)
        return std::nullopt;
    return http::realm_address{issuer.host.substr(0, issuer.host.size() - local_suffix.size()), {}};
}

std::string_view origin_in(std::string_view url) {
    auto const parts = http::split_url(url);
    return parts ? url.substr(0, url.size() - parts->rest.size()) : url;
}

}  // namespace

provider_roles::provider_roles(config const& c, http::client& outbound, oauth::store& store,
                               tollgate::clock const& clock)
    : outbound_(outbound), provider_(outbound, c.upstream, clock) {
    auto const& mode = c.authorization_server.mode;
    if (mode == "proxy")
        proxy_ = std::make_unique<oauth::proxy>(provider_, outbound, mcp_policy(c).scopes);
    if (mode == "broker")
        broker_ = std::make_unique<oauth::broker>(provider_, broker_options(c), store);
}

mcp::passthrough provider_roles::api(std::string url) {
    mcp::passthrough p{outbound_, std::move(url)};
    if (broker_)
        p.instead = [this](std::string realm, std::string caller, std::string refused) {
            return access_by_login(std::move(realm), std::move(caller), std::move(refused));
        };
    return p;
}

task<void> provider_roles::try_out(addresses const& own) {
    auto const& issuer = provider_.options().issuer;
    if (issuer.empty() || realm_of_issuer(issuer, own)) co_return;
    auto const found = co_await provider_.look_up();
    auto const state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) co_return;  // the end came first
    if (found) {
        log(log_level::info, "provider_reached", {{"issuer", issuer}});
        co_return;
    }
    log(log_level::warning, "provider_not_reached",
        {{"issuer", issuer},
         {"why", found.error().description()},
         {"note", "logins fail until it answers; see upstream.issuer"}});
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

std::optional<http::realm_address> realm_of_issuer(std::string_view issuer, addresses const& own) {
    auto const named = http::split_url(issuer);
    if (!named) return std::nullopt;
    for (auto const* url : {&own.issuer, &own.bound_issuer, &own.mcp, &own.sse, &own.bound_mcp}) {
        auto found = at_origin(*named, origin_in(*url));
        if (found) return found;
    }
    return std::nullopt;
}

}  // namespace tollgate

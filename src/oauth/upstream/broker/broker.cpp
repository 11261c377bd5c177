#include "oauth/upstream/broker/broker.hpp"

#include <utility>

#include "http/message/url.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

std::string broker::spoken_name() const {
    auto const& o = provider_.options();
    auto const& url = o.authorization_endpoint.empty() ? o.issuer : o.authorization_endpoint;
    auto const address = http::split_url(url);
    if (!address) return url;
    auto const origin = address->origin();
    return origin.substr(origin.find("//") + 2);
}

std::string const& broker::name_of(provider_metadata const& m) noexcept {
    return m.issuer.empty() ? m.token_endpoint : m.issuer;
}

task<outcome<provider_access>> broker::access(std::string realm, std::string caller,
                                              std::string refused) {
    auto const token = co_await records_.find_access(realm, caller);
    if (!token && token.error().status() != 404) co_return token.error();
    if (!token || !token->grant.brokered) {
        co_return errors::invalid_grant.because(
            "this token came of no login at the provider, so there is none of the provider's");
    }
    provider_renewal::wish w;
    w.realm = std::move(realm);
    w.family = token->grant.login();
    w.refused = std::move(refused);
    auto const grant = co_await renewals_.usable(std::move(w));
    if (!grant) co_return grant.error();
    // The token is good without it: only the address of userinfo would be missing.
    auto const known = co_await provider_.metadata();
    provider_access a;
    a.token = grant->access_token;
    if (known) a.userinfo_endpoint = (*known)->userinfo_endpoint;
    co_return a;
}

}  // namespace tollgate::oauth

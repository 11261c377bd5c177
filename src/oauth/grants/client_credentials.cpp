#include <utility>

#include "base/crypto.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

task<outcome<issued_tokens>> issue_for_credentials(server& s, http::context& c, http::form const& f,
                                                   client const& who) {
    auto const p = s.current_policy(c.realm());
    auto scopes = requested_scopes(f, *p, who);
    if (!scopes) co_return scopes.error();
    auto audience = requested_resources(f, c.place(), *p);
    if (!audience) co_return audience.error();

    token_order order;
    order.what.family = random_token(16);
    order.what.client_id = who.id;
    order.first_of_client = who.unused;
    order.what.subject = who.id;
    order.what.issuer = c.place().issuer_here();
    order.what.scopes = *scopes;
    order.what.audience = *audience;
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    co_return co_await issue_tokens(s, c, std::move(order));
}

}  // namespace tollgate::oauth

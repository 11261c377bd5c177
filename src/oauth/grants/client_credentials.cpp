#include <utility>

#include "base/crypto.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

namespace {

outcome<token_order> order_for_itself(token_request const& r) {
    auto scopes = requested_scopes(r.form, r.rules, r.who);
    if (!scopes) return scopes.error();
    auto audience = requested_resources(r.form, r.http.place(), r.rules);
    if (!audience) return audience.error();

    token_order order;
    order.grant.family = random_token(16);
    order.grant.client_id = r.who.id;
    // The first token is what a registered client is kept for (client_places.hpp).
    order.first_of_client = r.who.unused;
    order.grant.subject = r.who.id;
    order.grant.issuer = r.http.place().issuer_here();
    order.grant.scopes = *scopes;
    order.grant.audience = *audience;
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    return order;
}

task<outcome<issued_tokens>> refuse(problem why) {
    co_return why;
}

}  // namespace

task<outcome<issued_tokens>> issue_for_credentials(token_request const& r) {
    auto order = order_for_itself(r);
    return order ? issue_tokens(r.as, r.http, std::move(*order)) : refuse(order.error());
}

}  // namespace tollgate::oauth

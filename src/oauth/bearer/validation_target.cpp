#include "oauth/bearer/remote_validators.hpp"

#include "oauth/bearer/token_answer.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

task<outcome<validation_target>> find_validation_target(validator_options const& o,
                                                        http::place const& where,
                                                        validation_endpoint const& wanted) {
    validation_target target;
    target.url = o.endpoint;
    if (!target.url.empty()) co_return target;
    if (!o.upstream) {
        target.own = true;
        target.url = where.internal_issuer + where.endpoints.get()->*wanted.own_path;
        co_return target;
    }
    auto const found = co_await o.upstream->metadata();
    if (!found) co_return cannot_tell(found.error().description());
    target.url = (**found).*wanted.of_provider;
    if (target.url.empty())
        co_return cannot_tell(no_endpoint(wanted.what, wanted.key).description());
    co_return target;
}

}  // namespace tollgate::oauth

#include "oauth/client_auth/trusted_keys.hpp"

#include <utility>

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

task<outcome<std::vector<verification_key>>> trusted_keys(server& s, http::context& c,
                                                          trusted_issuer const& from, bool anew) {
    if (!from.jwks.empty()) co_return jwks_from(from.jwks);
    auto* sets = s.key_sets();
    if (!sets) co_return errors::temporarily_unavailable.log("nothing to fetch keys with");
    auto asked = anew ? sets->refresh(from.jwks_uri) : sets->get(from.jwks_uri);
    auto const keys = co_await std::move(asked);
    if (!keys) co_return errors::temporarily_unavailable.log(keys.error().log_text());
    c.note("keys", from.jwks_uri);
    co_return **keys;
}

}  // namespace tollgate::oauth

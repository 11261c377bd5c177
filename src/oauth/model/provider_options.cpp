#include "oauth/model/provider_options.hpp"

#include <algorithm>

namespace tollgate::oauth {

bool provider_options::configured() const noexcept {
    std::string const* const named[] = {&issuer,         &authorization_endpoint,
                                        &token_endpoint, &userinfo_endpoint,
                                        &jwks_uri,       &introspection_endpoint};
    return std::ranges::any_of(named, [](auto const* text) { return !text->empty(); });
}

}  // namespace tollgate::oauth

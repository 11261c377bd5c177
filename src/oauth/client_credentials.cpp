#include "oauth/client_credentials.hpp"

#include <algorithm>

#include "http/form.hpp"
#include "oauth/crypto.hpp"

namespace tollgate::oauth {

std::string basic_credentials(std::string_view id, std::string_view secret) {
    return "Basic " + to_base64(http::percent_encode(id) + ':' + http::percent_encode(secret));
}

bool takes_secret_in_body(provider_metadata const& m) {
    auto const& all = m.token_auth_methods;
    auto const has = [&](std::string_view name) {
        return std::ranges::find(all, name) != all.end();
    };
    return has("client_secret_post") && !has("client_secret_basic");
}

}  // namespace tollgate::oauth

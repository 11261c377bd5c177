#include "oauth/grant_types.hpp"

#include <algorithm>

namespace tollgate::oauth {

bool is_offered(policy const& p, std::string_view grant_type) noexcept {
    if (grant_type == grant_jwt_bearer && p.trusted_issuers.empty()) return false;
    return std::ranges::find(p.grant_types, grant_type) != p.grant_types.end();
}

bool needs_confidential_client(std::string_view grant_type) noexcept {
    return grant_type == grant_client_credentials || grant_type == grant_token_exchange;
}

std::vector<std::string_view> offered_grants(policy const& p) {
    std::vector<std::string_view> offered;
    for (auto const type : all_grants) {
        if (is_offered(p, type)) offered.push_back(type);
    }
    return offered;
}

}  // namespace tollgate::oauth

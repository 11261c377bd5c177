#include "oauth/model/supported.hpp"

#include <algorithm>

namespace tollgate::oauth {

namespace {

bool holds(std::vector<std::string> const& types, std::string_view type) noexcept {
    return std::ranges::find(types, type) != types.end();
}

// Clients that come by themselves can have it, and prove who they are where they must.
bool can_be_registered_for(policy const& p, std::string_view type) noexcept {
    if (!is_registrable(p, type)) return false;
    if (!p.dynamic_registration && !p.client_documents) return false;
    return !needs_confidential_client(type) ||
           std::ranges::any_of(p.auth_methods, [](auto const& m) { return m != "none"; });
}

std::vector<std::string_view> select(policy const& p,
                                     bool (*wanted)(policy const&, std::string_view) noexcept) {
    std::vector<std::string_view> selected;
    for (auto const type : all_grants) {
        if (wanted(p, type)) selected.push_back(type);
    }
    return selected;
}

}  // namespace

bool is_offered(policy const& p, std::string_view grant_type) noexcept {
    if (grant_type == grant_jwt_bearer && p.trusted_issuers.empty()) return false;
    return holds(p.grant_types, grant_type);
}

bool needs_confidential_client(std::string_view grant_type) noexcept {
    return grant_type == grant_client_credentials || grant_type == grant_token_exchange;
}

std::vector<std::string_view> offered_grants(policy const& p) {
    return select(p, &is_offered);
}

bool is_registrable(policy const& p, std::string_view grant_type) noexcept {
    return is_offered(p, grant_type) && holds(p.registration_grant_types, grant_type);
}

std::vector<std::string_view> registrable_grants(policy const& p) {
    return select(p, &is_registrable);
}

bool is_usable(policy const& p, std::string_view grant_type) noexcept {
    if (!is_offered(p, grant_type)) return false;
    // The test page is a client of the code grant.
    if (grant_type == grant_code || grant_type == grant_refresh) return true;
    // RFC 7521 §4.1: with an assertion, nobody needs to be a client.
    if (grant_type == grant_jwt_bearer &&
        std::ranges::any_of(p.trusted_issuers, &trusted_issuer::workloads))
        return true;
    return holds(p.configured_grant_types, grant_type) || can_be_registered_for(p, grant_type);
}

std::vector<std::string_view> usable_grants(policy const& p) {
    auto usable = select(p, &is_usable);
    // RFC 8414 §3.2: no empty list; and none at all would mean code and implicit (§2).
    return usable.empty() ? offered_grants(p) : usable;
}

}  // namespace tollgate::oauth

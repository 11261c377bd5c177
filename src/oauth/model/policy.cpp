#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

std::string default_user(policy const& p) {
    return p.users.empty() ? "demo" : p.users.front().name;
}

scope_list default_scopes(policy const& p) {
    if (p.validation == strategy::userinfo) return with_scope(p.default_scopes, "openid");
    return p.default_scopes;
}

}  // namespace tollgate::oauth

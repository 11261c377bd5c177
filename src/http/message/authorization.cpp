#include "http/message/authorization.hpp"

#include "base/crypto.hpp"
#include "base/text.hpp"

namespace tollgate::http {

bool has_bearer_token(request const& r, std::string_view token) {
    constexpr std::string_view scheme = "Bearer ";
    auto const value = r.header("Authorization");
    if (token.empty() || r.count("Authorization") != 1) return false;
    if (!iequals(value.substr(0, scheme.size()), scheme)) return false;
    return equal_in_constant_time(sha256(trim(value.substr(scheme.size()))), sha256(token));
}

}  // namespace tollgate::http

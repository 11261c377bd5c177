#include "http/message/forwarding_fields.hpp"

#include <algorithm>

#include "http/message/headers.hpp"

namespace tollgate::http {

namespace {

// "X-Forwarded" has relatives without a hyphen.
constexpr std::string_view families[] = {
    "X-Forwarded", "X-Original-",  "X-Envoy-", "X-Azure-",    "X-ARR-",    "X-ProxyUser-",
    "X-Akamai-",   "X-Vercel-",    "CF-",      "CloudFront-", "Fastly-",   "Fly-",
    "Tailscale-",  "X-Appengine-", "X-Nf-",    "X-Sucuri-",   "X-Amz-Cf-", "X-Coming-From"};
constexpr std::string_view fields[] = {
    "Forwarded",    "Forwarded-For", "X-Real-IP",           "True-Client-IP",  "X-True-Client-IP",
    "X-Client-IP",  "Client-IP",     "X-Cluster-Client-IP", "Proxy-Client-IP", "WL-Proxy-Client-IP",
    "WL-Proxy-SSL", "X-Remote-IP",   "X-Remote-Addr",       "X-Host",          "X-Rewrite-URL",
    "X-Scheme"};

}  // namespace

bool is_forwarding_field(std::string_view name) noexcept {
    auto const begins_name = [name](std::string_view family) {
        return iequals(name.substr(0, family.size()), family);
    };
    return std::ranges::any_of(families, begins_name) ||
           std::ranges::any_of(fields, [name](std::string_view f) { return iequals(name, f); });
}

}  // namespace tollgate::http

#include "control/verdict/said_once.hpp"

#include <algorithm>

namespace tollgate::control {

namespace {

struct twin {
    std::string_view rule;
    std::string_view check;  // of the official suite
};

constexpr twin twins[] = {
    {"pkce.s256", "pkce-s256-method-used"},
    {"pkce.verifier", "pkce-code-verifier-sent"},
    {"pkce.matches", "pkce-verifier-matches-challenge"},
    {"resource.sent", "resource-parameter-in-authorization"},
    {"resource.same", "resource-parameter-consistency"},
    {"resource.form", "resource-parameter-valid-uri"},
    {"secret.endpoint", "sep-2352-no-reuse-on-as-change"},
    {"storm.authorize", "scope-retry-limit"},
    {"storm.token", "wif-no-retry"},
    {"dpop.jti", "sep-1932-client-fresh-proof"},
    {"mcp.version_header", "sep-2575-http-client-sends-version-header"},
    {"mcp.method_header", "sep-2243-client-includes-standard-headers"},
    {"mcp.name_header", "sep-2243-client-includes-standard-headers"},
};

}  // namespace

bool says_the_same(scenario const& s, std::string_view rule) noexcept {
    return std::ranges::any_of(twins, [&](twin const& t) {
        return t.rule == rule &&
               std::ranges::find(s.expectations, t.check, &expectation::id) != s.expectations.end();
    });
}

}  // namespace tollgate::control

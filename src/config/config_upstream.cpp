// [upstream]: what it means for the rest of the configuration, and what it must name.
#include <algorithm>

#include "config/formats.hpp"
#include "config/loading.hpp"

namespace tollgate {

bool config::has_foreign_tokens() const {
    auto const& mode = authorization_server.mode;
    return mode == "proxy" || (mode != "broker" && upstream.configured());
}

}  // namespace tollgate

namespace tollgate::settings {

void ask_for_known_scopes(loading& l) {
    auto& c = l.result;
    if (c.has_foreign_tokens() && !l.given("mcp.scopes")) c.mcp.scopes = c.upstream.scopes;
}

void proxy_knows_its_provider(loading& l) {
    auto const& u = l.result.upstream;
    if (l.result.authorization_server.mode != "proxy" || !u.issuer.empty()) return;
    if (!u.authorization_endpoint.empty() && !u.token_endpoint.empty()) return;
    l.refuse("authorization_server.mode",
             "\"proxy\" needs upstream.issuer, or upstream.authorization_endpoint and "
             "upstream.token_endpoint");
}

void provider_can_be_asked(loading& l) {
    auto const& c = l.result;
    auto const& strategy = c.validation.strategy;
    if (!c.has_foreign_tokens() || c.mcp.auth == "none") return;
    auto const refuse = [&](std::string_view needs) {
        l.refuse("validation.strategy", in_quotes(strategy) + ' ' + std::string(needs));
    };
    if (strategy == "local")
        return refuse(
            "looks tokens up where this program issues them, and they come from the provider of "
            "[upstream]; use \"introspection\", \"userinfo\" or \"jwt\"");
    auto const& u = c.upstream;
    if (!u.issuer.empty()) return;
    // RFC 9068 section 4: wherever the keys are, the token must name their owner.
    if (strategy == "jwt") return refuse("needs upstream.issuer, which the tokens must name");
    bool const by_userinfo = strategy == "userinfo";
    auto const& endpoint = by_userinfo ? u.userinfo_endpoint : u.introspection_endpoint;
    if (!c.validation.endpoint.empty() || !endpoint.empty()) return;
    refuse("needs upstream.issuer, upstream." + strategy + "_endpoint or validation.endpoint");
}

}  // namespace tollgate::settings

#include "oauth/tokens/live_token.hpp"

#include "http/pipeline/principal.hpp"
#include "oauth/bearer/token_header.hpp"

namespace tollgate::oauth {

namespace {

// Our own validator asks in the name of somebody whose proof was made for another URL: it gets to
// know the key and checks the proof itself.
dpop_rules rules_for(server& s, http::context const& c) {
    return s.is_internal(c.request()) ? dpop_rules() : s.dpop(c);
}

task<outcome<access_token>> live(server& s, http::context& c, header_token shown) {
    auto found = co_await s.records(c).find_access(c.realm().name(), shown.token);
    if (!found) {
        if (found.error().status() != 404) co_return found;
        co_return http::challenge::invalid_token(c, {}, "unknown access token");
    }
    if (s.is_internal(c.request())) co_return found;
    auto const rules = rules_for(s, c);
    auto why = broken_binding(shown, found->grant.key, rules);
    if (why.empty()) {
        // Last: a proof that opened nothing leaves no note (RFC 9449 §11.1).
        auto const used = use_up_proof(c, rules, {}, shown);
        if (!used) co_return used.error();
        co_return found;
    }
    if (is_bound_bearer(shown, found->grant.key, rules))
        co_return http::challenge::bound_token(c, {}, std::move(why));
    co_return http::challenge::invalid_token(c, {}, std::move(why));
}

}  // namespace

task<outcome<access_token>> presented_token(server& s, http::context& c) {
    auto const rules = rules_for(s, c);
    auto shown = presented_access_token(c, rules, {});
    if (!shown) co_return shown.error();
    if (!*shown) co_return http::challenge::missing_token(c, {});
    co_return co_await live(s, c, std::move(**shown));
}

task<outcome<access_token>> live_token(server& s, http::context& c, std::string secret) {
    header_token shown;
    shown.token = std::move(secret);
    co_return co_await live(s, c, std::move(shown));
}

}  // namespace tollgate::oauth

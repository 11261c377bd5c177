#include "oauth/guard.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

#include "http/context.hpp"
#include "http/log.hpp"
#include "oauth/crypto.hpp"

namespace tollgate::oauth {

namespace {

namespace challenge = http::challenge;

constexpr std::chrono::seconds ask_again_after{1};

// Shared with every recheck, which may outlive the exchange and the layer.
struct guard {
    token_validator& validator;
    std::function<bearer_requirement(http::realm const&)> requirement;

    std::mutex mutex;
    std::set<std::string> without_audience;  // strategies that were told of already

    guard(token_validator& v, std::function<bearer_requirement(http::realm const&)> r)
        : validator(v), requirement(std::move(r)) {}
};
using guard_ptr = std::shared_ptr<guard>;

// A strategy that does not reveal the audience cannot tell a token that was meant for somebody
// else: the operator should read that once, and not with every request.
void tell_of_missing_audience(guard& g, std::string const& strategy) {
    {
        std::lock_guard const lock(g.mutex);
        if (!g.without_audience.insert(strategy).second) return;
    }
    http::log(http::log_level::warning, "audience_not_checked",
              {{"strategy", strategy},
               {"why", "this validation strategy does not reveal whom a token is meant for"}});
}

// Why a principal may not come in here at all, for the log; empty when it may.
std::string objection(guard& g, http::principal const& who, http::place const& where,
                      http::time_point now) {
    // RFC 8707 §2 and RFC 9068 §4: a token for somebody else is no token.
    if (who.audience.empty())
        tell_of_missing_audience(g, who.strategy);
    else if (std::ranges::none_of(who.audience,
                                  [&](auto const& uri) { return where.is_own_resource(uri); }))
        return "audience: meant for " + who.audience.front();
    if (who.expires_at && *who.expires_at <= now) return "expired";
    return {};
}

// The question behind an open stream, asked again and again: owns all that it needs.
struct repeated_question {
    guard_ptr asked;
    std::string token;
    http::place where;
    http::clock const& clock;
    std::optional<http::time_point> expires_at;  // as the first answer said

    repeated_question(guard_ptr g, std::string t, http::place const& w, http::clock const& c,
                      std::optional<http::time_point> e)
        : asked(std::move(g)), token(std::move(t)), where(w), clock(c), expires_at(e) {}
};

problem not_valid_any_more(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid any more.")
        .log(std::move(why));
}

task<outcome<http::principal>> ask_again(std::shared_ptr<repeated_question const> q) {
    // First what needs no answer: a provider that is away cannot prolong what it said before.
    if (q->expires_at && *q->expires_at <= q->clock.now()) co_return not_valid_any_more("expired");
    auto who = co_await q->asked->validator.validate(q->token, q->where);
    if (!who) {
        if (who.error().status() == 403) co_return who.error().at(401);
        co_return who.error();
    }
    auto why = objection(*q->asked, *who, q->where, q->clock.now());
    if (!why.empty()) co_return not_valid_any_more(std::move(why));
    co_return std::move(*who);
}

problem translate(http::context const& c, problem const& p,
                  std::vector<std::string> const& scopes) {
    if (p.status() == 401) return challenge::invalid_token(c, scopes, p.log_text());
    if (p.status() == 403) return challenge::insufficient_scope(c, scopes).log(p.log_text());
    return challenge::cannot_ask(p.log_text(), ask_again_after);
}

// Decides, and leaves the credential on the context.
task<outcome<void>> admit(guard_ptr g, http::context& c, bearer_requirement const& required) {
    auto found = bearer_token(c);
    if (!found) co_return found.error();
    if (!*found && required.anonymous_too) co_return outcome<void>();
    if (!*found) co_return challenge::missing_token(c, required.scopes);
    std::string const token = std::move(**found);

    auto who = co_await g->validator.validate(token, c.place());
    if (!who) co_return translate(c, who.error(), required.scopes);
    c.note("subject", who->subject);
    if (!who->client_id.empty()) c.note("client", who->client_id);

    auto why = objection(*g, *who, c.place(), c.now());
    if (!why.empty()) co_return challenge::invalid_token(c, required.scopes, std::move(why));
    for (auto const& scope : required.scopes)
        if (!who->has_scope(scope))
            co_return challenge::insufficient_scope(c, required.scopes).log("lacks " + scope);

    auto question =
        std::make_shared<repeated_question const>(g, token, c.place(), c.clock(), who->expires_at);
    http::credential credential;
    credential.token = token;
    credential.digest = digest_of(token);
    credential.who = std::move(*who);
    credential.recheck = [question] { return ask_again(question); };
    c.authenticate(std::move(credential));
    co_return outcome<void>();
}

task<outcome<http::reply>> guarded(guard_ptr g, http::context& c, http::handler const& next) {
    auto const required = g->requirement(c.realm());
    if (required.required) {
        auto const admitted = co_await admit(g, c, required);
        if (!admitted) co_return admitted.error();
    }
    auto answer = co_await next(c);
    co_return std::move(answer);
}

bool is_form(http::request const& r) {
    return !r.body.empty() &&
           http::media_type(r.header("Content-Type")) == "application/x-www-form-urlencoded";
}

// RFC 6750 §2: at most one way of sending a token per request; §5.3 advises against the query,
// and OAuth 2.1 has dropped it. We take the header and nothing else.
outcome<void> only_in_the_header(http::context& c) {
    if (c.request().count("Authorization") > 1)
        return challenge::malformed(c, "there is more than one Authorization header");
    if (!c.request().query.empty()) {
        auto const query = c.query();
        if (!query) return challenge::malformed(c, query.error().description());
        if ((*query)->has("access_token"))
            return challenge::malformed(c, "an access token does not belong into the query");
    }
    if (is_form(c.request())) {
        auto const form = c.body_form();
        if (!form) return challenge::malformed(c, form.error().description());
        if ((*form)->has("access_token"))
            return challenge::malformed(c, "send the access token in the Authorization header");
    }
    return {};
}

// RFC 9110 §5.6.2.
bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

}  // namespace

bool is_b64token(std::string_view text) noexcept {
    while (text.ends_with('='))
        text.remove_suffix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("-._~+/").find(c) != std::string_view::npos;
    });
}

outcome<std::optional<std::string>> bearer_token(http::context& c) {
    if (auto alone = only_in_the_header(c); !alone) return alone.error();
    auto value = c.request().header("Authorization");
    auto const scheme_end = std::ranges::find_if_not(value, is_token_character);
    auto const scheme = value.substr(0, static_cast<std::size_t>(scheme_end - value.begin()));
    // RFC 9110 §11.1: schemes compare without case. Another scheme is no bearer token.
    if (!http::iequals(scheme, "Bearer")) return std::optional<std::string>();
    value.remove_prefix(scheme.size());
    // RFC 6750 §2.1: "Bearer" 1*SP b64token.
    auto const token = value.substr(std::min(value.find_first_not_of(' '), value.size()));
    if (!value.starts_with(' ') || !is_b64token(token)) {
        return challenge::malformed(
            c, "the Authorization header is not \"Bearer\", at least one space and a token");
    }
    return std::optional<std::string>(token);
}

http::layer bearer_guard(token_validator& validator,
                         std::function<bearer_requirement(http::realm const&)> requirement) {
    auto shared = std::make_shared<guard>(validator, std::move(requirement));
    return [shared](http::context& c, http::handler const& next) {
        return c.guarded() ? guarded(shared, c, next) : next(c);
    };
}

}  // namespace tollgate::oauth

#include "oauth/bearer/guard.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

#include "base/log/log.hpp"
#include "base/time_shift.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/token_checks.hpp"

namespace tollgate::oauth {

namespace {

namespace challenge = http::challenge;

constexpr std::chrono::seconds ask_again_after{1};

// Shared with every recheck, which may outlive the exchange and the layer.
struct guard : std::enable_shared_from_this<guard> {
    token_validator& validator;
    std::function<bearer_requirement(http::context const&)> requirement;

    // For the three sets below: requests of all cores tell of it.
    std::mutex mutex;
    std::set<std::string> without_audience;  // strategies that were told of already
    std::set<std::string> without_key;       // likewise
    std::set<std::string> without_scopes;    // likewise

    guard(token_validator& v, std::function<bearer_requirement(http::context const&)> r)
        : validator(v), requirement(std::move(r)) {}
};
using guard_ptr = std::shared_ptr<guard>;

// A strategy that does not reveal the audience cannot tell a token that was meant for somebody
// else: the operator should read that once, and not with every request.
bool is_news(guard& g, std::set<std::string>& told, std::string const& strategy) {
    std::lock_guard const lock(g.mutex);
    return told.insert(strategy).second;
}

void tell_of_missing_audience(guard& g, std::string const& strategy) {
    if (!is_news(g, g.without_audience, strategy)) return;
    log(log_level::warning, "audience_not_checked",
        {{"strategy", strategy},
         {"why", "this validation strategy does not reveal whom a token is meant for"}});
}

void tell_of_missing_key(guard& g, std::string const& strategy) {
    if (!is_news(g, g.without_key, strategy)) return;
    log(log_level::warning, "key_binding_not_checked",
        {{"strategy", strategy},
         {"why", "this validation strategy does not reveal which key a token is bound to"}});
}

void tell_of_missing_scopes(guard& g, http::principal const& who) {
    if (who.scopes || !is_news(g, g.without_scopes, who.strategy)) return;
    log(log_level::warning, "scope_not_checked",
        {{"strategy", who.strategy},
         {"why", "the answer about a token does not say which scopes it has"}});
}

// RFC 9449 §7.1, §7.2.
std::string wrong_key(guard& g, http::context& c, header_token const& shown,
                      http::principal const& who, dpop_rules const& rules) {
    if (shown.dpop && !who.key) tell_of_missing_key(g, who.strategy);
    auto why = broken_binding(shown, who.key, rules);
    if (!why.empty() && !shown.dpop) {
        auto style = c.challenges();
        style.mention_dpop = true;
        c.challenge_with(std::move(style));
    }
    return why;
}

// Why a principal may not come in here at all, for the log; empty when it may.
std::string objection(guard& g, http::principal const& who, http::place const& where,
                      time_point now, token_checks const& checks) {
    // RFC 8707 §2 and RFC 9068 §4: a token for somebody else is no token.
    if (checks.audience && who.audience.empty())
        tell_of_missing_audience(g, who.strategy);
    else if (checks.audience && std::ranges::none_of(who.audience, [&](auto const& uri) {
                 return where.is_own_resource(uri);
             }))
        return "audience: meant for " + who.audience.front();
    if (checks.expiry && who.expires_at && *who.expires_at <= now) return "expired";
    return {};
}

outcome<http::principal> with_opinions(token_checks const& checks, outcome<http::principal> said,
                                       std::string const& digest) {
    for (auto const& opinion : checks.opinions)
        said = opinion->about(std::move(said), digest);
    return said;
}

// The question behind an open stream, asked again and again: owns all that it needs.
struct repeated_question {
    guard_ptr asked;
    presented_token token;
    http::place where;
    shifted_clock clock;                       // of the realm
    std::optional<time_point> expires_at;      // as the first answer said
    std::shared_ptr<token_checks const> kept;  // null: the usual checks

    repeated_question(guard_ptr g, http::context const& c, std::shared_ptr<token_checks const> k)
        : asked(std::move(g)),
          token(c.who()->token),
          where(c.place()),
          clock(c.clock()),
          expires_at(c.who()->who.expires_at),
          kept(std::move(k)) {}
};

problem not_valid_any_more(std::string why) {
    return problem(401, "invalid_token", "The access token is not valid any more.")
        .log(std::move(why));
}

task<outcome<http::principal>> ask_again(std::shared_ptr<repeated_question const> q) {
    auto const& checks = checks_of(q->kept);
    // First what needs no answer: a provider that is away cannot prolong what it said before.
    bool const over = q->expires_at && *q->expires_at <= q->clock.now();
    if (over && checks.expiry) co_return not_valid_any_more("expired");
    auto said = co_await q->asked->validator.validate(q->token, q->where);
    auto who = with_opinions(checks, std::move(said), q->token.digest);
    if (!who) {
        // Within an open stream there is no answer left to step up with: it ends as with a dead
        // token.
        if (who.error().status() == 403) co_return who.error().at(401);
        co_return who.error();
    }
    auto why = objection(*q->asked, *who, q->where, q->clock.now(), checks);
    if (!why.empty()) co_return not_valid_any_more(std::move(why));
    co_return std::move(*who);
}

http::credential::question question_of(guard& g, http::context const& c,
                                       std::shared_ptr<token_checks const> kept) {
    auto asked =
        std::make_shared<repeated_question const>(g.shared_from_this(), c, std::move(kept));
    return [asked = std::move(asked)] { return ask_again(asked); };
}

problem translate(http::context const& c, problem const& p, bearer_requirement const& required) {
    auto const& scopes = required.scopes;
    if (p.status() == 401) return challenge::invalid_token(c, scopes, p.log_text());
    if (p.status() == 403) return challenge::insufficient_scope(c, scopes).log(p.log_text());
    if (required.unreachable == unreachable_answer::unauthorized)
        return challenge::not_asked(c, scopes, p.log_text());
    return challenge::cannot_ask(p.log_text(), ask_again_after);
}

// Decides by what the strategy said, and leaves the credential on the context.
outcome<void> judge(guard& g, http::context& c, bearer_requirement const& required,
                    header_token& shown, presented_token& asked, outcome<http::principal>& who,
                    std::shared_ptr<token_checks const> const& kept) {
    auto const& checks = checks_of(kept);
    if (!checks.opinions.empty()) who = with_opinions(checks, std::move(who), asked.digest);
    if (!who) return translate(c, who.error(), required);
    who->own_issuer = c.place().is_own_issuer(who->issuer);
    c.facts().subject = who->subject;
    c.facts().client_id = who->client_id;

    // Whom the token is for, then its key: only for a token that is good here is the proof used up
    // (RFC 9449 §11.1), and scopes come last, so that 403 is told to nobody who lacks the key.
    auto why = objection(g, *who, c.place(), c.now(), checks);
    if (!why.empty()) return challenge::invalid_token(c, required.scopes, std::move(why));
    if (checks.key) why = wrong_key(g, c, shown, *who, required.dpop);
    if (!why.empty() && is_bound_bearer(shown, who->key, required.dpop))
        return challenge::bound_token(c, required.scopes, std::move(why));
    if (!why.empty()) return challenge::invalid_token(c, required.scopes, std::move(why));
    auto const used = use_up_proof(c, required.dpop, required.scopes, shown);
    if (!used) return used.error();
    if (!required.scopes.empty()) tell_of_missing_scopes(g, *who);
    for (auto const& scope : required.scopes)
        if (checks.scopes && !who->has_scope(scope))
            return challenge::insufficient_scope(c, required.scopes).log("lacks " + scope);

    http::credential credential;
    credential.digest = std::move(asked.digest);
    credential.token = std::move(shown.token);
    credential.who = std::move(*who);
    if (kept)
        credential.recheck = [&g, kept](auto const& of) { return question_of(g, of, kept); };
    else
        credential.recheck = [&g](auto const& of) { return question_of(g, of, nullptr); };
    c.authenticate(std::move(credential));
    return {};
}

task<outcome<void>> admit(guard& g, http::context& c, bearer_requirement const& required) {
    auto found = presented_access_token(c, required.dpop, required.scopes);
    if (!found) co_return found.error();
    if (!*found && required.anonymous_too) co_return outcome<void>();
    if (!*found) co_return challenge::missing_token(c, required.scopes);
    auto const kept = c.kept<token_checks>();
    presented_token asked((*found)->token);
    auto who = co_await g.validator.validate(asked, c.place());
    co_return judge(g, c, required, **found, asked, who, kept);
}

// RFC 9449 §8.2, §9: the next nonce comes with any answer to who uses them.
void add_nonce(http::context const& c, dpop_rules const& rules, outcome<http::reply>& answer) {
    if (!rules.nonce || !c.challenges().tried_dpop) return;
    auto nonce = rules.state->nonce(dpop_side::resource, c.now());
    if (answer)
        answer->headers.set(dpop_nonce_header, std::move(nonce));
    else
        answer = answer.error().with(std::string(dpop_nonce_header), std::move(nonce));
}

task<outcome<http::reply>> run_guarded(guard& g, http::context& c, http::handler const& next,
                                       bearer_requirement required) {
    if (required.required) {
        auto const admitted = co_await admit(g, c, required);
        if (!admitted) co_return admitted.error();
    }
    auto answer = co_await next(c);
    add_nonce(c, required.dpop, answer);
    co_return std::move(answer);
}

// `g` is that of the layer, which outlives every exchange.
task<outcome<http::reply>> pass(guard& g, http::context& c, http::handler const& next) {
    if (!c.guarded()) return next(c);
    auto required = g.requirement(c);
    bool const open = !required.required && !required.dpop.nonce;
    return open ? next(c) : run_guarded(g, c, next, std::move(required));
}

}  // namespace

http::layer bearer_guard(token_validator& validator,
                         std::function<bearer_requirement(http::context const&)> requirement) {
    auto shared = std::make_shared<guard>(validator, std::move(requirement));
    return [shared](http::context& c, http::handler const& next) { return pass(*shared, c, next); };
}

}  // namespace tollgate::oauth

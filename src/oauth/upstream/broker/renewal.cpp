#include "oauth/upstream/broker/renewal.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "http/message/headers.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/upstream/identity.hpp"

namespace tollgate::oauth {

namespace asio = boost::asio;

namespace {

// A token is renewed a little before its end, for it has a way to go yet.
constexpr std::chrono::seconds longest_margin{30};

time_point::duration margin_of(provider_grant const& g) {
    time_point::duration const most = longest_margin;
    return std::min(most, (*g.expires_at - g.issued_at) / 10);
}

problem over(std::string_view why) {
    return errors::invalid_grant.because("the login at the provider is over (" + std::string(why) +
                                         "); log in again");
}

problem unknown_here(problem const& why) {
    if (why.status() != 404 && why.error() != "group_dead") return why;
    return over("its tokens are not known here any more");
}

// The store, in the words of the vault: neither "not there" nor "somebody else was first".
bool store_is_away(problem const& why) {
    return why.status() != 404 && why.status() != 409;
}

std::string name_of(provider_renewal::wish const& w) {
    return w.realm + ' ' + w.family;
}

problem not_now(std::string const& why) {
    return errors::temporarily_unavailable.because(why);
}

// When the provider says to come back, it is then.
problem not_now(std::string const& why, problem const& refusal) {
    auto const when = refusal.headers().get("Retry-After");
    if (when.empty()) return not_now(why);
    return problem(503, errors::temporarily_unavailable.error(), why)
        .with("Retry-After", std::string(when));
}

// That the refresh token is dead: RFC 6749 §5.2, and what GitHub and Slack say in its place.
bool ends_the_login(problem const& refusal) {
    constexpr std::string_view codes[] = {"invalid_grant", "bad_refresh_token",
                                          "invalid_refresh_token"};
    return refusal.status() < 500 && std::ranges::find(codes, refusal.error()) != std::end(codes);
}

// RFC 6749 §6: without a new refresh token the old one stays good.
provider_grant renewed(provider_grant const& before, provider_tokens t, time_point now) {
    provider_grant next;
    next.access_token = std::move(t.access_token);
    next.refresh_token = t.refresh_token.empty() ? before.refresh_token : t.refresh_token;
    next.subject = before.subject;
    next.issued_at = now;
    if (t.expires_in) next.expires_at = now + *t.expires_in;
    return next;
}

}  // namespace

bool provider_renewal::is_good(state const& s, wish const& w) const {
    auto const& g = s.found.grant;
    if (!w.refused.empty() && g.access_token == w.refused) return false;
    if (!g.expires_at) return true;
    // What cannot be renewed is used to its end.
    auto const margin = g.refresh_token.empty() ? time_point::duration(0) : margin_of(g);
    return store_.now(w.realm) + margin < *g.expires_at;
}

task<outcome<provider_renewal::state>> provider_renewal::look(wish const& w) {
    auto const name = name_of(w);
    auto found = co_await tokens_.find(w.realm, w.family);
    if (!found && found.error().status() == 404) unsaved_.forget(name);
    if (!found) co_return unknown_here(found.error());
    state s;
    s.found = std::move(*found);
    s.stored = s.found.grant.access_token;
    auto held = unsaved_.find(name, s.stored, store_.now(w.realm));
    s.unsaved = held.has_value();
    if (held) s.found.grant = std::move(*held);
    co_return s;
}

// Whoever writes at the same time may want it kept for less long.
task<void> provider_renewal::keep_longer(wish const& w) {
    if (!w.keep_until) co_return;
    for (;;) {
        auto found = co_await tokens_.find(w.realm, w.family);
        if (!found || *w.keep_until <= found->keep_until) co_return;
        found->keep_until = *w.keep_until;
        auto const done = co_await tokens_.replace(w.realm, w.family, *found);
        if (done) co_return;
        if (done.error().error() == "conflict") continue;
        log(log_level::warning, "provider_token_not_kept_longer", {{"why", done.error().error()}});
        co_return;
    }
}

task<outcome<provider_grant>> provider_renewal::usable(wish w) {
    auto const now = co_await look(w);
    if (!now) co_return now.error();
    if (is_good(*now, w) && !now->unsaved) {
        co_await keep_longer(w);
        co_return now->found.grant;
    }
    auto const name = name_of(w);
    auto question = [this, &w] { return renew_undisturbed(w); };
    // One for all: a refresh token that is sent twice may end the login (RFC 9700 §4.14.2).
    auto answer = co_await flights_.run(name, std::move(question));
    if (!answer) co_return not_now("the renewal of the provider's token was given up");
    if (*answer) co_await keep_longer(w);  // it may have been renewed on behalf of another
    co_return std::move(*answer);
}

// On a strand of its own life, which nobody can cancel; we wait for its end all the same.
task<outcome<provider_grant>> provider_renewal::renew_undisturbed(wish const& w) {
    auto const executor = co_await asio::this_coro::executor;
    auto work = renew(w);
    auto undisturbed = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    auto answer = co_await asio::co_spawn(executor, std::move(work), std::move(undisturbed));
    co_return std::move(answer);
}

task<outcome<provider_grant>> provider_renewal::renew(wish w) {
    // Again: whoever was in the air before may have brought a new one.
    auto now = co_await look(w);
    if (!now) co_return now.error();
    auto const held = now->found.grant;
    bool const good = is_good(*now, w);
    if (good && !now->unsaved) co_return held;
    // Renewed while the store was away: all that is left to do is to save it.
    if (good) co_return co_await save(w, std::move(*now), held);
    if (held.refresh_token.empty()) {
        auto ended = held;
        // It was refused, whatever its lifetime said: noted, so that nobody asks with it again.
        auto const present = store_.now(w.realm);
        ended.expires_at = std::min(held.expires_at.value_or(present), present);
        auto const noted = co_await save(w, std::move(*now), std::move(ended));
        if (!noted) co_return noted.error();
        co_return over("its token has expired and it gave none to renew it with");
    }
    auto tokens = co_await provider_.refresh(held.refresh_token);
    if (!tokens) co_return co_await refused_by_provider(w, held, tokens.error());
    auto const wrong = flaw_of_renewal(*tokens, held.subject);
    if (!wrong.empty()) {
        problem const why(400, "invalid_grant", wrong);
        co_return co_await refused_by_provider(w, held, why);
    }
    auto next = renewed(held, std::move(*tokens), store_.now(w.realm));
    auto saved = co_await save(w, std::move(*now), std::move(next));
    co_return std::move(saved);
}

// Anything but the end of the login may pass.
task<outcome<provider_grant>> provider_renewal::refused_by_provider(wish const& w,
                                                                    provider_grant const& used,
                                                                    problem why) {
    // The answer may repeat what it was sent, and this goes to the log and to the client.
    sent_secrets const known{used.access_token, used.refresh_token};
    auto const told = known.taken_out(why.description());
    log(log_level::warning, "provider_refresh_failed", {{"why", told}});
    if (!ends_the_login(why)) co_return not_now(told, why);
    // Our tokens stand for that login and end with it.
    auto const revoked = co_await store_.erase_group(w.realm, w.family);
    if (!revoked && revoked.error().status() != 404) co_return not_now("the store is away");
    co_return over(told);
}

outcome<provider_grant> provider_renewal::hold(wish const& w, state const& s, provider_grant next,
                                               problem const& why) {
    unsaved_.hold(name_of(w), s.stored, next, s.found.keep_until);
    log(log_level::warning, "provider_token_not_saved",
        {{"why", why.log_text()}, {"hint", "kept in memory, and saved when it is used next"}});
    return next;
}

// Compare and set. Who only changed how long it is kept is overruled; who renewed it was first.
task<outcome<provider_grant>> provider_renewal::save(wish const& w, state s, provider_grant next) {
    for (;;) {
        s.found.grant = next;
        auto const done = co_await tokens_.replace(w.realm, w.family, s.found);
        if (done) unsaved_.forget(name_of(w));
        if (done) co_return next;
        if (store_is_away(done.error())) co_return hold(w, s, std::move(next), done.error());
        if (done.error().error() != "conflict") co_return unknown_here(done.error());
        auto now_there = co_await tokens_.find(w.realm, w.family);
        if (!now_there && store_is_away(now_there.error()))
            co_return hold(w, s, std::move(next), now_there.error());
        if (!now_there) co_return unknown_here(now_there.error());
        if (now_there->grant.access_token != s.stored) co_return now_there->grant;
        s.found = std::move(*now_there);
    }
}

}  // namespace tollgate::oauth

#include "oauth/authorize/provider_login.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"
#include "http/pipeline/cookie.hpp"
#include "http/realm/peer.hpp"
#include "oauth/authorize/authorize.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/pages/browser_name.hpp"
#include "oauth/upstream/broker/broker.hpp"

namespace tollgate::oauth {

namespace {

// One for all logins that this browser has under way: they may overlap. A new one follows from the
// state, so that a second click, which may come before the first answer, brings the same.
std::string browser_of(server& s, http::context& c, std::string const& name,
                       std::string const& state) {
    auto const& key = s.logins(c.realm()).name_key();
    auto const value = http::cookie_value(c.request(), name);
    if (value && is_browser_name(key, upstream_cookie, *value)) return std::string(*value);
    return browser_name_of(key, upstream_cookie, state);
}

std::string joined(std::vector<std::string> const& scopes) {
    std::string text;
    for (auto const& s : scopes)
        text += text.empty() ? s : ' ' + s;
    return text;
}

// What the client wants of the login is for the provider to do: it has the person's session.
void pass_on(authorize_request const& r, parameters& to) {
    for (std::string_view const name : {"login_hint", "max_age", "ui_locales", "acr_values"}) {
        if (auto const value = r.parameters.one(name)) to.emplace_back(name, *value);
    }
    std::string prompts;
    for (auto const& p : r.prompt) {
        if (p == "consent") continue;  // that is between the person and us
        prompts += prompts.empty() ? p : ' ' + p;
    }
    if (!prompts.empty()) to.emplace_back("prompt", prompts);
}

http::reply off_to(http::context const& c, provider_metadata const& m, provider_options const& us,
                   authorize_request const& r, pending_login const& l, std::string const& state) {
    parameters p;
    p.emplace_back("response_type", "code");
    p.emplace_back("client_id", us.client_id);
    p.emplace_back("redirect_uri", l.redirect_uri);
    p.emplace_back("state", state);
    p.emplace_back("code_challenge", digest_of(l.verifier));  // RFC 7636 §4.2, S256
    p.emplace_back("code_challenge_method", "S256");
    if (!us.scopes.empty()) p.emplace_back("scope", joined(us.scopes));
    if (!l.nonce.empty()) p.emplace_back("nonce", l.nonce);
    pass_on(r, p);
    auto reply = http::redirect(http::with_query(m.authorization_endpoint, p));
    if (c.request().method == http::verb::post) reply.status = 303;  // RFC 9110 §15.4.4
    // RFC 9700 §4.2.4: the provider need not read the client's request in a Referer.
    reply.headers.set("Referrer-Policy", "no-referrer");
    return reply;
}

// What is kept of a login under way is bounded in number and in size.
std::optional<problem> no_room(server& s, http::context& c, sent_request const& sent) {
    if (sent.text.size() > pending_logins::longest_request)
        return errors::invalid_request.because("the request is longer than 16 KiB");
    auto const who = http::account_of(c.request(), c.place());
    auto const may = s.budget().logins.take(who, c.real_now());
    if (!may) return too_many_logins(may);
    return std::nullopt;
}

pending_login new_login(interaction const& v, std::string decision, std::string_view cookie) {
    auto& b = *v.s.upstream();
    pending_login l;
    l.request = v.sent.text;
    l.decision = std::move(decision);
    // PKCE of our own with the provider (RFC 9700 §2.1.1); the client's is between it and us.
    l.verifier = random_token();
    if (has_scope(b.upstream().options().scopes, "openid")) l.nonce = random_token();
    l.redirect_uri = b.redirect_uri(v.c.place());
    // By digest: who can read the store cannot pose as the browser.
    l.browser = digest_of(cookie);
    return l;
}

// A second click finds the login of the first.
task<outcome<pending_login>> keep(interaction& v, std::string const& state, pending_login login) {
    auto& logins = v.s.upstream()->logins();
    auto const until = v.c.now() + pending_logins::life;
    auto const added = co_await logins.add(v.c.realm().name(), state, login, until);
    // The store decides which of two clicks was first; only the second one has to look.
    if (added) co_return login;
    if (added.error().error() != "conflict") co_return added.error();
    auto there = co_await logins.find(v.c.realm().name(), state);
    if (!there) co_return there.error();
    co_return std::move(there->login);
}

}  // namespace

problem told_to_client(problem const& why) {
    bool const passing = why.error() == "temporarily_unavailable";
    auto const& prototype = passing ? errors::temporarily_unavailable : errors::server_error;
    return prototype.because(why.description()).log(why.description());
}

endpoint_result ask_provider(interaction& v, std::string state, std::string decision) {
    auto& provider = v.s.upstream()->upstream();
    // Before the provider is asked for anything: strangers can begin logins.
    auto const full = no_room(v.s, v.c, v.sent);
    if (full) co_return refuse(v.c, v.r, *full, "upstream_login");
    auto const found = co_await provider.metadata();
    if (!found) co_return refuse(v.c, v.r, told_to_client(found.error()), "provider");
    auto const& m = **found;
    if (m.authorization_endpoint.empty()) {
        auto const why = no_endpoint("authorization endpoint", "authorization_endpoint");
        co_return refuse(v.c, v.r, told_to_client(why), "provider");
    }
    auto const name = http::cookie_name(v.c, upstream_cookie);
    auto const browser = browser_of(v.s, v.c, name, state);
    auto login = new_login(v, std::move(decision), browser);
    auto const kept = co_await keep(v, state, std::move(login));
    if (!kept) co_return refuse(v.c, v.r, errors::temporarily_unavailable, "upstream_login");
    v.c.note("upstream", "sent to the provider");
    auto reply = off_to(v.c, m, provider.options(), v.r, *kept, state);
    auto const line = http::set_cookie(v.c, name, browser, pending_logins::life);
    reply.headers.add("Set-Cookie", line);
    co_return reply;
}

}  // namespace tollgate::oauth

#include <utility>

#include "oauth/authorize_checks.hpp"
#include "oauth/crypto.hpp"
#include "oauth/defaults.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/errors.hpp"

namespace tollgate::oauth {

namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

// To the client, with what it needs to tell this answer from another's: its own state, and the
// issuer (RFC 9207 §2, on errors as well).
http::reply send_back(http::context const& c, authorize_request const& r, parameters answer) {
    if (auto const state = r.parameters.one("state")) answer.emplace_back("state", *state);
    answer.emplace_back("iss", c.place().issuer_here());
    auto reply = http::redirect(http::with_query(r.redirect_uri, answer));
    // RFC 9110 §15.4.4: after a form the browser is to fetch the next page, not to repost it.
    if (c.request().method == http::verb::post) reply.status = 303;
    // RFC 9700 §4.2.4: the code must not leak in a Referer.
    reply.headers.set("Referrer-Policy", "no-referrer");
    return reply;
}

http::reply send_error(http::context const& c, authorize_request const& r, problem const& why) {
    parameters answer;
    answer.emplace_back("error", why.error());
    if (!why.description().empty()) answer.emplace_back("error_description", why.description());
    return send_back(c, r, std::move(answer));
}

// For the person in front of the browser, who is sent nowhere.
problem page(problem const& why, std::string_view check) {
    return why.at(400)
        .as(problem::shown_as::page)
        .log(std::string(check) + ": " + why.description());
}

task<outcome<client>> known_client(server& s, http::context& c, http::form const& f) {
    auto const id = f.one("client_id");
    if (!id) {
        auto const why = errors::invalid_request.because(
            "client_id is missing or there more than once; an MCP client registers first");
        co_return page(why, "known_client");
    }
    auto found = co_await s.find_client(c.realm().name(), *id);
    if (found) co_return found;
    if (found.error().status() != 404) co_return found.error().as(problem::shown_as::page);
    auto const why = errors::invalid_request.because("the client is unknown here");
    co_return page(why, "known_client");
}

authorization_code make_code(http::context const& c, authorize_request& r) {
    authorization_code code;
    code.what.family = random_token(16);
    code.what.client_id = r.who.id;
    code.what.subject = default_user(r.rules);
    code.what.issuer = c.place().issuer_here();
    code.what.scopes = std::move(r.scopes);
    code.what.audience = std::move(r.resources);
    code.what.authenticated_at = to_epoch(c.now());
    code.redirect_uri = r.redirect_uri;
    code.redirect_sent = r.redirect_sent;
    code.challenge = std::string(*r.parameters.one("code_challenge"));
    if (auto const nonce = r.parameters.one("nonce")) code.nonce = std::string(*nonce);
    return code;
}

endpoint_result approve(server& s, http::context& c, authorize_request& r) {
    auto const code = make_code(c, r);
    auto const secret = random_token();
    auto const expires_at = c.now() + r.rules.code_ttl;
    auto const added = co_await s.records().add_code(c.realm().name(), secret, code, expires_at);
    if (!added) {
        // RFC 6749 §4.1.2.1: a redirect cannot carry the status.
        co_return send_error(c, r, errors::temporarily_unavailable);
    }
    parameters answer;
    answer.emplace_back("code", secret);
    co_return send_back(c, r, std::move(answer));
}

}  // namespace

endpoint_result authorize_endpoint(server& s, http::context& c) {
    bool const posted = c.request().method == http::verb::post;
    auto const sent = posted ? c.body_form() : c.query();
    if (!sent) co_return page(sent.error(), "form");
    http::form const& f = **sent;
    auto const who = co_await known_client(s, c, f);
    if (!who) co_return who.error();
    c.note("client_id", who->id);
    auto const rules = s.current_policy(c.realm());
    authorize_request r{f, c.place(), *rules, *who};
    if (auto const failed = first_failure(checks_that_are_shown(), r))
        co_return page(failed->why, failed->name);
    if (auto const failed = first_failure(checks_that_redirect(), r)) {
        c.note("error", failed->why.error());
        c.note("why", std::string(failed->name) + ": " + failed->why.description());
        co_return send_error(c, r, failed->why);
    }
    co_return co_await approve(s, c, r);
}

}  // namespace tollgate::oauth

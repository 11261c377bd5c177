#include "oauth/authorize/response.hpp"

#include <algorithm>
#include <utility>

#include "base/crypto.hpp"
#include "http/page/page.hpp"
#include "oauth/authorize/consent_page.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

http::reply by_query(http::context const& c, authorize_request const& r, parameters const& answer) {
    auto reply = http::redirect(http::with_query(r.redirect_uri, answer));
    // RFC 9110 §15.4.4: after a form the browser is to fetch the next page, not to repost it.
    if (c.request().method == http::verb::post) reply.status = 303;
    // RFC 9700 §4.2.4: the code must not leak in a Referer.
    reply.headers.set("Referrer-Policy", "no-referrer");
    return reply;
}

// OAuth 2.0 Form Post Response Mode §2: a form that posts itself; without JavaScript the person
// presses the button.
http::reply by_form(authorize_request const& r, parameters const& answer) {
    http::html body;
    body.paragraph("You are being sent back to the application.");
    body << "<form method=\"post\"";
    body.attribute("action", r.redirect_uri) << ">\n";
    for (auto const& [name, value] : answer)
        body.hidden(name, value);
    body << "<div class=\"actions\"><button class=\"primary\">Continue</button></div>\n</form>\n";
    http::page page("One moment", std::move(body));
    page.forms = http::forms_lead::onwards;
    page.script = "document.forms[0].submit()";
    return http::html_page(page);
}

// RFC 9449 §10.
std::string bound_key(authorize_request const& r) {
    auto const key = r.parameters.one("dpop_jkt");
    return key && r.rules.dpop != dpop_mode::off ? std::string(*key) : std::string();
}

}  // namespace

http::reply send_back(http::context const& c, authorize_request const& r, parameters answer) {
    bool const has_state =
        std::ranges::any_of(answer, [](auto const& p) { return p.first == "state"; });
    auto const state = r.parameters.one("state");
    if (state && !has_state) answer.emplace_back("state", *state);
    answer.emplace_back("iss", c.place().issuer_here());
    return r.form_post ? by_form(r, answer) : by_query(c, r, answer);
}

http::reply send_error(http::context const& c, authorize_request const& r, problem const& why) {
    parameters answer;
    answer.emplace_back("error", why.error());
    if (!why.description().empty()) answer.emplace_back("error_description", why.description());
    return send_back(c, r, std::move(answer));
}

authorization_code make_code(http::context const& c, authorize_request const& r,
                             std::string subject, std::int64_t authenticated_at) {
    authorization_code code;
    code.grant.family = random_token(16);
    code.grant.client_id = r.who.id;
    code.grant.subject = std::move(subject);
    code.grant.issuer = c.place().issuer_here();
    code.grant.scopes = r.scopes;
    code.grant.audience = r.resources;
    code.grant.authenticated_at = authenticated_at;
    code.redirect_uri = r.redirect_uri;
    code.redirect_sent = r.redirect_sent;
    // There, and well-formed: pkce_s256 has passed for whatever gets here.
    code.challenge = std::string(*r.parameters.one("code_challenge"));
    if (auto const nonce = r.parameters.one("nonce")) code.nonce = std::string(*nonce);
    code.grant.key = bound_key(r);
    return code;
}

endpoint_result send_code(server& s, http::context& c, authorize_request const& r,
                          authorization_code const& code, std::string secret,
                          std::string decision) {
    auto answer = parameters();
    if (decision == decision_wrong_code) {
        answer.emplace_back("code", random_token());  // nobody keeps it
        co_return send_back(c, r, std::move(answer));
    }
    auto const expires_at = c.now() + r.rules.code_ttl;
    // Anybody may ask for codes, and each is kept until it lapses.
    auto& budget = s.budget().tokens;
    auto const owner = owner_of(c, r.who.id);
    // Taken first and given back: requests at the same time cannot share the last place.
    auto const counted_until = real_end(c, expires_at);
    auto const room = budget.take(owner, 1, counted_until, c.real_now());
    if (room != live_budget::spent::nothing) {
        co_return send_error(c, r, too_many_tokens(room));
    }
    auto const added = co_await s.records(c).add_code(c.realm().name(), secret, code, expires_at);
    // A second click brings the code that is there already.
    if (!added) budget.give_back(owner, 1, counted_until);
    if (!added && added.error().error() != "conflict") {
        // RFC 6749 §4.1.2.1: a redirect cannot carry the status.
        co_return send_error(c, r, errors::temporarily_unavailable);
    }
    answer.emplace_back("code", std::move(secret));
    if (decision == decision_wrong_state) answer.emplace_back("state", random_token());
    co_return send_back(c, r, std::move(answer));
}

}  // namespace tollgate::oauth

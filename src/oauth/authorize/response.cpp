#include "oauth/authorize/response.hpp"

#include <algorithm>

#include "http/page/page.hpp"

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

}  // namespace tollgate::oauth

// The authorization endpoint (RFC 6749 §3.1): from a request to an answer, or to a question.
#include <utility>

#include "http/pipeline/cors.hpp"
#include "oauth/authorize/authorize.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/authorize/interaction.hpp"
#include "oauth/pages/page_errors.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

outcome<sent_request> received(http::context& c) {
    bool const posted = c.request().method == http::verb::post;
    auto const sent = posted ? c.body_form() : c.query();
    if (!sent) return sent.error();
    auto const text = posted ? c.request().body : c.request().query;
    // A page is answered with POST alone: a link must not be able to press a button.
    if (!posted) return sent_request{std::string(text), **sent};
    return read_request(**sent, text);
}

}  // namespace

endpoint_result authorize_endpoint(server& s, http::context& c) {
    auto const sent = received(c);
    if (!sent) co_return shown(sent.error(), "form");
    auto const foreign =
        sent->answer ? http::sent_by_another_site(c.request(), c.place()) : std::nullopt;
    if (foreign) co_return *foreign;
    auto const who = co_await client_of_request(s, c, sent->parameters);
    if (!who) co_return who.error();
    c.note("client_id", who->id);
    auto const rules = s.current_policy(c.realm());
    authorize_request r{sent->parameters, c.place(), *rules, *who};
    if (auto const failed = first_failure(checks_that_are_shown(), r))
        co_return shown(failed->why, failed->name);
    if (auto const failed = first_redirecting_failure(s, c, r))
        co_return refuse(c, r, failed->why, failed->name);

    consent_visit v(s, c, *sent, r);
    auto const step = decide(r, v.session(), c.now());
    if (step.what == consent_step::kind::refuse) co_return refuse(c, r, step.why, "prompt");
    if (sent->answer) co_return co_await answer_page(v, step);
    if (step.what == consent_step::kind::ask) co_return v.ask(step);
    co_return co_await grant_at_once(v, step);
}

}  // namespace tollgate::oauth

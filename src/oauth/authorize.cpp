// The authorization endpoint (RFC 6749 §3.1): from a request to an answer, or to a question.
#include <utility>

#include "oauth/authorize_answer.hpp"
#include "oauth/authorize_checks.hpp"
#include "oauth/consent.hpp"
#include "oauth/consent_visit.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/errors.hpp"
#include "oauth/id_token_hint.hpp"

namespace tollgate::oauth {

namespace {

task<outcome<client>> known_client(server& s, http::context& c, http::form const& f) {
    auto const id = f.one("client_id");
    if (!id) {
        auto const why = errors::invalid_request.because(
            "client_id is missing or there more than once; an MCP client registers first");
        co_return shown(why, "known_client");
    }
    std::string name(*id);
    auto found = co_await s.find_client(c.place(), std::move(name));
    if (found) co_return found;
    // A client_id that leads to a document which is not as it must be.
    if (found.error().status() == 401) co_return shown(found.error(), "known_client");
    if (found.error().status() != 404) co_return found.error().as(problem::shown_as::page);
    auto const why = errors::invalid_request.because("the client is unknown here");
    co_return shown(why, "known_client");
}

outcome<sent_request> received(http::context& c) {
    bool const posted = c.request().method == http::verb::post;
    auto const sent = posted ? c.body_form() : c.query();
    if (!sent) return sent.error();
    auto const text = posted ? c.request().body : c.request().query;
    // A page is answered with POST alone: a link must not be able to press a button.
    if (!posted) return sent_request{std::string(text), **sent};
    return read_request(**sent, text);
}

std::optional<failed_check> read_hint(server& s, http::context const& c, authorize_request& r) {
    auto const hint = r.parameters.one("id_token_hint");
    if (!hint) return std::nullopt;
    auto const keys = s.state(c.realm()).keys().verifiers(id_token_algorithms(r.rules), c.now());
    auto subject = hinted_subject(*hint, keys, c.place(), r.who, c.now());
    if (!subject) return failed_check{"id_token_hint", subject.error()};
    r.hinted_subject = std::move(*subject);
    return std::nullopt;
}

http::reply refuse(http::context& c, authorize_request const& r, problem const& why,
                   std::string_view check) {
    c.note("error", why.error());
    auto const& told = why.log_text().empty() ? why.description() : why.log_text();
    c.note("why", std::string(check) + ": " + told);
    return send_error(c, r, why);
}

}  // namespace

endpoint_result authorize_endpoint(server& s, http::context& c) {
    auto const sent = received(c);
    if (!sent) co_return shown(sent.error(), "form");
    auto const who = co_await known_client(s, c, sent->parameters);
    if (!who) co_return who.error();
    c.note("client_id", who->id);
    auto const rules = s.current_policy(c.realm());
    authorize_request r{sent->parameters, c.place(), *rules, *who};
    if (auto const failed = first_failure(checks_that_are_shown(), r))
        co_return shown(failed->why, failed->name);
    auto failed = first_failure(checks_that_redirect(), r);
    if (!failed) failed = read_hint(s, c, r);
    if (failed) co_return refuse(c, r, failed->why, failed->name);

    consent_visit v(s, c, *sent, r);
    auto const step = decide(r, v.session(), c.now());
    if (step.what == consent_step::kind::refuse) co_return refuse(c, r, step.why, "prompt");
    if (sent->answer) co_return co_await answer_page(v, step);
    if (step.what == consent_step::kind::ask) co_return v.ask(step);
    co_return co_await grant_at_once(v, step);
}

}  // namespace tollgate::oauth

// The authorization endpoint (RFC 6749 §3.1): from a request to an answer, or to a question.
#include "oauth/authorize/authorize.hpp"

#include <string>
#include <utility>

#include "http/pipeline/cors.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/authorize/id_token_hint.hpp"
#include "oauth/authorize/interaction.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/pages/page_errors.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

// The request alone, or the page's answer with the request in it.
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

}  // namespace

endpoint_result authorize_endpoint(server& s, http::context& c) {
    auto const sent = received(c);
    if (!sent) co_return shown(sent.error(), "form");
    // A request may come from any site, the answer of a page only from ours.
    auto const foreign =
        sent->answer ? http::sent_by_another_site(c.request(), c.place()) : std::nullopt;
    if (foreign) co_return *foreign;
    // First whose request it is: before that there is no redirect URI that is known to be good.
    auto const who = co_await client_of_request(s, c, sent->parameters);
    if (!who) co_return who.error();
    c.facts().client_id = (*who)->id;
    auto const& rules = s.rules(c);
    authorize_request r{sent->parameters, c.place(), rules, **who};
    if (auto const failed = first_failure(checks_that_are_shown(), r))
        co_return shown(failed->why, failed->name);
    if (auto const failed = first_redirecting_failure(s, c, r))
        co_return refuse(c, r, failed->why, failed->name);

    if (s.browsers() != nullptr) {
        auto const known = co_await recall_browser(s, c);
        if (!known) co_return known.error();
    }
    interaction v(s, c, *sent, r);
    // Decided anew for an answer as well: what changed while the page was open counts.
    auto const step = decide(r, v.session(), c.now());
    if (step.kind == step_kind::refuse) co_return refuse(c, r, step.why, "prompt");
    if (sent->answer) co_return co_await answer_page(v, step);
    if (step.kind == step_kind::ask) co_return v.ask(step);
    co_return co_await grant_at_once(v, step);
}

task<outcome<client_ptr>> client_of_request(server& s, http::context& c, http::form const& f) {
    auto const id = f.one("client_id");
    if (!id) {
        auto const why = errors::invalid_request.because(
            "client_id is missing or there more than once; an MCP client registers first");
        co_return shown(why, "known_client");
    }
    std::string name(*id);
    auto found = co_await s.find_client(c, std::move(name));
    if (found) co_return found;
    co_return not_a_client(found.error());
}

std::optional<failed_check> first_redirecting_failure(server& s, http::context const& c,
                                                      authorize_request& r) {
    auto failed = first_failure(checks_that_redirect(), r);
    // The hint last: it costs the verification of a signature.
    return failed ? failed : read_hint(s, c, r);
}

http::reply refuse(http::context& c, authorize_request const& r, problem const& why,
                   std::string_view check) {
    c.facts().error = why.error();
    // The log may say more than the client is told.
    auto const& told = why.log_text().empty() ? why.description() : why.log_text();
    c.facts().refused_by = std::string(check) + ": " + told;
    return send_error(c, r, why);
}

}  // namespace tollgate::oauth

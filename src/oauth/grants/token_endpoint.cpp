#include <algorithm>
#include <array>
#include <utility>

#include "base/metrics.hpp"
#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/clients/client_grants.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/server/endpoints.hpp"
#include "oauth/tokens/dpop_binding.hpp"

namespace tollgate::oauth {

namespace {

constexpr auto counter = metric::kind::counter;
constexpr std::string_view of_granted =
    "Token requests that brought an access token, by grant (its last part where it is a URN).";
metric by_code(counter, "tollgate_grants_total{grant=\"authorization_code\"}", of_granted);
metric by_refresh(counter, "tollgate_grants_total{grant=\"refresh_token\"}", of_granted);
metric by_secret(counter, "tollgate_grants_total{grant=\"client_credentials\"}", of_granted);
metric by_assertion(counter, "tollgate_grants_total{grant=\"jwt-bearer\"}", of_granted);
metric by_exchange(counter, "tollgate_grants_total{grant=\"token-exchange\"}", of_granted);
metric by_device(counter, "tollgate_grants_total{grant=\"device_code\"}", of_granted);

struct grant_row {
    std::string_view type;
    task<outcome<issued_tokens>> (*issue)(token_request const&);
    metric* granted;
};

// What all_grants names, in its order (a test compares).
constexpr std::array grants{
    grant_row{grant_code, &issue_for_code, &by_code},
    grant_row{grant_refresh, &issue_for_refresh, &by_refresh},
    grant_row{grant_client_credentials, &issue_for_credentials, &by_secret},
    grant_row{grant_jwt_bearer, &issue_for_assertion, &by_assertion},
    grant_row{grant_token_exchange, &issue_for_exchange, &by_exchange},
    grant_row{grant_device, &issue_for_device, &by_device},
};

grant_row const* find_row(std::string_view type) {
    auto const found = std::ranges::find(grants, type, &grant_row::type);
    return found == grants.end() ? nullptr : &*found;
}

problem not_offered(policy const& p) {
    std::string offered;
    for (auto const type : usable_grants(p)) {
        if (!offered.empty()) offered += ", ";
        offered += type;
    }
    return errors::unsupported_grant_type.because("grant_type must be one of: " + offered);
}

outcome<grant_row const*> requested_grant(http::form const& f, policy const& p) {
    auto const type = f.one("grant_type");
    // RFC 6749 §3.2: "Parameters MUST NOT be included more than once." RFC 8707 §2 and RFC 8693
    // §2.1 make exceptions.
    bool const exchanging = type && *type == grant_token_exchange;
    for (auto const& [name, value] : f) {
        bool const may_repeat = name == "resource" || (exchanging && name == "audience");
        if (!may_repeat && !f.one(name))
            return errors::invalid_request.because("a parameter is there more than once");
    }
    if (!type) return errors::invalid_request.because("grant_type is missing");
    auto const* row = find_row(*type);
    if (!row || !is_offered(p, *type)) return not_offered(p);
    return row;
}

// Before a code or a refresh token is used up for an answer that cannot be given.
outcome<void> check_budget(server& s, http::context const& c, client const& who,
                           std::string_view grant_type) {
    // None of these brings a refresh token.
    bool const alone = grant_type == grant_client_credentials || grant_type == grant_jwt_bearer ||
                       grant_type == grant_token_exchange;
    std::size_t const tokens = !alone && who.may_use(grant_refresh) ? 2 : 1;
    auto const may = s.budget().tokens.ask(owner_of(c, who.id), tokens, c.real_now());
    if (may != live_budget::spent::nothing) return too_many_tokens(may);
    return {};
}

// After authentication: what a client has registered is told to nobody else.
outcome<void> check_client(server& s, http::context& c, client const& who, policy const& p,
                           std::string_view grant_type) {
    if (!who.may_use(grant_type)) return refused_grant(who, p, grant_type);
    if (who.is_public() && needs_confidential_client(grant_type)) {
        return errors::unauthorized_client.because(
            "this grant is only for clients that authenticate (RFC 6749 section 4.4)");
    }
    auto const proof = prove_key(s, c, who);
    if (!proof) return proof.error();
    // Room first: a proof is good once (RFC 9449 §11.1), and who is refused here may send it again.
    auto const room = check_budget(s, c, who, grant_type);
    if (!room) return room.error();
    return use_up_proof(s, c, *proof);
}

// No client says who it is: the grant has to be good before its proof leaves a note.
task<outcome<issued_tokens>> issue_to_nobody(server& s, http::context& c, http::form const& f,
                                             grant_row const& row) {
    client const nobody;
    auto const proof = prove_key(s, c, nobody);
    if (!proof) co_return proof.error();
    token_request const request{s, c, f, s.rules(c), nobody};
    auto issued = co_await row.issue(request);
    if (!issued) co_return issued;
    auto const used = use_up_proof(s, c, *proof);
    if (!used) co_return used.error();
    co_return issued;
}

task<outcome<issued_tokens>> exchange(server& s, http::context& c) {
    auto const sent = c.body_form();
    if (!sent) co_return sent.error();
    http::form const& f = **sent;
    auto const& p = s.rules(c);
    // Before the client: a grant that is not there costs no look-up and no guess at a secret.
    auto const row = requested_grant(f, p);
    if (!row) co_return row.error();
    c.facts().grant_type = (*row)->type;
    // RFC 7521 §4.1: with an assertion, the client need not say who it is.
    if ((*row)->type == grant_jwt_bearer && !presents_client(c.request(), f)) {
        co_return co_await issue_to_nobody(s, c, f, **row);
    }
    auto const found = co_await authenticate_client(s, c, f);
    if (!found) co_return found.error();
    client const& who = **found;
    auto const admitted = check_client(s, c, who, p, (*row)->type);
    if (!admitted) co_return admitted.error();
    token_request const request{s, c, f, p, who};
    co_return co_await (*row)->issue(request);
}

}  // namespace

endpoint_result token_endpoint(server& s, http::context& c) {
    auto const issued = co_await exchange(s, c);
    if (!issued) co_return errors::explained(issued.error());
    find_row(c.facts().grant_type)->granted->add();
    auto reply = token_reply(*issued);
    add_next_nonce(s, c, reply);
    co_return reply;
}

}  // namespace tollgate::oauth

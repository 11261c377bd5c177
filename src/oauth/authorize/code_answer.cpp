#include "oauth/authorize/code_answer.hpp"

#include <utility>

#include "base/crypto.hpp"
#include "oauth/authorize/consent_page.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

// RFC 9449 §10.
std::string bound_key(authorize_request const& r) {
    auto const key = r.parameters.one("dpop_jkt");
    return key && r.rules.dpop != dpop_mode::off ? std::string(*key) : std::string();
}

}  // namespace

authorization_code make_code(http::context const& c, authorize_request const& r,
                             std::string subject, std::int64_t authenticated_at) {
    authorization_code code;
    code.what.family = random_token(16);
    code.what.client_id = r.who.id;
    code.what.subject = std::move(subject);
    code.what.issuer = c.place().issuer_here();
    code.what.scopes = r.scopes;
    code.what.audience = r.resources;
    code.what.authenticated_at = authenticated_at;
    code.redirect_uri = r.redirect_uri;
    code.redirect_sent = r.redirect_sent;
    code.challenge = std::string(*r.parameters.one("code_challenge"));
    if (auto const nonce = r.parameters.one("nonce")) code.nonce = std::string(*nonce);
    code.what.key = bound_key(r);
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
    auto const room = budget.take(owner, 1, expires_at, c.now());
    if (room != live_budget::spent::nothing) {
        co_return send_error(c, r, too_many_tokens(room));
    }
    auto const added = co_await s.records().add_code(c.realm().name(), secret, code, expires_at);
    // A second click brings the code that is there already.
    if (!added) budget.give_back(owner, 1, expires_at);
    if (!added && added.error().error() != "conflict") {
        // RFC 6749 §4.1.2.1: a redirect cannot carry the status.
        co_return send_error(c, r, errors::temporarily_unavailable);
    }
    answer.emplace_back("code", std::move(secret));
    if (decision == decision_wrong_state) answer.emplace_back("state", random_token());
    co_return send_back(c, r, std::move(answer));
}

}  // namespace tollgate::oauth

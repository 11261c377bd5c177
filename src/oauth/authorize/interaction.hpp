// Interaction of one browser with one valid authorization request: the question, and what becomes
// of the answer.
#pragma once

#include <optional>
#include <string>

#include "oauth/authorize/checks.hpp"
#include "oauth/authorize/consent.hpp"
#include "oauth/authorize/consent_form.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

class interaction {
public:
    // All references must outlive it.
    interaction(server& s, http::context& c, sent_request const& sent, authorize_request& r);

    login_session const* session() const noexcept { return session_ ? &*session_ : nullptr; }

    // The consent page; `wrong` says why it is shown again.
    http::reply ask(consent_step const& step, std::string wrong = {}, unsigned status = 200) const;
    // The cookie of this browser where that user has logged in with it before; else empty.
    std::string_view browser_of(user const& u) const noexcept;
    // The page that was answered, when it was shown to this browser: under the name that it has now
    // or a former one.
    opened_page opened();
    // Why it was not, in words for the person.
    std::string_view sentence_of(seal_flaw f) const;
    // RFC 6749 §10.12 and common sense: one page, one answer. The secret that belongs to it, also
    // for a second click; nothing when something else was answered.
    std::optional<std::string> claim(page_seal const& page, std::string_view answer);
    // It was claimed before, when the browser had another name.
    bool repeated() const noexcept { return repeated_; }
    // What the person is told of another answer.
    outcome<http::reply> answered_before(consent_step const& step) const;
    // The browser is known from now on, and by a new name, unless the first click did that.
    task<void> log_in(user const& who, std::int64_t authenticated_at, http::reply& r) const;

    server& s;
    http::context& c;
    sent_request const& sent;
    authorize_request& r;

private:
    // Made where a cookie is read or set.
    std::string const& cookie_name() const;
    // By the name of this browser. A new one is made where a page or a login needs it: most
    // requests of a realm that asks nobody need none.
    form_binding const& binding() const;

    mutable std::string cookie_name_;
    mutable form_binding binding_;
    bool brought_cookie_ = false;
    bool new_cookie_ = false;
    bool by_former_name_ = false;  // the page that was answered
    bool repeated_ = false;
    std::optional<login_session> session_;
};

// Before an interaction, where logins outlive the process: what an earlier one remembered of this
// browser is here. 503 as a page where the store cannot say.
task<outcome<void>> recall_browser(server& s, http::context& c);

// The answer of a consent page, whatever it is.
endpoint_result answer_page(interaction& v, consent_step const& step);
// A code without a question.
endpoint_result grant_at_once(interaction& v, consent_step const& step);

}  // namespace tollgate::oauth

// One browser in front of one valid authorization request: the question, and what becomes of the
// answer.
#pragma once

#include <optional>
#include <string>

#include "oauth/authorize_checks.hpp"
#include "oauth/consent.hpp"
#include "oauth/consent_form.hpp"
#include "oauth/endpoints.hpp"

namespace tollgate::oauth {

// For the person in front of the browser, who is sent nowhere; `check` goes to the log.
problem shown(problem const& why, std::string_view check);

class consent_visit {
public:
    // All references must outlive it.
    consent_visit(server& s, http::context& c, sent_request const& sent, authorize_request& r);

    login_session const* session() const noexcept { return session_ ? &*session_ : nullptr; }

    // The consent page; `wrong` says why it is shown again.
    http::reply ask(consent_step const& step, std::string wrong = {}, unsigned status = 200) const;
    // What names the page that was answered, when it is ours (consent_form.hpp).
    std::optional<std::string> opened();
    // The cookie of this browser where that user has logged in with it before; else empty.
    std::string_view browser_of(user const& u) const noexcept;
    // The browser is known from now on, and by a new name, unless the first click did that.
    void log_in(user const& who, std::int64_t authenticated_at, http::reply& r) const;

    server& s;
    http::context& c;
    sent_request const& sent;
    authorize_request& r;

private:
    std::string cookie_name_;
    form_binding binding_;
    bool new_cookie_ = false;
    bool second_click_ = false;
    std::optional<login_session> session_;
};

// The answer of a consent page, whatever it is.
endpoint_result answer_page(consent_visit& v, consent_step const& step);
// A code without a question.
endpoint_result grant_at_once(consent_visit& v, consent_step const& step);

}  // namespace tollgate::oauth

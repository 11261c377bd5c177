// Consent decision: a valid authorization request is granted at once, asked about or refused. Pure.
#pragma once

#include "base/clock.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/server/browser_sessions.hpp"

namespace tollgate::oauth {

enum class step_kind {
    grant,   // nobody needs to be asked
    ask,     // as `who`; with `who` empty: log in first
    refuse,  // OpenID Connect Core §3.1.2.6
};

struct consent_step {
    step_kind kind = step_kind::refuse;
    user const* who = nullptr;          // points into the policy
    user const* suggested = nullptr;    // who to preselect where a login is needed
    std::int64_t authenticated_at = 0;  // of `who`, seconds since the epoch
    problem why;
};

// `session` is what the browser is remembered by; nullptr: nothing.
consent_step decide(authorize_request const& r, login_session const* session, time_point now);

// The login of `subject` in this browser, which the request can be answered with: of a user of ours
// who need not log in anew for it; nullptr when there is none.
account const* standing_login(authorize_request const& r, login_session const* session,
                              std::string_view subject, time_point now);

// What `who` agrees to by approving the request.
agreement agreement_of(authorize_request const& r, user const& who);

}  // namespace tollgate::oauth

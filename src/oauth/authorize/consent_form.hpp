// Consent form: the whole authorization request travels in it, sealed.
//
// The request is checked again from the start when it comes back, so that whatever changed
// meanwhile (client, redirects, policy) counts, and nothing has to be kept for a page that nobody
// answers. The seal binds it to the realm, to the browser (its cookie) and to every byte of the
// request (RFC 6749 §10.12): nobody else can have made it.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "http/message/form.hpp"
#include "http/page/html.hpp"
#include "oauth/pages/page_seal.hpp"

namespace tollgate::oauth {

// An authorization request as it was sent, application/x-www-form-urlencoded, and the answer of
// the page that it was shown on, when that is what came.
struct sent_request {
    std::string text;
    http::form parameters;
    http::form const* answer = nullptr;  // decision, user, password; nullptr: a request of its own
};

// Takes what was sent apart. Fails with 400 invalid_request where the text is malformed.
outcome<sent_request> read_request(http::form const& sent, std::string_view text);

// The hidden fields of a page that asks `who` about the request.
http::html hidden_request(form_binding const& with, std::string_view text, std::string_view who,
                          time_point expires_at);

// The seal of the page that was answered.
opened_page opened_seal(form_binding const& with, sent_request const& sent, time_point now);

}  // namespace tollgate::oauth

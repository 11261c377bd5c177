// The form of a consent page: the whole authorization request travels in it, sealed.
//
// The request is checked again from the start when it comes back, so that whatever changed
// meanwhile (client, redirects, policy) counts, and nothing has to be kept for a page that nobody
// answers. The seal binds it to the realm, to the browser (its cookie) and to every byte of the
// request (RFC 6749 §10.12): nobody else can have made it.
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "http/clock.hpp"
#include "http/form.hpp"
#include "http/html.hpp"

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

struct form_binding {
    std::string key;     // login_state::form_key
    std::string cookie;  // what the browser is known by (browser_name.hpp)
};

// What a form says of itself once its seal is known to be ours.
struct page_seal {
    std::string page;  // names this very page
    std::string who;   // the user whom it asked; empty: whoever answers has to say who they are
};
enum class seal_flaw {
    foreign,  // missing, or of another browser, another text or another process
    over,     // its time has passed
};
using opened_page = boost::system::result<page_seal, seal_flaw>;
[[noreturn]] void throw_exception_from_error(seal_flaw f, boost::source_location const& where);

// A seal of `text` on a new page that asks `who`. RFC 6749 §10.12: it is bound to the realm, to the
// browser and to every byte of the text.
std::string new_seal(form_binding const& with, std::string_view text, std::string_view who,
                     http::time_point expires_at);
opened_page open_seal(form_binding const& with, std::string_view text, std::string_view seal,
                      http::time_point now);
inline constexpr std::string_view seal_field = "form_seal";

// The hidden fields of a page that asks `who` about the request.
http::html hidden_request(form_binding const& with, std::string_view text, std::string_view who,
                          http::time_point expires_at);

// The seal of the page that was answered.
opened_page opened_seal(form_binding const& with, sent_request const& sent, http::time_point now);

}  // namespace tollgate::oauth

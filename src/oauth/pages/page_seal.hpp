// Page seals, of the forms on our pages: who sends one was shown the page, here and lately (RFC
// 6749 §10.12).
#pragma once

#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "base/clock.hpp"

namespace tollgate::oauth {

struct form_binding {
    std::string key;     // browser_sessions::form_key
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
                     time_point expires_at);
opened_page open_seal(form_binding const& with, std::string_view text, std::string_view seal,
                      time_point now);
inline constexpr std::string_view seal_field = "form_seal";

}  // namespace tollgate::oauth

#include "oauth/device/device_page.hpp"

#include <algorithm>

#include "http/page/html.hpp"
#include "http/page/page.hpp"
#include "oauth/device/user_code.hpp"
#include "oauth/pages/client_warning.hpp"
#include "oauth/pages/page_seal.hpp"

namespace tollgate::oauth {

namespace {

http::html form_to(http::context const& c) {
    http::html form;
    form << "<form method=\"post\"";
    form.attribute("action", c.place().base + c.place().endpoints->device) << ">\n";
    return form;
}

void say(http::html& body, std::string_view mistake) {
    if (mistake.empty()) return;
    body << "<p class=\"error\" role=\"alert\">";
    body.text(mistake) << "</p>\n";
}

http::html scope_items(scope_list const& scopes) {
    http::html items;
    items << "<ul>\n";
    for (auto const& scope : scopes) {
        items << "<li><code>";
        items.text(scope) << "</code></li>\n";
    }
    items << "</ul>\n";
    return items;
}

http::html people(policy const& p) {
    http::html choice;
    choice << "<fieldset>\n<legend>Sign in as</legend>\n";
    for (auto const& u : p.users) {
        choice << "<label class=\"choice\"><input type=\"radio\" name=\"user\" required";
        choice.attribute("value", u.name);
        if (&u == &p.users.front()) choice << " checked";
        choice << "> ";
        choice.foreign(u.name) << "</label>\n";
    }
    choice << "</fieldset>\n";
    bool const passwords =
        std::ranges::any_of(p.users, [](user const& u) { return !u.password_digest.empty(); });
    if (passwords) {
        choice << "<label>Password <input type=\"password\" name=\"password\" "
                  "autocomplete=\"current-password\"></label>\n";
    }
    return choice;
}

// What it calls itself, or its id.
std::string name_of(client const& c) {
    auto name = c.shown_name();
    return name.empty() ? c.id : name;
}

}  // namespace

http::reply ask_for_code(http::context const& c, unsigned status, std::string_view mistake) {
    http::html body;
    say(body, mistake);
    body.paragraph("Enter the code that your device shows.");
    // maxlength is what typed_user_code() still looks at.
    body << form_to(c)
         << "<label>Code\n<input name=\"user_code\" required autofocus autocomplete=\"off\" "
            "autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"64\"></label>\n"
            "<div class=\"actions\"><button class=\"primary\">Continue</button></div>\n</form>\n";
    http::page page("Connect a device", std::move(body));
    page.status = status;
    page.forms = http::forms_lead::home;
    return http::html_page(page);
}

http::reply ask_for_decision(http::context const& c, device_authorization const& d,
                             client const& asking, policy const& p, std::string_view seal,
                             std::string_view mistake) {
    http::html body;
    say(body, mistake);
    body << "<p><b>";
    body.foreign(name_of(asking))
        << "</b> asks for access. The device shows this code:</p>\n<p class=\"user-code\">";
    body.text(shown_user_code(d.user_code)) << "</p>\n";
    body.warning("Only if it is your device.",
                 "If you did not start this, or the code differs, somebody else may be trying to "
                 "get access in your name: deny it.");
    warn_of_client(body, asking);
    body << "<h2>It will be able to use</h2>\n" << scope_items(d.grant.scopes) << form_to(c);
    if (p.consent == consent_mode::login) body << people(p);
    body.hidden("user_code", d.user_code);
    body.hidden(seal_field, seal);
    body << "<div class=\"actions\"><button name=\"decision\" "
            "value=\"approve\">Approve</button>\n<button name=\"decision\" "
            "value=\"deny\">Deny</button></div>\n</form>\n";
    http::page page("Connect a device", std::move(body));
    page.status = mistake.empty() ? 200 : 400;
    page.forms = http::forms_lead::home;
    return http::html_page(page);
}

http::reply say_decided(bool approved, client const& asking) {
    http::html body;
    body << "<p>";
    if (approved)
        body << "You may go back to your device: <b>";
    else
        body << "Nothing was given to <b>";
    body.foreign(name_of(asking));
    if (approved)
        body << "</b> has access now.</p>\n";
    else
        body << "</b>.</p>\n";
    return http::html_page(http::page(approved ? "Device connected" : "Denied", std::move(body)));
}

}  // namespace tollgate::oauth

#include "oauth/device_page.hpp"

#include "http/html.hpp"
#include "http/page.hpp"

namespace tollgate::oauth {

namespace {

http::html form_to(http::context const& c) {
    http::html form;
    form << "<form method=\"post\"";
    form.attribute("action", c.place().base + "/device") << ">\n";
    return form;
}

void say(http::html& body, std::string_view mistake) {
    if (mistake.empty()) return;
    body << "<p class=\"error\" role=\"alert\">";
    body.text(mistake) << "</p>\n";
}

}  // namespace

std::string_view name_of(client const& c) {
    auto const* name = c.metadata.if_contains("client_name");
    if (!name || !name->is_string() || name->get_string().empty()) return c.id;
    return name->get_string();
}

http::reply ask_for_code(http::context const& c, unsigned status, std::string_view mistake) {
    http::html body;
    say(body, mistake);
    body.paragraph("Enter the code that your device shows.");
    body << form_to(c)
         << "<label>Code\n<input name=\"user_code\" required autofocus autocomplete=\"off\" "
            "autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"64\"></label>\n"
            "<div class=\"actions\"><button class=\"primary\">Continue</button></div>\n</form>\n";
    http::page page("Connect a device", std::move(body));
    page.status = status;
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

#include "oauth/authorize/consent_page.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "http/message/url.hpp"
#include "http/page/page.hpp"
#include "http/realm/place.hpp"
#include "oauth/pages/client_warning.hpp"

namespace tollgate::oauth {

namespace {

using http::html;

struct known_scope {
    std::string_view name;
    std::string_view means;
};

constexpr std::array known_scopes{
    known_scope{"openid", "know who you are"},
    known_scope{"profile", "see your name and profile"},
    known_scope{"email", "see your email address"},
    known_scope{"address", "see your postal address"},
    known_scope{"phone", "see your phone number"},
    known_scope{"offline_access", "keep access while you are away"},
    known_scope{"mcp:tools", "use tools in your name"},
    known_scope{"mcp:admin", "administer the server in your name"},
};

void add_fact(html& body, http::markup term, html const& value) {
    body << "<dt>" << term << "</dt><dd>" << value << "</dd>\n";
}

void add_facts(html& body, consent_question const& q) {
    auto const& r = q.request;
    body << "<dl>\n";
    auto const name = r.who.shown_name();
    if (!name.empty()) add_fact(body, "Application", html().foreign(name));
    html id;
    id << "<code>";
    id.foreign(r.who.id, 500) << "</code>";
    add_fact(body, "Client ID", id);
    add_fact(body, "Sends you to", html().foreign(destination_of(r.redirect_uri)));
    if (!q.next.empty()) add_fact(body, "Signs you in at", html().foreign(q.next));
    for (auto const& resource : r.resources)
        add_fact(body, "For use at", html().foreign(resource, 500));
    body << "</dl>\n";
}

void add_scopes(html& body, scope_list const& scopes) {
    if (scopes.empty()) return;
    body << "<h2>It could then</h2>\n<ul>\n";
    for (auto const& scope : scopes) {
        auto const known = std::ranges::find(known_scopes, scope, &known_scope::name);
        body << "<li>";
        if (known != known_scopes.end()) body.text(known->means) << " ";
        body << "<code>";
        body.foreign(scope) << "</code></li>\n";
    }
    body << "</ul>\n";
}

void add_user(html& body, user const& u, bool chosen) {
    body << "<label class=\"choice\"><input type=\"radio\" name=\"user\" required";
    body.attribute("value", u.name);
    if (chosen) body << " checked";
    body << "> ";
    body.foreign(u.name);
    if (!u.password_digest.empty()) body << " <small>with password</small>";
    body << "</label>\n";
}

void add_login(html& body, consent_question const& q) {
    auto const& users = q.request.rules.users;
    auto const* chosen = q.suggested || users.empty() ? q.suggested : &users.front();
    body << "<fieldset>\n<legend>Sign in as</legend>\n";
    for (auto const& u : users)
        add_user(body, u, &u == chosen);
    body << "</fieldset>\n";
    bool const passwords =
        std::ranges::any_of(users, [](user const& u) { return !u.password_digest.empty(); });
    if (!passwords) return;
    body << "<label>Password <input type=\"password\" name=\"password\" "
            "autocomplete=\"current-password\"></label>\n";
}

// Scripts look for `<button name="decision" value="approve">`, so the looks come last.
void add_button(html& body, http::markup look, std::string_view value, std::string_view label) {
    body << "<button name=\"decision\"";
    body.attribute("value", value) << look << ">";
    body.text(label) << "</button>\n";
}

void add_buttons(html& body, consent_question const& q) {
    body << "<div class=\"actions\">\n";
    // The first one is what the Enter key presses.
    add_button(body, "", decision_approve, q.who ? "Approve" : "Sign in and approve");
    add_button(body, "", decision_deny, "Deny");
    body << "</div>\n";
    if (!offers_test_buttons(q.request.rules, q.request.where)) return;
    body << "<h2>Or test the application</h2>\n<p><small>Approve, but send it an answer that it "
            "has to refuse.</small></p>\n<div class=\"actions\">\n";
    add_button(body, " class=\"quiet\"", decision_wrong_code, "Send a wrong code");
    add_button(body, " class=\"quiet\"", decision_wrong_state, "Send a wrong state");
    body << "</div>\n";
}

void add_form(html& body, consent_question const& q) {
    body << "<form method=\"post\"";
    body.attribute("action", q.request.where.base + q.request.where.endpoints->authorize)
        << ">\n"
        << q.hidden;
    if (!q.who) add_login(body, q);
    add_buttons(body, q);
    if (q.who && q.request.rules.consent == consent_mode::login) {
        body << "<div class=\"actions\">\n";
        add_button(body, " class=\"quiet\"", decision_switch, "Use another account");
        body << "</div>\n";
    }
    body << "</form>\n";
}

}  // namespace

bool offers_test_buttons(policy const& p, http::place const& where) {
    return p.test_buttons.value_or(!where.has_public_url);
}

std::string destination_of(std::string_view redirect_uri) {
    auto const address = http::split_url(redirect_uri);
    // A private-use scheme (RFC 8252 §7.1): nothing else is known of what answers to it.
    if (!address) {
        return "the application that opens " +
               std::string(redirect_uri.substr(0, redirect_uri.find(':'))) + ": addresses";
    }
    auto const origin = address->origin();
    auto host = origin.substr(origin.find("//") + 2);
    return http::is_loopback_name(address->host) ? host + " (this computer)" : host;
}

http::reply consent_page(consent_question const& q) {
    auto const& r = q.request;
    html body;
    if (!q.wrong.empty()) {
        body << "<p class=\"error\" role=\"alert\">";
        body.text(q.wrong) << "</p>\n";
    }
    auto const name = r.who.shown_name();
    body << "<p><strong>";
    body.foreign(name.empty() ? r.who.id : name) << "</strong> asks for access";
    if (q.who && !q.who->name.empty()) {
        body << " in the name of <strong>";
        body.foreign(q.who->name) << "</strong>";
    }
    body << ".</p>\n";
    add_facts(body, q);
    add_scopes(body, r.scopes);
    warn_of_client(body, r.who);
    add_form(body, q);
    http::page page(q.who ? "Allow access?" : "Sign in", std::move(body));
    page.status = q.status;
    // The answer redirects on to the client, and browsers hold form-action against that, too
    // (page.hpp).
    page.forms = http::forms_lead::onwards;
    return http::html_page(page);
}

}  // namespace tollgate::oauth

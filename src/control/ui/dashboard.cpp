#include "control/ui/dashboard.hpp"

#include <string>

#include "base/crypto.hpp"
#include "http/page/page.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

namespace {

using http::context;
using http::reply;

std::string page_url(context const& c) {
    return c.place().issuer_here() + "/control/ui";
}

std::string filled(std::string text, std::string_view name, std::string_view value) {
    auto const at = text.find(name);
    return at == std::string::npos ? text : text.replace(at, name.size(), value);
}

std::string source_of(std::string_view text) {
    return "'sha256-" + to_base64(sha256(text)) + "'";
}

// What stands between the tags, as a browser reads it, has the digests of the policy.
std::string const& document(bool logged_in) {
    static auto const make = [](std::string_view login) {
        auto text = filled(std::string(dashboard_page), "{version}", TOLLGATE_VERSION);
        text = filled(std::move(text), "{login}", login);
        text = filled(std::move(text), "{style}", dashboard_style);
        return filled(std::move(text), "{script}", dashboard_script);
    };
    static std::string const plain = make("no");
    static std::string const with_login = make("yes");
    return logged_in ? with_login : plain;
}

// Our own style and script alone, requests to our own origin alone. Where a browser knows trusted
// types, it refuses every text that a script would make markup of.
std::string const& content_policy() {
    static std::string const policy =
        "default-src 'none'; connect-src 'self'; style-src " + source_of(dashboard_style) +
        "; script-src " + source_of(dashboard_script) +
        "; require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'; base-uri "
        "'none'; frame-ancestors 'none'";
    return policy;
}

reply shown(bool logged_in) {
    reply r(200, "text/html; charset=utf-8", document(logged_in));
    r.headers.add("Content-Security-Policy", content_policy());
    r.headers.add("X-Content-Type-Options", "nosniff");
    // A form says its origin, and nobody else hears of us.
    r.headers.add("Referrer-Policy", "same-origin");
    r.headers.add("X-Frame-Options", "DENY");
    r.headers.add("Cross-Origin-Opener-Policy", "same-origin");
    r.headers.add("Cross-Origin-Resource-Policy", "same-origin");
    r.headers.add("Cache-Control", "no-store");
    return r;
}

// `why`: what is wrong with the token that was sent; empty at first.
reply token_form(context const& c, unsigned status, std::string_view why) {
    http::html body;
    if (!why.empty()) {
        body << "<p class=\"error\" role=\"alert\">";
        body.text(why) << "</p>\n";
    }
    body.paragraph(
        "This server has a control token. Enter it to see what clients do here and to make faults. "
        "This browser is then known for 12 hours; the token itself is not kept in it.");
    // The name of a password: the journal keeps nothing of one.
    body << "<form method=\"post\"";
    body.attribute("action", page_url(c) + "/login");
    body << ">\n<label>Control token (control.token of the configuration)<input type=\"password\" "
            "name=\"password\" autocomplete=\"current-password\" required autofocus></label>\n"
            "<div class=\"actions\"><button class=\"primary\">Open the dashboard</button></div>\n"
            "</form>\n";
    http::page page("Dashboard", std::move(body));
    page.status = status;
    page.forms = http::forms_lead::home;
    auto r = http::html_page(page);
    // RFC 9110 §15.5.2
    if (status == 401) r.headers.set("WWW-Authenticate", "Bearer");
    return r;
}

reply back_to_page(context const& c, std::string cookie) {
    reply r(303);
    r.headers.set("Location", page_url(c));
    r.headers.add("Set-Cookie", std::move(cookie));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

task<outcome<reply>> show(dashboard& d, context& c) {
    bool const asks = d.access().has_token();
    if (asks && !d.access().is_logged_in(c)) co_return token_form(c, 401, "");
    co_return shown(asks);
}

task<outcome<reply>> log_in(dashboard& d, context& c) {
    if (!d.access().has_token()) co_return problem(404, "not_found", "there is no control.token");
    auto const form = c.body_form();
    if (!form) co_return form.error().as(problem::shown_as::page);
    auto const token = (*form)->one("password").value_or("");
    auto cookie = d.access().log_in(c, token);
    if (cookie) co_return back_to_page(c, std::move(*cookie));
    if (cookie.error().status() == 401)
        co_return token_form(c, 401, "That is not the control token of this server.");
    auto r = token_form(c, cookie.error().status(), cookie.error().description());
    r.headers.set("Retry-After", std::string(cookie.error().headers().get("Retry-After")));
    co_return r;
}

task<outcome<reply>> log_out(dashboard& d, context& c) {
    co_return back_to_page(c, d.access().log_out(c));
}

constexpr unsigned flags = http::control_plane | http::no_cors;
constexpr http::route<dashboard> routes[] = {
    {"/control/ui", http::verb::get, page_endpoint, &show, flags},
    {"/control/ui/login", http::verb::post, page_endpoint, &log_in, flags},
    {"/control/ui/logout", http::verb::post, page_endpoint, &log_out, flags},
};

}  // namespace

void dashboard::add_routes(http::router& r) {
    r.add(*this, std::span<http::route<dashboard> const>(routes));
}

}  // namespace tollgate::control

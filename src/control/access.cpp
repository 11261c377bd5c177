#include "control/access.hpp"

#include <algorithm>
#include <memory>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "http/message/authorization.hpp"
#include "http/message/forwarding_fields.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/cookie.hpp"
#include "http/realm/peer.hpp"

namespace tollgate::control {

namespace {

problem forbidden(std::string why) {
    return problem(403, "access_denied", std::move(why));
}

outcome<void> check_local(http::request const& r, http::place const& where) {
    constexpr std::string_view remedy =
        "; set control.token and send it as a bearer token to use the control plane";
    auto const refuse = [&](std::string_view why) {
        return forbidden(std::string(why) + std::string(remedy));
    };
    if (where.has_public_url) return refuse("this server has a public URL");
    if (!r.peer_is_loopback) return refuse("this request comes from another machine");
    if (!is_loopback_host(r.host())) return refuse("this request is not for a loopback name");
    if (was_forwarded(r)) return refuse("this request was forwarded by a proxy");
    return outcome<void>();
}

problem without_token() {
    return problem(401, "unauthorized",
                   "the control plane needs Authorization: Bearer with control.token")
        .with("WWW-Authenticate", "Bearer");
}

// RFC 6585 §4. A long token is never refused unseen: nobody finds it by trying.
problem too_many_guesses() {
    return problem(429, "too_many_requests",
                   "too many wrong tokens; wait a minute (a control.token of 16 characters or more "
                   "is never shut)")
        .with("Retry-After", std::to_string(http::guess_limit::length.count()));
}

// Of a browser that is logged in, the requests of the dashboard alone: not those that a page of
// another port or a sibling host makes it send (SameSite knows no ports). A request that changes
// something names its origin in every browser (Fetch, "append a request Origin header"), and check
// has compared it.
bool is_of_own_page(http::request const& r) {
    bool const reads = r.method == http::verb::get || r.method == http::verb::head;
    if (!reads && !r.has("Origin")) return false;
    auto const site = r.header("Sec-Fetch-Site");
    return site.empty() || site == "same-origin" || (reads && site == "none");
}

// One for the whole origin, because the token is: a dashboard shows every realm.
std::string page_cookie_name(http::context const& c) {
    auto const& p = c.place();
    auto const& origin = p.at == http::site::mcp_server ? p.mcp_origin : p.as_origin;
    std::string const prefix(http::over_tls(c) ? "__Host-" : "");
    return prefix + "tollgate-control-" + digest_of(origin).substr(0, 12);
}

std::string cookie_line(http::context const& c, std::string_view value,
                        std::chrono::seconds lives) {
    auto line = page_cookie_name(c) + '=' + std::string(value);
    line += "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lives.count());
    if (http::over_tls(c)) line += "; Secure";
    return line;
}

}  // namespace

bool was_forwarded(http::request const& r) noexcept {
    return std::ranges::any_of(r.headers, [](auto const& h) {
        // Via and CDN-Loop tell nothing of the sender, but that somebody passed the request on.
        return http::is_forwarding_field(h.name) || http::iequals(h.name, "Via") ||
               http::iequals(h.name, "CDN-Loop");
    });
}

bool is_loopback_host(std::string_view host) {
    auto const parts = http::split_host(host);
    if (!parts) return false;
    return http::is_loopback_name(parts->host) || http::is_localhost(parts->host);
}

bool is_cross_origin(http::request const& r, http::place const& where) {
    if (!r.has("Origin")) return false;
    if (r.count("Origin") != 1) return true;
    auto const& own = where.at == http::site::mcp_server ? where.mcp_origin : where.as_origin;
    return !http::iequals(r.header("Origin"), own);
}

outcome<void> access_control::check(http::context const& c) {
    if (!rules_.enabled) {
        return problem(404, "not_found", "the control plane is off here (control.enabled)");
    }
    if (is_cross_origin(c.request(), c.place())) {
        return forbidden("the control plane answers no page of another origin");
    }
    if (rules_.token.empty()) return check_local(c.request(), c.place());
    if (c.endpoint() == page_endpoint) return outcome<void>();
    bool const by_cookie = !c.request().has("Authorization") && is_of_own_page(c.request());
    if (by_cookie && is_logged_in(c)) return outcome<void>();
    return check_token(c);
}

// What was wrong counts, and shuts who guesses.
outcome<void> access_control::check_guess(http::context const& c, bool right) {
    if (!http::can_be_guessed(rules_.token)) {
        if (right) return outcome<void>();
        http::count_wrong(http::secret_kind::control_token);
        return without_token();
    }
    auto const g = http::guess_by_peer(c.request(), c.place(), http::secret_kind::control_token);
    auto const now = time_.now();
    if (!guesses_.open(g, now)) return too_many_guesses();
    if (right) {
        guesses_.right(g, now);
        return outcome<void>();
    }
    guesses_.wrong(g, now);
    return without_token();
}

outcome<void> access_control::check_token(http::context const& c) {
    // Nothing was guessed, so nothing is counted.
    if (!c.request().has("Authorization")) return without_token();
    return check_guess(c, http::has_bearer_token(c.request(), rules_.token));
}

bool access_control::is_logged_in(http::context const& c) {
    auto const value = http::cookie_value(c.request(), page_cookie_name(c));
    return value && sessions_.knows(*value);
}

outcome<std::string> access_control::log_in(http::context const& c, std::string_view token) {
    auto const may =
        check_guess(c, has_token() && equal_in_constant_time(sha256(token), sha256(rules_.token)));
    if (!may) return may.error();
    // The browser that was logged in before is the same one: its session makes room.
    (void)log_out(c);
    return cookie_line(c, sessions_.begin(), page_sessions::length);
}

std::string access_control::log_out(http::context const& c) {
    auto const value = http::cookie_value(c.request(), page_cookie_name(c));
    if (value) sessions_.end(*value);
    return cookie_line(c, "", std::chrono::seconds(0));
}

outcome<void> check_metrics_access(access_options const& o, http::request const& r) {
    if (r.peer_is_loopback && is_loopback_host(r.host()) && !was_forwarded(r)) return {};
    if (o.token.empty()) {
        return forbidden(
            "metrics are told on the server's own machine; set control.token and send "
            "it as a bearer token to read them from elsewhere");
    }
    if (http::has_bearer_token(r, o.token)) return {};
    return problem(401, "unauthorized",
                   "metrics need Authorization: Bearer with control.token, or a request on the "
                   "server's own machine")
        .with("WWW-Authenticate", "Bearer");
}

http::layer access_layer(std::shared_ptr<access_control> access) {
    auto check = [access = std::move(access)](http::context& c) {
        std::optional<outcome<http::reply>> refused;
        if ((c.route().flags & http::control_plane) == 0) return refused;
        auto const may = access->check(c);
        if (may) return refused;
        auto const as_page = c.endpoint() == page_endpoint;
        refused = as_page ? may.error().as(problem::shown_as::page) : may.error();
        return refused;
    };
    return http::plain_layer{std::move(check), {}};
}

}  // namespace tollgate::control

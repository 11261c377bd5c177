#include "control/access.hpp"

#include <algorithm>
#include <memory>

#include "base/text.hpp"
#include "http/message/authorization.hpp"
#include "http/message/forwarding_fields.hpp"
#include "http/message/url.hpp"
#include "http/pipeline/context.hpp"
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

outcome<void> check_token(access_options const& o, http::guess_limit& guesses,
                          http::context const& c) {
    // Nothing was guessed, so nothing is counted.
    if (!c.request().has("Authorization")) return without_token();
    if (!http::can_be_guessed(o.token)) {
        if (http::has_bearer_token(c.request(), o.token)) return outcome<void>();
        http::count_wrong(http::secret_kind::control_token);
        return without_token();
    }
    auto const g = http::guess_by_peer(c.request(), c.place(), http::secret_kind::control_token);
    if (!guesses.open(g, c.real_now())) return too_many_guesses();
    if (http::has_bearer_token(c.request(), o.token)) {
        guesses.right(g, c.real_now());
        return outcome<void>();
    }
    guesses.wrong(g, c.real_now());
    return without_token();
}

task<outcome<http::reply>> refused(problem p) {
    co_return p;
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

outcome<void> check_access(access_options const& o, http::guess_limit& guesses,
                           http::context const& c) {
    if (!o.enabled) {
        return problem(404, "not_found", "the control plane is off here (control.enabled)");
    }
    if (is_cross_origin(c.request(), c.place())) {
        return forbidden("the control plane answers no page of another origin");
    }
    if (o.token.empty()) return check_local(c.request(), c.place());
    return check_token(o, guesses, c);
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

http::layer access_layer(access_options o) {
    auto const guesses = std::make_shared<http::guess_limit>(o.guesses);
    auto const rules = std::make_shared<access_options const>(std::move(o));
    return [rules, guesses](http::context& c, http::handler const& next) {
        if ((c.route().flags & http::control_plane) == 0) return next(c);
        auto const may = check_access(*rules, *guesses, c);
        if (may) return next(c);
        return refused(may.error());
    };
}

}  // namespace tollgate::control

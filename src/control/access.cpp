#include "control/access.hpp"

#include <memory>

#include "http/bearer_token.hpp"
#include "http/context.hpp"
#include "http/text.hpp"
#include "http/web_address.hpp"

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

task<outcome<http::reply>> refused(problem p) {
    co_return p;
}

}  // namespace

bool was_forwarded(http::request const& r) noexcept {
    constexpr std::string_view family = "X-Forwarded-";
    constexpr std::string_view single[] = {
        "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"};
    for (auto const& h : r.headers) {
        if (http::iequals(h.name.substr(0, family.size()), family)) return true;
        for (auto const name : single) {
            if (http::iequals(h.name, name)) return true;
        }
    }
    return false;
}

bool is_loopback_host(std::string_view host) {
    auto const parts = http::split_host(host);
    if (!parts) return false;
    return http::is_loopback_name(parts->host) || parts->host.ends_with(".localhost");
}

bool is_cross_origin(http::request const& r, http::place const& where) {
    if (!r.has("Origin")) return false;
    if (r.count("Origin") != 1) return true;
    auto const& own = where.at == http::site::mcp_server ? where.mcp_origin : where.as_origin;
    return !http::iequals(r.header("Origin"), own);
}

outcome<void> check_access(access_options const& o, http::request const& r,
                           http::place const& where) {
    if (!o.enabled) {
        return problem(404, "not_found", "the control plane is off here (control.enabled)");
    }
    if (is_cross_origin(r, where)) {
        return forbidden("the control plane answers no page of another origin");
    }
    if (o.token.empty()) return check_local(r, where);
    if (http::bears(r, o.token)) return outcome<void>();
    return problem(401, "unauthorized",
                   "the control plane needs Authorization: Bearer with control.token")
        .with("WWW-Authenticate", "Bearer");
}

outcome<void> check_metrics_access(access_options const& o, http::request const& r) {
    if (r.peer_is_loopback && is_loopback_host(r.host()) && !was_forwarded(r)) return {};
    if (o.token.empty()) {
        return forbidden(
            "metrics are told on the server's own machine; set control.token and send "
            "it as a bearer token to read them from elsewhere");
    }
    if (http::bears(r, o.token)) return {};
    return problem(401, "unauthorized",
                   "metrics need Authorization: Bearer with control.token, or a request on the "
                   "server's own machine")
        .with("WWW-Authenticate", "Bearer");
}

http::layer access_layer(access_options o) {
    auto const rules = std::make_shared<access_options const>(std::move(o));
    return [rules](http::context& c, http::handler const& next) {
        if ((c.route().flags & http::control_plane) == 0) return next(c);
        auto const may = check_access(*rules, c.request(), c.place());
        if (may) return next(c);
        return refused(may.error());
    };
}

}  // namespace tollgate::control

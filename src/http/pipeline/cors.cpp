#include "http/pipeline/cors.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"

namespace tollgate::http {

namespace {

// Without the challenge of a 401, or the id of its session, a client in a page gets no further.
constexpr std::string_view exposed =
    "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After, DPoP-Nonce";
constexpr std::array<std::string_view, 9> always_allowed{
    "authorization",  "content-type", "accept",   "last-event-id", "mcp-protocol-version",
    "mcp-session-id", "mcp-method",   "mcp-name", "dpop"};
constexpr std::size_t max_requested_headers = 4096;
// Where nothing is served, too, so that a script can read the 404.
constexpr std::string_view any_method = "GET, HEAD, POST, DELETE, OPTIONS";

bool has(route_match const& route, unsigned flag) noexcept {
    return (route.flags & flag) != 0;
}

bool is_preflight(request const& r) noexcept {
    return r.method == verb::options && r.has("Origin") && r.has("Access-Control-Request-Method");
}

// Who may read the answer: the Origin that sent the request, "*" for everybody, or nothing.
std::string_view readable_by(resolver const& names, request const& r, route_match const& route) {
    if (has(route, no_cors | control_plane)) return {};
    if (has(route, public_document)) return "*";
    if (r.count("Origin") != 1) return {};
    auto const origin = r.header("Origin");
    return names.origin_allowed(origin) ? origin : std::string_view();
}

std::string sender_of(request const& r) {
    if (r.count("Origin") > 1) return "several origins";
    auto const origin = r.header("Origin");
    return origin.empty() ? std::string("an empty Origin") : printable(origin);
}

// RFC 6454 §7.3: "null" stands for whatever a browser will not name. Anybody can have a page in a
// sandbox, so it is never on a list.
reply refuse_foreign(request const& r) {
    bool const unnamed = r.count("Origin") == 1 && r.header("Origin") == "null";
    auto const why = unnamed ? " are not answered: any page can call itself that, from a sandboxed "
                               "frame or a file; serve it from an origin of its own"
                             : " are not answered; loopback origins are, and those listed in "
                               "server.allowed_origins";
    return render(problem(403, "origin_not_allowed", "requests from " + sender_of(r) + why));
}

reply refuse_control(request const& r) {
    return render(
        problem(403, "origin_not_allowed",
                "the control plane answers no page of another origin (" + sender_of(r) + ")"));
}

bool is_token(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    });
}

// The fixed list, and whatever else was asked for (mcp-param-*): Origin is what decides here.
std::string allowed_headers(std::string_view requested) {
    std::string all;
    for (auto const name : always_allowed) {
        if (!all.empty()) all += ", ";
        all += name;
    }
    if (requested.size() > max_requested_headers) return all;
    while (!requested.empty()) {
        auto const name = next_part(requested, ',');
        auto const known = std::any_of(always_allowed.begin(), always_allowed.end(),
                                       [name](std::string_view a) { return iequals(a, name); });
        if (!known && is_token(name)) all += ", " + to_lower(name);
    }
    return all;
}

reply preflight(request const& r, route_match const& route) {
    reply answer(204);
    auto& h = answer.headers;
    h.add("Access-Control-Allow-Methods",
          route.allow.empty() ? std::string(any_method) : route.allow);
    h.add("Access-Control-Allow-Headers",
          allowed_headers(r.header("Access-Control-Request-Headers")));
    h.add("Access-Control-Max-Age", "600");
    // Private Network Access: Chromium asks this before a page of the web may call a local server.
    // Whether the page may has been decided by its Origin.
    if (iequals(r.header("Access-Control-Request-Private-Network"), "true")) {
        h.add("Access-Control-Allow-Private-Network", "true");
    }
    return answer;
}

std::optional<outcome<reply>> answer_by_origin(resolver const& names, context& c) {
    auto early = answer_origin(names, c.request(), c.place(), c.route());
    if (!early) return std::nullopt;
    c.note("origin", printable(c.request().header("Origin")));
    return std::move(*early);
}

}  // namespace

// The Host has been checked before.
bool is_very_origin(request const& r, place const& where, std::string_view origin) {
    std::string called(r.tls ? "https://" : "http://");
    called += r.host();
    if (iequals(origin, called)) return true;
    bool const as = where.at != site::mcp_server && origin == where.as_origin;
    bool const mcp = where.at != site::authorization_server && origin == where.mcp_origin;
    return as || mcp;
}

std::optional<problem> sent_by_another_site(request const& r, place const& where) {
    auto const site = r.header("Sec-Fetch-Site");
    auto const origins = r.count("Origin");
    auto const origin = origins == 1 ? r.header("Origin") : std::string_view();
    bool const foreign = origins != 0 && !is_very_origin(r, where, origin);
    // To a browser all ports of a host are one site, and any of them may be somebody else's.
    bool const from_beside = origins == 0 && iequals(site, "same-site");
    if (!foreign && !from_beside && !iequals(site, "cross-site")) return std::nullopt;
    std::string who = "a page of another site";
    if (foreign && !origin.empty()) who += " (" + printable(origin) + ")";
    return problem(403, "origin_not_allowed",
                   "This answer was sent by " + who +
                       ", and nobody but you may give it. If you gave it yourself, open the page "
                       "again from the application and answer there.")
        .as(problem::shown_as::page)
        .log("origin: " + who);
}

std::optional<reply> answer_origin(resolver const& names, request const& r, place const& where,
                                   route_match const& route) {
    if (!r.has("Origin")) return std::nullopt;
    auto const origin = r.count("Origin") == 1 ? r.header("Origin") : std::string_view();
    bool const own = is_very_origin(r, where, origin);
    if (has(route, control_plane)) {
        if (own) return std::nullopt;
        return refuse_control(r);
    }
    // Streamable HTTP, Security Warning: servers MUST validate the Origin header.
    if (!own && !has(route, navigation | public_document) && !names.origin_allowed(origin)) {
        return refuse_foreign(r);
    }
    if (!is_preflight(r) || readable_by(names, r, route).empty()) return std::nullopt;
    auto answer = preflight(r, route);
    expose_to_origin(names, r, route, answer.headers);
    return answer;
}

void expose_to_origin(resolver const& names, request const& r, route_match const& route,
                      header_list& headers) {
    if (has(route, no_cors | control_plane)) return;
    // Where everybody is told the same, caches may be, too.
    if (!has(route, public_document)) headers.add("Vary", "Origin");
    auto const origin = readable_by(names, r, route);
    if (origin.empty()) return;
    headers.add("Access-Control-Allow-Origin", std::string(origin));
    // A handler, or what stands in its place, may know better.
    if (!headers.has("Access-Control-Expose-Headers"))
        headers.add("Access-Control-Expose-Headers", std::string(exposed));
}

layer cors_layer(resolver const& r) {
    return plain_layer{[&r](context& c) { return answer_by_origin(r, c); },
                       [&r](context& c, arrival const&, outcome<reply>& answer) {
                           if (answer) expose_to_origin(r, c.request(), c.route(), answer->headers);
                       }};
}

}  // namespace tollgate::http

#include "http/realm/host.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/message/url.hpp"
#include "http/realm/forwarded.hpp"

namespace tollgate::http {

namespace {

// The loopback name to speak of when the request's own name cannot be: the one configured.
std::string loopback_name(listener_info const& l) {
    if (l.host == "::1" || l.host == "[::1]") return "[::1]";
    return l.host == "127.0.0.1" ? l.host : "localhost";
}

bool is_host_of(std::string_view host, std::string_view url) {
    auto const address = split_url(url);
    return address && address->host == host;
}

bool listed(std::string_view host, std::vector<std::string> const& names) {
    return std::any_of(names.begin(), names.end(),
                       [host](std::string const& n) { return iequals(n, host); });
}

// A listener answers to the public URL of its own server; one with both servers to either.
std::string_view as_url(naming const& names, site at) {
    return at == site::mcp_server ? std::string_view() : names.as_public_url;
}
std::string_view mcp_url(naming const& names, site at) {
    return at == site::authorization_server ? std::string_view() : names.mcp_public_url;
}

// Which public URL a listener speaks of: the one to set where `host` is its public name.
std::string public_url_key(site at) {
    return at == site::mcp_server ? "mcp.public_url" : "authorization_server.public_url";
}

// `host` as a public URL. Public names are https unless a proxy says that it was asked in clear.
std::string as_public_url(request const& r, std::string_view host) {
    auto const scheme = iequals(forwarded_scheme(r), "http") ? "http://" : "https://";
    return scheme + printable(host, 80);
}

problem foreign_host(naming const& names, site at, request const& r) {
    auto const host = r.host();
    std::string sentence = host.empty() ? "the Host field is empty"
                                        : "this server does not answer for " + printable(host);
    sentence += "; it answers for localhost, 127.0.0.1 and [::1]";
    for (auto const url : {as_url(names, at), mcp_url(names, at)})
        if (!url.empty()) sentence.append(", ").append(url);
    for (auto const& h : names.allowed_hosts)
        sentence += ", " + h;
    if (!names.has_public_url()) sentence += ", and NAME.localhost for a realm";
    auto const& other = at == site::mcp_server ? names.as_public_url : names.mcp_public_url;
    auto const named = split_host(host);
    if (at != site::shared && named && is_host_of(named->host, other))
        sentence +=
            ". That is the name of the other server: the proxy or tunnel sends its requests "
            "to the wrong port";
    else if (!host.empty())
        sentence += ". Behind a proxy or tunnel: " + public_url_key(at) + " = \"" +
                    as_public_url(r, host) +
                    "\"; for a container or an alias: server.allowed_hosts";
    return problem(421, "misdirected_request", std::move(sentence)).as(problem::shown_as::text);
}

// RFC 9112 §3.2: "a Host header field with an invalid field value".
problem malformed_host(std::string_view sent) {
    std::string const text = "The Host field is no host with or without a port: ";
    return problem(400, "invalid_request", text + printable(sent, 80)).as(problem::shown_as::text);
}

}  // namespace

outcome<host_match> match_host(request const& r, listener_info const& from,
                               std::shared_ptr<naming const> names) {
    auto const sent = r.host();
    auto const named = r.count("Host") == 1 ? split_host(sent) : std::nullopt;
    if (!named && sent.empty()) return foreign_host(*names, from.at, r);
    if (!named) return malformed_host(sent);
    host_match q{from, std::move(names), named->host, std::string(default_realm)};
    if (q.own_port()) {
        q.realm = from.realm;
        q.whole_origin = true;
    }
    auto const& known = *q.names;
    if (is_loopback_name(q.host) || listed(q.host, known.allowed_hosts)) return q;
    if (!q.own_port() && (is_host_of(q.host, as_url(known, from.at)) ||
                          is_host_of(q.host, mcp_url(known, from.at)))) {
        q.host = loopback_name(from);
        return q;
    }
    // A public URL names the default realm's origin, so no other origin can be spoken of then.
    bool const local = q.host.ends_with(local_suffix) && !q.own_port() && !known.has_public_url();
    // A page of a stranger can have its own name lead here, and would be of our origin then.
    if (!local) return foreign_host(known, from.at, r);
    q.realm = q.host.substr(0, q.host.size() - local_suffix.size());
    q.whole_origin = true;
    return q;
}

}  // namespace tollgate::http

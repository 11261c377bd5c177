#include "app/listeners.hpp"

#include <unistd.h>
#include <algorithm>
#include <stdexcept>

#include <boost/json/array.hpp>

#include "app/translate.hpp"
#include "base/log/log.hpp"
#include "http/message/url.hpp"
#include "http/net/flawed_tls.hpp"
#include "http/net/listening.hpp"

namespace tollgate {

namespace {

// "localhost:0" is two listeners even when it is said twice: each picks a port of its own.
bool share_an_origin(config const& c) {
    auto const& address = c.mcp_server.listen;
    return address == c.authorization_server.listen && !address.ends_with(":0");
}

// Where this process reaches a listener of its own.
std::string reachable_host(std::string const& host) {
    if (host == "localhost" || host == "0.0.0.0") return "127.0.0.1";
    if (host == "[::]") return "[::1]";
    return host;
}

// Says which key names another port. A type of its own, because the second listener is opened
// within the first.
struct cannot_bind_key : http::cannot_bind {
    cannot_bind_key(http::cannot_bind const& why, std::string const& key)
        : http::cannot_bind(std::string(why.what()) + " The address is " + key + ": --set " + key +
                            "=localhost:0 picks a free port.") {}
};

}  // namespace

listeners::listeners(http::server& server, config const& c)
    : server_(server),
      settings_(c),
      shared_(share_an_origin(c)),
      own_(open(c.authorization_server.listen, c.mcp_server.listen, {})),
      names_(origin_names(c)) {
    auto const host = reachable_host(own_.as->host);
    names_.internal_as = http::make_origin(own_.as->tls, host, own_.as->port);
    // Our own question to our own AS names the host that was bound.
    if (!http::is_loopback_name(host)) names_.allowed_hosts.push_back(host);
}

listeners::listener listeners::bind(std::string const& address, http::site at, bool of_realm,
                                    std::function<void(http::listener_info&)> const& complete) {
    try {
        return server_.listen(address, at, complete);
    } catch (cannot_bind_key const&) {
        throw;
    } catch (http::cannot_bind const& e) {
        if (of_realm) throw;
        bool const mcp = at == http::site::mcp_server;
        throw cannot_bind_key(e, mcp ? "mcp.listen" : "authorization_server.listen");
    }
}

control::realm_listeners listeners::open(std::string const& as_address,
                                         std::string const& mcp_address, std::string const& realm) {
    control::realm_listeners pair;
    bool const of_realm = !realm.empty();
    if (shared_) {
        pair.as = bind(as_address, http::site::shared, of_realm, [&](http::listener_info& both) {
            both.realm = realm;
            both.as_port = both.mcp_port = both.port;
        });
        pair.mcp = pair.as;
        return pair;
    }
    // The second is opened while the first accepts nobody yet: each has to know both ports.
    pair.as =
        bind(as_address, http::site::authorization_server, of_realm, [&](http::listener_info& as) {
            pair.mcp =
                bind(mcp_address, http::site::mcp_server, of_realm, [&](http::listener_info& mcp) {
                    as.realm = mcp.realm = realm;
                    as.as_port = mcp.as_port = as.port;
                    as.mcp_port = mcp.mcp_port = mcp.port;
                });
        });
    return pair;
}

outcome<control::realm_listeners> listeners::open_for(std::string const& realm) {
    try {
        return open("localhost:0", "localhost:0", realm);
    } catch (http::cannot_bind const& e) {
        log(log_level::error, "realm_ports", {{"realm", realm}, {"why", e.what()}});
        return problem(503, "temporarily_unavailable", "no port is free for this realm");
    }
}

void listeners::close(control::realm_listeners const& l) {
    server_.close(l.as);
    if (l.mcp != l.as) server_.close(l.mcp);
}

outcome<void> listeners::conduct(listener const& l, http::listener_conduct how) {
    try {
        server_.conduct(l, std::move(how));
        return outcome<void>();
    } catch (std::runtime_error const& e) {
        log(log_level::error, "listener_conduct", {{"realm", l->realm}, {"why", e.what()}});
        return problem(503, "temporarily_unavailable",
                       "the listeners of this realm cannot be treated so");
    }
}

control::port_opener listeners::of_realms() {
    control::port_opener ports;
    ports.open = [this](std::string const& realm) { return open_for(realm); };
    ports.close = [this](control::realm_listeners const& l) { close(l); };
    ports.conduct = [this](listener const& l, http::listener_conduct how) {
        return conduct(l, std::move(how));
    };
    ports.authority = [] { return http::flawed_tls_authority(); };
    return ports;
}

std::string listeners::origin(listener const& l, std::string const& public_url) const {
    if (!public_url.empty()) return public_url;
    return http::make_origin(l->tls, l->host, l->port);  // as discovery spells it: no :80, no :443
}

addresses listeners::describe(http::naming const& now) const {
    auto const as = origin(own_.as, now.as_public_url);
    auto const mcp = origin(own_.mcp, now.mcp_public_url);
    addresses a;
    a.issuer = as;
    if (settings_.mcp.offers("streamable-http")) a.mcp = mcp + settings_.mcp_server.path;
    if (settings_.mcp.offers("sse")) a.sse = mcp + settings_.mcp_server.sse_path;
    bool const shut = now.has_public_url() && settings_.control.token.empty();
    if (settings_.control.enabled && !shut) {
        a.control.push_back(as + "/control");
        if (mcp != as) a.control.push_back(mcp + "/control");
    }
    a.listeners.push_back("authorization server  " + as);
    if (!a.mcp.empty()) a.listeners.push_back("MCP server            " + a.mcp);
    if (!a.sse.empty()) a.listeners.push_back("MCP server, HTTP+SSE  " + a.sse);
    if (now.has_public_url()) {
        a.bound_issuer = origin(own_.as, {});
        a.bound_mcp = origin(own_.mcp, {});
        a.listeners.push_back("bound to              " + a.bound_issuer);
        if (a.bound_mcp != a.bound_issuer)
            a.listeners.push_back("                      " + a.bound_mcp);
    }
    for (auto const& control : a.control)
        a.listeners.push_back("control plane         " + control);
    auto const& page = settings_.mcp_server.test_page;
    if (page == "on" || (page == "auto" && !now.has_public_url()))
        a.listeners.push_back("test page             " + mcp + "/oauth");
    return a;
}

boost::json::object to_json(addresses const& a) {
    boost::json::object line;
    line["issuer"] = a.issuer;
    line["mcp"] = a.mcp;
    line["sse"] = a.sse;
    line["control"] = boost::json::array(a.control.begin(), a.control.end());
    if (!a.bound_issuer.empty())
        line["bound"] = {{"authorization_server", a.bound_issuer}, {"mcp", a.bound_mcp}};
    line["pid"] = ::getpid();
    return line;
}

}  // namespace tollgate

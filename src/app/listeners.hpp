// Listeners: which there are, what they are called, and the ones that come and go with a realm.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "config/config.hpp"
#include "control/realms/realm_registry.hpp"
#include "http/realm/resolver.hpp"
#include "http/server/server.hpp"

namespace tollgate {

struct addresses {
    std::string issuer;
    std::string mcp;  // empty when that transport is switched off
    std::string sse;
    // Where the two servers listen, when that is not what they are called (public URLs); else
    // empty.
    std::string bound_issuer;
    std::string bound_mcp;
    std::vector<std::string> control;    // empty when the control plane is off
    std::vector<std::string> listeners;  // a sentence each, for a person
};

class listeners {
public:
    // Binds what the configuration names: one listener where both addresses are equal and not
    // port 0, else two. Throws http::cannot_bind.
    listeners(http::server& server, config const& c);

    // With the internal address of our own AS.
    http::naming const& names() const noexcept { return names_; }
    // As they are called by `now`.
    addresses describe(http::naming const& now) const;
    std::string mcp_origin(http::naming const& now) const {
        return origin(own_.mcp, now.mcp_public_url);
    }

    // Two ports of their own (or a shared one) on loopback for a realm. Any thread.
    outcome<control::realm_listeners> open_for(std::string const& realm);
    void close(control::realm_listeners const& l);
    // These three, for the registry. The listeners must outlive it.
    control::port_opener of_realms();
    // http::server::conduct; what it throws is logged, and a problem.
    outcome<void> conduct(std::shared_ptr<http::listener_info> const& l,
                          http::listener_conduct how);

private:
    using listener = std::shared_ptr<http::listener_info>;

    // Throws http::cannot_bind, which names the key unless the address is a realm's own.
    listener bind(std::string const& address, http::site at, bool of_realm,
                  std::function<void(http::listener_info&)> const& complete);
    control::realm_listeners open(std::string const& as_address, std::string const& mcp_address,
                                  std::string const& realm);
    std::string origin(listener const& l, std::string const& public_url) const;

    http::server& server_;
    config const& settings_;
    bool const shared_;
    control::realm_listeners own_;
    http::naming names_;
};

// As --ready-json says it.
boost::json::object to_json(addresses const& a);

}  // namespace tollgate

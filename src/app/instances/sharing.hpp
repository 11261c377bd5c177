// Sharing: this process as one of several that are one server (docs/stores.md, "Several
// instances").
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "control/instances/request_gate.hpp"
#include "control/realms/realm_registry.hpp"
#include "http/realm/resolver.hpp"
#include "http/server/server.hpp"
#include "store/ownership.hpp"

namespace tollgate {

// What instances of one server must have alike, as redis_options::same says it.
std::string common_settings(config const& c);
// What all of them call themselves where they are asked which server they are; `secret` is that of
// the store, and empty where there is one process.
std::string name_of_server(std::string const& secret);

// Signs what browsers keep that are logged in to the dashboard; likewise. With another
// control.token (`token`) it is another one, and whoever logged in by the old one is out.
std::string key_of_browsers(std::string const& secret, std::string const& token);

class sharing {
public:
    // Listens for the others and tells them where. `owners` null: there are none. Before anybody is
    // served; throws http::cannot_bind or std::runtime_error.
    void begin(config const& c, std::string const& secret, oauth::realm_owners* owners,
               http::server& server);
    // `inner` where there are none; else with the gate before it. All must outlive what it returns.
    http::service around(http::service inner, control::realm_registry& realms,
                         http::resolver const& names, http::server& server);

private:
    oauth::realm_owners* owners_ = nullptr;
    std::optional<control::request_gate> gate_;
};

}  // namespace tollgate

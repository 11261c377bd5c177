// Equipment of a scenario: what its server has besides a policy by the keys of config.toml, and
// what a client is told before it begins.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "config/policies.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

struct scenario_equipment {
    std::vector<oauth::known_client> clients;    // known before they come
    std::vector<oauth::trusted_issuer> issuers;  // whose assertions are taken
    std::vector<std::string> auth_methods;       // how clients may authenticate; empty: as ever
    std::vector<std::string> scopes;             // what can be granted; empty: as ever
    // Client metadata, by their URL, that stand in for what it would answer.
    std::vector<std::pair<std::string, boost::json::object>> documents;
    // A key (ES256, PEM) that stands in the data for everybody to see: a client's, or that of an
    // issuer of the scenario's own.
    std::string key;
    // The scenario has an identity provider (control/official/identity_provider.cpp) of this name.
    std::string provider;
    // What the official suite hands to a client in MCP_CONFORMANCE_CONTEXT, with templates for what
    // is known when a realm is made (control/official/client_context.hpp). Empty: nothing.
    boost::json::object context;
};

// [scenario.server] and [scenario.context]. Mistakes are told to the reader, which stands at the
// scenario.
scenario_equipment read_equipment(object_reader& in);

// What of it is policy.
void apply(scenario_equipment const& e, policies& to);

}  // namespace tollgate::control

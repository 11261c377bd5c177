// A configuration while it is being put together from its sources.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "config/schema.hpp"
#include "config/values/value.hpp"

namespace tollgate::settings {

struct loading {
    config result;
    std::map<std::string, origin, std::less<>> origins;  // of every key that was given
    std::set<std::string, std::less<>> broken;           // keys whose value was refused
    mistakes wrong;
    std::string file = "the defaults";  // what a mistake is about when no key was given

    bool given(std::string_view key) const { return origins.contains(key); }
    // Where that key was written, else the file as a whole.
    origin at(std::string_view key) const;
    void refuse(std::string_view key, std::string_view what);
};

// A whole document or a table behind --set: `section` is "" or "tokens".
void apply_table(loading& l, value const& table, std::string_view section);
// One key from --set or the environment: TOML where it is TOML, else the text itself.
void apply_override(loading& l, std::string const& key, std::string const& text, origin at);
// [[clients]], [[client_documents]], [[scenarios]], [[trusted_issuers]] or [[users]]: replaces the
// list.
void apply_clients(loading& l, value const& list);
void apply_client_documents(loading& l, value const& list);
void apply_scenarios(loading& l, value const& list);
void apply_trusted_issuers(loading& l, value const& list);
void apply_users(loading& l, value const& list);

// The short variables and TOLLGATE_….
void apply_environment(loading& l, std::map<std::string, std::string> const& variables);
// A foreign provider named by the short variables means proxy mode, unless something else is set.
void imply_proxy(loading& l, std::map<std::string, std::string> const& variables);

// A provider knows nothing of our own scopes: who asks it for tokens asks for upstream.scopes,
// unless mcp.scopes says something else.
void ask_for_known_scopes(loading& l);

// Broker mode has defaults of its own, for keys that nobody gave.
void apply_broker_defaults(loading& l);

// What keys owe each other.
void check_together(loading& l);
void check_clients(loading& l);
void check_client_documents(loading& l);
void check_trusted_issuers(loading& l);
void check_users(loading& l);
// What [upstream] must name for the mode and the strategy that are chosen.
void proxy_knows_its_provider(loading& l);
void provider_can_be_asked(loading& l);
void check_broker(loading& l);
// Secrets and tokens in clear text on a network, and what strangers could find out by us.
void check_clear_text(loading& l);
void loopback_is_not_shown_to_strangers(loading& l);
// Where records are kept, and below which names.
void store_url_is_one(loading& l);
void store_prefix_is_one(loading& l);
void store_instance_address_is_one(loading& l);
// What strangers may have, and secrets that they could find by trying.
void check_strangers(loading& l);

}  // namespace tollgate::settings

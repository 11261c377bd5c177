// Translations from the configuration to what each folder wants to know. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/log/log.hpp"
#include "config/config.hpp"
#include "config/policies.hpp"
#include "control/access.hpp"
#include "http/client/client.hpp"
#include "http/limits/guess_limit.hpp"
#include "http/realm/resolver.hpp"
#include "http/server/server.hpp"
#include "mcp/policy.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/server/server.hpp"
#include "oauth/upstream/broker/broker.hpp"

namespace tollgate {

oauth::policy oauth_policy(config const& c);
// [limits], as far as the authorization server keeps to them.
oauth::limits oauth_limits(config const& c);
mcp::policy mcp_policy(config const& c);
// Both, as a realm has them that nobody has changed.
policies configured_policies(config const& c);
http::guess_bounds guess_bounds(config const& c);
http::server::options server_options(config const& c);
control::access_options access_options(config const& c, std::string shared_key = {});
// Without `internal_as`, which is known when the listeners are bound.
http::naming origin_names(config const& c);
oauth::configured_client configured_client(config::client_section const& c);
// tokens.signing_key; nothing when none is named. Throws config_error when it is no key
// that tokens.signing_alg signs with.
std::optional<oauth::signing_key> signing_key_file(config const& c);
// [[client_documents]] by URL. Throws config_error for a file that is no client metadata about its
// URL and no key set.
oauth::documents_by_url client_documents(config const& c);
// Opens the files that the configuration names, as `serve` will. Throws config_error.
void check_files(config const& c);
// For asking others, and our own authorization server under its own certificate.
http::client::options client_options(config const& c);
oauth::validator_options validator_options(config const& c, std::string internal_credential);
// What cannot be told of a token of somebody else's by the chosen strategy, as a sentence for the
// log; empty where our own authorization server is asked.
std::string validation_limits(config const& c);
oauth::broker_options broker_options(config const& c);

}  // namespace tollgate

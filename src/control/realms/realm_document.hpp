// Realm document: what a realm is besides its records, as one JSON object that outlives the
// process: scenario, policy, faults with their counters, clock. And how it was made.
#pragma once

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "control/administrations.hpp"
#include "control/realms/realm_state.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control {

// Of the policy only what differs from what the scenario and the configuration give: that may be
// changed before the next start.
boost::json::object document_of(http::realm const& r, administrations const& to);

// The realm, just built, becomes that at `now`. What the document says and this program or its
// configuration no longer allows is left out, with a line in the log.
void apply_document(http::realm& r, boost::json::object const& document, administrations const& to,
                    time_point now);

// How a named realm was made, and that again; a problem for what this program no longer knows.
boost::json::object birth_document(http::realm const& r);
outcome<realm_settings> birth_from(boost::json::object const& document, administrations const& to);
// The names that it took for its own; null: none.
std::shared_ptr<http::other_names const> kin_from(boost::json::object const& document);

}  // namespace tollgate::control

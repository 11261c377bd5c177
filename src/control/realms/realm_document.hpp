// Realm document: what a realm is besides its records, as one JSON object that outlives the
// process: scenario, policy, faults with their counters, clock. And how it was made.
#pragma once

#include <memory>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "control/administrations.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/realms/realm_state.hpp"
#include "control/verdict/realm_client.hpp"
#include "http/message/problem.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control {

// Its key among the records of the realm (oauth::kind::state).
inline constexpr std::string_view document_of_control = "control";

// Of the policy only what differs from what the scenario and the configuration give: that may be
// changed before the next start.
boost::json::object document_of(http::realm const& r, administrations const& to);
// Of `r` when it is what the snapshot says, and its trial that one. Nothing is shifted in time: its
// clock and its faults are to be those of now.
boost::json::object document_of(http::realm const& r, realm_snapshot const& now,
                                realm_client::told const& trial, administrations const& to);

// The realm, just built, becomes that at `now`. What the document says and this program or its
// configuration no longer allows is left out, with a line in the log; so is one that is damaged.
void apply_document(http::realm& r, std::string_view document, administrations const& to,
                    time_point now);

// How a named realm was made, and that again; a problem for what this program no longer knows, or
// cannot read.
boost::json::object birth_document(http::realm const& r);
struct birth_record {
    realm_settings settings;
    std::shared_ptr<http::other_names const> kin;  // the names that it took for its own; null: none
};
outcome<birth_record> birth_from(std::string_view document, administrations const& to);

}  // namespace tollgate::control

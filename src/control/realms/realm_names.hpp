// Realm names and the URLs by which realms are reached: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "control/realms/realm_state.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/message/problem.hpp"
#include "http/realm/place.hpp"

namespace tollgate::control {

// Of the realm that stands at the origin.
inline constexpr std::string_view default_name = "default";

// One DNS label in lower case: it stands in a path and in NAME.localhost.
bool is_realm_name(std::string_view name) noexcept;
// What may stand as RUN in /s/SCENARIO/RUN. No dot: it parts the run from the scenario in the
// realm's name.
bool is_run_name(std::string_view run) noexcept;

// `revision`: of a cell; "" of none.
std::string implicit_name(scenario const& s, std::string_view run, std::string_view revision = {});
std::string implicit_base(scenario const& s, std::string_view run);

// Cells, /s/RUN/REVISION/SCENARIO: what is a revision, which scenario `rest` begins with (the
// length of the longest name in either of its forms; 0: none), and the policy of a cell of that
// revision.
bool is_mcp_revision(std::string_view text) noexcept;
std::size_t scenario_at_the_beginning(std::string_view rest);
policy_patch versions_of_cell(std::string_view revision);

// Where a realm is reached, in the names that the request at `asked_at` used.
struct realm_urls {
    std::string issuer;
    std::string mcp_base;
};
// 400 for a realm by host or port where the origins have a public name: there is no such host,
// and nobody outside reaches the port.
outcome<realm_urls> urls_of(std::string const& realm_name, realm_settings const& birth,
                            http::place const& asked_at);

// All that `r` is called where the request at `asked_at` came in, by every way that leads to it,
// and what it takes for its own besides (realm::kin).
http::other_names all_names_of(http::realm const& r, http::place const& asked_at);

// Whether that host is this machine for whoever uses the name.
bool is_local(std::string_view host) noexcept;

}  // namespace tollgate::control

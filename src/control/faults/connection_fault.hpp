// Connection faults: those that act at a listener, before there is a request.
#pragma once

#include "control/faults/fault.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control {

// How the fault wants connections to be treated; null where it acts on requests.
connection_rule const* connection_rule_of(fault_settings const& s) noexcept;

// What such a fault cannot have: a selector, a trigger that looks at requests, other effects.
// Mistakes are told to `body`. Sets the side.
void check_connection_fault(object_reader& body, fault_settings& s);

// The newest one that is in force at the listener of one of these `sides`; null when there is none.
fault_ptr connection_fault_at(fault_plan const* plan, unsigned sides, time_point now);

}  // namespace tollgate::control

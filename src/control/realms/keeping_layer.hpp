// Keeping layer: what a call of the control plane has changed in a realm is written down before the
// call is answered, where the store outlives the process.
#pragma once

#include "control/realms/realm_registry.hpp"
#include "http/pipeline/layer.hpp"

namespace tollgate::control {

// `realms` must outlive it. Innermost: it stands around the handlers alone.
http::layer keeping_layer(realm_registry& realms);

}  // namespace tollgate::control

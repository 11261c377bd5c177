// Actions of the named faults, one function each; parameters are read where there are any.
#pragma once

#include "control/faults/fault.hpp"
#include "control/input/json_input.hpp"

namespace tollgate::control::named_actions {

action dead_grant(object_reader& params);
action forgotten_client(object_reader& params);
action server_error(object_reader& params);
action unavailable(object_reader& params);
action too_many(object_reader& params);
action absent(object_reader& params);
action closed_registration(object_reader& params);
action no_refresh(object_reader& params);
action overstated_expiry(object_reader& params);
action no_expiry(object_reader& params);
action foreign_issuer(object_reader& params);
action no_pkce(object_reader& params);
action foreign_resource(object_reader& params);
action no_servers(object_reader& params);
action rejected_token(object_reader& params);
action forbidden(object_reader& params);

}  // namespace tollgate::control::named_actions

// Readers of the effects, one a kind.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "control/faults/effects/effect.hpp"

namespace tollgate::control::effects {

// Of the answer as a whole.
new_effect read_answer(object_reader& in);
new_effect read_delay(object_reader& in);
// Of its parts.
new_effect read_status(object_reader& in);
new_effect read_headers(object_reader& in);
new_effect read_json(object_reader& in);
new_effect read_text(object_reader& in);
new_effect read_redirect(object_reader& in);
// Of OAuth as some providers speak it.
new_effect read_errors(object_reader& in);
new_effect read_form(object_reader& in);
new_effect read_scopes(object_reader& in);
new_effect read_copy(object_reader& in);
new_effect read_only_with_scope(object_reader& in);
// Of the way it is sent.
new_effect read_cut(object_reader& in);
new_effect read_pace(object_reader& in);
new_effect read_garbage(object_reader& in);
new_effect read_interim(object_reader& in);
new_effect read_framing(object_reader& in);
// Of connections.
new_effect read_connect(object_reader& in);
new_effect read_tls(object_reader& in);
// Of what is said in MCP.
new_effect read_events(object_reader& in);
new_effect read_rpc(object_reader& in);
// Of the state of the realm.
new_effect read_do(object_reader& in);
// Of what the servers do for the request.
new_effect read_claims(object_reader& in);
new_effect read_sign(object_reader& in);
new_effect read_policy(object_reader& in);
new_effect read_validator(object_reader& in);
new_effect read_store(object_reader& in);

// The members of "from_now": names, and seconds that are added to the moment.
using seconds_from_now = std::vector<std::pair<std::string, std::int64_t>>;
seconds_from_now read_times(object_reader& in);
// "success" or "error" in the member "only".
answers read_only(object_reader& in);

}  // namespace tollgate::control::effects

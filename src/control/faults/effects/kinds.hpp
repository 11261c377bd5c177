// Readers of the effects, one a kind.
#pragma once

#include "control/faults/effects/effect.hpp"

namespace tollgate::control::effects {

// Of the answer as a whole.
effect_ptr read_answer(object_reader& in);
effect_ptr read_delay(object_reader& in);
// Of its parts.
effect_ptr read_status(object_reader& in);
effect_ptr read_headers(object_reader& in);
effect_ptr read_json(object_reader& in);
effect_ptr read_text(object_reader& in);
effect_ptr read_redirect(object_reader& in);
// Of the way it is sent.
effect_ptr read_cut(object_reader& in);
effect_ptr read_pace(object_reader& in);
effect_ptr read_garbage(object_reader& in);
effect_ptr read_interim(object_reader& in);
effect_ptr read_framing(object_reader& in);
// Of connections.
effect_ptr read_connect(object_reader& in);
effect_ptr read_tls(object_reader& in);
// Of what is said in MCP.
effect_ptr read_events(object_reader& in);
effect_ptr read_rpc(object_reader& in);
// Of the state of the realm.
effect_ptr read_do(object_reader& in);

// "success" or "error" in the member "only".
answers read_only(object_reader& in);

}  // namespace tollgate::control::effects

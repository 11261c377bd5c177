// The wording of bearer challenges, as the realm that a request belongs to wants it.
#pragma once

#include <functional>

#include "http/pipeline/layer.hpp"
#include "http/pipeline/principal.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::http {

// For guarded routes: every refusal below asks `wording`.
layer wording_layer(std::function<challenge_wording(realm const&)> wording);

}  // namespace tollgate::http

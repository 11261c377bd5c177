// Challenge wording: how bearer challenges are worded, as the realm of the request wants it.
#pragma once

#include <functional>

#include "http/pipeline/layer.hpp"
#include "http/pipeline/principal.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::http {

// For guarded routes: every refusal below asks `wording`.
layer challenge_style_layer(std::function<challenge_wording(context const&)> wording);

}  // namespace tollgate::http

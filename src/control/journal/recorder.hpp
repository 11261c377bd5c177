// Recorder: the layer that writes every exchange of a realm into its journal.
#pragma once

#include "http/pipeline/layer.hpp"

namespace tollgate::control {

// Outermost of the layers that change an answer: it keeps what goes out. What it leaves alone:
// /healthz and its like, and reading the control plane, which would record itself.
http::layer journal_layer();

}  // namespace tollgate::control

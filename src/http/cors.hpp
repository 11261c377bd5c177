// Which browser origins may call what: refusals and preflights, and what they may read.
//
// The layer is made of these two steps; the dispatcher takes them by themselves where there is no
// realm yet and so no layers to run.
#pragma once

#include <optional>

#include "http/place.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"
#include "http/resolver.hpp"
#include "http/router.hpp"

namespace tollgate::http {

// The answer that takes no handler: a preflight's, or the refusal of a foreign Origin.
std::optional<reply> answer_origin(resolver const& names, request const& r, place const& where,
                                   route_match const& route);
// Adds what lets an allowed origin read the answer.
void expose_to_origin(resolver const& names, request const& r, route_match const& route,
                      header_list& headers);

}  // namespace tollgate::http

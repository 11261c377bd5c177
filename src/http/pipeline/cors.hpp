// CORS: which browser origins may call what; refusals and preflights, and what they may read.
//
// The layer is made of these two steps; the dispatcher takes them by themselves where there is no
// realm yet and so no layers to run.
#pragma once

#include <optional>

#include "http/message/problem.hpp"
#include "http/message/reply.hpp"
#include "http/message/request.hpp"
#include "http/pipeline/router.hpp"
#include "http/realm/place.hpp"
#include "http/realm/resolver.hpp"

namespace tollgate::http {

// True when `origin` is the one that the request was sent to: by the Host that it called, or by a
// public URL when whoever stands in front of us changed that.
bool is_very_origin(request const& r, place const& where, std::string_view origin);

// What a person decides on a page of ours (RFC 6749 §10.12, RFC 9700 §4.7) comes from that page:
// 403 for any other Origin, and where there is none for a Sec-Fetch-Site (Fetch Metadata) of
// another site. Nothing for a request that says neither, as those of programs do.
std::optional<problem> sent_by_another_site(request const& r, place const& where);

// The answer that takes no handler: a preflight's, or the refusal of a foreign Origin.
std::optional<reply> answer_origin(resolver const& names, request const& r, place const& where,
                                   route_match const& route);
// Adds what lets an allowed origin read the answer.
void expose_to_origin(resolver const& names, request const& r, route_match const& route,
                      header_list& headers);

}  // namespace tollgate::http

// Entity tags (RFC 9110 §8.8.3), for documents that a client may ask for again. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::http {

// A strong tag of these bytes, in its quotes.
std::string entity_tag(std::string_view body);

// Whether one of the tags in an If-None-Match field is `tag`, compared weakly (§13.1.2).
bool matches_entity_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace tollgate::http

// Header fields that an effect may give an answer.
#pragma once

#include "control/input/json_input.hpp"
#include "http/message/headers.hpp"

namespace tollgate::control::effects {

// The member `name`: an object of header fields, each a string or a list of strings. Mistakes are
// told to `in`: no field name, one that the connection says itself, a control character.
http::header_list read_fields(object_reader& in, std::string_view name);

// A field that may be removed.
bool may_be_removed(std::string_view field) noexcept;

}  // namespace tollgate::control::effects

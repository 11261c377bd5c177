// Members: what of an event can be named by a text ("endpoint", "form.resource", "status"), for
// expectations, which are data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/conversation/observation.hpp"

namespace tollgate::control {

// Nothing where the event has no such member.
std::optional<std::string> member_of(observation const& o, std::string_view name);

// Whether it names a member; of "form.", "query.", "header.", "answer_header.", "body.",
// "answer.", "assertion." and "location." any name may follow.
bool is_member(std::string_view name);
// The known name that is nearest to a mistyped one.
std::string nearest_member(std::string_view name);

}  // namespace tollgate::control

// Judging: the verdict over one realm as it is now.
#pragma once

#include "control/api/control_plane.hpp"
#include "control/verdict/judge.hpp"

namespace tollgate::control::api {

// 409 where nothing is recorded.
outcome<verdict> judge_realm(control_plane& p, http::realm const& r, time_point now);

}  // namespace tollgate::control::api

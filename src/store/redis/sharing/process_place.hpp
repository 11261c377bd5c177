// Process place: names a process so that others on the same machine can tell whether it lives.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth::redis {

// "BOOT NAMESPACE PROCESS START": of this run of this machine, its name space of processes, its
// number there, and when it began. Empty where the system does not say.
std::string place_of_this_process();

// True when that process was of this machine and this name space, and is no more. False also where
// nobody can tell.
bool process_is_gone(std::string_view place);

}  // namespace tollgate::oauth::redis

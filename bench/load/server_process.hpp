// A process that is measured, seen from outside.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bench {

// CPU time of all threads of those so far, together, in nanoseconds. Throws where the kernel does
// not tell.
std::int64_t cpu_nanoseconds(std::vector<pid_t> const& pids);
// Its memory that is not shared with others, in bytes.
std::int64_t private_bytes(pid_t pid);

// Begins `command` on `core`. Its output goes nowhere.
pid_t begin(std::vector<std::string> const& command, int core);
// It is gone. Then nobody needs to end it.
bool has_ended(pid_t pid);
// Ends it and waits until it is gone.
void end(pid_t pid);

}  // namespace bench

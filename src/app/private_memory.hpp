// Memory privacy: what the process holds in memory stays there.
#pragma once

namespace tollgate {

// Client secrets, keys, passwords and live tokens of all realms are in our memory. A core dump
// would write them to a file or hand them to a crash service, and any other program of the same
// user could read them (ptrace, /proc/PID/mem, /proc/PID/environ). From now on neither happens;
// only root can attach a debugger, or one that started us. Command lines stay readable to
// everybody.
void keep_memory_private() noexcept;

}  // namespace tollgate

#include "app/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace tollgate {

// What the kernel will not do (a container's seccomp rules) is no reason not to serve.
void keep_memory_private() noexcept {
    rlimit const none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    // A limit of 0 does not count for a pipe in kernel.core_pattern (core(5)); this does.
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace tollgate

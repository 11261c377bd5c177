#include "app/private_memory.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(private_memory)

// In a process of its own: it cannot be taken back.
BOOST_AUTO_TEST_CASE(leaves_no_core_dump_and_lets_no_other_program_read_it) {
    auto const child = fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        tollgate::keep_memory_private();
        rlimit core{};
        getrlimit(RLIMIT_CORE, &core);
        bool const none = core.rlim_cur == 0 && core.rlim_max == 0;
        _exit(none && prctl(PR_GET_DUMPABLE) == 0 ? 0 : 1);
    }
    int status = -1;
    BOOST_REQUIRE(waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFEXITED(status));
    BOOST_TEST(WEXITSTATUS(status) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

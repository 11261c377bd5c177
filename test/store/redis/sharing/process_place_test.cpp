#include "store/redis/sharing/process_place.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

using namespace tollgate::oauth::redis;

BOOST_AUTO_TEST_SUITE(process_place_suite)

BOOST_AUTO_TEST_CASE(sees_that_this_process_lives) {
    auto const here = place_of_this_process();
    BOOST_TEST(!here.empty());
    BOOST_TEST(!process_is_gone(here));
}

// The number of a process comes again; when it began does not.
BOOST_AUTO_TEST_CASE(sees_that_another_process_has_the_number_now) {
    BOOST_TEST(process_is_gone(place_of_this_process() + "0"));
}

BOOST_AUTO_TEST_CASE(sees_that_a_process_has_ended_before_anybody_has_asked_how) {
    auto const here = place_of_this_process();
    auto const child = fork();
    if (child == 0) _exit(0);
    auto place = here;
    place = place.substr(0, place.rfind(' ', place.rfind(' ') - 1) + 1) + std::to_string(child);
    siginfo_t end;
    waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOWAIT);
    BOOST_TEST(process_is_gone(place + " 1"));
    waitpid(child, nullptr, 0);
    BOOST_TEST(process_is_gone(place + " 1"));
}

BOOST_AUTO_TEST_CASE(says_nothing_of_other_machines) {
    BOOST_TEST(!process_is_gone("another-boot pid:[1] 4242 17"));
    BOOST_TEST(!process_is_gone(""));
}

BOOST_AUTO_TEST_SUITE_END()

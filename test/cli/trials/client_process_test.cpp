#include "cli/trials/client_process.hpp"

#include <csignal>
#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include "support/waiting.hpp"

using namespace tollgate::trials;
using namespace std::chrono_literals;

namespace {

std::atomic<bool> const goes_on{false};

client_end run(std::string const& command, std::chrono::milliseconds timeout = 20s,
               std::vector<std::pair<std::string, std::string>> const& variables = {}) {
    return run_client(command, "http://localhost/it's", variables, timeout, goes_on);
}

using kind = client_end::kind;

}  // namespace

BOOST_AUTO_TEST_SUITE(client_process)

BOOST_AUTO_TEST_CASE(gets_the_url_as_its_last_argument_and_its_variables) {
    auto const e = run("sh -c 'printf %s \"$MCP_CONFORMANCE_SCENARIO $1\"' x", 20s,
                       {{"MCP_CONFORMANCE_SCENARIO", "plain"}});
    BOOST_TEST((e.is == kind::exited));
    BOOST_TEST(e.exit.value_or(-1) == 0);
    BOOST_TEST(e.output == "plain http://localhost/it's");
}

BOOST_AUTO_TEST_CASE(is_told_apart_by_how_it_ended) {
    BOOST_TEST(run("exit 3 #").exit.value_or(-1) == 3);
    BOOST_TEST((run("exit 3 #").is == kind::exited));
    BOOST_TEST((run("kill -SEGV $$ #").is == kind::crashed));
    BOOST_TEST((run("sh -c 'kill -ABRT $$' x; exit $? #").is == kind::crashed));
    BOOST_TEST((run("/nowhere/no-such-client").is == kind::not_started));
}

BOOST_AUTO_TEST_CASE(is_ended_when_its_time_is_over_with_all_that_it_started) {
    auto const e = run("echo $$; sleep 600 & sleep 600 #", 2s);
    BOOST_TEST((e.is == kind::timed_out));
    auto const group = std::atoi(e.output.c_str());
    BOOST_REQUIRE(group > 1);
    BOOST_TEST(test::eventually([group] { return ::kill(-group, 0) != 0; }));
}

BOOST_AUTO_TEST_CASE(shows_the_end_of_what_it_printed) {
    auto const e = run("head -c 100000 /dev/zero | tr '\\0' x; echo; echo the end #");
    BOOST_TEST(e.output.ends_with("the end\n"));
    BOOST_TEST(e.output.size() <= 2000u);
}

// It waits until its standard error, which is the same file, has become short again.
BOOST_AUTO_TEST_CASE(may_print_without_end_and_fills_no_disk) {
    auto const e =
        run("head -c 20000000 /dev/zero | tr '\\0' x; "
            "while [ $(stat -L -c %s /proc/$$/fd/2) -gt 2000000 ]; do sleep 0.02; done; "
            "echo; echo the end #",
            60s);
    BOOST_TEST((e.is == kind::exited));
    BOOST_TEST(e.output.ends_with("xxx\nthe end\n"));
    BOOST_TEST(e.output.size() == 2000u);
}

BOOST_AUTO_TEST_SUITE_END()

// What has to know of an endpoint of the authorization server besides its row: each case names the
// file that lacks it.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "control/faults/effects/effect.hpp"
#include "control/faults/endpoints.hpp"
#include "control/ui/dashboard.hpp"
#include "oauth/server/routes.hpp"

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(endpoint_names)

BOOST_AUTO_TEST_CASE(faults_can_select_each_endpoint) {
    for (auto const& row : oauth::endpoint_rows()) {
        std::string const name(row.endpoint);
        BOOST_TEST(control::side_of(name) == control::as_side,
                   name << " is missing in src/control/faults/endpoints.cpp");
    }
}

// Where both servers have one origin, or the MCP server is a second name of the other one, two
// routes of one path would end the program at its start.
BOOST_AUTO_TEST_CASE(the_mcp_server_cannot_take_the_path_of_an_endpoint) {
    for (auto const& row : oauth::endpoint_rows()) {
        std::string const path(row.path);
        BOOST_TEST(tollgate::test::mistakes({.sets = {"mcp.path=" + path}}) != "",
                   path << " is missing in src/config/values/format_checks.cpp");
    }
}

BOOST_AUTO_TEST_CASE(the_dashboard_has_words_for_each_endpoint) {
    for (auto const& row : oauth::endpoint_rows()) {
        auto const line = "\n  " + std::string(row.endpoint) + ": ['";
        BOOST_TEST(control::dashboard_script.find(line) != std::string_view::npos,
                   row.endpoint << " is missing in src/control/ui/words.js");
    }
}

BOOST_AUTO_TEST_SUITE_END()

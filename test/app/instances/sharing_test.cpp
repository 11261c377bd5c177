#include "app/instances/sharing.hpp"

#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::load;

BOOST_AUTO_TEST_SUITE(app_sharing)

// What would make two answers to one client of what is one server.
BOOST_AUTO_TEST_CASE(tells_instances_apart_that_do_not_fit_together) {
    auto const usual = common_settings(load({}));
    BOOST_TEST(common_settings(load({})) == usual);
    for (auto const* other : {"authorization_server.public_url=https://auth.example",
                              "mcp.public_url=https://mcp.example", "mcp.path=/other",
                              "control.token=another-token-of-it"})
        BOOST_TEST(common_settings(load({.sets = {other}})) != usual, other);
    BOOST_TEST(common_settings(load({.sets = {"mcp.listen=localhost:9200"}})) == usual);
}

// It lies in Redis.
BOOST_AUTO_TEST_CASE(shows_no_secret) {
    auto const all = common_settings(load({.sets = {"control.token=a-token-nobody-must-see"}}));
    BOOST_TEST(all.find("a-token") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(has_one_name_for_a_server_and_another_for_each_process_that_is_alone) {
    BOOST_TEST(name_of_server("secret") == name_of_server("secret"));
    BOOST_TEST(name_of_server("secret") != name_of_server("other"));
    BOOST_TEST(name_of_server("") != name_of_server(""));
    BOOST_TEST(name_of_server("secret").size() == name_of_server("").size());
}

BOOST_AUTO_TEST_SUITE_END()

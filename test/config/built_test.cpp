// What the contract knows is built.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using tollgate::test::mistakes;

BOOST_AUTO_TEST_SUITE(config_built)

BOOST_AUTO_TEST_CASE(foreign_validation_endpoints_are_built) {
    for (auto const* strategy : {"introspection", "userinfo", "jwt"})
        BOOST_TEST(mistakes({.toml = "[validation]\nendpoint = \"https://idp.example.com/x\"\n"
                                     "client_id = \"rs\"\nclient_secret = \"s\"\n",
                             .sets = {std::string("validation.strategy=") + strategy}}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

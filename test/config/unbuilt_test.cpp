// Values that the contract knows and the program does not do yet are refused, never ignored.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using tollgate::test::mistakes;

BOOST_AUTO_TEST_SUITE(config_unbuilt)

BOOST_AUTO_TEST_CASE(a_word_that_is_not_built_yet_names_those_that_are) {
    struct row {
        char const* section;
        char const* key;
        char const* value;
        char const* use;
    };
    row const rows[] = {
        {"store", "backend", "redis", "\"memory\" or \"sqlite\""},
    };
    for (auto const& r : rows) {
        auto const key = std::string(r.section) + '.' + r.key;
        auto const toml = '[' + std::string(r.section) + "]\n" + r.key + " = \"" + r.value + "\"\n";
        auto const column = std::to_string(std::string(r.key).size() + 4);
        BOOST_TEST(mistakes({.toml = toml}) == "config.toml:2:" + column + ": " + key + ": \"" +
                                                   r.value + "\" is not built yet; use " + r.use);
    }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_built_yet_takes_no_value_but_its_default) {
    struct row {
        char const* key;
        char const* value;
        char const* standard;
    };
    row const rows[] = {
        {"store.url", "redis://elsewhere", "redis://127.0.0.1:6379/0"},
    };
    for (auto const& r : rows) {
        auto const key = std::string(r.key);
        BOOST_TEST(mistakes({.sets = {key + '=' + r.value}}) ==
                   "--set " + key + ": this key is not built yet; leave it out");
        BOOST_TEST(mistakes({.sets = {key + '=' + r.standard}}) == "");
    }
}

BOOST_AUTO_TEST_CASE(a_later_source_can_take_back_what_is_not_built_yet) {
    BOOST_TEST(mistakes({.toml = "[store]\nbackend = \"redis\"\n",
                         .sets = {"store.backend=memory"}}) == "");
}

BOOST_AUTO_TEST_CASE(foreign_validation_endpoints_are_built) {
    for (auto const* strategy : {"introspection", "userinfo", "jwt"})
        BOOST_TEST(mistakes({.toml = "[validation]\nendpoint = \"https://idp.example.com/x\"\n"
                                     "client_id = \"rs\"\nclient_secret = \"s\"\n",
                             .sets = {std::string("validation.strategy=") + strategy}}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

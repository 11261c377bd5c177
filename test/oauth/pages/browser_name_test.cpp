#include "oauth/pages/browser_name.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;

BOOST_AUTO_TEST_SUITE(browser_names)

BOOST_AUTO_TEST_CASE(knows_a_name_that_it_gave_again) {
    auto const name = new_browser_name("key", "login");
    BOOST_TEST(name.size() == 43u);
    BOOST_TEST(is_browser_name("key", "login", name));
    BOOST_TEST(new_browser_name("key", "login") != name);
    auto const seeded = browser_name_of("key", "login", "seed");
    BOOST_TEST(seeded == browser_name_of("key", "login", "seed"));
    BOOST_TEST(seeded != browser_name_of("key", "login", "seed2"));
    BOOST_TEST(is_browser_name("key", "login", seeded));
}

BOOST_AUTO_TEST_CASE(takes_none_that_it_did_not_give) {
    auto const name = new_browser_name("key", "login");
    BOOST_TEST(!is_browser_name("other", "login", name));
    BOOST_TEST(!is_browser_name("key", "device", name));
    BOOST_TEST(!is_browser_name("key", "login", std::string(43, 'A')));
    BOOST_TEST(!is_browser_name("key", "login", ""));
    BOOST_TEST(!is_browser_name("key", "login", name + "AAAA"));
    BOOST_TEST(!is_browser_name("key", "login", "!" + name.substr(1)));
    for (std::size_t const at : {0u, 20u, 41u}) {
        auto changed = name;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        BOOST_TEST(!is_browser_name("key", "login", changed), at);
    }
}

BOOST_AUTO_TEST_SUITE_END()

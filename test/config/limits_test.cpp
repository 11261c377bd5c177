// From [limits] and its like to what keeps to them.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"
#include "control/realms/realm_registry.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
using test::load;
using test::mistakes;

namespace {

bool same(http::rate_budget::bounds const& a, http::rate_budget::bounds const& b) {
    return a.peer == b.peer && a.all == b.all;
}
bool same(oauth::live_budget::bounds const& a, oauth::live_budget::bounds const& b) {
    return a.client == b.client && a.peer == b.peer && a.all == b.all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_limits)

BOOST_AUTO_TEST_CASE(each_key_reaches_the_budget_that_it_names) {
    auto const c = load({.toml = "[registration]\n"
                                 "unused_ttl = \"90s\"\n"
                                 "[realms]\n"
                                 "max_per_peer = 3\n"
                                 "[limits]\n"
                                 "registrations = 11\n"
                                 "peer_registrations = 12\n"
                                 "realms = 13\n"
                                 "peer_realms = 14\n"
                                 "logins = 15\n"
                                 "peer_logins = 16\n"
                                 "user_codes = 17\n"
                                 "peer_user_codes = 18\n"
                                 "clients = 19\n"
                                 "realm_clients = 20\n"
                                 "tokens = 21\n"
                                 "client_tokens = 22\n"
                                 "peer_tokens = 23\n"
                                 "devices = 24\n"
                                 "client_devices = 25\n"
                                 "peer_devices = 26\n"});
    auto const l = oauth_limits(c);
    BOOST_TEST(same(l.registrations, {12, 11}));
    BOOST_TEST(same(l.logins, {16, 15}));
    BOOST_TEST(same(l.user_codes, {18, 17}));
    BOOST_TEST(l.clients.all == 19u);
    BOOST_TEST(l.clients.realm == 20u);
    BOOST_TEST((l.clients.unused_life == 90s));
    BOOST_TEST(same(l.tokens, {22, 23, 21}));
    BOOST_TEST(same(l.devices, {25, 26, 24}));
    BOOST_TEST(c.limits.realms == 13u);
    BOOST_TEST(c.limits.peer_realms == 14u);
    BOOST_TEST(c.realms.max_per_peer == 3u);
}

BOOST_AUTO_TEST_CASE(without_a_word_the_defaults_of_the_budgets_hold) {
    auto const c = load({});
    auto const l = oauth_limits(c);
    oauth::limits const standard;
    BOOST_TEST(same(l.registrations, standard.registrations));
    BOOST_TEST(same(l.logins, standard.logins));
    BOOST_TEST(same(l.user_codes, standard.user_codes));
    BOOST_TEST(l.clients.all == standard.clients.all);
    BOOST_TEST(l.clients.realm == standard.clients.realm);
    BOOST_TEST((l.clients.unused_life == standard.clients.unused_life));
    BOOST_TEST(same(l.tokens, standard.tokens));
    BOOST_TEST(same(l.devices, standard.devices));
    control::realm_registry::options const realms;
    BOOST_TEST(c.realms.max_per_peer == realms.max_per_peer);
    BOOST_TEST(same(realms.made, {c.limits.peer_realms, c.limits.realms}));
}

BOOST_AUTO_TEST_CASE(nothing_is_without_a_bound) {
    for (auto const* key : {"registrations", "peer_realms", "tokens", "client_devices"}) {
        auto const line = "[limits]\n" + std::string(key) + " = 0\n";
        BOOST_TEST(mistakes({.toml = line}).find(key) != std::string::npos, line);
    }
    BOOST_TEST(mistakes({.toml = "[limits]\ntoken = 5\n"}).find("limits.tokens") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

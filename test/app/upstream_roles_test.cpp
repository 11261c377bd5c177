// What is done for the provider of [upstream] in each mode.
#include "app/upstream_roles.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

strings in_mode(std::string const& mode) {
    return {"authorization_server.mode=" + mode, "upstream.issuer=https://idp.example",
            "upstream.client_id=us", "upstream.timeout=7s"};
}

struct fixture {
    explicit fixture(strings const& sets) : settings(tollgate::test::load({.sets = sets})) {}

    config const settings;
    manual_clock clock;
    std::unique_ptr<oauth::store> store = oauth::make_memory_store(clock);
    http::client client{http::client::options()};
    provider_roles roles{settings, client, *store, clock};
    boost::asio::io_context io;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(app_upstream_roles)

BOOST_AUTO_TEST_CASE(each_mode_has_its_own_role_and_no_other) {
    struct {
        char const* mode;
        bool proxy;
        bool broker;
    } const table[] = {{"builtin", false, false}, {"proxy", true, false}, {"broker", false, true}};
    for (auto const& row : table) {
        fixture f(in_mode(row.mode));
        BOOST_TEST((f.roles.proxy() != nullptr) == row.proxy, row.mode);
        BOOST_TEST((f.roles.broker() != nullptr) == row.broker, row.mode);
    }
}

BOOST_AUTO_TEST_CASE(the_provider_is_the_one_of_the_configuration_in_every_mode) {
    for (auto const* mode : {"builtin", "proxy", "broker"}) {
        fixture f(in_mode(mode));
        BOOST_TEST(f.roles.provider().configured(), mode);
        BOOST_TEST(f.roles.provider().options().issuer == "https://idp.example", mode);
        BOOST_TEST((f.roles.provider().options().timeout == std::chrono::seconds(7)), mode);
    }
    BOOST_TEST(!fixture({}).roles.provider().configured());
}

BOOST_AUTO_TEST_CASE(a_broker_asks_the_provider_that_validation_asks) {
    fixture f(in_mode("broker"));
    BOOST_TEST(&f.roles.broker()->upstream() == &f.roles.provider());
}

BOOST_AUTO_TEST_CASE(a_broker_is_sent_back_to_the_path_that_is_registered) {
    auto sets = in_mode("broker");
    http::place where;
    where.as_origin = "https://as.example";
    where.base = "/r/alpha";
    BOOST_TEST(fixture(sets).roles.broker()->redirect_uri(where) ==
               "https://as.example/r/alpha/callback");
    sets.emplace_back("upstream.redirect_path=/api/callback");
    BOOST_TEST(fixture(sets).roles.broker()->redirect_uri(where) ==
               "https://as.example/r/alpha/api/callback");
}

// MCP, Security Best Practices, "Token Passthrough": a broker never sends the caller's own token.
BOOST_AUTO_TEST_CASE(an_api_gets_another_token_than_the_callers_from_a_broker_alone) {
    for (auto const* mode : {"builtin", "proxy"}) {
        fixture f(in_mode(mode));
        auto const api = f.roles.api("https://api.example/x");
        BOOST_TEST(api.url == "https://api.example/x", mode);
        BOOST_TEST(!api.instead, mode);
        BOOST_TEST(&api.client == &f.client, mode);
    }
    fixture f(in_mode("broker"));
    BOOST_TEST(!!f.roles.api("").instead);
}

BOOST_AUTO_TEST_CASE(a_token_that_came_of_no_login_is_lent_nothing) {
    fixture f(in_mode("broker"));
    auto const api = f.roles.api("");
    auto const lent = ::test::run(f.io, api.instead("default", "nobody-issued-it", ""));
    BOOST_REQUIRE(!lent.has_value());
    BOOST_TEST(lent.error().status() == 400u);
    BOOST_TEST(lent.error().error() == "invalid_grant");
}

BOOST_AUTO_TEST_SUITE_END()

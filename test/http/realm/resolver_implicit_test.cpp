// Realms that their first request makes.
#include "http/realm/resolver_bench.hpp"

using namespace tollgate;
using namespace tollgate::http;

BOOST_FIXTURE_TEST_SUITE(implicit_realms, test::resolver_bench)

BOOST_AUTO_TEST_CASE(an_implicit_realm_is_not_made_by_being_looked_for) {
    resolver const r(names, realms);
    auto found = ask(r, mcp, "localhost", "/s/plain/run-1/mcp");
    BOOST_REQUIRE(found);
    BOOST_TEST(!found->where->realm);
    BOOST_REQUIRE(found->absent);
    BOOST_TEST(found->absent->status() == 404u);
    BOOST_TEST(realms.made == 0);
    BOOST_REQUIRE(r.adopt(*found, {}));
    BOOST_TEST(realms.made == 1);
    BOOST_TEST(found->where->realm->name() == "s.plain.run-1");
    BOOST_TEST(found->where->mcp_url() == "http://localhost:9101/s/plain/run-1/mcp");
    BOOST_TEST(found->where->internal_issuer == "http://127.0.0.1:9100/s/plain/run-1");
    auto again = ask(r, mcp, "localhost", "/s/plain/run-1/mcp");
    BOOST_REQUIRE(again);
    BOOST_CHECK(again->where->realm == found->where->realm);
    BOOST_CHECK(!again->absent);
    BOOST_CHECK(r.adopt(*again, {}));
    BOOST_TEST(realms.made == 1);
}

BOOST_AUTO_TEST_CASE(an_unknown_scenario_names_the_nearest_one) {
    resolver const r(names, realms);
    auto found = ask(r, mcp, "localhost", "/s/plane/run-1/mcp");
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(found->absent);
    BOOST_TEST(found->absent->description() == "did you mean plain?");
    auto const adopted = r.adopt(*found, {});
    BOOST_REQUIRE(!adopted);
    BOOST_TEST(adopted.error().status() == 404u);
    BOOST_TEST(realms.made == 0);
}

BOOST_AUTO_TEST_CASE(without_room_an_implicit_realm_is_503) {
    realms.room = 0;
    resolver const r(names, realms);
    auto found = ask(r, mcp, "localhost", "/s/plain/run-1/mcp");
    BOOST_REQUIRE(found);
    auto const adopted = r.adopt(*found, {});
    BOOST_REQUIRE(!adopted);
    BOOST_TEST(adopted.error().status() == 503u);
}

BOOST_AUTO_TEST_CASE(on_a_public_server_a_run_must_be_hard_to_guess) {
    go_public();
    resolver const r(names, realms);
    auto guessable = ask(r, mcp, "mcp.example", "/s/plain/" + std::string(21, 'x') + "/mcp");
    BOOST_REQUIRE(guessable);
    auto const refused_run = r.adopt(*guessable, {});
    BOOST_REQUIRE(!refused_run);
    BOOST_TEST(refused_run.error().status() == 403u);
    auto secret = ask(r, mcp, "mcp.example", "/s/plain/" + std::string(22, 'x') + "/mcp");
    BOOST_REQUIRE(secret);
    BOOST_CHECK(r.adopt(*secret, {}));
}

BOOST_AUTO_TEST_CASE(on_a_public_server_who_bears_the_token_may_name_a_run_as_they_like) {
    go_public();
    for (auto const* token : {"", "T0p.s3cret"}) {
        names.realm_token = token;
        resolver const r(names, realms);
        auto const tried = [&](char const* credentials) {
            auto found = ask(r, mcp, "mcp.example", "/s/plain/short/mcp");
            request by;
            by.headers = {{"Authorization", credentials}};
            auto const adopted = r.adopt(*found, by);
            return adopted ? 200u : adopted.error().status();
        };
        for (auto const* wrong : {"", "Bearer", "Bearer ", "Bearer other", "Basic T0p.s3cret",
                                  "Bearer T0p.s3cret2", "Bearer T0p.s3cre"})
            BOOST_TEST(tried(wrong) == 403u);
        if (names.realm_token.empty()) continue;
        auto twice = ask(r, mcp, "mcp.example", "/s/plain/short/mcp");
        request by;
        by.headers = {{"Authorization", "Bearer T0p.s3cret"}, {"authorization", "Bearer x"}};
        BOOST_TEST(r.adopt(*twice, by).error().status() == 403u);
        BOOST_TEST(tried("bearer T0p.s3cret") == 200u);
    }
}

// Who asks for a new realm, as budgets count it (account_of).
BOOST_AUTO_TEST_CASE(a_new_realm_is_counted_for_whoever_asks_for_it) {
    names.realm_token = "T0p.s3cret";
    auto const founded_by = [&](request by, std::string const& run) {
        resolver const r(names, realms);
        auto found = ask(r, mcp, "localhost", "/s/plain/" + run + "/mcp");
        BOOST_REQUIRE(found);
        BOOST_REQUIRE(bool(r.adopt(*found, by)));
        return realms.founders.back();
    };
    request by;
    by.peer = "192.0.2.1";
    BOOST_TEST(founded_by(by, "r1") == "192.0.2.1");
    by.headers = {{"Authorization", "Bearer T0p.s3cret"}};
    BOOST_TEST(founded_by(by, "r2") == "trusted");
    request mine;
    mine.peer = "127.0.0.1";
    mine.peer_is_loopback = true;
    BOOST_TEST(founded_by(mine, "r3") == "local");
    go_public();
    std::string const secret(22, 'x');
    BOOST_TEST(founded_by(mine, secret + '1') == "");
    mine.headers = {{"X-Forwarded-For", "198.51.100.4, 192.0.2.9"}};
    BOOST_TEST(founded_by(mine, secret + '2') == "via 192.0.2.9");
}

BOOST_AUTO_TEST_SUITE_END()

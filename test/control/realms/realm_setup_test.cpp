// How a realm gets into a scenario and back: policy, then the scenario's, then its own.
#include "control/realms/realm_setup.hpp"

#include <boost/test/unit_test.hpp>

#include "control/faults/catalogue.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct begun : plane {
    control::administrations const& servers = realms.servers();

    http::realm_ptr made(std::string_view policy, std::string_view scenario = "plain") {
        control::realm_request wanted;
        wanted.name = "alpha";
        wanted.scenario = control::find_scenario(scenario).value();
        auto const body = json::parse(policy).as_object();
        wanted.policy = control::read_policy_patch(body, "", control::configured(servers)).value();
        return realms.create(std::move(wanted)).value();
    }
    void into(http::realm_ptr const& r, std::string_view scenario) {
        auto const& s = *control::find_scenario(scenario).value();
        control::enter_scenario(*r, s, servers, b.clock.now());
    }
    void restore(http::realm_ptr const& r, unsigned side) {
        control::restore_side(*r, side, servers, b.clock.now());
    }
    static void add(http::realm_ptr const& r, std::string_view fault) {
        auto const added = r->get<control::realm_faults>().add(control::settings_of(fault), {});
        BOOST_REQUIRE(bool(added));
    }
    static std::string faults(http::realm_ptr const& r) {
        std::string all;
        if (auto const plan = r->get<control::realm_faults>().faults())
            for (auto const& f : *plan)
                all += (all.empty() ? "" : " ") + f->settings().name;
        return all;
    }
    std::chrono::milliseconds life(http::realm_ptr const& r) {
        return oauth.current_policy(*r)->access_ttl;
    }
    static std::string_view scenario(http::realm_ptr const& r) {
        return r->get<control::realm_state>().current_scenario().name;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(realm_setup, begun)

BOOST_AUTO_TEST_CASE(begins_with_the_configuration_and_what_the_scenario_says) {
    oauth.configured.code_ttl = 7s;
    mcp.configured.page_size = 9;
    auto const r = made("{}", "token.short");
    BOOST_TEST((life(r) == 5s));
    BOOST_TEST((oauth.current_policy(*r)->code_ttl == 7s));
    BOOST_TEST(mcp.current_policy(*r)->page_size == 9u);
}

BOOST_AUTO_TEST_CASE(puts_what_a_realm_was_made_with_on_top_of_every_scenario) {
    auto const r = made(R"({"access_ttl":"2s","page_size":3})", "token.short");
    BOOST_TEST((life(r) == 2s));
    into(r, "refresh.rotate");
    BOOST_TEST((life(r) == 2s));
    BOOST_TEST(mcp.current_policy(*r)->page_size == 3u);
    BOOST_TEST((oauth.current_policy(*r)->rotation == oauth::refresh_rotation::always));
}

BOOST_AUTO_TEST_CASE(has_the_faults_of_one_scenario_at_a_time_and_no_others) {
    auto const r = made("{}", "refresh.dead");
    add(r, "mcp.server_error");
    into(r, "scope.forbidden");
    BOOST_TEST(faults(r) == "scope.forbidden");
    BOOST_TEST(scenario(r) == "scope.forbidden");
    into(r, "plain");
    BOOST_TEST(faults(r) == "");
}

BOOST_AUTO_TEST_CASE(enters_the_same_scenario_twice_with_its_faults_once) {
    auto const r = made("{}");
    into(r, "refresh.dead");
    into(r, "refresh.dead");
    BOOST_TEST(faults(r) == "refresh.invalid_grant");
}

BOOST_AUTO_TEST_CASE(keeps_tokens_clients_and_sessions_when_it_enters_a_scenario) {
    auto const r = made("{}");
    into(r, "refresh.dead");
    BOOST_TEST(oauth.resets.empty());
    BOOST_TEST(oauth.revoked.empty());
    BOOST_TEST(mcp.ended.empty());
    BOOST_TEST(oauth.clients_forgotten.empty());
}

BOOST_AUTO_TEST_CASE(takes_the_authorization_server_back_and_leaves_the_other_side) {
    auto const r = made(R"({"access_ttl":"2s"})", "scope.forbidden");
    into(r, "refresh.dead");
    add(r, "scope.forbidden");
    auto policy = *mcp.current_policy(*r);
    policy.page_size = 1;
    mcp.set_policy(*r, policy);
    restore(r, control::as_side);
    BOOST_TEST(scenario(r) == "scope.forbidden");
    BOOST_TEST((life(r) == 2s));
    BOOST_TEST(faults(r) == "scope.forbidden");
    BOOST_TEST(mcp.current_policy(*r)->page_size == 1u);
}

BOOST_AUTO_TEST_CASE(takes_the_mcp_server_back_and_leaves_the_other_side) {
    auto const r = made(R"({"page_size":3})", "scope.forbidden");
    into(r, "refresh.dead");
    r->get<control::realm_faults>().count_token_request();
    add(r, "mcp.server_error");
    auto policy = *mcp.current_policy(*r);
    policy.page_size = 1;
    mcp.set_policy(*r, policy);
    restore(r, control::mcp_side);
    BOOST_TEST(mcp.current_policy(*r)->page_size == 3u);
    BOOST_TEST((life(r) == 5s));  // of the scenario that the other side is still in
    BOOST_TEST(faults(r) == "refresh.invalid_grant scope.forbidden");
    BOOST_TEST(r->get<control::realm_faults>().counted_token_requests().all == 1u);
}

// A fault at every endpoint belongs to either side.
BOOST_AUTO_TEST_CASE(takes_a_fault_of_both_sides_away_whichever_is_reset) {
    for (auto const side : {control::as_side, control::mcp_side}) {
        auto const r = realms.look("default");
        control::fault_settings everywhere;
        everywhere.name = "raw";
        BOOST_REQUIRE(bool(r->get<control::realm_faults>().add(everywhere, {})));
        restore(r, side);
        BOOST_TEST(faults(r) == "");
    }
}

BOOST_AUTO_TEST_CASE(counts_token_requests_anew_when_the_authorization_server_is_reset) {
    auto const r = realms.look("default");
    auto& counted = r->get<control::realm_faults>();
    counted.count_token_request();
    counted.count_faulted_token_request();
    BOOST_TEST(counted.counted_token_requests().all == 1u);
    BOOST_TEST(counted.counted_token_requests().faulted == 1u);
    restore(r, control::as_side);
    BOOST_TEST(counted.counted_token_requests().all == 0u);
    BOOST_TEST(counted.counted_token_requests().faulted == 0u);
}

// RFC 9728 §2: the metadata of the resource say what the token endpoint demands.
BOOST_AUTO_TEST_CASE(takes_what_both_sides_must_agree_on_back_on_both) {
    for (auto const side : {control::as_side, control::mcp_side}) {
        auto const r = realms.look("default");
        auto as = *oauth.current_policy(*r);
        as.dpop = tollgate::oauth::dpop_mode::required;
        oauth.set_policy(*r, as);
        auto resource = *mcp.current_policy(*r);
        resource.dpop_required = true;
        mcp.set_policy(*r, resource);
        restore(r, side);
        bool const demanded =
            oauth.current_policy(*r)->dpop == tollgate::oauth::dpop_mode::required;
        BOOST_TEST(mcp.current_policy(*r)->dpop_required == demanded, side);
    }
}

BOOST_AUTO_TEST_SUITE_END()

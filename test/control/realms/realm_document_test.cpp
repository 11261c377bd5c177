// A realm as a document, and again as a realm.
#include "control/realms/realm_document.hpp"

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct documented : plane {
    control::administrations const& servers = realms.servers();

    static control::realm_registry::options many() {
        control::realm_registry::options o;
        o.max = 10'000;
        o.journal_bytes = 16 << 10;
        return o;
    }
    documented() : plane(&control::control_plane::add_shared_routes, many()) {}

    http::realm_ptr made(std::string name, control::scenario const& s = control::plain_scenario()) {
        control::realm_request wanted;
        wanted.name = std::move(name);
        wanted.scenario = &s;
        return realms.create(std::move(wanted)).value();
    }
    std::string document(http::realm const& r) {
        return json::serialize(control::document_of(r, servers));
    }
    // A realm that was made the same way, and became what the document of `r` says.
    http::realm_ptr again(http::realm const& r) {
        auto const other =
            made(r.name() + "-again", *r.get<control::realm_state>().birth().scenario);
        control::apply_document(*other, document(r), servers, b.clock.now());
        return other;
    }
    // Goes to `r`; its faults as the control plane tells them.
    json::value faults_of(http::realm_ptr const& r) {
        enter(r);
        return get("faults").json();
    }
    void come_back(http::realm_ptr const& r) {
        auto const other = again(*r);
        BOOST_TEST(document(*other) == document(*r));
        auto const before = faults_of(r);
        BOOST_TEST(faults_of(other) == before);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(realm_document, documented)

// Their faults select by words that a server does not have which is told of them by the API.
BOOST_AUTO_TEST_CASE(every_scenario_comes_back_with_all_of_its_faults) {
    int n = 0;
    for (auto const& s : control::all_scenarios()) {
        auto const r = made("s" + std::to_string(++n), s);
        auto const other = again(*r);
        BOOST_TEST(document(*other) == document(*r), s.name);
        auto const count = [](http::realm const& of) {
            auto const plan = of.get<control::realm_faults>().faults();
            return plan ? plan->size() : std::size_t(0);
        };
        BOOST_TEST(count(*other) == count(*r), s.name);
        BOOST_TEST(count(*r) == s.faults.size(), s.name);
    }
}

BOOST_AUTO_TEST_CASE(faults_go_on_counting_where_they_were) {
    auto const r = made("alpha");
    enter(r);
    fault(R"({"name":"token.unavailable","trigger":{"nth":3},"expires_in":60})");
    fault(R"({"name":"raw","params":{"status":502},"trigger":{"script":["ok","fault","ok"]}})");
    fault(R"({"effects":[{"delay":{"ms":1}}],"trigger":{"first_per":"client"}})");
    token({{"grant_type", "refresh_token"}, {"client_id", "c"}});
    come_back(r);
    enter(realms.look("alpha-again"));
    token();
    BOOST_TEST(token().status == 503u);
    BOOST_TEST(state().at("tokenCalls").as_int64() == 3);
}

BOOST_AUTO_TEST_CASE(the_clock_is_as_far_from_real_time_as_it_was) {
    auto const r = made("alpha");
    enter(r);
    post("clock", R"({"advance":"2h","skew":"-90s"})");
    auto const other = again(*r);
    BOOST_TEST((other->time().at(b.clock.now()) == r->time().at(b.clock.now())));
    post("clock", R"({"freeze":true})");
    auto const standing = made("beta");
    control::apply_document(*standing, document(*r), servers, b.clock.now());
    b.clock.advance(1h);
    BOOST_TEST(standing->time().is_frozen());
    BOOST_TEST((standing->time().at(b.clock.now()) == r->time().at(b.clock.now())));
}

BOOST_AUTO_TEST_CASE(what_was_changed_of_the_policy_comes_back_and_the_rest_is_the_configurations) {
    auto const r = made("alpha");
    enter(r);
    BOOST_REQUIRE(patch("policy", R"({"tokens.refresh_ttl":"3h"})").status == 200u);
    auto const before = document(*r);
    oauth.configured.access_ttl = 11s;  // by the next start
    auto const other = made("beta");
    control::apply_document(*other, before, servers, b.clock.now());
    BOOST_TEST((oauth.current_policy(*other)->refresh_ttl == 3h));
    BOOST_TEST((oauth.current_policy(*other)->access_ttl == 11s));
}

BOOST_AUTO_TEST_CASE(a_consent_that_is_denied_stays_so) {
    auto const r = made("alpha");
    auto policy = *oauth.current_policy(*r);
    policy.deny_consent = true;
    policy.test_buttons = true;
    oauth.set_policy(*r, std::move(policy));
    auto const other = again(*r);
    BOOST_TEST(oauth.current_policy(*other)->deny_consent);
    BOOST_TEST((oauth.current_policy(*other)->test_buttons == std::optional(true)));
}

BOOST_AUTO_TEST_CASE(a_scenario_that_there_is_no_more_leaves_the_rest) {
    auto const r = made("alpha");
    enter(r);
    fault(R"({"name":"token.unavailable"})");
    auto changed = control::document_of(*r, servers);
    changed["scenario"] = "of.another.version";
    auto const other = made("beta");
    control::apply_document(*other, json::serialize(changed), servers, b.clock.now());
    BOOST_TEST(other->get<control::realm_faults>().has_faults());
}

BOOST_AUTO_TEST_CASE(how_a_realm_was_made_comes_back) {
    control::realm_request wanted;
    wanted.name = "alpha";
    wanted.way = control::isolation::host;
    wanted.scenario = control::find_scenario("refresh.dead").value();
    wanted.seed = 18'000'000'000'000'000'000U;
    wanted.ttl = 90s;
    auto const policy = json::parse(R"({"access_ttl":"7s"})").as_object();
    wanted.policy = control::read_policy_patch(policy, "", control::configured(servers)).value();
    auto const r = realms.create(std::move(wanted)).value();
    http::other_names const names{
        {"http://a"}, {"http://b"}, {{"http://a", tollgate::time_point(1'800'000'000'500ms)}}};
    r->set_kin(std::make_shared<http::other_names const>(names));
    auto const birth = control::birth_from(json::serialize(control::birth_document(*r)), servers);
    BOOST_REQUIRE(bool(birth));
    auto const& s = birth->settings;
    BOOST_TEST((s.way == control::isolation::host));
    BOOST_TEST(s.base == "");
    BOOST_TEST(s.scenario->name == "refresh.dead");
    BOOST_TEST(s.seed == 18'000'000'000'000'000'000U);
    BOOST_TEST((s.ttl == std::optional<control::milliseconds>(90s)));
    BOOST_TEST(s.policy.as_given == policy);
    BOOST_REQUIRE(birth->kin);
    BOOST_TEST(birth->kin->issuers == names.issuers, boost::test_tools::per_element());
    BOOST_TEST(birth->kin->mcp_bases == names.mcp_bases, boost::test_tools::per_element());
    BOOST_TEST((birth->kin->until == names.until));
}

BOOST_AUTO_TEST_CASE(a_birth_that_cannot_be_read_is_a_problem_and_no_exception) {
    for (auto const* text : {"", "[]", "{}", R"({"isolation":1})"})
        BOOST_TEST(!control::birth_from(text, servers), text);
}

BOOST_AUTO_TEST_SUITE_END()

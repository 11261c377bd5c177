// The whole program behind a tunnel: what one stranger uses up is not what others need.
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

constexpr auto control_token = "open-sesame-open-sesame";
constexpr auto metadata = "/.well-known/oauth-authorization-server";

// A request that a tunnel on this machine brings.
fields from(std::string const& peer) {
    return {{"X-Forwarded-For", peer}};
}

struct exposed : program {
    exposed()
        : program({"control.token=" + std::string(control_token), "limits.peer_registrations=5",
                   "limits.realm_clients=8", "limits.peer_realms=5", "realms.max=20",
                   "realms.max_per_peer=4"}) {
        auto const port = issuer().substr(issuer().rfind(':'));
        boost::json::object names;
        names["authorization_server"] = "http://tunnel.localhost" + port;
        auto const a = post_json(issuer() + "/control/public-url", boost::json::serialize(names),
                                 bearer(control_token));
        BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    }

    raw_reply enrol(fields const& headers) const {
        return post_json(issuer() + "/register",
                         R"({"redirect_uris":["http://localhost/cb"],
                             "token_endpoint_auth_method":"none"})",
                         headers);
    }
    // The first request to a run, whose name nobody can guess.
    unsigned found(std::string const& run, fields const& headers) const {
        auto const name = run + std::string(24 - run.size(), 'x');
        return get(issuer() + metadata + "/s/plain/" + name, headers).status;
    }
    // Whether that run is there: nothing but a protocol request makes one.
    bool alive(std::string const& run) const {
        auto const name = run + std::string(24 - run.size(), 'x');
        return get(issuer() + "/s/plain/" + name + "/userinfo").status == 401u;
    }
    boost::json::value state() const {
        return json_of(get(issuer() + "/control/state", bearer(control_token)));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(strangers_flow, exposed)

// RFC 7591 §5; RFC 6585 §4.
BOOST_AUTO_TEST_CASE(a_flood_of_registrations_stops_the_flood_alone) {
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(enrol(from("192.0.2.66")).status == 201u);
    auto const refused = enrol(from("192.0.2.66"));
    BOOST_TEST(refused.status == 429u);
    BOOST_TEST(refused.header("Retry-After") != "");
    for (int i = 0; i < 5; ++i)  // two more than there is room for
        BOOST_TEST(enrol(from("192.0.2.67")).status == 201u);
    BOOST_TEST(state().at("clients").as_int64() == 8);
}

BOOST_AUTO_TEST_CASE(a_reset_frees_registered_clients_where_it_is_asked_to) {
    BOOST_TEST(enrol(from("192.0.2.66")).status == 201u);
    auto const reset = [&](std::string const& body) {
        return post_json(issuer() + "/control/reset", body, bearer(control_token)).status;
    };
    BOOST_TEST(reset("{}") == 200u);
    BOOST_TEST(state().at("clients").as_int64() == 1);
    BOOST_TEST(reset(R"({"clients":true})") == 200u);
    BOOST_TEST(state().at("clients").as_int64() == 0);
}

BOOST_AUTO_TEST_CASE(a_flood_of_new_realms_evicts_no_run_of_others) {
    BOOST_TEST(found("theirs", from("192.0.2.67")) == 200u);
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(found("a" + std::to_string(i) + '-', from("192.0.2.66")) ==
                   (i < 5 ? 200u : 429u));
    BOOST_TEST(alive("theirs"));
    BOOST_TEST(!alive("a0-"));  // of more than four its own longest idle goes
    BOOST_TEST(alive("a4-"));
    // Who bears the token meets no budget.
    auto told = bearer(control_token);
    told.emplace_back("X-Forwarded-For", "192.0.2.66");
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(found("told" + std::to_string(i) + '-', told) == 200u);
    BOOST_TEST(alive("theirs"));
}

BOOST_AUTO_TEST_CASE(an_image_on_a_web_page_makes_no_realm) {
    fields const image{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "no-cors"}};
    BOOST_TEST(found("image", image) == 404u);
    BOOST_TEST(!alive("image"));
}

BOOST_AUTO_TEST_CASE(counters_are_for_whoever_runs_the_server) {
    BOOST_TEST(get(issuer() + "/metrics").status == 200u);
    BOOST_TEST(get(issuer() + "/metrics", from("192.0.2.66")).status == 401u);
    auto told = bearer(control_token);
    told.emplace_back("X-Forwarded-For", "192.0.2.66");
    enrol(from("192.0.2.66"));
    auto const a = get(issuer() + "/metrics", told);
    BOOST_TEST(a.status == 200u);
    for (auto const* name : {"tollgate_clients_registered 1\n", "tollgate_tokens 0\n",
                             "tollgate_limit_refusals_total{limit=\"registrations\"}"})
        BOOST_TEST(a.body.find(name) != std::string::npos, name);
    for (auto const* path : {"/healthz", "/readyz"})
        BOOST_TEST(get(issuer() + path, from("192.0.2.66")).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(strangers_on_loopback)

// Parallel runs of this machine: hundreds of realms and registrations a minute.
BOOST_AUTO_TEST_CASE(tests_on_this_machine_meet_no_rate,
                     *needs_one_program("a server with public names has rates for all")) {
    program const p({"limits.peer_registrations=1", "limits.registrations=1",
                     "limits.peer_realms=1", "limits.realms=1"});
    for (int i = 0; i < 200; ++i) {
        auto const run = "/s/plain/run" + std::to_string(i);
        BOOST_REQUIRE_EQUAL(get(p.issuer() + metadata + run).status, 200u);
        auto const body = R"({"redirect_uris":["http://localhost/cb"]})";
        BOOST_REQUIRE_EQUAL(post_json(p.issuer() + run + "/register", body).status, 201u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

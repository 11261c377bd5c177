#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct port_plane : plane {
    port_plane() : plane(&control::control_plane::add_shared_routes, options()) {}
    static inline int opened = 0;
    static inline int closed = 0;

    static control::realm_registry::options options() {
        opened = closed = 0;
        control::realm_registry::options o;
        o.ports.open = [](std::string const& name) -> outcome<control::realm_listeners> {
            if (name == "unlucky") return problem(503, "no_port", "no port can be had");
            ++opened;
            control::realm_listeners l;
            l.as = std::make_shared<http::listener_info>();
            l.as->port = 40001;
            l.mcp = std::make_shared<http::listener_info>();
            l.mcp->port = 40002;
            return l;
        };
        o.ports.close = [](control::realm_listeners const& l) {
            if (l.as->port == 40001 && l.mcp->port == 40002) ++closed;
        };
        return o;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(api_realms)

BOOST_FIXTURE_TEST_CASE(makes_a_realm_by_path_and_says_where_it_is, plane) {
    auto const a = post("realms", R"({"name":"alpha","scenario":"refresh.rotate","ttl":"10m"})");
    BOOST_TEST(a.status == 201u);
    BOOST_TEST(a.json() == json::parse(R"({"name":"alpha",
        "issuer":"http://localhost:9100/r/alpha","mcp":"http://localhost:9101/r/alpha/mcp",
        "sse":"http://localhost:9101/r/alpha/sse",
        "control":["http://localhost:9100/r/alpha/control","http://localhost:9101/r/alpha/control"],
        "isolation":"path","scenario":"refresh.rotate","expires_at":"2027-01-15T08:10:00Z"})"));
    BOOST_TEST(get("realms/alpha").json() == a.json());
    enter(realms.look("alpha"));
    BOOST_TEST(state().at("rotate").as_bool());
    BOOST_TEST(text(state(), "realm") == "alpha");
}

BOOST_FIXTURE_TEST_CASE(makes_a_realm_with_a_host_of_its_own, plane) {
    auto const a = post("realms", R"({"name":"beta","isolation":"host"})");
    BOOST_TEST(a.status == 201u);
    BOOST_TEST(text(a.json(), "issuer") == "http://beta.localhost:9100");
    BOOST_TEST(text(a.json(), "mcp") == "http://beta.localhost:9101/mcp");
}

BOOST_FIXTURE_TEST_CASE(makes_a_realm_with_ports_of_its_own_and_closes_them, port_plane) {
    auto const a = post("realms", R"({"name":"gamma","isolation":"port"})");
    BOOST_TEST(a.status == 201u);
    BOOST_TEST(text(a.json(), "issuer") == "http://localhost:40001");
    BOOST_TEST(text(a.json(), "sse") == "http://localhost:40002/sse");
    BOOST_TEST(opened == 1);
    BOOST_TEST(del("realms/gamma").status == 204u);
    BOOST_TEST(closed == 1);
    BOOST_TEST(post("realms", R"({"name":"unlucky","isolation":"port"})").status == 503u);
    BOOST_TEST(get("realms/unlucky").status == 404u);
}

BOOST_FIXTURE_TEST_CASE(does_not_speak_of_other_realms_from_a_port_that_serves_one, port_plane) {
    post("realms", R"({"name":"gamma","isolation":"port"})");
    enter(realms.look("gamma"));
    b.where.as_origin = "http://localhost:40001";
    BOOST_TEST(post("realms", R"({"name":"delta"})").status == 400u);
    BOOST_TEST(get("realms").status == 400u);
    b.where.as_origin = "http://localhost:9100";  // the same realm by its path
    BOOST_TEST(get("realms").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(refuses_ports_where_nobody_opens_them, plane) {
    auto const a = post("realms", R"({"name":"gamma","isolation":"port"})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(described(a).starts_with("/isolation: "));
}

BOOST_FIXTURE_TEST_CASE(names_hosts_and_ports_only_where_the_origin_is_local, plane) {
    b.where.as_origin = "https://as.example";
    b.where.mcp_origin = "https://mcp.example";
    auto const a = post("realms", R"({"name":"beta","isolation":"host"})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(described(a).starts_with("/isolation: \"host\" works on a loopback listener"));
    BOOST_TEST(text(post("realms", R"({"name":"beta"})").json(), "issuer") ==
               "https://as.example/r/beta");
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_an_algorithm_and_a_way_of_dpop_of_its_own, plane) {
    BOOST_TEST(post("realms", R"({"name":"beta","policy":
        {"signing_alg":"ES256","dpop":"required","dpop_nonce":true}})")
                   .status == 201u);
    enter(realms.look("beta"));
    auto const policy = oauth.current_policy(*b.realm);
    BOOST_TEST((policy->signing_alg == oauth::jws_algorithm::es256));
    BOOST_TEST((policy->dpop == oauth::dpop_mode::required));
    BOOST_TEST(policy->dpop_nonce);
    BOOST_TEST(mcp.current_policy(*b.realm)->dpop_required);
    BOOST_TEST(post("realms", R"({"name":"c","policy":{"signing_alg":"HS256"}})").status == 201u);
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_challenges_of_its_own, plane) {
    BOOST_TEST(post("realms", R"({"name":"beta","policy":
        {"challenge_realm":"MCP","resource_metadata":"relative","unreachable":"401"}})")
                   .status == 201u);
    enter(realms.look("beta"));
    auto const policy = mcp.current_policy(*b.realm);
    BOOST_TEST(policy->challenge_realm == "MCP");
    BOOST_TEST((policy->resource_metadata == mcp::metadata_reference::relative));
    BOOST_TEST(
        (oauth.current_policy(*b.realm)->unreachable == oauth::unreachable_answer::unauthorized));
    for (auto const* wrong : {R"({"challenge_realm":"a\r\nb"})", R"({"challenge_realm":1})"}) {
        auto const a = post("realms", R"({"name":"c","policy":)" + std::string(wrong) + '}');
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(a.body.find("/policy/challenge_realm") != std::string::npos);
    }
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_a_form_of_answers_of_its_own, plane) {
    BOOST_TEST(post("realms", R"({"name":"beta","policy":{"answers":"stream"}})").status == 201u);
    enter(realms.look("beta"));
    BOOST_TEST((mcp.current_policy(*b.realm)->answers == mcp::answer_form::stream));
    auto const wrong = post("realms", R"({"name":"c","policy":{"answers":"sse"}})");
    BOOST_TEST(wrong.status == 400u);
    BOOST_TEST(wrong.body.find("/policy/answers") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_a_policy_of_its_own_that_a_reset_keeps, plane) {
    BOOST_TEST(post("realms", R"({"name":"alpha","scenario":"token.short","policy":
        {"access_ttl":"2s","refresh_rotation":"always","sessions":"stateless",
        "fixtures":true,"page_size":2}})")
                   .status == 201u);
    enter(realms.look("alpha"));
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 2s));
    BOOST_TEST((mcp.current_policy(*b.realm)->sessions == mcp::session_mode::stateless));
    post("expires-in", R"({"seconds":60})");
    post("reset");
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 2s));
    BOOST_TEST((oauth.current_policy(*b.realm)->rotation == oauth::refresh_rotation::always));
    enter(realms.look("default"));
    BOOST_TEST((oauth.current_policy(*b.realm)->access_ttl == 1h));
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_bounds_of_its_own, plane) {
    BOOST_TEST(post("realms", R"({"name":"alpha","policy":{"max_sessions":3,"session_idle":"2s",
        "heartbeat":"100ms","sse_retry":"0s","ask_timeout":"1s","task_ttl":"5s"}})")
                   .status == 201u);
    enter(realms.look("alpha"));
    auto const p = mcp.current_policy(*b.realm);
    BOOST_TEST(p->max_sessions == 3u);
    BOOST_TEST((p->session_idle == 2s));
    BOOST_TEST((p->heartbeat == 100ms));
    BOOST_TEST((p->sse_retry == 0ms));
    BOOST_TEST((p->ask_timeout == 1s));
    BOOST_TEST((p->task_ttl == 5s));
    for (std::string const bad : {R"("max_sessions":0)", R"("session_idle":"10ms")",
                                  R"("heartbeat":"1ms")", R"("task_ttl":true)"}) {
        auto const a = post("realms", R"({"name":"b","policy":{)" + bad + "}}");
        BOOST_TEST(a.status == 400u);
        auto const name = bad.substr(1, bad.find('"', 1) - 1);
        BOOST_TEST(a.body.find("/policy/" + name) != std::string::npos, a.body);
    }
}

BOOST_FIXTURE_TEST_CASE(closes_the_ways_to_a_client_id_for_one_realm, plane) {
    oauth.configured.client_documents = true;
    BOOST_TEST(post("realms", R"({"name":"alpha","policy":
        {"dynamic":false,"client_id_metadata_documents":false}})")
                   .status == 201u);
    enter(realms.look("alpha"));
    BOOST_TEST(!oauth.current_policy(*b.realm)->dynamic_registration);
    BOOST_TEST(!oauth.current_policy(*b.realm)->client_documents);
    // What the guard lets through is for the configuration alone to say.
    auto const a = post("realms", R"({"name":"b","policy":{"allow_loopback_metadata":true}})");
    BOOST_TEST(
        described(a).starts_with("/policy/allow_loopback_metadata: is a key of the whole server"));
}

BOOST_FIXTURE_TEST_CASE(gives_a_realm_its_own_way_to_ask_people, plane) {
    BOOST_TEST(post("realms", R"({"name":"alpha","policy":
        {"consent":"login","deny_consent":true,"test_buttons":false}})")
                   .status == 201u);
    enter(realms.look("alpha"));
    BOOST_TEST((oauth.current_policy(*b.realm)->consent == oauth::consent_mode::login));
    BOOST_TEST(oauth.current_policy(*b.realm)->deny_consent);
    BOOST_TEST((oauth.current_policy(*b.realm)->test_buttons == false));
    // The switch takes back the answer and not the question.
    post("deny-consent", R"({"on":false})");
    BOOST_TEST(!oauth.current_policy(*b.realm)->deny_consent);
    BOOST_TEST((oauth.current_policy(*b.realm)->consent == oauth::consent_mode::login));
}

BOOST_FIXTURE_TEST_CASE(refuses_a_wrong_body_by_its_pointer, plane) {
    struct wrong {
        std::string_view body, text;
    };
    constexpr wrong all[] = {
        {R"({})", "/name: is missing; expected a name"},
        {R"({"name":"Alpha"})", "/name: expected 1 to 63 of a-z, 0-9 and '-', not at either end"},
        {R"({"name":"a.b"})", "/name: expected 1 to 63 of a-z, 0-9 and '-', not at either end"},
        {R"({"name":"a","scenario":"plan"})",
         "/scenario: no scenario is called \"plan\"; the nearest is \"plain\""},
        {R"({"name":"a","isolation":"vm"})",
         "/isolation: expected one of \"path\", \"host\", \"port\""},
        {R"({"name":"a","ttl":"soon"})",
         "/ttl: expected a duration like \"10m\" or seconds from 1 to 31536000"},
        {R"({"name":"a","seed":-1})",
         "/seed: expected a whole number from 0 to 9223372036854775807"},
        {R"({"name":"a","policy":{"access_ttl":"x"}})",
         "/policy/access_ttl: expected a duration such as \"500ms\", \"10s\", \"5m\", \"1h\" or "
         "\"30d\", found the string \"x\""},
        {R"({"name":"a","policy":{"refresh_ttl":0}})",
         "/policy/refresh_ttl: \"0ms\" is too short; at least \"1ms\""},
        {R"({"name":"a","policy":{"consent":"maybe"}})",
         "/policy/consent: \"maybe\" is none of \"auto\", \"page\", \"login\""},
        {R"({"name":"a","policy":{"strategy":"jwt"}})",
         "/policy/strategy: \"jwt\" needs tokens.format"},
        {R"({"name":"a","colour":"red"})", "/colour: is not known here"},
    };
    for (auto const& w : all) {
        auto const a = post("realms", std::string(w.body));
        BOOST_TEST(a.status == 400u, w.body);
        BOOST_TEST(described(a).starts_with(w.text), described(a));
    }
    BOOST_TEST(realms.all().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(refuses_opaque_tokens_under_the_strategy_jwt, plane) {
    oauth.configured.validation = oauth::strategy::jwt;
    auto const a = post("realms", R"({"name":"a","policy":{"format":"opaque"}})");
    BOOST_TEST(described(a).starts_with("/policy/format: opaque tokens cannot be validated"));
    BOOST_TEST(post("realms", R"({"name":"a","policy":{"format":"jwt"}})").status == 201u);
}

BOOST_FIXTURE_TEST_CASE(answers_409_for_a_name_that_is_taken, plane) {
    BOOST_TEST(post("realms", R"({"name":"alpha"})").status == 201u);
    BOOST_TEST(post("realms", R"({"name":"alpha"})").status == 409u);
    BOOST_TEST(post("realms", R"({"name":"default"})").status == 409u);
}

BOOST_FIXTURE_TEST_CASE(lists_all_of_them_implicit_ones_too, plane) {
    post("realms", R"({"name":"alpha"})");
    tollgate::http::founder const by;
    BOOST_REQUIRE(bool(realms.implicit("token.short", "Run_1", &by)));
    auto const list = get("realms").json().at("realms").as_array();
    BOOST_REQUIRE(list.size() == 3u);
    BOOST_TEST(text(list[0], "name") == "default");
    BOOST_TEST(text(list[0], "issuer") == "http://localhost:9100");
    BOOST_TEST(list[0].at("expires_at").is_null());
    BOOST_TEST(text(list[1], "name") == "alpha");
    BOOST_TEST(text(list[2], "name") == "s.token.short.Run_1");
    BOOST_TEST(text(list[2], "mcp") == "http://localhost:9101/s/token.short/Run_1/mcp");
    BOOST_TEST(text(list[2], "isolation") == "scenario");
    BOOST_TEST(del("realms/s.token.short.Run_1").status == 204u);
}

BOOST_FIXTURE_TEST_CASE(removes_a_realm_and_never_the_default_one, plane) {
    post("realms", R"({"name":"alpha"})");
    BOOST_TEST(del("realms/alpha").status == 204u);
    BOOST_TEST(oauth.closed == std::vector<std::string>{"alpha"});
    BOOST_TEST(mcp.ended == std::vector<std::string>{"alpha"});
    BOOST_TEST(get("realms/alpha").status == 404u);
    BOOST_TEST(del("realms/alpha").status == 404u);
    BOOST_TEST(del("realms/default").status == 409u);
    BOOST_TEST(post("realms", R"({"name":"alpha"})").status == 201u);
}

BOOST_FIXTURE_TEST_CASE(names_one_control_base_where_both_share_an_origin, plane) {
    b.where.mcp_origin = b.where.as_origin;
    auto const a = post("realms", R"({"name":"alpha"})");
    BOOST_TEST(a.json().at("control").as_array().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(takes_keys_of_the_policy_in_full_but_not_twice, plane) {
    auto const full = post("realms", R"({"name":"full","policy":{"tokens.access_ttl":"1h30m"}})");
    BOOST_TEST(full.status == 201u);
    auto const twice = post("realms", R"({"name":"twice","policy":{"tokens.access_ttl":"5s",
                                          "access_ttl":"6s"}})");
    BOOST_TEST(twice.status == 400u);
    BOOST_TEST(twice.body.find("/policy/tokens.access_ttl") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

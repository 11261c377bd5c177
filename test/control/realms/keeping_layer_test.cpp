// What a call of the control plane has changed is written down before it is answered.
#include "control/realms/keeping_layer.hpp"

#include "control/api/control_plane.hpp"
#include "control/realms/known_owners.hpp"
#include "control/realms/lasting.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

struct kept_plane {
    http::router routes;
    bench b{routes, http::stack({control::keeping_layer(realms)}, &run_route)};
    failing_store kept{oauth::make_memory_store(b.clock)};
    fake_oauth oauth;
    fake_mcp mcp;
    control::realm_registry realms;
    control::control_plane api{realms, nullptr};

    explicit kept_plane(oauth::realm_owners* owners = nullptr)
        : realms(options(kept, owners), b.clock, oauth, mcp) {
        api.add_shared_routes(routes);
        oauth.erases_in = &kept;
        b.realm = realms.look("default");
    }
    static control::realm_registry::options options(oauth::store& in, oauth::realm_owners* owners) {
        auto o = lasting::options(in);
        o.owners = owners;
        return o;
    }
    static task<outcome<http::reply>> run_route(http::context& c) { return (*c.route().run)(c); }

    answer patch(std::string const& body) {
        return b.send(http::verb::patch, "/control/policy", body,
                      {{"Content-Type", "application/json"}});
    }
    // What the store has of that realm; empty: nothing.
    std::string document(std::string_view realm = "default") {
        auto const found = test::run(b.io(), kept.get(realm, oauth::kind::state, "control"));
        return found ? found->body : std::string();
    }
    bool is_written(std::string_view realm) {
        return bool(test::run(b.io(), kept.get("", oauth::kind::realm, realm)));
    }
};

// Before the realms, which tell them at the end.
struct some_owners {
    known_owners owners;
};

struct shared_plane : some_owners, kept_plane {
    shared_plane() : kept_plane(&owners) { test::run(b.io(), realms.restore()).value(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(keeping_layer, kept_plane)

BOOST_AUTO_TEST_CASE(writes_down_what_a_call_has_changed) {
    BOOST_TEST(document() == "");
    BOOST_REQUIRE(patch(R"({"tokens.access_ttl":"7s"})").status == 200u);
    BOOST_TEST(document().find(R"("7s")") != std::string::npos, document());
    BOOST_TEST(document() == json::serialize(control::document_of(*b.realm, realms.servers())));
}

BOOST_AUTO_TEST_CASE(writes_nothing_for_a_question_or_a_refusal) {
    b.get("/control/policy");
    BOOST_REQUIRE(patch(R"({"no_such_key":1})").status == 400u);
    BOOST_TEST(document() == "");
}

BOOST_AUTO_TEST_CASE(writes_down_the_realm_that_the_path_names) {
    BOOST_REQUIRE(b.post_json("/control/realms", R"({"name":"alpha"})").status == 201u);
    auto const taken = b.send(http::verb::post, "/control/realms/alpha/snapshot", "", {});
    BOOST_REQUIRE(taken.status == 201u);
    b.realm = realms.look("alpha");
    BOOST_REQUIRE(b.post_json("/control/scenario", R"({"name":"refresh.rotate"})").status == 200u);
    auto const changed = document("alpha");
    b.realm = realms.look("default");
    auto const restored = b.post_json("/control/realms/alpha/restore", taken.body);
    BOOST_REQUIRE_MESSAGE(restored.status == 204u, restored.body);
    BOOST_TEST(document("alpha") != changed);
}

BOOST_AUTO_TEST_CASE(says_that_it_is_done_and_not_written_down) {
    kept.fail_at(1);
    auto const a = patch(R"({"tokens.access_ttl":"7s"})");
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Retry-After") == "1");
    BOOST_TEST(text(a.json(), "error_description").find("a restart would undo it") !=
               std::string::npos);
    // The same once more, and it is.
    BOOST_TEST(patch(R"({"tokens.access_ttl":"7s"})").status == 200u);
    BOOST_TEST(document() != "");
}

BOOST_AUTO_TEST_CASE(a_realm_that_cannot_be_written_down_is_not_made_and_says_so) {
    kept.fail_at(2);
    auto const a = b.post_json("/control/realms", R"({"name":"alpha"})");
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(text(a.json(), "error_description").find("it was not made") != std::string::npos);
    BOOST_TEST(!realms.look("alpha"));
    BOOST_TEST(b.post_json("/control/realms", R"({"name":"alpha"})").status == 201u);
    BOOST_TEST(is_written("alpha"));
}

BOOST_AUTO_TEST_CASE(a_realm_is_gone_from_the_store_when_its_removal_is_answered) {
    BOOST_REQUIRE(b.post_json("/control/realms", R"({"name":"alpha"})").status == 201u);
    BOOST_REQUIRE(b.send(http::verb::delete_, "/control/realms/alpha", "", {}).status == 204u);
    BOOST_TEST(!is_written("alpha"));
    BOOST_TEST(document("alpha") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(keeping_layer_of_instances, shared_plane)

BOOST_AUTO_TEST_CASE(answers_no_change_as_done_of_a_realm_that_went_to_another_instance) {
    BOOST_REQUIRE(patch(R"({"tokens.access_ttl":"7s"})").status == 200u);
    owners.slip_away("default");
    BOOST_TEST(patch(R"({"tokens.access_ttl":"8s"})").status == 503u);
}

BOOST_AUTO_TEST_CASE(makes_and_removes_a_realm_where_the_default_one_is_anothers) {
    owners.slip_away("default");
    BOOST_TEST(b.post_json("/control/realms", R"({"name":"alpha"})").status == 201u);
    BOOST_TEST(is_written("alpha"));
    BOOST_TEST(b.send(http::verb::delete_, "/control/realms/alpha", "", {}).status == 204u);
    BOOST_TEST(!is_written("alpha"));
}

BOOST_AUTO_TEST_SUITE_END()

// realms/NAME/snapshot, restore, snapshots and fork, with administrations that only take notes.
#include <boost/test/unit_test.hpp>

#include "control/realms/realm_document.hpp"
#include "control/realms/realm_snapshot.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;
using tollgate::manual_clock;

namespace {

struct snapshot_plane : plane {
    snapshot_plane() {
        BOOST_REQUIRE(post("realms", R"({"name":"alpha","ttl":"10m"})").status == 201u);
    }
    explicit snapshot_plane(control::realm_registry::options o)
        : plane(&control::control_plane::add_shared_routes, std::move(o)) {}

    std::string take(std::string const& name = "alpha") {
        auto const a = post("realms/" + name + "/snapshot");
        BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
        return text(a.json(), "id");
    }
    answer restore(std::string const& id, std::string const& name = "alpha") {
        return post("realms/" + name + "/restore", R"({"id":")" + id + R"("})");
    }
    answer fork(std::string const& body, std::string const& name = "alpha") {
        return post("realms/" + name + "/fork", body);
    }
};

control::realm_registry::options three_realms() {
    control::realm_registry::options o;
    o.max = 3;
    return o;
}

struct store_of_a_test {
    manual_clock time;
    std::unique_ptr<oauth::store> kept = oauth::make_memory_store(time);
};
struct lasting_plane : store_of_a_test, snapshot_plane {
    lasting_plane() : snapshot_plane(options(*kept)) {
        BOOST_REQUIRE(post("realms", R"({"name":"alpha"})").status == 201u);
    }
    static control::realm_registry::options options(oauth::store& in) {
        control::realm_registry::options o;
        o.lasting = &in;
        return o;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(api_snapshots)

BOOST_FIXTURE_TEST_CASE(restores_both_servers_the_scenario_the_faults_and_the_clock,
                        snapshot_plane) {
    enter(realms.look("alpha"));
    post("scenario", R"({"name":"refresh.rotate"})");
    auto const id = fault(R"({"name":"token.unavailable","trigger":{"nth":2},"expires_in":60})");
    BOOST_TEST(token().status == 200u);
    post("clock", R"({"advance":"1h","freeze":true})");
    auto const then = take();

    BOOST_TEST(token().status == 503u);
    b.clock.advance(40s);
    post("scenario", R"({"name":"plain"})");
    del("faults");
    post("clock", R"({"freeze":false,"skew":"-90s"})");
    BOOST_TEST(restore(then).status == 204u);

    BOOST_TEST(oauth.loaded == std::vector<std::string>{"alpha into alpha"},
               boost::test_tools::per_element());
    BOOST_TEST(mcp.loaded == std::vector<std::string>{"alpha into alpha"},
               boost::test_tools::per_element());
    BOOST_TEST(text(get("realms/alpha").json(), "scenario") == "refresh.rotate");
    BOOST_TEST(text(get("clock").json(), "now") == "2027-01-15T09:00:00Z");
    BOOST_TEST(get("clock").json().at("frozen").as_bool());
    BOOST_TEST(get("clock").json().at("skew_seconds").as_int64() == 0);
    // The first request counts as it did, and a minute is left again.
    BOOST_TEST(get("faults/" + id).json().at("matched").as_int64() == 1);
    BOOST_TEST(state().at("tokenCalls").as_int64() == 1);
    b.clock.advance(30s);
    BOOST_TEST(token().status == 503u);
    BOOST_TEST(token().status == 200u);
    // As often as one likes.
    BOOST_TEST(restore(then).status == 204u);
    BOOST_TEST(token().status == 503u);
}

// A process that dies right after the records are written is to find the rest with them.
BOOST_FIXTURE_TEST_CASE(what_a_realm_is_besides_its_records_is_written_with_them, lasting_plane) {
    enter(realms.look("alpha"));
    post("scenario", R"({"name":"refresh.rotate"})");
    fault(R"({"name":"token.unavailable","expires_in":60})");
    post("clock", R"({"advance":"1h"})");
    auto const then = take();
    b.clock.advance(40s);
    post("scenario", R"({"name":"plain"})");
    BOOST_REQUIRE(restore(then).status == 204u);
    BOOST_REQUIRE(oauth.loaded_beside.size() == 2u);
    auto const& kept = oauth.loaded_beside.front();
    BOOST_TEST((kept.kind == oauth::kind::state));
    BOOST_TEST((oauth.loaded_beside.back().kind == oauth::kind::journal));
    BOOST_TEST(kept.key == "control");
    BOOST_TEST(kept.record.body ==
               json::serialize(control::document_of(*realms.look("alpha"), realms.servers())));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_of_a_realm_that_ends_with_the_process, snapshot_plane) {
    BOOST_REQUIRE(restore(take()).status == 204u);
    BOOST_TEST(oauth.loaded_beside.empty());
}

BOOST_FIXTURE_TEST_CASE(a_fault_that_is_made_afterwards_takes_no_name_of_one_that_came_back,
                        snapshot_plane) {
    enter(realms.look("alpha"));
    auto const first = fault(R"({"name":"token.unavailable"})");
    auto const then = take();
    fault(R"({"name":"token.unavailable"})");
    restore(then);
    BOOST_TEST(get("faults").json().at("faults").as_array().size() == 1u);
    BOOST_TEST(fault(R"({"name":"token.unavailable"})") != first);
}

BOOST_FIXTURE_TEST_CASE(opens_the_gates_and_forgets_them, snapshot_plane) {
    enter(realms.look("alpha"));
    auto const then = take();
    auto const gate = text(post("gates", R"({"count":2})").json(), "id");
    restore(then);
    BOOST_TEST(get("gates/" + gate).status == 404u);
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
    BOOST_TEST(token().status == 200u);  // nobody holds it
}

BOOST_FIXTURE_TEST_CASE(lists_deletes_and_bounds_them, snapshot_plane) {
    BOOST_TEST(take() == "s1");
    b.clock.advance(5s);
    BOOST_TEST(take() == "s2");
    BOOST_TEST(get("realms/alpha/snapshots").json() ==
               json::parse(R"({"snapshots":[{"id":"s1","taken":"2027-01-15T08:00:00Z"},
                                            {"id":"s2","taken":"2027-01-15T08:00:05Z"}]})"));
    BOOST_TEST(del("realms/alpha/snapshots/s1").status == 204u);
    BOOST_TEST(del("realms/alpha/snapshots/s1").status == 404u);
    BOOST_TEST(restore("s1").status == 404u);
    while (get("realms/alpha/snapshots").json().at("snapshots").as_array().size() <
           control::realm_snapshots::most)
        take();
    auto const full = post("realms/alpha/snapshot");
    BOOST_TEST(full.status == 409u);
    BOOST_TEST(text(full.json(), "error") == "too_many_snapshots");
    BOOST_TEST(described(full).find("10 snapshots already; delete some first") !=
               std::string::npos);
    BOOST_TEST(take("default") == "s1");  // each realm has its own
}

BOOST_FIXTURE_TEST_CASE(refuses_what_it_cannot_restore, snapshot_plane) {
    auto const unknown = restore("s7");
    BOOST_TEST(unknown.status == 404u);
    BOOST_TEST(described(unknown) == "the realm \"alpha\" has no snapshot \"s7\"");
    BOOST_TEST(described(post("realms/alpha/restore", "{}")).find("/id: is missing") == 0u);
    BOOST_TEST(
        described(post("realms/alpha/restore", R"({"id":7})")).find("/id: expected a string") ==
        0u);
    BOOST_TEST(described(post("realms/alpha/restore", R"({"ids":"s1"})")).find("/id") == 0u);
    for (auto const* call : {"snapshot", "restore", "fork"})
        BOOST_TEST(post("realms/beta/" + std::string(call), "{}").status == 404u);
    BOOST_TEST(get("realms/beta/snapshots").status == 404u);
    BOOST_TEST(described(post("realms/alpha/snapshot", R"({"name":"mine"})")).find("/name") == 0u);
}

BOOST_FIXTURE_TEST_CASE(says_when_the_store_cannot_be_set_back, snapshot_plane) {
    enter(realms.look("alpha"));
    auto const then = take();
    post("clock", R"({"advance":"8h"})");
    oauth.load_fails = true;
    BOOST_TEST(restore(then).status == 503u);
    BOOST_TEST(get("clock").json().at("offset_seconds").as_int64() == 28800);
    BOOST_TEST(mcp.loaded.empty());
    oauth.load_fails = false;
    BOOST_TEST(restore(then).status == 204u);
}

BOOST_FIXTURE_TEST_CASE(forks_are_told_as_realms_are_and_begin_as_their_parent_is, snapshot_plane) {
    enter(realms.look("alpha"));
    post("clock", R"({"advance":"8h"})");
    fault(R"({"name":"token.unavailable"})");
    auto const a = fork(R"({"names":["f1","f2"]})");
    BOOST_TEST(a.status == 201u);
    auto const made = a.json().at("realms").as_array();
    BOOST_REQUIRE(made.size() == 2u);
    BOOST_TEST(text(made[0], "issuer") == "http://localhost:9100/r/f1");
    BOOST_TEST(text(made[1], "mcp") == "http://localhost:9101/r/f2/mcp");
    BOOST_TEST(text(made[0], "expires_at") == "2027-01-15T08:10:00Z");
    BOOST_TEST(get("realms/f1").json() == made[0]);
    BOOST_TEST(oauth.loaded == (std::vector<std::string>{"alpha into f1", "alpha into f2"}),
               boost::test_tools::per_element());
    BOOST_TEST(mcp.loaded.size() == 2u);

    enter(realms.look("f1"));
    BOOST_TEST(get("clock").json().at("offset_seconds").as_int64() == 28800);
    BOOST_TEST(token().status == 503u);
    del("faults");
    post("clock", R"({"advance":"1h"})");
    enter(realms.look("f2"));
    BOOST_TEST(token().status == 503u);
    BOOST_TEST(get("clock").json().at("offset_seconds").as_int64() == 28800);
}

BOOST_FIXTURE_TEST_CASE(a_fork_takes_the_names_of_its_parent_and_of_its_parents_parent,
                        snapshot_plane) {
    BOOST_TEST(fork(R"({"names":["f1"]})", "default").status == 201u);
    BOOST_TEST(fork(R"({"names":["f2"],"isolation":"host"})", "f1").status == 201u);
    auto const& kin = realms.look("f2")->kin();
    BOOST_REQUIRE(kin);
    std::vector<std::string> const issuers{"http://localhost:9100/r/f1",
                                           "http://localhost:9100/r/f1", "http://f1.localhost:9100",
                                           "http://localhost:9100"};
    BOOST_TEST(kin->issuers == issuers, boost::test_tools::per_element());
    BOOST_TEST(kin->mcp_bases.back() == "http://localhost:9101");
    BOOST_TEST(!realms.look("alpha")->kin());
}

BOOST_FIXTURE_TEST_CASE(makes_all_forks_or_none_and_names_the_one_that_is_wrong, snapshot_plane) {
    auto const taken = fork(R"({"names":["f1","alpha"]})");
    BOOST_TEST(taken.status == 409u);
    BOOST_TEST(described(taken) == "/names/1: there is a realm called \"alpha\"");
    BOOST_TEST(fork(R"({"names":["f1","default"]})").status == 409u);
    BOOST_TEST(get("realms/f1").status == 404u);
    BOOST_TEST(described(fork(R"({"names":["f1","F2"]})")).find("/names/1: expected 1 to 63") ==
               0u);
    BOOST_TEST(described(fork(R"({"names":["f1",7]})")).find("/names/1: expected a name, got") ==
               0u);
    BOOST_TEST(described(fork(R"({"names":["f1","f1"]})")) == "/names/1: is there twice");
    BOOST_TEST(described(fork(R"({"names":[]})")).find("/names: expected 1 to 100") == 0u);
    BOOST_TEST(described(fork("{}")).find("/names: is missing") == 0u);
    BOOST_TEST(described(fork(R"({"names":["f1"],"isolation":"moon"})")).find("/isolation") == 0u);
    BOOST_TEST(described(fork(R"({"names":["f1"],"name":"x"})")).find("/name: ") == 0u);
    oauth.load_fails = true;
    BOOST_TEST(fork(R"({"names":["f1","f2"]})").status == 503u);
    oauth.load_fails = false;
    BOOST_TEST(get("realms/f1").status == 404u);
    // What was begun is forgotten: the names are free again.
    BOOST_TEST(fork(R"({"names":["f1","f2"]})").status == 201u);
}

BOOST_FIXTURE_TEST_CASE(what_a_fault_remembers_in_a_fork_its_parent_does_not_know, snapshot_plane) {
    auto const alpha = realms.look("alpha");
    enter(alpha);
    fault(R"({"select":{"endpoint":"token"},
              "effects":[{"json":{"merge":{"who":"{issuer}"},"repeat":["who"]}}]})");
    BOOST_REQUIRE(fork(R"({"names":["f1"]})").status == 201u);
    enter(realms.look("f1"));
    auto const who = [&](std::string const& grant) {
        return text(token({{"grant_type", grant}, {"client_id", "late"}}).json(), "who");
    };
    auto const in_the_fork = who("authorization_code");
    BOOST_TEST(who("refresh_token") == in_the_fork);
    enter(alpha);
    BOOST_TEST(who("refresh_token") != in_the_fork);
}

BOOST_AUTO_TEST_CASE(forks_count_as_realms_do) {
    snapshot_plane p(three_realms());
    p.post("realms", R"({"name":"alpha"})");
    auto const full = p.fork(R"({"names":["f1","f2","f3"]})");
    BOOST_TEST(full.status == 503u);
    BOOST_TEST(described(full).find("/names/2: there are 3 realms") == 0u);
    BOOST_TEST(p.fork(R"({"names":["f1","f2"]})").status == 201u);
}

BOOST_AUTO_TEST_CASE(forks_of_a_realm_with_ports_have_ports_where_there_are_any) {
    snapshot_plane without;
    auto const none = without.fork(R"({"names":["f1"],"isolation":"port"})");
    BOOST_TEST(none.status == 400u);
    BOOST_TEST(described(none).find("/isolation: ") != std::string::npos);

    int opened = 0;
    int closed = 0;
    control::realm_registry::options o;
    o.ports.open = [&](std::string const& name) -> outcome<control::realm_listeners> {
        if (name == "unlucky") return problem(503, "no_port", "no port can be had");
        control::realm_listeners l;
        l.as = std::make_shared<http::listener_info>();
        l.mcp = std::make_shared<http::listener_info>();
        l.as->port = static_cast<unsigned short>(40001 + 2 * opened);
        l.mcp->port = static_cast<unsigned short>(40002 + 2 * opened++);
        return l;
    };
    o.ports.close = [&](control::realm_listeners const&) { ++closed; };
    snapshot_plane p(std::move(o));
    p.post("realms", R"({"name":"gamma","isolation":"port"})");
    auto const a = p.fork(R"({"names":["f1"]})", "gamma");
    BOOST_TEST(text(a.json().at("realms").at(0), "issuer") == "http://localhost:40003");
    BOOST_TEST(described(p.fork(R"({"names":["f2","unlucky"]})", "gamma")) ==
               "/names/1: no port can be had");
    BOOST_TEST(closed == 1);
    BOOST_TEST(p.get("realms/f2").status == 404u);
}

// Of many who look at a realm and one who sets it back, nobody meets the other half way.
BOOST_AUTO_TEST_CASE(nobody_looks_at_a_realm_that_is_being_set_back) {
    control::realm_snapshots s;
    BOOST_TEST(s.begin_to_look());
    BOOST_TEST(s.begin_to_look());
    BOOST_TEST(!s.begin_to_load());
    s.end_to_look();
    s.end_to_look();
    BOOST_TEST(s.begin_to_load());
    BOOST_TEST(!s.begin_to_load());
    BOOST_TEST(!s.begin_to_look());
    s.end_to_load();
    BOOST_TEST(s.begin_to_look());
}

BOOST_AUTO_TEST_SUITE_END()

// The routes of the control plane: where they stand, who guards them, what else they answer.

#include <chrono>
#include <span>

#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using http::verb;

namespace {

constexpr std::string_view shared_paths[] = {
    "state",     "policy",        "realms",     "realms/x",         "faults",      "faults/f1",
    "catalogue", "scenarios",     "scenario",   "client-documents", "public-url",  "reset",
    "events",    "events/stream", "transcript", "verdict",          "openapi.json"};
constexpr std::string_view issuer_paths[] = {"rotate",        "expires-in",    "rotate-keys",
                                             "revoke-access", "invalid-grant", "deny-consent",
                                             "seed-refresh"};
constexpr std::string_view mcp_paths[] = {"force-403"};
constexpr verb methods[] = {verb::get, verb::post, verb::patch, verb::delete_};

struct as_plane : plane {
    as_plane() : plane(&control::control_plane::add_as_routes) {}
};
struct mcp_plane : plane {
    mcp_plane() : plane(&control::control_plane::add_mcp_routes) {}
};
struct failing_plane : plane {
    failing_plane() { oauth.close_fails = true; }
};

// The methods that there are at that path; "" where there is no such path.
std::string rows_of(plane const& p, std::string_view path) {
    return p.routes.match(verb::put, "/control/" + std::string(path)).allow;
}

// Every row is behind the rules of access and is never read by a page of another origin.
void check_flags(plane const& p, std::span<std::string_view const> paths) {
    for (auto const path : paths)
        for (auto const m : methods) {
            auto const match = p.routes.match(m, "/control/" + std::string(path));
            if (match.endpoint.empty()) continue;
            BOOST_TEST((match.flags & http::control_plane) != 0u, path);
            BOOST_TEST((match.flags & http::no_cors) != 0u, path);
            BOOST_TEST((match.flags & (http::opens_realm | http::guarded)) == 0u, path);
        }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_routes)

BOOST_AUTO_TEST_CASE(stand_at_both_origins_where_they_are_about_both) {
    plane const both;
    as_plane const as;
    mcp_plane const mcp;
    for (auto const path : shared_paths) {
        BOOST_TEST(rows_of(both, path) != "", path);
        BOOST_TEST(rows_of(as, path) == rows_of(both, path), path);
        BOOST_TEST(rows_of(mcp, path) == rows_of(both, path), path);
    }
}

BOOST_AUTO_TEST_CASE(stand_at_one_origin_where_they_are_about_one_side) {
    plane const both;
    as_plane const as;
    mcp_plane const mcp;
    for (auto const path : issuer_paths) {
        BOOST_TEST(rows_of(as, path) != "", path);
        BOOST_TEST(rows_of(mcp, path) == "", path);
        BOOST_TEST(rows_of(both, path) != "", path);
    }
    for (auto const path : mcp_paths) {
        BOOST_TEST(rows_of(as, path) == "", path);
        BOOST_TEST(rows_of(mcp, path) != "", path);
        BOOST_TEST(rows_of(both, path) != "", path);
    }
}

BOOST_FIXTURE_TEST_CASE(are_all_behind_the_rules_of_access, plane) {
    check_flags(*this, shared_paths);
    check_flags(*this, issuer_paths);
    check_flags(*this, mcp_paths);
}

// RFC 9110 §15.5.6: 405 names the methods that there are
BOOST_FIXTURE_TEST_CASE(name_their_methods_to_who_uses_another, plane) {
    std::pair<std::string_view, std::string_view> const all[] = {
        {"faults", "GET"},  {"faults", "POST"},     {"faults", "DELETE"}, {"policy", "PATCH"},
        {"realms", "POST"}, {"realms/x", "DELETE"}, {"state", "GET"},     {"reset", "POST"}};
    for (auto const& [path, method] : all) {
        auto const a = b.send(verb::put, "/control/" + std::string(path), "", {});
        BOOST_TEST(a.status == 405u, path);
        BOOST_TEST(a.header("Allow").find(method) != std::string_view::npos, path);
    }
}

// What the control plane says is true for a moment.
BOOST_FIXTURE_TEST_CASE(answer_nothing_that_may_be_kept, plane) {
    for (auto const* path : {"state", "policy", "realms", "realms/default", "faults", "catalogue",
                             "scenarios", "client-documents"}) {
        auto const a = get(path);
        BOOST_TEST(a.status == 200u, path);
        BOOST_TEST(a.header("Cache-Control") == "no-store", path);
        BOOST_TEST(a.header("Content-Type") == "application/json", path);
    }
}

// The name of a realm and of a fault comes percent-encoded, as any segment of a path.
BOOST_FIXTURE_TEST_CASE(read_names_in_paths_decoded, plane) {
    post("realms", R"({"name":"alpha-1"})");
    BOOST_TEST(text(get("realms/alpha%2D1").json(), "name") == "alpha-1");
    BOOST_TEST(get("realms/alpha-1%2Fmcp").status == 404u);
    auto const id = fault(R"({"name":"token.server_error"})");
    BOOST_TEST(get("faults/" + id).status == 200u);
    BOOST_TEST(get("faults/%66" + id.substr(1)).status == 200u);
}

// An unknown name comes from a stranger: what cannot be seen of it is not repeated.
BOOST_FIXTURE_TEST_CASE(repeat_an_unknown_name_short_and_printable, plane) {
    for (std::string const path : {"realms/", "faults/"}) {
        auto const odd = get(path + "%1b%5B31m");
        BOOST_TEST(odd.status == 404u);
        BOOST_TEST(odd.body.find("u001b") == std::string::npos, odd.body);
        auto const long_one = get(path + std::string(3000, 'n'));
        BOOST_TEST(long_one.status == 404u);
        BOOST_TEST(long_one.body.size() < 400u);
    }
}

BOOST_FIXTURE_TEST_CASE(show_the_default_realm_as_any_other, plane) {
    auto const a = get("realms/default").json();
    BOOST_TEST(text(a, "issuer") == "http://localhost:9100");
    BOOST_TEST(text(a, "mcp") == "http://localhost:9101/mcp");
    BOOST_TEST(text(a, "isolation") == "origin");
    BOOST_TEST(a.at("expires_at").is_null());
}

BOOST_FIXTURE_TEST_CASE(forget_a_realm_at_the_moment_its_time_is_over, plane) {
    post("realms", R"({"name":"brief","ttl":"10s"})");
    b.clock.advance(std::chrono::seconds(10) - std::chrono::nanoseconds(1));
    BOOST_TEST(get("realms/brief").status == 200u);
    b.clock.advance(std::chrono::nanoseconds(1));
    BOOST_TEST(get("realms/brief").status == 404u);
    BOOST_TEST(get("realms").json().at("realms").as_array().size() == 1u);
}

// A look at a realm is no use of it, or a dashboard would keep all of them alive.
BOOST_FIXTURE_TEST_CASE(do_not_keep_a_realm_alive_by_looking, plane) {
    post("realms", R"({"name":"brief","ttl":"10s"})");
    b.clock.advance(std::chrono::seconds(9));
    BOOST_TEST(get("realms/brief").status == 200u);
    BOOST_TEST(get("realms").status == 200u);
    b.clock.advance(std::chrono::seconds(1));
    BOOST_TEST(get("realms/brief").status == 404u);
}

BOOST_FIXTURE_TEST_CASE(leave_expired_faults_out_of_the_state, plane) {
    fault(R"({"name":"token.server_error","expires_in":5})");
    BOOST_TEST(state().at("faults").as_array().size() == 1u);
    b.clock.advance(std::chrono::seconds(5));
    BOOST_TEST(state().at("faults").as_array().empty());
    BOOST_TEST(del("faults/f1").status == 404u);
    BOOST_TEST(del("faults").json().at("removed").as_int64() == 0);
}

BOOST_FIXTURE_TEST_CASE(remove_a_realm_and_say_when_its_records_cannot_be_erased_yet,
                        failing_plane) {
    post("realms", R"({"name":"alpha"})");
    auto const removed = del("realms/alpha");
    BOOST_TEST(removed.status == 503u);
    BOOST_TEST(removed.header("Retry-After") != "");
    BOOST_TEST(get("realms/alpha").status == 404u);
    auto const again = post("realms", R"({"name":"alpha"})");
    BOOST_TEST(again.status == 503u);
    BOOST_TEST(again.header("Retry-After") != "");
}

// The same seed makes the same realm: of two realms the faults fire on the same requests.
BOOST_FIXTURE_TEST_CASE(make_realms_of_one_seed_alike, plane) {
    auto const marks = [this](std::string const& name, std::string const& seed) {
        post("realms", R"({"name":")" + name + R"(","seed":)" + seed + "}");
        enter(realms.look(name));
        fault(R"({"name":"token.server_error","trigger":{"probability":0.5}})");
        std::string all;
        for (int i = 0; i < 40; ++i)
            all += token().status == 500 ? 'x' : '-';
        enter(realms.look("default"));
        return all;
    };
    auto const first = marks("one", "7");
    BOOST_TEST(marks("two", "7") == first);
    BOOST_TEST(marks("three", "8") != first);
}

BOOST_AUTO_TEST_SUITE_END()

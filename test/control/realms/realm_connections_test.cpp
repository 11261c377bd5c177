// What the listeners of a realm are told, by its connection faults.
#include <boost/test/unit_test.hpp>

#include "control/journal/journal.hpp"
#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

using manner = http::listener_conduct::manner;

struct told {
    std::shared_ptr<http::listener_info> at;
    http::listener_conduct how;
};

// Listeners that are told how to treat connections, and do nothing.
struct listening {
    std::vector<told> all;
    bool fails = false;
    bool shared = false;

    control::port_opener ports() {
        control::port_opener p;
        p.open = [this](std::string const& realm) -> outcome<control::realm_listeners> {
            control::realm_listeners l;
            l.as = std::make_shared<http::listener_info>();
            l.mcp = shared ? l.as : std::make_shared<http::listener_info>();
            l.as->port = 4001;
            l.mcp->port = shared ? 4001 : 4002;
            l.as->realm = l.mcp->realm = realm;
            return l;
        };
        p.close = [](control::realm_listeners const&) {};
        p.conduct = [this](std::shared_ptr<http::listener_info> const& at,
                           http::listener_conduct how) -> outcome<void> {
            if (fails) return problem(503, "temporarily_unavailable", "the port is lost");
            all.push_back({at, std::move(how)});
            return outcome<void>();
        };
        p.authority = [] { return std::string("the CA"); };
        return p;
    }
    // Server and manner of what was told since the last look.
    std::vector<std::pair<int, manner>> heard() {
        std::vector<std::pair<int, manner>> seen;
        for (auto const& one : std::exchange(all, {}))
            seen.emplace_back(one.at->port, one.how.how);
        return seen;
    }
};

using news = std::vector<std::pair<int, manner>>;

struct own : listening, plane {
    own() : plane(&control::control_plane::add_shared_routes, options(ports())) {
        control::realm_request wanted;
        wanted.name = "own";
        wanted.way = control::isolation::port;
        enter(*realms.create(std::move(wanted)));
    }
    static control::realm_registry::options options(control::port_opener p) {
        control::realm_registry::options o;
        o.ports = std::move(p);
        return o;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(realm_connections, own)

BOOST_AUTO_TEST_CASE(a_fault_is_told_to_the_listeners_that_it_is_about) {
    auto const id = fault(R"({"name":"net.black_hole","params":{"server":"mcp"}})");
    BOOST_TEST((heard() == news{{4002, manner::silent}}));
    del("faults/" + id);
    BOOST_TEST((heard() == news{{4002, manner::serve}}));
    fault(R"({"name":"tls.expired"})");
    BOOST_TEST((heard() == news{{4001, manner::tls}, {4002, manner::tls}}));
    del("faults");
    BOOST_TEST((heard() == news{{4001, manner::serve}, {4002, manner::serve}}));
    del("faults");
    BOOST_TEST(heard().empty());
}

BOOST_AUTO_TEST_CASE(the_newest_one_counts_and_the_older_one_comes_back) {
    fault(R"({"name":"net.black_hole","params":{"server":"mcp"}})");
    auto const second = fault(R"({"name":"net.refuse","params":{"server":"mcp"}})");
    BOOST_TEST((heard() == news{{4002, manner::silent}, {4002, manner::refuse}}));
    del("faults/" + second);
    BOOST_TEST((heard() == news{{4002, manner::silent}}));
}

BOOST_AUTO_TEST_CASE(a_reset_and_a_scenario_take_it_away) {
    fault(R"({"name":"net.refuse"})");
    heard();
    post("reset", "{}");
    BOOST_TEST((heard() == news{{4001, manner::serve}, {4002, manner::serve}}));
    fault(R"({"name":"net.no_accept","params":{"server":"authorization_server"}})");
    heard();
    post("scenario", R"({"name":"plain"})");
    BOOST_TEST((heard() == news{{4001, manner::serve}}));
}

BOOST_AUTO_TEST_CASE(connections_are_counted_and_told_to_the_journal) {
    auto const id = fault(R"({"name":"net.accept_reset","trigger":{"every":2}})");
    auto const acts = all.front().how.acts;
    BOOST_TEST(!acts());
    BOOST_TEST(acts());
    BOOST_TEST(!acts());
    auto const shown = get("faults/" + id).json();
    BOOST_TEST(shown.at("matched").to_number<int>() == 3);
    BOOST_TEST(shown.at("fired").to_number<int>() == 1);
    control::event_filter wanted;
    wanted.type = control::event_type::fault;
    auto const page = b.realm->get<control::journal>().read(1, wanted);
    BOOST_REQUIRE(page.events.size() == 1u);
    BOOST_TEST(page.events.front()->outcome == "net.accept_reset");
}

BOOST_AUTO_TEST_CASE(what_has_expired_acts_no_more) {
    fault(R"({"name":"tls.expired","expires_in":60})");
    auto const acts = all.front().how.acts;
    BOOST_TEST(acts());
    b.clock.advance(61s);
    BOOST_TEST(!acts());
    heard();
    run(b.io(), realms.settle_connections(b.realm));
    BOOST_TEST((heard() == news{{4001, manner::serve}, {4002, manner::serve}}));
}

BOOST_AUTO_TEST_CASE(where_nobody_is_accepted_the_fault_has_fired_once) {
    auto const id = fault(R"({"name":"net.listen_backlog"})");
    // Once for each of the two listeners.
    BOOST_TEST(get("faults/" + id).json().at("fired").to_number<int>() == 2);
    BOOST_TEST((heard() == news{{4001, manner::backlog_full}, {4002, manner::backlog_full}}));
}

BOOST_AUTO_TEST_CASE(the_answer_says_where_it_acts_and_which_ca_it_shows) {
    auto const a = post("faults", R"({"name":"tls.wrong_host","params":{"server":"mcp"}})");
    auto const o = a.json().as_object();
    BOOST_TEST(o.at("stage").as_string() == "connection");
    BOOST_TEST(o.at("ca").as_string() == "the CA");
    BOOST_TEST(o.at("acts_at").at("mcp").as_string() == "https://localhost:4002/mcp");
    BOOST_TEST(!o.at("acts_at").as_object().contains("issuer"));
    auto const plain = post("faults", R"({"name":"net.refuse"})").json().as_object();
    BOOST_TEST(plain.at("acts_at").at("issuer").as_string() == "http://localhost:4001");
    BOOST_TEST(!plain.contains("ca"));
    auto const unknown = post("faults", R"({"name":"tls.unknown_ca"})").json().as_object();
    BOOST_TEST(!unknown.contains("ca"));
}

BOOST_AUTO_TEST_CASE(requests_pass_it_by) {
    fault(R"({"name":"net.black_hole"})");
    BOOST_TEST(token().status == 200u);
    BOOST_TEST(call().status == 200u);
}

BOOST_AUTO_TEST_CASE(a_listener_that_cannot_be_told_is_a_503_and_no_fault) {
    fails = true;
    BOOST_TEST(post("faults", R"({"name":"net.refuse"})").status == 503u);
    BOOST_TEST(get("faults").json().at("faults").as_array().empty());
}

// A copy has the faults of its parent, and its listeners are told.
BOOST_AUTO_TEST_CASE(copies_whose_listeners_cannot_be_told_are_not_made) {
    fault(R"({"name":"net.refuse"})");
    enter(realms.look("default"));
    fails = true;
    BOOST_TEST(post("realms/own/fork", R"({"names":["one","two"]})").status == 503u);
    BOOST_TEST(!realms.look("one"));
    BOOST_TEST(!realms.look("two"));
    fails = false;
    auto const again = post("realms/own/fork", R"({"names":["one","two"]})");
    BOOST_TEST(again.status == 201u, again.body);
}

BOOST_AUTO_TEST_CASE(a_realm_without_listeners_of_its_own_cannot_have_it) {
    enter(realms.look("default"));
    auto const a = post("faults", R"({"name":"tls.expired"})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(described(a).starts_with("/name: "), described(a));
    BOOST_TEST(described(a).find(R"("isolation": "port")") != std::string::npos, described(a));
    auto const own_effect = post("faults", R"({"effects":[{"connect":{"how":"refuse"}}]})");
    BOOST_TEST(described(own_effect).starts_with("/effects/0: "), described(own_effect));
}

BOOST_AUTO_TEST_CASE(selectors_other_effects_and_counting_what_nobody_counts_are_mistakes) {
    auto const refused = [&](std::string const& body, std::string const& place) {
        auto const a = post("faults", body);
        BOOST_TEST(a.status == 400u, a.body);
        BOOST_TEST(described(a).starts_with(place), described(a));
    };
    refused(R"({"name":"tls.expired","select":{"client_id":"c"}})", "/select: ");
    refused(R"({"name":"tls.expired","trigger":{"first_per":"client"}})", "/trigger: ");
    refused(R"({"name":"net.refuse","trigger":{"next":1}})", "/trigger: ");
    refused(R"({"name":"net.refuse","params":{"server":"as"}})", "/params/server: ");
    refused(R"({"effects":[{"tls":{"flaw":"expired"}},{"delay":{"ms":1}}]})", "/effects: ");
    refused(R"({"effects":[{"tls":{}}]})", "/effects/0/tls/flaw: ");
    refused(R"({"effects":[{"connect":{"how":"refuze"}}]})", "/effects/0/connect/how: ");
    BOOST_TEST(heard().empty());
}

BOOST_AUTO_TEST_CASE(one_listener_for_both_is_told_once) {
    shared = true;
    control::realm_request wanted;
    wanted.name = "together";
    wanted.way = control::isolation::port;
    enter(*realms.create(std::move(wanted)));
    fault(R"({"name":"net.refuse","params":{"server":"mcp"}})");
    BOOST_TEST((heard() == news{{4001, manner::refuse}}));
}

BOOST_AUTO_TEST_SUITE_END()

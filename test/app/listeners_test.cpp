// Which listeners a configuration opens, what they are called, and what people are told of them.
#include "app/listeners.hpp"

#include <unistd.h>
#include <algorithm>
#include <thread>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "http/net/certs.hpp"
#include "http/net/listening.hpp"
#include "support/folder.hpp"
#include "support/waiting.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;

namespace {

http::server::options one_core(config const& c) {
    http::server::options o;
    o.workers = 1;
    o.tls.certificate = c.tls.certificate;
    o.tls.private_key = c.tls.private_key;
    return o;
}

// A server that nobody runs: its listeners are bound all the same.
struct bound {
    explicit bound(strings const& sets)
        : settings(tollgate::test::load({.sets = sets})),
          server(one_core(settings)),
          at(server, settings) {}

    addresses described() const { return at.describe(at.names()); }
    control::realm_listeners of_realm(std::string const& name) {
        auto const opened = at.open_for(name);
        BOOST_REQUIRE(opened.has_value());
        return *opened;
    }

    config const settings;
    http::server server;
    listeners at;
};

strings apart(strings more = {}) {
    more.insert(more.begin(),
                {"authorization_server.listen=localhost:0", "mcp.listen=localhost:0"});
    return more;
}

std::string port_of(std::string const& origin) {
    return origin.substr(origin.rfind(':') + 1);
}

// A port that was free a moment ago.
std::string free_port() {
    return port_of(bound(apart()).described().issuer);
}

strings shared(strings more = {}) {
    auto const address = "localhost:" + free_port();
    more.insert(more.begin(), {"authorization_server.listen=" + address, "mcp.listen=" + address});
    return more;
}

bool can_be_opened(std::string const& address) {
    http::server::options o;
    o.workers = 1;
    http::server other(o);
    try {
        other.listen(address, http::site::shared);
        return true;
    } catch (http::cannot_bind const&) {
        return false;
    }
}

task<http::reply> nothing(http::request const&, http::listener_info const&,
                          boost::asio::any_io_executor) {
    co_return http::reply(204);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_listeners)

BOOST_AUTO_TEST_CASE(two_of_port_0_are_two_origins_with_a_port_each) {
    bound const b(apart());
    auto const told = b.described();
    BOOST_TEST(told.issuer.starts_with("http://localhost:"));
    BOOST_TEST(port_of(told.issuer) != "0");
    BOOST_TEST(told.mcp == b.at.mcp_origin(b.at.names()) + "/mcp");
    BOOST_TEST(told.sse == b.at.mcp_origin(b.at.names()) + "/sse");
    BOOST_TEST(b.at.mcp_origin(b.at.names()) != told.issuer);
    strings const control{told.issuer + "/control", b.at.mcp_origin(b.at.names()) + "/control"};
    BOOST_TEST(told.control == control, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_addresses_with_a_port_are_one_origin_with_one_control_plane) {
    bound const b(shared());
    auto const told = b.described();
    BOOST_TEST(b.at.mcp_origin(b.at.names()) == told.issuer);
    BOOST_TEST(told.mcp == told.issuer + "/mcp");
    BOOST_TEST(told.control == strings{told.issuer + "/control"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_realm_of_its_own_ports_is_served_by_two_listeners_that_know_each_other) {
    bound b(apart());
    auto const pair = b.of_realm("alpha");
    BOOST_TEST((pair.as->at == http::site::authorization_server));
    BOOST_TEST((pair.mcp->at == http::site::mcp_server));
    BOOST_TEST(pair.as->port != pair.mcp->port);
    for (auto const& l : {pair.as, pair.mcp}) {
        BOOST_TEST(l->realm == "alpha");
        BOOST_TEST(l->loopback);
        BOOST_TEST(l->as_port == pair.as->port);
        BOOST_TEST(l->mcp_port == pair.mcp->port);
    }
}

BOOST_AUTO_TEST_CASE(a_realm_shares_one_port_where_the_servers_share_an_origin) {
    bound b(shared());
    auto const pair = b.of_realm("alpha");
    BOOST_TEST(pair.as == pair.mcp);
    BOOST_TEST((pair.as->at == http::site::shared));
    BOOST_TEST(pair.as->realm == "alpha");
    BOOST_TEST(pair.as->mcp_port == pair.as->as_port);
}

BOOST_AUTO_TEST_CASE(the_ports_of_a_realm_are_free_again_when_it_is_gone) {
    bound b(apart());
    auto const pair = b.of_realm("alpha");
    std::thread serving([&] { b.server.run(&nothing); });
    auto const as = "localhost:" + std::to_string(pair.as->port);
    auto const mcp = "localhost:" + std::to_string(pair.mcp->port);
    BOOST_TEST(!can_be_opened(as));
    b.at.close(pair);
    BOOST_TEST(::test::eventually([&] { return can_be_opened(as) && can_be_opened(mcp); }));
    b.server.stop(std::chrono::milliseconds(0));
    serving.join();
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_named_whichever_of_the_two_wants_it) {
    bound const first(apart());
    auto const port = port_of(first.described().issuer);
    for (std::string const section : {"authorization_server", "mcp"}) {
        try {
            bound const second(apart({section + ".listen=localhost:" + port}));
            BOOST_ERROR("two servers share a port");
        } catch (http::cannot_bind const& e) {
            BOOST_TEST(std::string(e.what()).find(port) != std::string::npos, e.what());
            BOOST_TEST(std::string(e.what()).find(section + ".listen") != std::string::npos,
                       e.what());
        }
    }
}

// The second listener failed: the first one must not go on as half a server.
BOOST_AUTO_TEST_CASE(an_address_that_cannot_be_had_opens_nothing) {
    bound const first(apart());
    auto const mine = free_port();
    auto const taken = port_of(first.described().issuer);
    BOOST_CHECK_THROW(
        bound({"authorization_server.listen=localhost:" + mine, "mcp.listen=localhost:" + taken}),
        http::cannot_bind);
    BOOST_TEST(can_be_opened("localhost:" + mine));
}

// Our own question to our own server goes to an address and to no name of the outside.
BOOST_AUTO_TEST_CASE(the_internal_address_is_loopback_and_never_the_public_url) {
    struct {
        char const* listen;
        char const* internal;
    } const rows[] = {{"localhost:0", "http://127.0.0.1:"},
                      {"127.0.0.1:0", "http://127.0.0.1:"},
                      {"0.0.0.0:0", "http://127.0.0.1:"},
                      {"127.0.0.2:0", "http://127.0.0.2:"}};
    for (auto const& [listen, internal] : rows) {
        bound const b(apart({"authorization_server.listen=" + std::string(listen),
                             "authorization_server.public_url=https://as.example"}));
        BOOST_TEST(b.at.names().internal_as.starts_with(internal), b.at.names().internal_as);
        BOOST_TEST(b.described().issuer == "https://as.example");
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_is_no_loopback_name_is_a_host_that_is_answered_to) {
    bound const other(apart({"authorization_server.listen=127.0.0.2:0"}));
    BOOST_TEST(other.at.names().allowed_hosts == strings{"127.0.0.2"},
               boost::test_tools::per_element());
    bound const usual(apart({"server.allowed_hosts=[\"tollgate\"]"}));
    BOOST_TEST(usual.at.names().allowed_hosts == strings{"tollgate"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transport_that_is_switched_off_has_no_address) {
    auto const streamable = bound(apart({"mcp.transports=[\"streamable-http\"]"})).described();
    BOOST_TEST(!streamable.mcp.empty());
    BOOST_TEST(streamable.sse.empty());
    auto const sse = bound(apart({"mcp.transports=[\"sse\"]"})).described();
    BOOST_TEST(sse.mcp.empty());
    BOOST_TEST(!sse.sse.empty());
    BOOST_TEST(std::ranges::none_of(
        sse.listeners, [](auto const& line) { return line.starts_with("MCP server   "); }));
}

BOOST_AUTO_TEST_CASE(a_control_plane_that_is_off_has_no_address) {
    auto const off = bound(apart({"control.enabled=false"})).described();
    BOOST_TEST(off.control.empty());
    for (auto const& line : off.listeners)
        BOOST_TEST(line.find("control plane") == std::string::npos, line);
}

// mcp.test_page: "on unless a public URL is set"
BOOST_AUTO_TEST_CASE(people_are_told_of_the_test_page_where_it_is_shown) {
    auto const told = [](strings const& sets) {
        bound const b(apart(sets));
        auto const lines = b.described().listeners;
        auto const line = "test page             " + b.at.mcp_origin(b.at.names()) + "/oauth";
        return std::ranges::count(lines, line) == 1;
    };
    BOOST_TEST(told({}));
    BOOST_TEST(!told({"mcp.test_page=off"}));
    BOOST_TEST(!told({"mcp.public_url=https://mcp.example"}));
    BOOST_TEST(told({"mcp.public_url=https://mcp.example", "mcp.test_page=on"}));
}

BOOST_AUTO_TEST_CASE(people_are_told_each_address_and_where_public_names_are_bound) {
    auto const told =
        bound(apart({"mcp.public_url=https://mcp.example", "control.token=0123456789abcdef"}))
            .described();
    strings const expected{"authorization server  " + told.issuer,
                           "MCP server            https://mcp.example/mcp",
                           "MCP server, HTTP+SSE  https://mcp.example/sse",
                           "bound to              " + told.bound_issuer,
                           "                      " + told.bound_mcp,
                           "control plane         " + told.issuer + "/control",
                           "control plane         https://mcp.example/control"};
    BOOST_TEST(told.listeners == expected, boost::test_tools::per_element());
    BOOST_TEST(told.bound_issuer == told.issuer);
    BOOST_TEST(told.bound_mcp.starts_with("http://localhost:"));
}

BOOST_AUTO_TEST_CASE(what_is_told_follows_the_names_of_now) {
    bound const b(apart({"control.token=0123456789abcdef"}));
    auto renamed = b.at.names();
    renamed.as_public_url = "https://as.example";
    auto const told = b.at.describe(renamed);
    BOOST_TEST(told.issuer == "https://as.example");
    BOOST_TEST(told.mcp == b.described().mcp);
    BOOST_TEST(told.bound_issuer == b.described().issuer);
    BOOST_TEST(b.described().bound_issuer.empty());
}

// --ready-json: {"issuer", "mcp", "sse", "control", "pid"}, the contract.
BOOST_AUTO_TEST_CASE(the_ready_line_has_the_members_of_the_contract) {
    addresses a;
    a.issuer = "http://localhost:1";
    a.mcp = "http://localhost:2/mcp";
    a.control = {"http://localhost:1/control"};
    a.listeners = {"not told"};
    BOOST_TEST(boost::json::serialize(to_json(a)) ==
               R"({"issuer":"http://localhost:1","mcp":"http://localhost:2/mcp","sse":"",)"
               R"("control":["http://localhost:1/control"],"pid":)" +
                   std::to_string(::getpid()) + '}');
    a.bound_issuer = "http://0.0.0.0:1";
    a.bound_mcp = "http://0.0.0.0:2";
    BOOST_TEST(boost::json::serialize(to_json(a).at("bound")) ==
               R"({"authorization_server":"http://0.0.0.0:1","mcp":"http://0.0.0.0:2"})");
}

BOOST_AUTO_TEST_CASE(with_a_certificate_every_address_is_https_the_internal_one_too) {
    ::test::folder const dir;
    auto const files = http::write_certificates(dir.path());
    bound const b(apart({"tls.certificate=" + files.certificate.string(),
                         "tls.private_key=" + files.key.string()}));
    auto const told = b.described();
    for (auto const& url : {told.issuer, told.mcp, told.sse, told.control.at(0)})
        BOOST_TEST(url.starts_with("https://localhost:"), url);
    BOOST_TEST(b.at.names().internal_as.starts_with("https://127.0.0.1:"));
}

BOOST_AUTO_TEST_SUITE_END()

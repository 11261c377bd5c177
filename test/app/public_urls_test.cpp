// Public URLs that are taken on while the servers run: which may be, and what is told of them.
#include "app/public_urls.hpp"

#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "control/health/health.hpp"
#include "control/support/fakes.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using strings = std::vector<std::string>;
namespace json = boost::json;

namespace {

constexpr auto instance = "this-very-process";
constexpr auto token = "control.token=0123456789abcdef";

task<http::reply> health(http::request const&, http::listener_info const&,
                         boost::asio::any_io_executor) {
    http::reply r(200, "text/plain", "ok");
    r.headers.add(std::string(control::instance_header), instance);
    co_return r;
}

http::server::options one_core() {
    http::server::options o;
    o.workers = 1;
    return o;
}

strings on_free_ports(strings more) {
    more.insert(more.begin(),
                {"authorization_server.listen=localhost:0", "mcp.listen=localhost:0"});
    return more;
}

// Both listeners answer /healthz as this process does.
struct named_servers {
    explicit named_servers(strings sets)
        : settings(tollgate::test::load({.sets = on_free_ports(std::move(sets))})) {
        serving = std::thread([this] { server.run(&health); });
    }
    ~named_servers() {
        server.stop(std::chrono::milliseconds(0));
        serving.join();
    }
    named_servers(named_servers const&) = delete;
    named_servers& operator=(named_servers const&) = delete;

    outcome<json::object> rename(http::renaming wanted) {
        return ::test::run(io, urls.rename(std::move(wanted)));
    }
    // The sentence of the refusal; "" when the names were taken on.
    std::string refusal(http::renaming wanted) {
        auto const done = rename(std::move(wanted));
        if (done) return "";
        BOOST_TEST(done.error().status() == 409u);
        return done.error().description();
    }
    std::string port_of(std::string const& url) const { return url.substr(url.rfind(':')); }

    config const settings;
    http::server server{one_core()};
    listeners bound{server, settings};
    manual_clock clock;
    ::test::fake_oauth oauth;
    ::test::fake_mcp mcp;
    control::realm_registry realms{control::realm_registry::options(), clock, oauth, mcp};
    http::client client{http::client::options()};
    http::resolver resolver{bound.names(), realms};
    public_urls urls{settings, bound, resolver, client, instance};
    boost::asio::io_context io;
    std::thread serving;
};

http::renaming both(std::string as, std::string mcp) {
    http::renaming r;
    r.as = std::move(as);
    r.mcp = std::move(mcp);
    return r;
}
http::renaming only_as(std::string url) {
    http::renaming r;
    r.as = std::move(url);
    return r;
}
http::renaming only_mcp(std::string url) {
    http::renaming r;
    r.mcp = std::move(url);
    return r;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_public_urls)

// RFC 8414 §3, RFC 9728 §3: well-known documents stand at the origin
BOOST_AUTO_TEST_CASE(a_public_url_is_settled_as_an_origin_or_refused_with_a_reason) {
    named_servers const s({});
    struct {
        char const* given;
        char const* settled;
    } const rows[] = {{"https://as.example", "https://as.example"},
                      {"https://as.example/", "https://as.example"},
                      {"http://localhost:9100/", "http://localhost:9100"}};
    for (auto const& [given, settled] : rows) {
        std::string url = given;
        BOOST_TEST(s.urls.settle(url) == "", given);
        BOOST_TEST(url == settled);
    }
    for (std::string wrong : {"as.example", "https://as.example/base", "ftp://as.example",
                              "https://as.example?x", "https://u:p@as.example", "https://"}) {
        auto url = wrong;
        BOOST_TEST(s.urls.settle(url) != "", wrong);
        BOOST_TEST(url == wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_public_url_that_leads_here_is_told_as_reachable) {
    named_servers s({token});
    auto const as_port = s.port_of(s.bound.describe(s.bound.names()).issuer);
    auto const mcp_port = s.port_of(s.bound.mcp_origin(s.bound.names()));
    auto const done =
        s.rename(both("http://as.localhost" + as_port, "http://mcp.localhost" + mcp_port));
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(done->at("issuer") == json::value("http://as.localhost" + as_port));
    BOOST_TEST(done->at("mcp") == json::value("http://mcp.localhost" + mcp_port + "/mcp"));
    json::array const expected{
        json::object{
            {"url", "http://as.localhost" + as_port}, {"reachable", true}, {"found", "here"}},
        json::object{
            {"url", "http://mcp.localhost" + mcp_port}, {"reachable", true}, {"found", "here"}}};
    BOOST_TEST(done->at("reachable") == json::value(expected));
}

// It is taken on all the same: a tunnel may come up later.
BOOST_AUTO_TEST_CASE(a_public_url_that_leads_nowhere_is_taken_on_with_a_reason) {
    named_servers s({token});
    auto const done = s.rename(only_mcp("http://dead.localhost:1"));
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(s.resolver.names()->mcp_public_url == "http://dead.localhost:1");
    auto const& dead = done->at("reachable").as_array().at(1).as_object();
    BOOST_TEST(dead.at("url") == "http://dead.localhost:1");
    BOOST_TEST(!dead.at("reachable").as_bool());
    BOOST_TEST(dead.at("found") == "unreachable");
    BOOST_TEST(!dead.at("why").as_string().empty());
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_spoken_of_stays_and_an_empty_one_is_taken_back) {
    named_servers s({token});
    BOOST_TEST(s.refusal(both("http://as.localhost:1", "http://mcp.localhost:1")) == "");
    BOOST_TEST(s.refusal(only_as("http://other.localhost:1")) == "");
    BOOST_TEST(s.resolver.names()->as_public_url == "http://other.localhost:1");
    BOOST_TEST(s.resolver.names()->mcp_public_url == "http://mcp.localhost:1");
    BOOST_TEST(s.refusal(both("", "")) == "");
    BOOST_TEST(!s.resolver.names()->has_public_url());
}

BOOST_AUTO_TEST_CASE(one_url_for_both_servers_is_tried_out_once) {
    named_servers s({token});
    auto const done = s.rename(both("http://one.localhost:1", "http://one.localhost:1"));
    BOOST_REQUIRE(done.has_value());
    BOOST_TEST(done->at("reachable").as_array().size() == 1u);
}

// What would shut the control plane could not be taken back by it.
BOOST_AUTO_TEST_CASE(a_public_url_needs_a_control_token_that_nobody_finds) {
    named_servers none({});
    named_servers short_one({"control.token=012345678901234"});
    for (auto const& wanted :
         {only_as("http://as.localhost:1"), only_mcp("http://as.localhost:1")}) {
        BOOST_TEST(has(none.refusal(wanted), "control.token is empty"));
        BOOST_TEST(has(short_one.refusal(wanted), "control.token has fewer than 16 characters"));
        BOOST_TEST(!none.resolver.names()->has_public_url());
        BOOST_TEST(none.resolver.names()->generation == 0u);
    }
    BOOST_TEST(none.refusal(both("", "")) == "");
}

BOOST_AUTO_TEST_CASE(documents_on_loopback_go_with_names_of_this_machine_alone) {
    named_servers s({token, "registration.allow_loopback_metadata=true"});
    BOOST_TEST(has(s.refusal(only_as("https://as.example")), "allow_loopback_metadata"));
    BOOST_TEST(has(s.refusal(only_mcp("https://mcp.example")), "allow_loopback_metadata"));
    for (auto const* url : {"http://localhost:1", "http://as.localhost:1", "http://127.0.0.1:1"})
        BOOST_TEST(s.refusal(only_as(url)) == "", url);
}

BOOST_AUTO_TEST_CASE(an_open_listener_does_not_lose_the_only_name_that_it_has) {
    strings const open{token, "mcp.listen=0.0.0.0:0", "mcp.public_url=http://mcp.localhost:1"};
    named_servers s(open);
    BOOST_TEST(s.refusal(only_mcp(""))
                   .starts_with("mcp listens on an address that is not "
                                "loopback"));
    BOOST_TEST(s.refusal(only_mcp("http://other.localhost:1")) == "");
    BOOST_TEST(s.refusal(both("http://as.localhost:1", "")).starts_with("mcp listens"));
    auto named = open;
    named.emplace_back("server.allowed_hosts=[\"tollgate\"]");
    named_servers with_hosts(named);
    BOOST_TEST(with_hosts.refusal(only_mcp("")) == "");
}

BOOST_AUTO_TEST_CASE(an_open_authorization_server_keeps_its_name_as_well) {
    named_servers s({token, "authorization_server.listen=0.0.0.0:0",
                     "authorization_server.public_url=http://as.localhost:1"});
    BOOST_TEST(s.refusal(only_as("")).starts_with("authorization_server listens on an address"));
}

// Two addresses of port 0 are never equal: each listener has a port of its own.
BOOST_AUTO_TEST_CASE(two_open_listeners_of_port_0_keep_a_name_each) {
    named_servers s({token, "authorization_server.listen=0.0.0.0:0", "mcp.listen=0.0.0.0:0",
                     "authorization_server.public_url=http://as.localhost:1",
                     "mcp.public_url=http://mcp.localhost:1"});
    BOOST_TEST(s.refusal(only_mcp("")).starts_with("mcp listens on an address"));
    BOOST_TEST(s.refusal(only_as("")).starts_with("authorization_server listens on an address"));
}

BOOST_AUTO_TEST_SUITE_END()

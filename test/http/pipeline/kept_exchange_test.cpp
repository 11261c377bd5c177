// The copy of an exchange owns everything it speaks of.
#include "http/pipeline/kept_exchange.hpp"

#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"

namespace http = tollgate::http;

BOOST_AUTO_TEST_SUITE(http_kept_exchange)

BOOST_AUTO_TEST_CASE(outlives_the_request_its_buffer_and_its_context) {
    boost::asio::io_context io;
    tollgate::manual_clock const clock;
    std::optional<http::kept_exchange> kept;
    {
        std::string const buffer =
            "/r/alpha/mcp?a=1 X-Name some value long enough not to be a small string";
        http::request r;
        r.method = http::verb::post;
        r.method_text = "POST";
        r.target = std::string_view(buffer).substr(0, 16);
        r.path = std::string_view(buffer).substr(0, 12);
        r.query = std::string_view(buffer).substr(13, 3);
        r.headers.push_back(
            {std::string_view(buffer).substr(17, 6), std::string_view(buffer).substr(24)});
        r.body = "not kept";
        r.peer = "127.0.0.1";
        http::place where;
        where.realm = std::make_shared<http::realm>("alpha");
        where.base = "/r/alpha";
        where.mcp_origin = "http://localhost:9101";
        http::route_match route;
        route.endpoint = "mcp";
        route.flags = http::guarded;
        http::context c(r, where, r.path.substr(8), route, clock, io.get_executor(), "id-1");
        http::credential who;
        who.token = "t";
        who.who.subject = "alice";
        c.authenticate(who);
        kept.emplace(c);
    }
    auto& c = kept->ctx();
    BOOST_TEST(c.request().target == "/r/alpha/mcp?a=1");
    BOOST_TEST(c.request().query == "a=1");
    BOOST_TEST(c.request().header("x-name") == "some value long enough not to be a small string");
    BOOST_TEST(c.request().body.empty());
    BOOST_TEST(c.path() == "/mcp");
    BOOST_TEST(c.realm().name() == "alpha");
    BOOST_TEST(c.place().mcp_url() == "http://localhost:9101/r/alpha/mcp");
    BOOST_TEST(c.endpoint() == "mcp");
    BOOST_TEST(c.guarded());
    BOOST_TEST(c.request_id() == "id-1");
    BOOST_REQUIRE(c.who() != nullptr);
    BOOST_TEST(c.who()->who.subject == "alice");
    BOOST_TEST((*c.query())->one("a").value() == "1");
    c.note("key", "value");
    BOOST_TEST(c.notes().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

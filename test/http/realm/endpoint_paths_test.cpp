#include "http/realm/endpoint_paths.hpp"

#include <boost/test/unit_test.hpp>

#include "http/realm/place.hpp"

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(endpoint_paths_unit)

BOOST_AUTO_TEST_CASE(leave_everything_where_it_is_unless_told_otherwise) {
    endpoint_paths const p;
    for (auto const* path : {"/authorize", "/register/{client_id}", "/device_authorization",
                             "/.well-known/oauth-authorization-server", "/anything"}) {
        BOOST_TEST(p.moved(path) == path);
        BOOST_TEST(p.is_standard(path));
    }
}

BOOST_AUTO_TEST_CASE(move_an_endpoint_and_what_stands_below_it_and_nothing_beside_it) {
    endpoint_paths p;
    p.registration = "/clients";
    p.device = "/activate";
    BOOST_TEST(p.moved("/register") == "/clients");
    BOOST_TEST(p.moved("/register/{client_id}") == "/clients/{client_id}");
    BOOST_TEST(p.moved("/device") == "/activate");
    BOOST_TEST(p.moved("/device_authorization") == "/device_authorization");
    BOOST_TEST(!p.is_standard("/device"));
}

BOOST_AUTO_TEST_CASE(an_mcp_origin_without_endpoints_is_no_issuer) {
    place here;
    here.as_origin = "http://localhost:9100";
    here.mcp_origin = "http://localhost:9101";
    BOOST_TEST(here.is_own_issuer("http://localhost:9101"));
    here.mcp_is_issuer = false;
    BOOST_TEST(!here.is_own_issuer("http://localhost:9101"));
    BOOST_TEST(here.is_own_issuer("http://localhost:9100"));
}

BOOST_AUTO_TEST_SUITE_END()

// Tables of names: endpoints that move, peers, and what a place calls its own.
#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/realm/peer.hpp"
#include "http/realm/place.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

place with_names() {
    place p;
    p.as_origin = "https://as.example";
    p.mcp_origin = "https://mcp.example";
    p.base = "/r/alpha";
    return p;
}

place renamed_place() {
    auto p = with_names();
    auto before = std::make_shared<other_names>();
    before->issuers = {"https://as-1.example/r/alpha", "http://localhost:9100/r/alpha"};
    before->mcp_bases = {"https://mcp-1.example/r/alpha"};
    p.before = before;
    return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(name_tables)

BOOST_AUTO_TEST_CASE(every_endpoint_has_a_name_and_a_path_of_its_own) {
    std::set<std::string> names;
    std::set<std::string> paths;
    for (auto const& [name, path] : named_endpoint_paths) {
        BOOST_TEST(names.insert(std::string(name)).second, name);
        BOOST_TEST(paths.insert(*standard_endpoint_paths().*path).second, name);
    }
}

BOOST_AUTO_TEST_CASE(moving_one_endpoint_leaves_every_other_where_it_was) {
    auto const& usual = *standard_endpoint_paths();
    for (auto const& [name, moved] : named_endpoint_paths) {
        endpoint_paths p;
        p.*moved = "/elsewhere";
        for (auto const& [other_name, other] : named_endpoint_paths) {
            bool const same = other == moved;
            BOOST_TEST(p.moved(usual.*other) == (same ? "/elsewhere" : usual.*other), other_name);
            BOOST_TEST(p.is_standard(usual.*other) == !same, other_name);
        }
        BOOST_CHECK(p != usual);
    }
}

BOOST_AUTO_TEST_CASE(a_path_that_only_begins_like_an_endpoint_does_not_move) {
    endpoint_paths p;
    p.token = "/t";
    p.revoke = "/gone";
    for (auto const* path : {"/tokens", "/token_info", "/revoked", "/token.json", "token", ""})
        BOOST_TEST(p.moved(path) == path);
    BOOST_TEST(p.moved("/token/x/y") == "/t/x/y");
    BOOST_TEST(p.moved("/token/") == "/t/");
}

// RFC 4007 §6: a zone index says which link a link-local address is of
BOOST_AUTO_TEST_CASE(a_link_local_address_is_another_peer_on_another_link) {
    BOOST_TEST(peer_key("fe80::1%1") != peer_key("fe80::1%2"));
    BOOST_TEST(peer_key("fe80::1%1") == peer_key("fe80::2%1"));
    BOOST_TEST(peer_key("fe80::1%1") != peer_key("fe80::1"));
}

// RFC 4291 §2.5.4: an interface identifier is 64 bits, however the address is written
BOOST_AUTO_TEST_CASE(spellings_of_one_address_are_one_peer) {
    BOOST_TEST(peer_key("2001:DB8:0:0:1:0:0:1") == peer_key("2001:db8::1:0:0:1"));
    BOOST_TEST(peer_key("2001:db8::1") != peer_key("2001:db8:0:1::1"));
    BOOST_TEST(peer_key("0:0:0:0:0:ffff:c000:0207") == peer_key("192.0.2.7"));
    BOOST_TEST(peer_key("::192.0.2.7") != peer_key("192.0.2.7"));
}

BOOST_AUTO_TEST_CASE(a_guess_is_counted_for_its_peer_unless_that_speaks_for_many) {
    request r;
    r.peer = "2001:db8::7";
    place where;
    auto const direct = guess_by_peer(r, where, secret_kind::client, "app");
    BOOST_TEST(direct.by == "2001:db8::/64");
    BOOST_TEST(direct.name == "app");
    BOOST_CHECK(direct.of == secret_kind::client);
    BOOST_TEST(!direct.by_many);
    BOOST_TEST(!direct.by_known);
    where.has_public_url = true;
    BOOST_TEST(!guess_by_peer(r, where, secret_kind::user).by_many);
    r.peer = "127.0.0.1";
    r.peer_is_loopback = true;
    BOOST_TEST(guess_by_peer(r, where, secret_kind::user).by_many);
    where.has_public_url = false;
    BOOST_TEST(!guess_by_peer(r, where, secret_kind::user).by_many);
}

// X-Forwarded-For cannot make a guesser somebody else.
BOOST_AUTO_TEST_CASE(a_guesser_is_known_by_the_socket_alone) {
    request r;
    r.peer = "192.0.2.7";
    place where;
    auto const before = guess_by_peer(r, where, secret_kind::control_token).by;
    r.headers = {{"X-Forwarded-For", "198.51.100.1"}, {"X-Real-IP", "198.51.100.2"}};
    BOOST_TEST(guess_by_peer(r, where, secret_kind::control_token).by == before);
}

// Scheme and host have no case and aliases; the path is compared as it is.
BOOST_AUTO_TEST_CASE(both_origins_name_the_issuer_and_nothing_near_them_does) {
    auto const p = with_names();
    for (auto const* own : {"https://as.example/r/alpha", "https://mcp.example/r/alpha",
                            "https://as.example:443/r/alpha", "HTTPS://AS.example/r/alpha"}) {
        BOOST_TEST(p.is_own_issuer(own), own);
        BOOST_TEST(p.is_issuer_now(own), own);
    }
    for (auto const* other :
         {"https://as.example/r/alpha/", "https://as.example/r/ALPHA", "https://as.example",
          "http://as.example/r/alpha", "https://as.example/r/alpha?x",
          "https://as.example/r/alpha#", "https://as.example:8443/r/alpha",
          "https://as.example.evil.example/r/alpha", "", "https://as.example/r/alph%61"})
        BOOST_TEST(!p.is_own_issuer(other), other);
}

// What somebody else signed names us as we are called now; our own tokens may say a former name.
BOOST_AUTO_TEST_CASE(a_former_name_is_our_own_issuer_and_not_the_one_of_now) {
    auto const p = renamed_place();
    for (auto const* former : {"https://as-1.example/r/alpha", "https://mcp-1.example/r/alpha",
                               "http://127.0.0.1:9100/r/alpha"}) {
        BOOST_TEST(p.is_own_issuer(former), former);
        BOOST_TEST(!p.is_issuer_now(former), former);
    }
    for (auto const* other : {"https://as-1.example", "https://as-1.example/r/beta",
                              "https://mcp-1.example/r/alpha/mcp", "https://as-2.example/r/alpha"})
        BOOST_TEST(!p.is_own_issuer(other), other);
}

BOOST_AUTO_TEST_CASE(resources_of_a_former_name_are_own_and_cover_those_of_now) {
    auto const p = renamed_place();
    BOOST_TEST(p.is_own_resource("https://mcp-1.example/r/alpha/mcp"));
    BOOST_TEST(
        p.is_one_resource("https://mcp-1.example/r/alpha/mcp", "https://mcp.example/r/alpha"));
    BOOST_TEST(
        p.covers_resource("https://mcp-1.example/r/alpha", "https://mcp.example/r/alpha/sse"));
    // The authorization server was never a resource.
    BOOST_TEST(!p.is_own_resource("https://as-1.example/r/alpha/mcp"));
    BOOST_TEST(!p.is_own_resource("https://mcp-1.example/r/beta/mcp"));
}

// RFC 8707 §2: who asks for the very resource that was granted need not be known to us
BOOST_AUTO_TEST_CASE(a_foreign_resource_covers_itself_and_nothing_else) {
    auto const p = with_names();
    BOOST_TEST(p.covers_resource("https://api.example/", "https://api.example/"));
    BOOST_TEST(!p.covers_resource("https://api.example/", "https://api.example"));
    BOOST_TEST(!p.covers_resource("https://api.example/", "https://mcp.example/r/alpha"));
    BOOST_TEST(!p.covers_resource("https://mcp.example/r/alpha", "https://api.example/"));
}

BOOST_AUTO_TEST_SUITE_END()

// What a Host field means at the listener that a request came by.
#include "http/realm/host.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct fixture {
    listener_info listener;
    naming names;

    fixture() {
        listener.at = site::shared;
        listener.host = "localhost";
        listener.port = listener.as_port = listener.mcp_port = 9100;
    }
    outcome<host_match> match(std::vector<std::string_view> const& hosts) const {
        request r;
        for (auto const host : hosts)
            r.headers.push_back({"Host", host});
        return match_host(r, listener, std::make_shared<naming const>(names));
    }
    host_match found(std::string_view host) const {
        auto const m = match({host});
        BOOST_REQUIRE_MESSAGE(m, host << ": " << m.error().description());
        return *m;
    }
    problem refused(std::vector<std::string_view> const& hosts) const {
        auto const m = match(hosts);
        BOOST_REQUIRE(!m);
        return m.error();
    }
    void go_public() {
        names.as_public_url = "https://as.example:8443";
        names.mcp_public_url = "https://mcp.example";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(host_matching, fixture)

BOOST_AUTO_TEST_CASE(a_loopback_name_is_the_default_realm_and_is_spoken_as_it_was_called) {
    for (std::string const name : {"localhost", "127.0.0.1", "[::1]"})
        for (std::string const port : {"", ":9100", ":1"}) {
            auto const m = found(name + port);
            BOOST_TEST(m.host == name);
            BOOST_TEST(m.realm == "default");
            BOOST_TEST(!m.whole_origin);
        }
}

// RFC 6761 §6.3: names below localhost lead here, and each may be a realm
BOOST_AUTO_TEST_CASE(a_name_below_localhost_is_a_realm_with_the_origin_to_itself) {
    auto const m = found("Alpha.LOCALHOST:9100");
    BOOST_TEST(m.realm == "alpha");
    BOOST_TEST(m.host == "alpha.localhost");
    BOOST_TEST(m.whole_origin);
    BOOST_TEST(found("s.plain.run-1.localhost").realm == "s.plain.run-1");
}

BOOST_AUTO_TEST_CASE(with_a_public_url_no_realm_has_a_host_of_its_own) {
    names.mcp_public_url = "https://mcp.example";
    BOOST_TEST(refused({"alpha.localhost"}).status() == 421u);
    BOOST_TEST(refused({"alpha.localhost"}).description().find("NAME.localhost") ==
               std::string::npos);
    BOOST_TEST(found("localhost").realm == "default");
}

// Who is told of a public URL by whoever stands in front says nothing of the port behind it.
BOOST_AUTO_TEST_CASE(the_host_of_a_public_url_is_ours_on_any_port_and_is_not_spoken_here) {
    go_public();
    for (auto const* host : {"as.example", "as.example:8443", "AS.Example:1", "mcp.example"}) {
        auto const m = found(host);
        BOOST_TEST(m.realm == "default", host);
        BOOST_TEST(m.host == "localhost", host);
    }
    listener.host = "127.0.0.1";
    BOOST_TEST(found("as.example").host == "127.0.0.1");
    listener.host = "[::1]";
    BOOST_TEST(found("as.example").host == "[::1]");
    listener.host = "0.0.0.0";
    BOOST_TEST(found("as.example").host == "localhost");
}

// DNS rebinding: a stranger's name that leads to us is not ours, however much of ours it holds.
BOOST_AUTO_TEST_CASE(a_name_that_only_holds_one_of_ours_is_foreign) {
    go_public();
    names.allowed_hosts = {"tollgate"};
    for (auto const* host :
         {"as.example.evil.example", "xas.example", "example", "a.as.example", "tollgates",
          "tollgate.evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2",
          "[::2]", "0.0.0.0", "as.example."})
        BOOST_TEST(refused({host}).status() == 421u, host);
}

BOOST_AUTO_TEST_CASE(an_allowed_host_is_compared_without_case_and_spoken_in_lower_case) {
    names.allowed_hosts = {"Tollgate", "10.0.0.7"};
    BOOST_TEST(found("TOLLGATE:9100").host == "tollgate");
    BOOST_TEST(found("10.0.0.7").host == "10.0.0.7");
    BOOST_TEST(found("tollgate").realm == "default");
    auto const said = refused({"other"}).description();
    BOOST_TEST(said.find("Tollgate") != std::string::npos, said);
}

BOOST_AUTO_TEST_CASE(a_listener_of_one_realm_serves_it_under_every_local_name_and_no_other) {
    listener.realm = "alpha";
    for (auto const* host : {"localhost", "127.0.0.1:4001", "[::1]"}) {
        auto const m = found(host);
        BOOST_TEST(m.realm == "alpha", host);
        BOOST_TEST(m.whole_origin);
        BOOST_TEST(m.own_port());
    }
    for (auto const* host : {"alpha.localhost", "beta.localhost"})
        BOOST_TEST(refused({host}).status() == 421u, host);
    go_public();
    BOOST_TEST(refused({"as.example"}).status() == 421u);
}

// RFC 9112 §3.2: 400 for more than one Host, and for one that is none
BOOST_AUTO_TEST_CASE(a_host_that_is_malformed_is_400_and_shown_in_what_can_be_shown) {
    for (auto const* host : {"a b", "localhost:x", "localhost:65536", "http://localhost", "::1",
                             "localhost/", "localhost?", "a@localhost", "\xc3\xa4"}) {
        auto const p = refused({host});
        BOOST_TEST(p.status() == 400u, host);
        BOOST_TEST(p.error() == "invalid_request");
        BOOST_CHECK(p.how() == problem::shown_as::text);
    }
    BOOST_TEST(refused({"localhost", "localhost"}).status() == 400u);
    auto const shown = refused({"\x1b[31m" + std::string(500, 'x')}).description();
    BOOST_TEST(shown.find('\x1b') == std::string::npos);
    BOOST_TEST(shown.size() < 200u);
}

// RFC 9110 §7.4: 421 where this server is no authority for the target
BOOST_AUTO_TEST_CASE(no_host_at_all_is_nobody_that_we_could_speak_for) {
    for (auto const& hosts : {std::vector<std::string_view>{}, std::vector<std::string_view>{""}}) {
        auto const p = refused(hosts);
        BOOST_TEST(p.status() == 421u);
        BOOST_TEST(p.description().starts_with("the Host field is empty"));
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_what_would_have_been_answered) {
    go_public();
    listener.at = site::authorization_server;
    auto const said = refused({"evil.example"}).description();
    for (auto const* name : {"evil.example", "localhost", "127.0.0.1", "[::1]",
                             "https://as.example:8443", "server.allowed_hosts"})
        BOOST_TEST(said.find(name) != std::string::npos, said);
    BOOST_TEST(said.find("mcp.example") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

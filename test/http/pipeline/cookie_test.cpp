#include "http/pipeline/cookie.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/router.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

// A request of one realm, as a handler would see it.
struct visit {
    realm_ptr who = std::make_shared<realm>("alpha");
    tollgate::http::place where;
    request received;
    route_match matched;
    manual_clock time;

    visit() {
        where.realm = who;
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
        received.headers = {{"Host", "localhost:9100"}};
    }
    template <class F>
    std::string with_context(F f) {
        context c(received, where, "/", matched, time, {}, "test");
        return f(c);
    }
    std::string name() {
        return with_context([](context& c) { return cookie_name(c, "login"); });
    }
    std::string line(std::optional<std::chrono::seconds> lives = {}) {
        return with_context([&](context& c) { return set_cookie(c, "n", "v", lives); });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cookies, visit)

BOOST_AUTO_TEST_CASE(reads_a_value_by_its_exact_name) {
    received.headers = {{"Cookie", "a=1; ab=2;  c=x=y ; d"}, {"cookie", "e=5"}};
    BOOST_TEST(*cookie_value(received, "a") == "1");
    BOOST_TEST(*cookie_value(received, "ab") == "2");
    BOOST_TEST(*cookie_value(received, "c") == "x=y");
    BOOST_TEST(cookie_value(received, "d")->empty());
    BOOST_TEST(*cookie_value(received, "e") == "5");
    BOOST_TEST(!cookie_value(received, "A"));
    BOOST_TEST(!cookie_value(received, "b"));
}

BOOST_AUTO_TEST_CASE(is_hidden_from_scripts_and_from_posts_of_other_sites) {
    BOOST_TEST(line() == "n=v; Path=/; HttpOnly; SameSite=Lax");
    BOOST_TEST(line(std::chrono::seconds(60)) == "n=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    where.base = "/r/alpha";
    BOOST_TEST(line() == "n=v; Path=/r/alpha; HttpOnly; SameSite=Lax");
    BOOST_TEST(with_context([](context& c) { return drop_cookie(c, "n"); }) ==
               "n=; Path=/r/alpha; HttpOnly; SameSite=Lax; Max-Age=0");
}

BOOST_AUTO_TEST_CASE(is_pinned_to_the_host_and_secure_with_https_only) {
    BOOST_TEST(name().starts_with("tollgate-login-"));
    received.tls = true;
    where.base = "/r/alpha";
    BOOST_TEST(name().starts_with("__Host-tollgate-login-"));
    BOOST_TEST(line() == "n=v; Path=/; HttpOnly; SameSite=Lax; Secure");
}

BOOST_AUTO_TEST_CASE(is_secure_when_something_in_front_of_us_ends_tls) {
    where.as_origin = "https://as.example.com";
    received.headers = {{"Host", "as.example.com"}};
    BOOST_TEST(line().ends_with("; Secure"));
    // Who calls us directly has no TLS: a Secure cookie would never come back.
    received.headers = {{"Host", "127.0.0.1:9100"}};
    BOOST_TEST(!line().ends_with("; Secure"));
}

BOOST_AUTO_TEST_CASE(has_another_name_for_each_realm_and_issuer) {
    auto const here = name();
    BOOST_TEST(name() == here);
    where.as_origin = "http://localhost:9200";
    BOOST_TEST(name() != here);
    where.as_origin = "http://localhost:9100";
    where.base = "/r/alpha";
    BOOST_TEST(name() != here);
    where.base = "";
    where.realm = std::make_shared<realm>("beta");
    BOOST_TEST(name() != here);
    where.realm = who;
    where.at = site::mcp_server;
    BOOST_TEST(name() != here);
}

BOOST_AUTO_TEST_SUITE_END()

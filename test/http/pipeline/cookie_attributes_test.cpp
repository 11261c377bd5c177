// Cookies of our pages, as browsers judge them. RFC 6265bis.
#include <algorithm>
#include <chrono>
#include <string>

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/cookie.hpp"
#include "http/pipeline/router.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct visit {
    tollgate::http::place where;
    request received;
    route_match matched;
    manual_clock time;

    visit() {
        where.realm = std::make_shared<realm>("alpha");
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
        received.headers = {{"Host", "localhost:9100"}};
    }
    std::string name(std::string_view purpose = "login") {
        context const c(received, where, "/", matched, time, {}, "id");
        return cookie_name(c, purpose);
    }
    std::string set(std::string_view value, std::optional<std::chrono::seconds> lives = {}) {
        context const c(received, where, "/", matched, time, {}, "id");
        return set_cookie(c, cookie_name(c, "login"), value, lives);
    }
    std::string drop() {
        context const c(received, where, "/", matched, time, {}, "id");
        return drop_cookie(c, cookie_name(c, "login"));
    }
    std::optional<std::string_view> sent(std::string_view line, std::string_view name) {
        received.headers = {{"Cookie", line}};
        return cookie_value(received, name);
    }
};

bool has(std::string const& line, std::string_view part) {
    return line.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cookie_attributes, visit)

// RFC 6265 §4.1.1: cookie-name = token
BOOST_AUTO_TEST_CASE(a_name_is_a_token_whatever_the_realm_is_called) {
    for (auto const* realm_name : {"default", "s.refresh.rotate.run-1", "A_b"}) {
        where.realm = std::make_shared<realm>(realm_name);
        auto const n = name();
        BOOST_TEST(std::ranges::all_of(n, is_token_char), n);
        BOOST_TEST(!has(n, realm_name));
    }
}

BOOST_AUTO_TEST_CASE(cookies_for_two_purposes_have_two_names) {
    BOOST_TEST(name("login") != name("consent"));
}

// RFC 6265bis §4.1.3.2: a name with __Host- needs Secure and Path=/ and must not have Domain
BOOST_AUTO_TEST_CASE(a_cookie_that_is_pinned_to_its_host_fulfils_what_its_prefix_demands) {
    received.tls = true;
    where.base = "/s/plain/run-1";
    for (auto const& line : {set("v"), set("v", std::chrono::hours(1)), drop()}) {
        BOOST_TEST(line.starts_with("__Host-"), line);
        BOOST_TEST(has(line, "; Secure"), line);
        BOOST_TEST(has(line, "; Path=/;"), line);
        BOOST_TEST(!has(to_lower(line), "domain"), line);
    }
}

// RFC 6265bis §5.7: a Secure cookie, or one with a prefix, set without TLS is ignored
BOOST_AUTO_TEST_CASE(without_tls_a_cookie_claims_nothing_that_a_browser_would_ignore_it_for) {
    for (auto const& line : {set("v"), drop()}) {
        BOOST_TEST(!has(line, "Secure"), line);
        BOOST_TEST(!line.starts_with("__"), line);
    }
}

// RFC 6265bis §5.7: an old cookie is replaced by one of its name, domain and path
BOOST_AUTO_TEST_CASE(a_cookie_is_taken_back_under_the_name_and_path_that_it_was_set_with) {
    for (bool const tls : {false, true}) {
        received.tls = tls;
        for (auto const* base : {"", "/r/alpha"}) {
            where.base = base;
            auto const line = set("v");
            auto dropped = drop();
            BOOST_TEST(has(dropped, "=; "), dropped);
            BOOST_TEST(dropped.ends_with("; Max-Age=0"), dropped);
            dropped.replace(dropped.find("=; "), 1, "=v");
            BOOST_TEST(dropped == line + "; Max-Age=0");
        }
    }
}

// RFC 6265 §4.1.2.2: Max-Age is in seconds
BOOST_AUTO_TEST_CASE(a_life_is_told_in_seconds) {
    BOOST_TEST(set("v", std::chrono::hours(12)).ends_with("; Max-Age=43200"));
    BOOST_TEST(!has(set("v"), "Max-Age"));
    BOOST_TEST(!has(set("v"), "Expires"));
}

// RFC 6265 §5.4: cookie-pairs are separated by "; " in one Cookie field
BOOST_AUTO_TEST_CASE(a_value_is_what_stands_between_its_name_and_the_next_semicolon) {
    BOOST_TEST(*sent("a=1; login=abc; b=2", "login") == "abc");
    BOOST_TEST(*sent("login=", "login") == "");
    BOOST_TEST(*sent("login=a=b==", "login") == "a=b==");
    BOOST_TEST(*sent("login=\"a\"", "login") == "\"a\"");
    BOOST_TEST(*sent("login=a,b", "login") == "a,b");
}

// A cookie of another name never stands in for it, however much of the name it holds.
BOOST_AUTO_TEST_CASE(a_name_is_compared_whole_and_with_its_case) {
    for (auto const* line : {"xlogin=1", "loginx=1", "Login=1", "LOGIN=1", "log=in=1", "a=login=1",
                             "a=1, login=2", "\"login\"=1", "login%3D1", "__Host-login=1", ""})
        BOOST_TEST(!sent(line, "login").has_value(), line);
}

// RFC 6265 §5.4: cookies with longer paths are listed first, so the first one is the nearest
BOOST_AUTO_TEST_CASE(of_two_cookies_of_one_name_the_first_counts) {
    BOOST_TEST(*sent("login=near; login=far", "login") == "near");
}

BOOST_AUTO_TEST_SUITE_END()

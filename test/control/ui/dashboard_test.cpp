// The dashboard: who sees it, what its policy allows, and what its cookie is good for.
#include "control/ui/dashboard.hpp"

#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "control/support/plane.hpp"

using namespace test;
using http::verb;

namespace {

struct page_plane : plane {
    explicit page_plane(std::string token = {}, bool enabled = true)
        : plane(&control::control_plane::add_shared_routes, {}, access(std::move(token), enabled)) {
        page.add_routes(routes);
    }
    static control::access_options access(std::string token, bool enabled) {
        control::access_options o;
        o.enabled = enabled;
        o.token = std::move(token);
        o.guesses = {3, 8};
        return o;
    }
    answer page_now(fields headers = {}) { return b.get("/control/ui", std::move(headers)); }
    answer log_in(std::string const& token, fields headers = {}) {
        return b.post_form("/control/ui/login", {{"password", token}}, std::move(headers));
    }
    control::dashboard page{*may};
};
struct page_with_token : page_plane {
    page_with_token() : page_plane("open-sesame") {}
    // "name=value" of a browser that has logged in.
    std::string cookie() {
        auto const line = std::string(log_in("open-sesame").header("Set-Cookie"));
        return line.substr(0, line.find(';'));
    }
};
struct page_that_is_off : page_plane {
    page_that_is_off() : page_plane("", false) {}
};

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

// What stands between the first `<name>` and its end.
std::string inside(std::string const& page, std::string const& name) {
    auto const begin = page.find('<' + name + '>') + name.size() + 2;
    return page.substr(begin, page.find("</" + name + '>') - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_dashboard)

BOOST_FIXTURE_TEST_CASE(is_open_on_this_machine, page_plane) {
    auto const a = page_now();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(!has(a.body, "{script}"));
    BOOST_TEST(!has(a.body, "{version}"));
}

// CSP Level 3: a digest for each, nothing from elsewhere, and no text that becomes markup.
BOOST_FIXTURE_TEST_CASE(allows_its_own_style_and_script_alone, page_plane) {
    auto const a = page_now();
    auto const policy = a.header("Content-Security-Policy");
    BOOST_TEST(has(policy, "default-src 'none'; connect-src 'self';"));
    BOOST_TEST(has(policy, "frame-ancestors 'none'"));
    BOOST_TEST(has(policy, "require-trusted-types-for 'script'; trusted-types 'none'"));
    for (auto const* name : {"style", "script"}) {
        auto const digest = "sha256-" + tollgate::to_base64(tollgate::sha256(inside(a.body, name)));
        BOOST_TEST(has(policy, digest), name);
    }
    for (auto const* outside : {"src=", "href=\"http", "innerHTML", "unsafe", "@import"})
        BOOST_TEST(!has(a.body, outside), outside);
}

BOOST_FIXTURE_TEST_CASE(is_not_for_other_machines_without_a_token, page_plane) {
    b.peer_is_loopback = false;
    auto const a = page_now();
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(log_in("").status == 403u);
}

BOOST_FIXTURE_TEST_CASE(is_not_there_when_control_is_off, page_that_is_off) {
    BOOST_TEST(page_now().status == 404u);
}

BOOST_FIXTURE_TEST_CASE(takes_no_login_where_there_is_no_token, page_plane) {
    BOOST_TEST(log_in("").status == 404u);
}

BOOST_FIXTURE_TEST_CASE(asks_for_the_token_and_gives_a_cookie_for_it, page_with_token) {
    b.peer_is_loopback = false;
    auto const form = page_now();
    BOOST_TEST(form.status == 401u);
    BOOST_TEST(form.header("WWW-Authenticate") == "Bearer");
    BOOST_TEST(has(form.body, "type=\"password\""));
    auto const a = log_in("open-sesame");
    BOOST_TEST(a.status == 303u);
    BOOST_TEST(a.header("Location") == "http://localhost:9100/control/ui");
    auto const line = a.header("Set-Cookie");
    BOOST_TEST(line.starts_with("tollgate-control-"));
    BOOST_TEST(line.ends_with("; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"));
    BOOST_TEST(!has(line, "open-sesame"));
    auto const page_shown = page_now({{"Cookie", std::string(line.substr(0, line.find(';')))}});
    BOOST_TEST(page_shown.status == 200u);
    BOOST_TEST(has(page_shown.body, "data-login=\"yes\""));
}

// RFC 6265bis §4.1.3.2
BOOST_FIXTURE_TEST_CASE(pins_the_cookie_to_https_and_this_host_behind_a_public_url,
                        page_with_token) {
    b.where.as_origin = "https://tollgate.example";
    b.where.has_public_url = true;
    auto const a = log_in("open-sesame", {{"Host", "tollgate.example"}});
    auto const line = a.header("Set-Cookie");
    BOOST_TEST(line.starts_with("__Host-tollgate-control-"));
    BOOST_TEST(line.ends_with("; Secure"));
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_tokens_and_bounds_guesses, page_with_token) {
    for (int i = 0; i < 3; ++i) {
        auto const a = log_in("open-sesam");
        BOOST_TEST(a.status == 401u);
        BOOST_TEST(a.header("Set-Cookie") == "");
        BOOST_TEST(has(a.body, "not the control token"));
    }
    auto const a = log_in("open-sesame");
    BOOST_TEST(a.status == 429u);
    BOOST_TEST(a.header("Retry-After") == "60");
    // The form and the header are one door.
    auto const by_header = b.get("/control/state", {{"Authorization", "Bearer open-sesame"}});
    BOOST_TEST(by_header.status == 429u);
}

BOOST_FIXTURE_TEST_CASE(opens_the_control_plane_to_requests_of_the_page, page_with_token) {
    auto const c = cookie();
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}}).status == 200u);
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}, {"Sec-Fetch-Site", "same-origin"}}).status ==
               200u);
    auto const made = b.post_json(
        "/control/faults", R"({"name":"token.unavailable"})",
        {{"Cookie", c}, {"Origin", "http://localhost:9100"}, {"Sec-Fetch-Site", "same-origin"}});
    BOOST_TEST(made.status == 201u);
    BOOST_TEST(b.get("/control/state", {{"Cookie", c + "x"}}).status == 401u);
    // Who brings a token is judged by it.
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}, {"Authorization", "Bearer x"}}).status ==
               401u);
}

// Fetch Metadata: same-site is another port or a sibling host, which SameSite lets through.
BOOST_FIXTURE_TEST_CASE(opens_nothing_to_requests_of_other_pages, page_with_token) {
    auto const c = cookie();
    for (auto const* site : {"same-site", "cross-site", "none "}) {
        auto const a = b.get("/control/state", {{"Cookie", c}, {"Sec-Fetch-Site", site}});
        BOOST_TEST(a.status == 401u, site);
    }
    auto const reset = [&](fields headers) {
        headers.emplace_back("Cookie", c);
        return b.send(verb::post, "/control/reset", "", std::move(headers)).status;
    };
    BOOST_TEST(reset({}) == 401u);  // no browser leaves the origin of a POST out
    BOOST_TEST(reset({{"Origin", "http://localhost:9101"}}) == 403u);
    BOOST_TEST(reset({{"Origin", "null"}}) == 403u);
    BOOST_TEST(reset({{"Origin", "http://localhost:9100"}, {"Sec-Fetch-Site", "none"}}) == 401u);
    BOOST_TEST(oauth.resets.empty());
    BOOST_TEST(reset({{"Origin", "http://localhost:9100"}}) == 200u);
    BOOST_TEST(log_in("open-sesame", {{"Origin", "http://evil.example"}}).status == 403u);
}

BOOST_FIXTURE_TEST_CASE(ends_the_session_with_the_log_out, page_with_token) {
    auto const c = cookie();
    auto const a = b.send(verb::post, "/control/ui/logout", "", {{"Cookie", c}});
    BOOST_TEST(a.status == 303u);
    BOOST_TEST(has(a.header("Set-Cookie"), "Max-Age=0"));
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}}).status == 401u);
}

// Realms have time of their own; a login of a person has not.
BOOST_FIXTURE_TEST_CASE(forgets_a_browser_after_twelve_hours, page_with_token) {
    auto const c = cookie();
    b.clock.advance(std::chrono::hours(12));
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}}).status == 401u);
    BOOST_TEST(page_now({{"Cookie", c}}).status == 401u);
}

BOOST_FIXTURE_TEST_CASE(knows_a_browser_in_every_realm_of_the_origin, page_with_token) {
    auto const c = cookie();
    enter(realms.look("default"));
    b.where.base = "/r/other";
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}}).status == 200u);
    b.where.at = http::site::mcp_server;
    BOOST_TEST(b.get("/control/state", {{"Cookie", c}}).status == 401u);
}

BOOST_AUTO_TEST_SUITE_END()

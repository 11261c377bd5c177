// The device authorization grant (RFC 8628): both endpoints, the page, the polls.
#include "oauth/authorization_bench.hpp"
#include "oauth/crypto.hpp"

using namespace test;

namespace {

std::string const device_grant = "urn:ietf:params:oauth:grant-type:device_code";

oauth::server_options configured() {
    oauth::server_options o;
    oauth::configured_client tv;
    tv.client_id = "tv";
    tv.client_name = "A <b>TV</b>";
    tv.grant_types = {device_grant, "refresh_token"};
    auto other = tv;
    other.client_id = "other";
    auto secret = tv;
    secret.client_id = "box";
    secret.client_secret = "secret";
    secret.grant_types = {device_grant};
    oauth::configured_client page;
    page.client_id = "page";
    page.redirect_uris = {callback};
    o.clients = {tv, other, secret, page};
    return o;
}

std::string cookie_of(answer const& a) {
    std::string const line(a.header("Set-Cookie"));
    return line.substr(0, line.find(';'));
}

std::string hidden(answer const& a, std::string const& name) {
    auto const field = a.body.find("name=\"" + name + "\"");
    BOOST_REQUIRE_MESSAGE(field != a.body.npos, a.body);
    auto const from = a.body.find("value=\"", field) + 7;
    return a.body.substr(from, a.body.find('"', from) - from);
}

struct devices : authorization_bench {
    devices() : authorization_bench(configured()) {}

    answer ask(fields f = {{"client_id", "tv"}}, fields headers = {}) {
        return web.post_form("/device_authorization", f, std::move(headers));
    }
    json::value begun(fields f = {{"client_id", "tv"}}) {
        auto const a = ask(std::move(f));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    answer poll(json::value const& device, std::string const& id = "tv") {
        return token({{"grant_type", device_grant},
                      {"device_code", text(device, "device_code")},
                      {"client_id", id}});
    }
    answer enter(json::value const& device, fields more = {}, fields headers = {}) {
        more.emplace_back("user_code", text(device, "user_code"));
        return web.post_form("/device", more, std::move(headers));
    }
    // A user code that nobody was given.
    static json::value guess(int n) {
        constexpr std::string_view letters = "BCDFGHJKLM";
        std::string code = "BBBB-B";
        for (int const place : {100, 10, 1})
            code += letters[static_cast<std::size_t>(n / place % 10)];
        json::object o;
        o["user_code"] = code;
        return o;
    }
    void with_page() {
        policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(device_grant_suite, devices)

// RFC 8628 §3.2: device_code, user_code, verification_uri, expires_in, interval; not to be cached.
BOOST_AUTO_TEST_CASE(hands_out_two_codes_and_an_address) {
    auto const a = ask();
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const d = a.json();
    BOOST_TEST(text(d, "device_code").size() >= 43u);
    auto const code = text(d, "user_code");
    BOOST_TEST(code.size() == 9u);
    BOOST_TEST(text(d, "verification_uri") == "http://localhost:9100/device");
    BOOST_TEST(text(d, "verification_uri_complete") ==
               "http://localhost:9100/device?user_code=" + code);
    BOOST_TEST(d.at("expires_in").as_int64() == 600);
    BOOST_TEST(d.at("interval").as_int64() == 5);
}

// RFC 8628 §3.1: clients authenticate here as they do at the token endpoint.
BOOST_AUTO_TEST_CASE(knows_its_clients_and_what_they_may) {
    BOOST_TEST(refusal(ask({})) == "401 invalid_client");
    BOOST_TEST(refusal(ask({{"client_id", "box"}})) == "401 invalid_client");
    BOOST_TEST(ask({}, basic(oauth::to_base64("box:secret"))).status == 200);
    BOOST_TEST(refusal(ask({{"client_id", "page"}})) == "400 unauthorized_client");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"scope", "nothing:known"}})) ==
               "400 invalid_scope");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"resource", "https://a.example"}})) ==
               "400 invalid_target");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"scope", "a"}, {"scope", "b"}})) ==
               "400 invalid_request");
    BOOST_TEST(web.get("/device_authorization").status == 405);
    policy([](auto& p) { std::erase(p.grant_types, device_grant); });
    BOOST_TEST(refusal(ask()) == "400 unauthorized_client");
}

// RFC 8628 §3.5: authorization_pending until the person has decided.
// RFC 8628 §3.4: the grant type is urn:ietf:params:oauth:grant-type:device_code.
BOOST_AUTO_TEST_CASE(waits_for_the_person_and_then_gives_tokens_once) {
    auto const d = begun({{"client_id", "tv"}, {"scope", "openid mcp:tools"}});
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    later(std::chrono::seconds(5));
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    auto const page = enter(d);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find("Device connected") != page.body.npos);
    BOOST_TEST(page.body.find("<b>TV") == page.body.npos);  // nothing unescaped
    later(std::chrono::seconds(5));
    auto const a = poll(d);
    BOOST_REQUIRE_EQUAL(a.status, 200);
    auto const tokens = a.json();
    BOOST_TEST(text(tokens, "scope") == "openid mcp:tools");
    BOOST_TEST(text(tokens, "id_token") != "(none)");
    auto const told = introspect(text(tokens, "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(token(refresh_request("tv", text(tokens, "refresh_token"))).status == 200);
    BOOST_TEST(refusal(poll(d)) == "400 invalid_grant");
}

// RFC 8628 §3.5: slow_down adds 5 seconds to the interval of this and all later requests.
BOOST_AUTO_TEST_CASE(slows_a_hasty_device_down_for_good) {
    auto const d = begun();
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    later(std::chrono::seconds(4));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(9));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(14));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(20));
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
}

// RFC 8628 §3.5: expired_token, access_denied; RFC 6749 §5.2: invalid_grant for the rest.
BOOST_AUTO_TEST_CASE(ends_with_the_error_of_its_end) {
    auto const denied = begun();
    BOOST_TEST(enter(denied, {{"decision", "deny"}}).status == 200);
    BOOST_TEST(refusal(poll(denied)) == "400 access_denied");
    auto const late = begun();
    later(std::chrono::seconds(600));
    BOOST_TEST(refusal(poll(late)) == "400 expired_token");
    BOOST_TEST(enter(late).status == 400);
    later(std::chrono::seconds(600));
    BOOST_TEST(refusal(poll(late)) == "400 invalid_grant");
    json::object guess;
    guess["device_code"] = "guess";
    BOOST_TEST(refusal(poll(guess)) == "400 invalid_grant");
    BOOST_TEST(refusal(token({{"grant_type", device_grant}, {"client_id", "tv"}})) ==
               "400 invalid_request");
}

// RFC 8628 §3.4: the device_code is that of the client that asks with it.
BOOST_AUTO_TEST_CASE(belongs_to_the_client_that_began) {
    auto const d = begun();
    enter(d);
    BOOST_TEST(refusal(poll(d, "other")) == "400 invalid_grant");
    BOOST_TEST(refusal(poll(d, "page")) == "400 unauthorized_client");
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8707 §2.2: a poll may ask for fewer resources than the device did.
BOOST_AUTO_TEST_CASE(narrows_the_resource_and_never_widens_it) {
    auto const d = begun();
    enter(d);
    fields f{
        {"grant_type", device_grant}, {"device_code", text(d, "device_code")}, {"client_id", "tv"}};
    BOOST_TEST(refusal(token(with(f, "resource", "https://a.example"))) == "400 invalid_target");
    BOOST_TEST(token(with(f, "resource", "http://localhost:9101/sse")).status == 200);
}

// RFC 8628 §3.3.1: verification_uri_complete carries the code along.
BOOST_AUTO_TEST_CASE(approves_at_the_complete_address_where_nobody_is_asked) {
    auto const d = begun();
    auto const page = web.get("/device?user_code=" + text(d, "user_code"));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.header("Cache-Control") == "no-store");
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8628 §3.3: the person enters the code at the verification_uri.
BOOST_AUTO_TEST_CASE(asks_for_the_code_on_a_page) {
    auto const page = web.get("/device");
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.header("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.header("Content-Security-Policy").find("default-src 'none'") !=
               std::string_view::npos);
    BOOST_TEST(page.body.find("name=\"user_code\"") != page.body.npos);
    BOOST_TEST(web.post_form("/device", {{"x", "y"}}).status == 400);
}

// RFC 8628 §5.4: the page shows the code to compare with the device, and who asks for what.
BOOST_AUTO_TEST_CASE(asks_a_person_before_it_approves) {
    with_page();
    auto const d = begun();
    auto const page = web.get("/device?user_code=" + text(d, "user_code"));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find(text(d, "user_code")) != page.body.npos);
    BOOST_TEST(page.body.find("mcp:tools") != page.body.npos);
    BOOST_TEST(page.body.find("A &lt;b&gt;TV") != page.body.npos);
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    fields const form{{"form_seal", hidden(page, "form_seal")}, {"decision", "approve"}};
    BOOST_TEST(enter(d, form, {{"Cookie", cookie_of(page)}}).status == 200);
    later(std::chrono::seconds(5));
    BOOST_TEST(poll(d).status == 200);
}

// RFC 9700 §4.16: the page cannot be framed; no other site decides for the person.
// RFC 8628 §5.4: nor does a form of somebody else's device or browser.
BOOST_AUTO_TEST_CASE(takes_a_decision_from_its_own_page_only) {
    with_page();
    auto const d = begun();
    auto const other = begun();
    auto const page = enter(d);
    BOOST_TEST(page.header("X-Frame-Options") == "DENY");
    auto const seal = hidden(page, "form_seal");
    auto const cookie = cookie_of(page);
    auto const name = cookie.substr(0, cookie.find('=') + 1);
    auto const made_up = std::string(43, 'A');
    enter(d, {{"decision", "approve"}});
    enter(d, {{"decision", "approve"}, {"form_seal", seal}});
    enter(d, {{"decision", "approve"}, {"form_seal", "x"}}, {{"Cookie", cookie}});
    enter(d, {{"decision", "approve"}, {"form_seal", made_up}}, {{"Cookie", name + made_up}});
    enter(d, {{"decision", "approve"}, {"guard", made_up}}, {{"Cookie", name + made_up}});
    // That of another code, in the same browser.
    auto const others = enter(other, {}, {{"Cookie", cookie}});
    BOOST_TEST(cookie_of(others) == cookie);
    enter(d, {{"decision", "approve"}, {"form_seal", hidden(others, "form_seal")}},
          {{"Cookie", cookie}});
    web.get("/device?decision=approve&form_seal=" + seal + "&user_code=" + text(d, "user_code"),
            {{"Cookie", cookie}});
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    // The page of the other code has not ended this one.
    enter(d, {{"decision", "deny"}, {"form_seal", seal}}, {{"Cookie", cookie}});
    later(std::chrono::seconds(5));
    BOOST_TEST(refusal(poll(d)) == "400 access_denied");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_form) {
    with_page();
    auto const d = begun({{"client_id", "tv"}});
    auto const page = enter(d);
    fields const form{{"decision", "approve"}, {"form_seal", hidden(page, "form_seal")}};
    BOOST_TEST(enter(d, form).body.find("sent no cookie of ours") != std::string::npos);
    auto const other = cookie_of(enter(d));
    BOOST_TEST(enter(d, form, {{"Cookie", other}}).body.find("not made for this code") !=
               std::string::npos);
    later(std::chrono::minutes(10) - std::chrono::seconds(1));
    auto const in_time = enter(d);
    BOOST_TEST(in_time.status == 200);
}

// RFC 8628 §5.4, RFC 9700 §4.7: a code that another site enters, or a decision, is none.
BOOST_AUTO_TEST_CASE(refuses_what_a_page_of_another_site_sent) {
    std::vector<fields> const foreign{{{"Origin", "https://evil.example"}},
                                      {{"Origin", "http://localhost:3000"}},
                                      {{"Origin", "null"}},
                                      {{"Sec-Fetch-Site", "cross-site"}},
                                      {{"Sec-Fetch-Site", "same-site"}}};
    auto const d = begun();  // nobody is asked here: the code alone would do
    for (auto const& headers : foreign) {
        auto const a = enter(d, {}, headers);
        BOOST_TEST(a.status == 403, headers.front().second);
        BOOST_TEST(a.header("Content-Type").starts_with("text/html"));
    }
    with_page();
    auto const page = enter(d, {}, {{"Origin", "http://localhost:9100"}});
    fields const form{{"decision", "approve"}, {"form_seal", hidden(page, "form_seal")}};
    for (auto headers : foreign) {
        headers.emplace_back("Cookie", cookie_of(page));
        BOOST_TEST(enter(d, form, headers).status == 403, headers.front().second);
    }
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    // Guesses of other sites do not shut the page for people either.
    json::object guess;
    guess["user_code"] = "BBBB-BBBB";
    for (int i = 0; i < 20; ++i)
        enter(guess, {}, foreign.front());
    BOOST_TEST(
        enter(d, form, {{"Cookie", cookie_of(page)}, {"Origin", "http://localhost:9100"}}).status ==
        200);
    later(std::chrono::seconds(5));
    BOOST_TEST(poll(d).status == 200);
}

BOOST_AUTO_TEST_CASE(lets_the_person_say_who_they_are) {
    policy([](auto& p) {
        p.consent = oauth::consent_mode::login;
        p.users = {{"alice", {}, ""}, {"bob", {}, oauth::digest_of("hunter2")}};
    });
    auto const d = begun();
    auto const page = enter(d);
    BOOST_TEST(page.body.find("value=\"bob\"") != page.body.npos);
    fields form{{"form_seal", hidden(page, "form_seal")}, {"decision", "approve"}, {"user", "bob"}};
    fields const cookie{{"Cookie", cookie_of(page)}};
    BOOST_TEST(enter(d, form, cookie).status == 400);
    BOOST_TEST(enter(d, with(form, "user", "carol"), cookie).status == 400);
    auto const again = enter(d, with(form, "password", "wrong"), cookie);
    BOOST_TEST(again.status == 400);
    form = {{"form_seal", hidden(again, "form_seal")},
            {"decision", "approve"},
            {"user", "bob"},
            {"password", "hunter2"}};
    BOOST_TEST(enter(d, form, {{"Cookie", cookie_of(again)}}).status == 200);
    auto const tokens = poll(d).json();
    BOOST_TEST(text(introspect(text(tokens, "access_token")), "sub") == "bob");
}

// RFC 8628 §3.5: access_denied when the request was denied.
BOOST_AUTO_TEST_CASE(says_no_where_consent_is_denied) {
    policy([](auto& p) { p.deny_consent = true; });
    auto const d = begun();
    BOOST_TEST(enter(d).body.find("Denied") != std::string::npos);
    BOOST_TEST(refusal(poll(d)) == "400 access_denied");
}

// RFC 8628 §5.1: user codes are short, so attempts are limited.
BOOST_AUTO_TEST_CASE(lets_nobody_guess_codes_for_long) {
    auto const d = begun();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i)).status == 400);
    auto const refused = enter(d);
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.header("Retry-After") == "60");
    later(std::chrono::seconds(60));
    BOOST_TEST(enter(d).status == 200);
}

// A link to an expired code that is opened again and again is one attempt.
BOOST_AUTO_TEST_CASE(counts_the_same_wrong_code_once) {
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(enter(guess(0)).status == 400);
    BOOST_TEST(enter(begun()).status == 200);
}

// RFC 8628 §5.1: a stranger's guesses shut the page for the stranger alone, directly and behind a
// tunnel.
BOOST_AUTO_TEST_CASE(one_strangers_wrong_codes_refuse_nobody_else) {
    auto const d = begun();
    web.where.has_public_url = true;
    fields const stranger{{"X-Forwarded-For", "10.0.0.1, 192.0.2.66"}};
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i), {}, stranger).status == 400);
    BOOST_TEST(enter(d, {}, stranger).status == 429);
    // What stands before the last entry is anybody's claim.
    BOOST_TEST(enter(d, {}, {{"X-Forwarded-For", "10.9.9.9, 192.0.2.66"}}).status == 429);
    BOOST_TEST(enter(d, {}, {{"X-Forwarded-For", "192.0.2.67"}}).status == 200);
    web.peer_is_loopback = false;
    auto const direct = begun();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i)).status == 400);
    BOOST_TEST(enter(direct).status == 429);
}

BOOST_AUTO_TEST_CASE(guesses_of_all_together_have_a_bound) {
    auto const d = begun();
    web.where.has_public_url = true;  // and a tunnel that does not say whom it brings
    for (int i = 0; i < 1000; ++i)
        BOOST_REQUIRE(enter(guess(i)).status == 400);
    BOOST_TEST(enter(d).status == 503);
}

BOOST_AUTO_TEST_CASE(lets_nobody_guess_passwords_with_a_code_of_their_own) {
    policy([](auto& p) {
        p.consent = oauth::consent_mode::login;
        p.users = {{"bob", {}, oauth::digest_of("hunter2")}};
    });
    web.where.has_public_url = true;
    auto const d = begun();
    auto const attempt = [&](std::string const& password, int from) {
        fields const peer{{"X-Forwarded-For", "192.0.2." + std::to_string(from)}};
        auto const page = enter(d, {}, peer);
        if (page.status != 200) return page;
        return enter(d,
                     {{"guard", hidden(page, "guard")},
                      {"decision", "approve"},
                      {"user", "bob"},
                      {"password", password}},
                     {{"Cookie", cookie_of(page)}, peer.front()});
    };
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(attempt("wrong" + std::to_string(i), i).status == 400);
    BOOST_TEST(attempt("hunter2", 99).status == 429);
    later(std::chrono::seconds(60));
    BOOST_TEST(attempt("hunter2", 99).status == 200);
}

BOOST_AUTO_TEST_CASE(decides_once) {
    auto const d = begun();
    BOOST_TEST(enter(d).status == 200);
    BOOST_TEST(enter(d, {{"decision", "deny"}}).status == 400);
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8628 §4: device_authorization_endpoint.
BOOST_AUTO_TEST_CASE(is_in_the_metadata_where_it_is_offered) {
    auto const path = "/.well-known/oauth-authorization-server";
    BOOST_TEST(text(web.get(path).json(), "device_authorization_endpoint") ==
               "http://localhost:9100/device_authorization");
    policy([](auto& p) { std::erase(p.grant_types, device_grant); });
    BOOST_TEST(text(web.get(path).json(), "device_authorization_endpoint") == "(none)");
}

BOOST_AUTO_TEST_CASE(bounds_the_authorizations_that_wait_for_a_person) {
    int taken = 0;
    while (ask().status == 200)
        ++taken;
    BOOST_TEST(taken == 1000);
    auto const refused = ask();
    BOOST_TEST(refusal(refused) == "503 temporarily_unavailable");
    BOOST_TEST(refused.header("Retry-After") == "60");
    BOOST_TEST(begun({{"client_id", "other"}}).is_object());  // another client's are its own
    later(std::chrono::minutes(11));
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(one_peer_cannot_begin_all_the_authorizations_of_a_client) {
    web.where.has_public_url = true;
    fields const stranger{{"X-Forwarded-For", "2001:db8::1"}};
    for (int i = 0; i < 200; ++i)
        BOOST_REQUIRE(ask({{"client_id", "tv"}}, stranger).status == 200);
    BOOST_TEST(refusal(ask({{"client_id", "tv"}}, stranger)) == "503 temporarily_unavailable");
    // RFC 4291 §2.5.4: whoever has one address of a /64 has them all.
    fields const neighbour{{"X-Forwarded-For", "2001:db8::ffff:2"}};
    BOOST_TEST(refusal(ask({{"client_id", "tv"}}, neighbour)) == "503 temporarily_unavailable");
    BOOST_TEST(ask({{"client_id", "tv"}}, {{"X-Forwarded-For", "192.0.2.1"}}).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

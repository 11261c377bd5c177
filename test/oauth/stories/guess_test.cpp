// How often somebody may be wrong about what people chose: secrets of [[clients]], passwords of
// [[users]]. They are the same in all realms, and so is the count.
#include "base/crypto.hpp"
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

std::string const long_secret = "0123456789abcdef";  // 16 characters

oauth::server_options some_secrets() {
    oauth::server_options o;
    o.guesses = {3, 8};
    oauth::configured_client weak;
    weak.client_id = "weak";
    weak.client_secret = "short";
    weak.grant_types = {"client_credentials"};
    auto other = weak;
    other.client_id = "other";
    auto strong = weak;
    strong.client_id = "strong";
    strong.client_secret = long_secret;
    o.clients = {weak, other, strong};
    return o;
}

struct guessing : authorization_bench {
    guessing() : authorization_bench(some_secrets()) { sign_in_with_passwords(); }

    void sign_in_with_passwords() {
        policy([](auto& p) {
            p.consent = oauth::consent_mode::login;
            p.users = {oauth::user{"ada", {}}, oauth::user{"bob", {}}, oauth::user{"eve", {}}};
            p.users[1].password_digest = tollgate::digest_of("hunter2");
            p.users[1].short_password = true;
            p.users[2].password_digest = tollgate::digest_of(long_secret);
        });
    }
    void enter(std::string const& realm) {
        web.realm = std::make_shared<http::realm>(realm);
        server.open(*web.realm);
        sign_in_with_passwords();
    }
    void come_from(std::string const& address) {
        web.peer = address;
        web.peer_is_loopback = false;
    }
    answer ask(std::string const& id, std::string const& secret) {
        return token({{"grant_type", "client_credentials"}},
                     basic(tollgate::to_base64(id + ':' + secret)));
    }
    void guess(std::string const& id, int times) {
        for (int i = 0; i < times; ++i)
            BOOST_REQUIRE_EQUAL(ask(id, "guess").status, 401);
    }
    // From as many addresses as it takes.
    void guess_from_everywhere(std::string const& id) {
        for (int i = 1; i <= 3; ++i) {
            come_from("198.51.100." + std::to_string(i));
            guess(id, 3);
        }
    }
    answer sign_in(browser& b, std::string const& user, std::string const& password) {
        auto const page = b.open(authorize_request(public_client()));
        BOOST_REQUIRE_EQUAL(page.status, 200);
        return b.press(page, "approve", {{"user", user}, {"password", password}});
    }
    void guess_password(std::string const& user, int times) {
        browser b(*this);
        for (int i = 0; i < times; ++i)
            BOOST_REQUIRE_EQUAL(sign_in(b, user, "guess").status, 403);
    }
    bool is_shut_out(std::string const& user, std::string const& password) {
        browser b(*this);
        return says(sign_in(b, user, password), "Please wait a minute.");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(guesses, guessing)

// RFC 6749 §2.3.1: an endpoint that takes passwords is protected against brute force
// RFC 6749 §10.10: credentials that people chose are protected by other means than their length
BOOST_AUTO_TEST_CASE(nobody_searches_for_the_secret_of_a_configured_client) {
    guess("weak", 3);
    auto const refused = ask("weak", "short");
    BOOST_TEST(refusal(refused) == "401 invalid_client");
    BOOST_TEST(refused.header("Retry-After") == "60");
    BOOST_TEST(ask("other", "short").status == 200);
    later(std::chrono::seconds(60));
    BOOST_TEST(ask("weak", "short").status == 200);
}

// RFC 6749 §2.3.1: what is guessed in one realm is the secret of all
BOOST_AUTO_TEST_CASE(a_fresh_realm_gives_nobody_more_guesses_at_a_secret) {
    guess("weak", 2);
    enter("s.plain.one");
    guess("weak", 1);
    enter("s.plain.two");
    BOOST_TEST(refusal(ask("weak", "short")) == "401 invalid_client");
    BOOST_TEST(ask("weak", "guess").header("Retry-After") == "60");
}

// RFC 6749 §2.3.1: a right secret is not locked out by what strangers try elsewhere
BOOST_AUTO_TEST_CASE(a_stranger_who_knows_a_client_id_does_not_lock_its_owner_out) {
    come_from("192.0.2.7");
    BOOST_TEST(ask("weak", "short").status == 200);
    come_from("198.51.100.1");
    guess("weak", 3);
    BOOST_TEST(ask("weak", "short").status == 401);
    come_from("192.0.2.8");
    BOOST_TEST(ask("weak", "short").status == 200);
    later(std::chrono::seconds(60));
    // Nor do many strangers, where the owner was right before.
    guess_from_everywhere("weak");
    come_from("192.0.2.9");
    BOOST_TEST(ask("weak", "short").status == 401);
    come_from("192.0.2.7");
    BOOST_TEST(ask("weak", "short").status == 200);
}

// RFC 4291 §2.5.4: whoever has one address of a /64 has them all.
BOOST_AUTO_TEST_CASE(the_addresses_of_one_network_guess_together) {
    for (auto const* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"}) {
        come_from(address);
        guess("weak", 1);
    }
    come_from("2001:db8::4");
    BOOST_TEST(ask("weak", "short").status == 401);
    come_from("2001:db8:0:1::4");
    BOOST_TEST(ask("weak", "short").status == 200);
}

BOOST_AUTO_TEST_CASE(a_secret_of_16_characters_is_never_shut) {
    guess_from_everywhere("strong");
    BOOST_TEST(ask("strong", long_secret).status == 200);
    BOOST_TEST(!ask("strong", "guess").headers.has("Retry-After"));
}

// RFC 6749 §2.3.1: a registered secret is too long to be found, so that nobody is shut out
BOOST_AUTO_TEST_CASE(a_registered_secret_is_never_shut) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    auto const told = register_client(m);
    auto const id = text(told, "client_id");
    fields const refresh{{"grant_type", "refresh_token"}, {"refresh_token", "unknown"}};
    for (int i = 0; i < 10; ++i)
        BOOST_REQUIRE_EQUAL(token(refresh, basic(tollgate::to_base64(id + ":guess"))).status, 401);
    auto const right = basic(tollgate::to_base64(id + ':' + text(told, "client_secret")));
    BOOST_TEST(refusal(token(refresh, right)) == "400 invalid_grant");
}

// Behind a tunnel all are one address: only the bound for all counts.
BOOST_AUTO_TEST_CASE(a_tunnel_is_not_shut_like_one_address) {
    web.where.has_public_url = true;
    guess("weak", 7);
    BOOST_TEST(ask("weak", "short").status == 200);
    guess("weak", 1);
    BOOST_TEST(ask("weak", "short").status == 401);
    BOOST_TEST(ask("strong", long_secret).status == 200);
}

// What shows no secret is no guess at one.
BOOST_AUTO_TEST_CASE(a_request_without_the_secret_is_not_counted) {
    for (int i = 0; i < 5; ++i) {
        fields const bare{{"grant_type", "client_credentials"}, {"client_id", "weak"}};
        BOOST_REQUIRE_EQUAL(token(bare).status, 401);
    }
    BOOST_TEST(ask("weak", "short").status == 200);
}

BOOST_AUTO_TEST_CASE(a_reset_lets_everybody_try_again) {
    guess("weak", 3);
    BOOST_REQUIRE(bool(run(server.reset(*web.realm))));
    BOOST_TEST(ask("weak", "short").status == 200);
}

// RFC 6749 §10.10: credentials of end users are protected by other means
BOOST_AUTO_TEST_CASE(nobody_searches_for_the_password_of_a_user) {
    guess_password("bob", 3);
    BOOST_TEST(is_shut_out("bob", "hunter2"));
    browser b(*this);
    BOOST_TEST(sign_in(b, "ada", "").status == 303);
    later(std::chrono::seconds(60));
    BOOST_TEST(sign_in(b, "bob", "hunter2").status == 303);
}

BOOST_AUTO_TEST_CASE(a_fresh_realm_gives_nobody_more_guesses_at_a_password) {
    guess_password("bob", 2);
    enter("s.plain.one");
    guess_password("bob", 1);
    enter("s.plain.two");
    BOOST_TEST(is_shut_out("bob", "hunter2"));
}

BOOST_AUTO_TEST_CASE(a_long_password_is_never_shut) {
    guess_password("eve", 10);
    BOOST_TEST(!is_shut_out("eve", long_secret));
}

// RFC 6749 §10.10: a person is not locked out by others, where the browser is known
BOOST_AUTO_TEST_CASE(a_browser_that_logged_in_before_is_not_shut_out_by_strangers) {
    web.where.has_public_url = true;  // a tunnel: everybody has one address
    browser person(*this);
    BOOST_TEST(sign_in(person, "bob", "hunter2").status == 303);
    guess_password("bob", 8);
    BOOST_TEST(is_shut_out("bob", "hunter2"));
    auto const again = with(authorize_request(public_client()), "prompt", "login");
    auto const in =
        person.press(person.open(again), "approve", {{"user", "bob"}, {"password", "hunter2"}});
    BOOST_TEST(in.status == 303);
    // Its own mistakes count.
    auto const page = person.open(again);
    for (int i = 0; i < 3; ++i) {
        fields const wrong{{"user", "bob"}, {"password", "guess"}};
        BOOST_REQUIRE_EQUAL(person.press(page, "approve", wrong).status, 403);
    }
    auto const shut = person.press(page, "approve", {{"user", "bob"}, {"password", "hunter2"}});
    BOOST_TEST(says(shut, "Please wait a minute."));
}

// RFC 8628 §3.3: the page of the device grant asks for the same password.
BOOST_AUTO_TEST_CASE(the_device_page_counts_with_the_login_page) {
    json::object m;
    m["grant_types"] = json::array{json::value(std::string(oauth::grant_device))};
    auto const id = text(register_client(m), "client_id");
    auto const begun = web.post_form("/device_authorization", {{"client_id", id}}).json();
    guess_password("bob", 2);
    browser person(*this);
    auto page = person.visit("/device?user_code=" + text(begun, "user_code"));
    BOOST_REQUIRE_EQUAL(page.status, 200);
    auto const approve = [&](std::string const& password) {
        page = person.press(page, "approve", {{"user", "bob"}, {"password", password}});
        return page;
    };
    BOOST_TEST(says(approve("guess"), "The user or the password is wrong."));
    BOOST_TEST(says(approve("hunter2"), "Please wait a minute."));
    later(std::chrono::seconds(60));
    BOOST_TEST(says(approve("hunter2"), "Device connected"));
}

BOOST_AUTO_TEST_SUITE_END()

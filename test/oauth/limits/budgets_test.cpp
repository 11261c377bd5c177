// What one stranger may use up, and what that means for everybody else: registrations (RFC 7591 §5)
// and tokens.
#include "oauth/authorize/browser.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

oauth::server_options small() {
    oauth::server_options o;
    o.limits.registrations = {4, 10};
    o.limits.clients = {3, 5, 1h};
    o.limits.tokens = {6, 8, 30};
    oauth::configured_client service;
    service.client_id = "service";
    service.client_secret = "a secret of the test's own";
    service.grant_types = {"client_credentials"};
    auto other = service;
    other.client_id = "other";
    o.clients = {service, other};
    return o;
}

fields via(std::string const& peer) {
    return {{"X-Forwarded-For", peer}};
}

struct bounded : authorization_bench {
    bounded() : authorization_bench(small()) {}

    answer enrol(fields headers = {}) {
        json::object m;
        m["redirect_uris"] = json::array{callback};
        m["token_endpoint_auth_method"] = "none";
        m["grant_types"] = json::array{"authorization_code", "refresh_token"};
        return web.post_json("/register", json::serialize(m), std::move(headers));
    }
    bool knows(std::string const& client_id) {
        return authorize(authorize_request(client_id)).status == 302;
    }
    answer service_token(std::string const& id = "service", fields headers = {}) {
        return token({{"grant_type", "client_credentials"},
                      {"client_id", id},
                      {"client_secret", "a secret of the test's own"}},
                     std::move(headers));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(budgets_suite, bounded)

BOOST_AUTO_TEST_CASE(a_registration_that_never_got_a_token_is_forgotten_after_an_hour) {
    auto const idle = public_client();
    auto const used = public_client();
    login(used);
    later(1h - 1s);
    BOOST_TEST(knows(idle));  // a code is not yet a token
    later(1s);
    BOOST_TEST(!knows(idle));
    BOOST_TEST(knows(used));
    later(24h * 300);
    BOOST_TEST(knows(used));
}

// RFC 7592 §2.2: a client may update itself; that alone does not keep it.
BOOST_AUTO_TEST_CASE(an_update_does_not_make_a_registration_last) {
    auto const told = register_client();
    auto const id = text(told, "client_id");
    json::object m;
    m["client_id"] = id;
    m["redirect_uris"] = json::array{callback};
    m["token_endpoint_auth_method"] = "none";
    auto const a =
        web.send(http::verb::put, "/register/" + id, json::serialize(m),
                 {{"Content-Type", "application/json"},
                  {"Authorization", "Bearer " + text(told, "registration_access_token")}});
    BOOST_REQUIRE_EQUAL(a.status, 200u);
    later(1h);
    BOOST_TEST(!knows(id));
}

// A flood of registrations shuts out nobody: the oldest without a token makes room.
BOOST_AUTO_TEST_CASE(a_full_realm_lets_the_oldest_unused_registration_go) {
    auto const used = public_client();
    login(used);
    auto const first = public_client();
    auto const second = public_client();
    auto const third = public_client();
    BOOST_TEST(knows(used));
    BOOST_TEST(!knows(first));
    BOOST_TEST(knows(second));
    BOOST_TEST(knows(third));
}

BOOST_AUTO_TEST_CASE(a_realm_full_of_clients_in_use_says_so_until_a_reset_frees_them) {
    for (int i = 0; i < 3; ++i)
        login(public_client());
    auto const check_full = [&] {
        auto const a = enrol();
        BOOST_TEST(refusal(a) == "503 temporarily_unavailable");
        BOOST_TEST(a.header("Retry-After") == "60");
    };
    check_full();
    BOOST_TEST(bool(run(server.reset(*web.realm))));
    check_full();
    BOOST_TEST(bool(run(server.forget_clients(*web.realm))));
    BOOST_TEST(run(server.count(*web.realm))->clients == 2u);  // the configured ones
    BOOST_TEST(enrol().status == 201u);
}

BOOST_AUTO_TEST_CASE(realms_share_the_servers_places_and_leave_them_when_they_go) {
    for (int i = 0; i < 3; ++i)
        login(public_client());
    auto const own = web.realm;
    {
        auto const other = std::make_shared<http::realm>("other");
        server.open(*other);
        web.realm = other;
        for (int i = 0; i < 2; ++i)
            login(public_client());
        BOOST_TEST(refusal(enrol()) == "503 temporarily_unavailable");
        web.realm = own;
        web.where.realm = own;
    }
    BOOST_TEST(server.budget().clients.in_all() == 3u);
}

BOOST_AUTO_TEST_CASE(spends_no_place_on_metadata_that_is_refused) {
    web.where.has_public_url = true;
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(web.post_json("/register", "{}", via("192.0.2.66")).status == 400u);
    BOOST_TEST(server.budget().clients.in_all() == 0u);
    BOOST_TEST(enrol(via("192.0.2.66")).status == 201u);
}

// RFC 7591 §5: whoever lets strangers register limits how often.
BOOST_AUTO_TEST_CASE(one_peer_registers_so_often_in_a_minute_and_others_go_on) {
    web.where.has_public_url = true;
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(enrol(via("192.0.2.66")).status == 201u);
    auto const refused = enrol(via("192.0.2.66"));
    BOOST_TEST(refusal(refused) == "429 temporarily_unavailable");
    BOOST_TEST(refused.header("Retry-After") == "60");
    BOOST_TEST(enrol(via("192.0.2.67")).status == 201u);
    web.peer_is_loopback = false;
    BOOST_TEST(enrol().status == 201u);
    later(60s);
    web.peer_is_loopback = true;
    BOOST_TEST(enrol(via("192.0.2.66")).status == 201u);
}

BOOST_AUTO_TEST_CASE(all_together_register_so_often_in_a_minute) {
    web.where.has_public_url = true;
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enrol().status == 201u);  // a tunnel that does not say whom it brings
    BOOST_TEST(refusal(enrol()) == "503 temporarily_unavailable");
    BOOST_TEST(bool(run(server.reset(*web.realm))));
    BOOST_TEST(enrol().status == 201u);
}

BOOST_AUTO_TEST_CASE(registrations_of_this_machine_meet_no_rate) {
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(enrol().status == 201u);
}

BOOST_AUTO_TEST_CASE(a_client_has_so_many_tokens_at_once_and_others_go_on) {
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(service_token().status == 200u);
    auto const refused = service_token();
    BOOST_TEST(refusal(refused) == "503 temporarily_unavailable");
    BOOST_TEST(refused.header("Retry-After") == "60");
    BOOST_TEST(text(refused.json(), "error_description").find("limits.client_tokens") !=
               std::string::npos);
    BOOST_TEST(service_token("other").status == 200u);
    later(2h);
    BOOST_TEST(service_token().status == 200u);
}

BOOST_AUTO_TEST_CASE(a_second_click_is_counted_once) {
    auto const id = public_client();
    policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    browser person{*this};
    auto const page = person.open(authorize_request(id));
    BOOST_REQUIRE_EQUAL(page.status, 200u);
    auto const first = person.press(page, "approve");
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(person.press(page, "approve").header("Location") == first.header("Location"));
}

BOOST_AUTO_TEST_CASE(a_peer_has_so_many_tokens_at_once_with_whichever_client) {
    web.where.has_public_url = true;
    for (int i = 0; i < 8; ++i)
        BOOST_TEST(service_token(i % 2 != 0 ? "service" : "other", via("192.0.2.66")).status ==
                   200u);
    auto const refused = service_token("service", via("192.0.2.66"));
    BOOST_TEST(text(refused.json(), "error_description").find("limits.peer_tokens") !=
               std::string::npos);
    BOOST_TEST(service_token("service", via("192.0.2.67")).status == 200u);
}

// The answer that cannot be given must not cost what it would have been given for.
BOOST_AUTO_TEST_CASE(a_code_and_a_refresh_token_outlive_a_refusal) {
    auto const id = public_client();
    auto const refresh = text(login(id), "refresh_token");  // code, pair: 3 of 6
    auto const code = code_for(id);                         // 4
    code_for(id);                                           // 5
    BOOST_TEST(refusal(token(code_request(id, code))) == "503 temporarily_unavailable");
    BOOST_TEST(refusal(token(refresh_request(id, refresh))) == "503 temporarily_unavailable");
    BOOST_TEST(parameter(authorize(authorize_request(id)), "code") != "(none)");  // 6
    auto const none = authorize(authorize_request(id));
    BOOST_TEST(parameter(none, "error") == "temporarily_unavailable");
    server.budget().tokens.forget_realm(web.realm->id());
    BOOST_TEST(token(code_request(id, code)).status == 200u);
    BOOST_TEST(token(refresh_request(id, refresh)).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_reset_frees_the_tokens_of_a_realm) {
    while (service_token().status == 200u) {
    }
    BOOST_TEST(bool(run(server.reset(*web.realm))));
    BOOST_TEST(service_token().status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

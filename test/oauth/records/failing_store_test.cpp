// Breaks the n-th call to the store, for every n, in every step of a login: no crash, an honest
// answer, nothing half-written.
#include <functional>
#include <utility>

#include "base/crypto.hpp"
#include "oauth/records/failing_store.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

std::string const device_grant = "urn:ietf:params:oauth:grant-type:device_code";
std::string const exchange_grant = "urn:ietf:params:oauth:grant-type:token-exchange";

struct breaking : authorization_bench {
    failing_store* fragile = nullptr;

    explicit breaking(oauth::server_options o = {})
        : authorization_bench(std::move(o), make_fragile) {
        fragile = static_cast<failing_store*>(kept.get());
    }
    static std::unique_ptr<oauth::store> make_fragile(std::unique_ptr<oauth::store> s) {
        return std::make_unique<failing_store>(std::move(s));
    }

    // Does `step` with a failure at its first call to the store, its second, … until it meets
    // none and must succeed. Each round has its own `prepare`; a failed one must leave as many
    // tokens as there were. Returns how many calls can fail.
    int at_every_call(std::function<fields()> const& prepare,
                      std::function<answer(fields const&)> const& step) {
        for (int n = 1;; ++n) {
            BOOST_REQUIRE(n < 50);
            auto const request = prepare();
            auto const before = alive();
            fragile->fail_at(n);
            auto const a = step(request);
            bool const met = fragile->failed();
            fragile->fail_at(0);
            if (!met) {
                BOOST_TEST((a.status == 302 || a.status / 100 == 2), a.body);
                return n - 1;
            }
            check_honest(a);
            BOOST_TEST((alive() == before), "after a failure at call " << n);
        }
    }
    static void check_honest(answer const& a) {
        if (a.status == 302) {
            BOOST_TEST(parameter(a, "error") == "temporarily_unavailable");
            BOOST_TEST(parameter(a, "code") == "(none)");
            return;
        }
        BOOST_TEST(a.status == 503u);
        BOOST_TEST(a.header("Retry-After") == "1");
        BOOST_TEST(a.body.find("temporarily_unavailable") != std::string::npos);
        BOOST_TEST(a.body.find("The store is away.") == std::string::npos);
    }
    std::pair<std::size_t, std::size_t> alive() {
        auto const counts = run(server.count(*web.realm));
        return {counts->access_tokens, counts->refresh_tokens.size()};
    }
};

// With clients of the configuration: one without a browser, one that may exchange tokens.
struct breaking_grants : breaking {
    breaking_grants() : breaking(configured()) {}

    static oauth::server_options configured() {
        oauth::server_options o;
        oauth::configured_client tv;
        tv.client_id = "tv";
        tv.grant_types = {device_grant, "refresh_token"};
        oauth::configured_client api;
        api.client_id = "api";
        api.client_secret = "secret";
        api.redirect_uris = {callback};
        api.grant_types = {"client_credentials", exchange_grant};
        o.clients = {tv, api};
        return o;
    }
    // Of a login that was approved.
    fields polled() {
        auto const device = web.post_form("/device_authorization", {{"client_id", "tv"}}).json();
        auto const entered = web.post_form("/device", {{"user_code", text(device, "user_code")}});
        BOOST_REQUIRE_MESSAGE(entered.status == 200, entered.body);
        return {{"grant_type", device_grant},
                {"device_code", text(device, "device_code")},
                {"client_id", "tv"}};
    }
    answer by_api(fields const& f) {
        return token(f, {{"Authorization", "Basic " + tollgate::to_base64("api:secret")}});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(failing_store_contract, breaking)

// RFC 7591 §3.2.1: a client_id is only told of a client that is registered.
BOOST_AUTO_TEST_CASE(fails_a_registration_as_a_whole) {
    json::object m;
    m["redirect_uris"] = json::array{callback};
    auto const send = [&](fields const&) { return web.post_json("/register", json::serialize(m)); };
    BOOST_TEST(at_every_call([] { return fields(); }, send) == 1);
    BOOST_TEST(run(server.count(*web.realm))->clients == 1u);
}

BOOST_AUTO_TEST_CASE(gives_the_place_of_a_client_back_that_could_not_be_kept) {
    json::object m;
    m["redirect_uris"] = json::array{callback};
    fragile->fail_at(1);
    check_honest(web.post_json("/register", json::serialize(m)));
    fragile->fail_at(0);
    BOOST_TEST(server.budget().clients.in_all() == 0u);
    BOOST_TEST(web.post_json("/register", json::serialize(m)).status == 201u);
    BOOST_TEST(server.budget().clients.in_all() == 1u);
}

// A client that holds tokens must still be there when it comes to refresh them.
BOOST_AUTO_TEST_CASE(gives_no_first_token_to_a_client_that_could_not_be_kept) {
    for (int const n : {3, 4}) {  // client, code, then the client again: read and written
        auto const id = public_client();
        auto const request = code_request(id, code_for(id));
        auto const before = alive();
        fragile->fail_at(n);
        check_honest(token(request));
        fragile->fail_at(0);
        BOOST_TEST((alive() == before));
        login(id);
    }
}

BOOST_AUTO_TEST_CASE(fails_an_authorization_without_a_code) {
    auto const id = public_client();
    auto const calls = at_every_call([&] { return authorize_request(id); },
                                     [&](fields const& f) { return authorize(f); });
    BOOST_TEST(calls == 2);  // client, code
}

BOOST_AUTO_TEST_CASE(fails_a_code_exchange_without_leaving_tokens) {
    auto const id = public_client();
    login(id);  // from its first token on it stays
    auto const calls = at_every_call([&] { return code_request(id, code_for(id)); },
                                     [&](fields const& f) { return token(f); });
    BOOST_TEST(calls == 4);  // client, whose code, code, both tokens at once
}

BOOST_AUTO_TEST_CASE(fails_a_refresh_without_costing_the_client_its_token) {
    auto const id = public_client();
    std::string current = text(login(id), "refresh_token");
    auto const calls = at_every_call([&] { return refresh_request(id, current); },
                                     [&](fields const& f) { return token(f); });
    BOOST_TEST(calls == 4);  // client, token, both tokens at once, redeem
}

BOOST_AUTO_TEST_CASE(fails_a_seeds_first_use_without_costing_it) {
    auto const id = public_client();
    BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, "seed"))));
    auto const calls = at_every_call([&] { return refresh_request(id, "seed"); },
                                     [&](fields const& f) { return token(f); });
    BOOST_TEST(calls >= 5);
}

// RFC 7009 §2.2.1: 503 with Retry-After where the token may still exist.
BOOST_AUTO_TEST_CASE(answers_other_questions_honestly) {
    auto const id = public_client();
    auto const tokens = login(id, "openid");
    auto const refresh = text(tokens, "refresh_token");
    fields const internal{{"Tollgate-Internal", secret_of_internal}};
    auto const nothing = [] { return fields(); };
    BOOST_TEST(at_every_call(nothing, [&](fields const&) {
                   return web.post_form("/introspect", {{"token", refresh}}, internal);
               }) == 2);
    fields const bearer{{"Authorization", "Bearer " + text(tokens, "access_token")}};
    BOOST_TEST(
        at_every_call(nothing, [&](fields const&) { return web.get("/userinfo", bearer); }) == 1);
    BOOST_TEST(at_every_call(nothing, [&](fields const&) {
                   return web.post_form("/revoke", {{"token", refresh}, {"client_id", id}});
               }) == 4);
}

// RFC 7592 §2.3: a client that was told of a failure can ask once more.
BOOST_AUTO_TEST_CASE(deletes_a_client_at_the_next_try_when_the_store_fails_in_the_middle) {
    json::value told;
    auto const calls = at_every_call(
        [&] {
            told = register_client();
            return fields();
        },
        [&](fields const&) {
            return web.send(
                http::verb::delete_, "/register/" + text(told, "client_id"), "",
                {{"Authorization", "Bearer " + text(told, "registration_access_token")}});
        });
    BOOST_TEST(calls == 4);  // client, its group, client twice
}

BOOST_AUTO_TEST_CASE(never_says_that_a_replayed_code_was_handled_when_it_was_not) {
    auto const id = public_client();
    auto const request = code_request(id, code_for(id));
    auto const access = text(token(request).json(), "access_token");
    fragile->fail_at(3);  // client, code, family
    BOOST_TEST(refusal(token(request)) == "503 temporarily_unavailable");
    fragile->fail_at(0);
    BOOST_TEST(refusal(token(request)) == "400 invalid_grant");
    BOOST_TEST(!is_active(access));
}

BOOST_AUTO_TEST_CASE(reports_failures_to_the_control_plane) {
    login(public_client());
    for (int n = 1; n <= 3; ++n) {
        fragile->fail_at(n);
        BOOST_TEST(!run(server.count(*web.realm)));
    }
    fragile->fail_at(1);
    BOOST_TEST(!run(server.reset(*web.realm)));
    fragile->fail_at(1);
    BOOST_TEST(!run(server.close("default")));
    fragile->fail_at(1);
    BOOST_TEST(!run(server.revoke_access_tokens(*web.realm)));
    fragile->fail_at(1);
    BOOST_TEST(!run(server.seed_refresh_token(*web.realm, "seed")));
}

BOOST_FIXTURE_TEST_CASE(fails_a_device_authorization_as_a_whole, breaking_grants) {
    auto const calls = at_every_call(
        [] {
            return fields{{"client_id", "tv"}};
        },
        [&](fields const& f) { return web.post_form("/device_authorization", f); });
    BOOST_TEST(calls == 1);  // both codes at once
}

BOOST_FIXTURE_TEST_CASE(fails_a_device_grant_without_leaving_tokens, breaking_grants) {
    auto const calls =
        at_every_call([&] { return polled(); }, [&](fields const& f) { return token(f); });
    BOOST_TEST(calls >= 3);  // the device code, that it is used, both tokens at once
}

BOOST_FIXTURE_TEST_CASE(fails_an_exchange_without_leaving_tokens, breaking_grants) {
    auto const subject = text(login(public_client()), "access_token");
    fields const request{{"grant_type", exchange_grant},
                         {"subject_token", subject},
                         {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"}};
    auto const calls =
        at_every_call([&] { return request; }, [&](fields const& f) { return by_api(f); });
    BOOST_TEST(calls >= 2);  // whose token, the new one
}

BOOST_FIXTURE_TEST_CASE(fails_a_client_that_asks_for_itself_without_leaving_tokens,
                        breaking_grants) {
    fields const request{{"grant_type", "client_credentials"}};
    auto const calls =
        at_every_call([&] { return request; }, [&](fields const& f) { return by_api(f); });
    BOOST_TEST(calls == 1);  // the token
}

BOOST_AUTO_TEST_SUITE_END()

// A realm whose clock was moved: what lives by it at the authorization server, and what does not.
#include "oauth/device/device_bench.hpp"
#include "oauth/grants/assertion_bench.hpp"
#include "oauth/records/failing_store.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

std::string const assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

oauth::server_options with_signer() {
    oauth::server_options o;
    oauth::configured_client signer;
    signer.client_id = "signer";
    signer.redirect_uris = {callback};
    signer.grant_types = {"authorization_code", "client_credentials"};
    signer.token_endpoint_auth_method = "private_key_jwt";
    signer.jwks = key_set(their_key());
    o.clients = {signer};
    return o;
}

template <class Bench>
struct moved : Bench {
    using Bench::Bench;
    void advance(std::chrono::seconds by) {
        BOOST_REQUIRE(this->web.realm->time().advance(by, this->web.clock.now()));
    }
};

struct signing : moved<authorization_bench> {
    signing() : moved(with_signer()) {}

    int made = 0;
    unsigned_assertion assertion() { return {"signer", "signer", "id-" + std::to_string(++made)}; }
    answer ask(unsigned_assertion const& a) {
        return token({{"grant_type", "client_credentials"},
                      {"client_assertion_type", assertion_type},
                      {"client_assertion", a.text()}});
    }
};

std::int64_t epoch(tollgate::time_point t) {
    return oauth::to_epoch(t);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(moved_clocks)

BOOST_FIXTURE_TEST_CASE(codes_and_tokens_end_and_refresh_tokens_go_on, moved<authorization_bench>) {
    auto const id = public_client();
    auto const code = code_for(id);
    auto const tokens = login(id);
    advance(8h);
    BOOST_TEST(refusal(token(code_request(id, code))) == "400 invalid_grant");
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    auto const later = token(refresh_request(id, text(tokens, "refresh_token")));
    BOOST_REQUIRE(later.status == 200u);
    auto const about = introspect(text(later.json(), "access_token"));
    BOOST_TEST(about.at("iat").as_int64() == epoch(web.clock.now() + 8h));
    BOOST_TEST(about.at("exp").as_int64() == epoch(web.clock.now() + 9h));
    advance(31 * 24h);
    BOOST_TEST(refusal(token(refresh_request(id, text(later.json(), "refresh_token")))) ==
               "400 invalid_grant");
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_stands_still_ends_nothing, moved<authorization_bench>) {
    auto const id = public_client();
    auto const tokens = login(id);
    web.realm->time().freeze(true, web.clock.now());
    later(48h);
    BOOST_TEST(is_active(text(tokens, "access_token")));
    auto const code = code_for(id);
    later(48h);
    BOOST_TEST(token(code_request(id, code)).status == 200u);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_got_no_token_is_forgotten, moved<authorization_bench>) {
    auto const id = public_client();
    advance(2h);
    BOOST_TEST(authorize(authorize_request(id)).status == 400u);
}

BOOST_FIXTURE_TEST_CASE(a_device_code_expires, moved<devices>) {
    auto const device = begun();
    advance(std::chrono::seconds(device.at("expires_in").as_int64()));
    BOOST_TEST(refusal(poll(device)) == "400 expired_token");
}

// Of a moment ago by the client's clock, which could not follow.
BOOST_FIXTURE_TEST_CASE(takes_an_assertion_dated_by_either_clock_and_each_once, signing) {
    advance(8h);
    auto const by_theirs = assertion();
    BOOST_TEST(ask(by_theirs).status == 200u);
    BOOST_TEST(refusal(ask(by_theirs)) == "401 invalid_client");
    auto by_ours = assertion();
    by_ours.claims["iat"] = epoch(web.clock.now() + 8h);
    by_ours.claims["exp"] = epoch(web.clock.now() + 8h + 5min);
    BOOST_TEST(ask(by_ours).status == 200u);
    BOOST_TEST(refusal(ask(by_ours)) == "401 invalid_client");
    auto between = assertion();
    between.claims["exp"] = epoch(web.clock.now() + 4h);
    BOOST_TEST(refusal(ask(between)) == "401 invalid_client");
    later(6min);
    BOOST_TEST(refusal(ask(by_theirs)) == "401 invalid_client");
    // Long after its end by either clock nobody needs to remember it.
    BOOST_TEST(ask(assertion()).status == 401u);
}

// That the server is wrong a client does notice.
BOOST_FIXTURE_TEST_CASE(refuses_an_assertion_that_is_over_by_a_wrong_clock, signing) {
    web.realm->time().set_skew(1h);
    BOOST_TEST(refusal(ask(assertion())) == "401 invalid_client");
    web.realm->time().set_skew(-90s);
    auto issued_later = assertion();
    issued_later.claims["nbf"] = epoch(web.clock.now());
    BOOST_TEST(refusal(ask(issued_later)) == "401 invalid_client");
    web.realm->time().set_skew(0s);
    BOOST_TEST(ask(issued_later).status == 200u);
}

// Budgets count in real time: a clock that runs ahead frees no place of theirs.
BOOST_AUTO_TEST_CASE(no_clock_of_a_realm_moves_a_budget) {
    oauth::server_options o;
    o.limits.tokens = {4, 100, 100};
    moved<authorization_bench> b(std::move(o));
    auto const id = b.public_client();
    b.login(id);
    b.advance(24h * 365);
    auto const code = b.code_for(id);
    BOOST_TEST(b.token(b.code_request(id, code)).status == 503u);
    b.later(24h * 31);
    auto const next = b.code_for(id);
    BOOST_TEST(b.token(b.code_request(id, next)).status == 200u);
}

BOOST_AUTO_TEST_CASE(what_was_issued_while_a_clock_stood_counts_no_longer_than_it_lives) {
    oauth::server_options o;
    o.limits.tokens = {3, 100, 100};
    moved<authorization_bench> b(o);
    auto const id = b.public_client();
    b.web.realm->time().freeze(true, b.web.clock.now());
    b.login(id);
    b.later(48h);
    auto const refused = b.authorize(b.authorize_request(id));
    BOOST_TEST(parameter(refused, "error") == "temporarily_unavailable");
    b.web.realm->time().freeze(false, b.web.clock.now());
    b.later(40 * 24h);
    BOOST_TEST(parameter(b.authorize(b.authorize_request(id)), "code") != "(none)");
}

// What the caller has besides is written with the records of a realm, or nothing is.
BOOST_AUTO_TEST_CASE(a_realm_is_set_back_together_with_what_its_caller_keeps) {
    failing_store* kept = nullptr;
    authorization_bench b({}, [&kept](std::unique_ptr<oauth::store> s) {
        auto made = std::make_unique<failing_store>(std::move(s));
        kept = made.get();
        return made;
    });
    auto const image = b.run(b.server.save(*b.web.realm));
    BOOST_REQUIRE(image);
    oauth::realm_records beside;
    beside.push_back(
        {oauth::kind::state, "control", oauth::record("{}", {}, tollgate::time_point::max())});
    kept->fail_at(1);
    BOOST_TEST(!b.run(b.server.load(*b.web.realm, *image, beside)));
    BOOST_TEST(!b.run(kept->get("default", oauth::kind::state, "control")));
    auto const calls = kept->calls.load();
    BOOST_TEST(bool(b.run(b.server.load(*b.web.realm, *image, beside))));
    BOOST_TEST(kept->calls.load() - calls == 1u);
    BOOST_TEST(bool(b.run(kept->get("default", oauth::kind::state, "control"))));
}

BOOST_FIXTURE_TEST_CASE(a_realm_is_set_back_with_its_keys_logins_and_documents,
                        moved<authorization_bench>) {
    auto const id = public_client();
    auto const tokens = login(id, "openid");
    auto const keys = web.get("/.well-known/jwks.json").body;
    auto const image = run(server.save(*web.realm));
    BOOST_REQUIRE(image);

    BOOST_REQUIRE(run(server.rotate_keys(*web.realm)));
    BOOST_REQUIRE(run(server.reset(*web.realm)));
    BOOST_REQUIRE(run(server.forget_clients(*web.realm)));
    policy([](oauth::policy& p) { p.access_ttl = 5s; });
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_REQUIRE(run(server.load(*web.realm, *image, {})));

    BOOST_TEST(web.get("/.well-known/jwks.json").body == keys);
    BOOST_TEST(is_active(text(tokens, "access_token")));
    auto const refreshed = token(refresh_request(id, text(tokens, "refresh_token")));
    BOOST_REQUIRE(refreshed.status == 200u);
    BOOST_TEST(refreshed.json().at("expires_in").as_int64() == 3600);
}

BOOST_FIXTURE_TEST_CASE(a_copy_of_a_realm_has_a_future_of_its_own, moved<authorization_bench>) {
    auto const id = public_client();
    auto const tokens = login(id);
    auto const image = run(server.save(*web.realm));
    auto const parent = web.realm;
    auto const copy = std::make_shared<http::realm>("copy");
    server.open(*copy);
    BOOST_REQUIRE(run(server.load(*copy, *image, {})));
    web.realm = copy;
    auto const there = token(refresh_request(id, text(tokens, "refresh_token")));
    BOOST_REQUIRE(there.status == 200u);
    BOOST_TEST(is_active(text(there.json(), "access_token")));
    BOOST_REQUIRE(run(server.revoke_access_tokens(*copy)));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    web.realm = parent;
    BOOST_TEST(is_active(text(tokens, "access_token")));
    BOOST_TEST(!is_active(text(there.json(), "access_token")));
    BOOST_TEST(token(refresh_request(id, text(tokens, "refresh_token"))).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

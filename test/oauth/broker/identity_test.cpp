// Broker mode: who a person is to the provider, and how we know.
#include <utility>

#include "base/crypto.hpp"
#include "oauth/broker/broker_return.hpp"
#include "oauth/jose/jws_manner.hpp"
#include "oauth/upstream/identity.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(broker_identity, coming_back)

// RFC 6749 §7.1: an access token of an unknown type is not used
BOOST_AUTO_TEST_CASE(takes_no_token_of_a_type_that_it_cannot_use) {
    upstream.token_members["token_type"] = "mac";
    BOOST_TEST(contains(told_of({{"code", "c"}}), "not of type Bearer"));
}

// OpenID Connect Core §3.1.3.7: iss, aud, azp, exp and nonce of the ID Token
BOOST_AUTO_TEST_CASE(takes_no_id_token_that_is_not_for_this_login) {
    json::object const wrong[] = {
        {{"iss", "https://evil.example"}},
        {{"aud", "another-client"}},
        {{"aud", json::array{our_client_id, "another"}}},
        {{"azp", "another-client"}},
        {{"exp", 1'700'000'000}},
        {{"nonce", "another"}},
        {{"nonce", nullptr}},
        {{"sub", nullptr}},
        {{"exp", nullptr}},
    };
    policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
    for (auto const& claims : wrong) {
        upstream.id_claims = claims;
        auto const sent = person.open(request());
        upstream.nonce = parameter(sent, "nonce");
        auto const said = told(come_back(good_answer(sent)));
        BOOST_TEST(said.starts_with("server_error: The provider's ID Token is not acceptable"),
                   json::serialize(claims));
    }
}

// OpenID Connect Core §3.1.3.7 #6: the signature is checked with the keys of the provider
BOOST_AUTO_TEST_CASE(takes_no_id_token_that_the_provider_did_not_sign) {
    auto const forger = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    upstream.on_token = [&](http::form const&) {
        auto o = upstream.tokens(true);
        json::object claims{{"iss", upstream.peer.url()},
                            {"sub", "eve"},
                            {"aud", our_client_id},
                            {"exp", 1'900'000'000},
                            {"nonce", upstream.nonce}};
        o["id_token"] = oauth::sign_jwt(forger, "JWT", claims);
        return scripted_provider::say(o);
    };
    auto const sent = leave();
    BOOST_TEST(told(come_back(good_answer(sent))).starts_with("server_error: "));
}

BOOST_AUTO_TEST_CASE(names_the_person_by_userinfo_where_there_is_no_id_token) {
    upstream.token_members["id_token"] = nullptr;
    BOOST_TEST(subject(log_in(request())) == "bob@" + upstream.peer.url().substr(7));
}

BOOST_AUTO_TEST_CASE(gives_a_name_of_its_own_to_a_login_of_which_nobody_says_whose_it_is) {
    upstream.token_members["id_token"] = nullptr;
    upstream.on_userinfo = [](heard const&) { return scripted_provider::say({{"login", "x"}}); };
    auto const first = subject(log_in(request()));
    BOOST_TEST(first.starts_with("anonymous-"));
    auto const again = come_back(good_answer(leave(with(request(), "prompt", "consent"))));
    BOOST_TEST(subject(again) != first);
}

// OpenID Connect Core §3.1.2.1: max_age, and the subject of an id_token_hint
BOOST_AUTO_TEST_CASE(refuses_a_login_that_is_too_old_or_of_another_person) {
    upstream.id_claims["auth_time"] = oauth::to_epoch(web.clock.now()) - 600;
    auto const old = told(log_in(with(request(), "max_age", "60")));
    BOOST_TEST(old.starts_with("login_required"));
    auto const tokens = redeem(come_back(
        good_answer(leave(with(with(request(), "scope", "openid"), "prompt", "consent")))));
    auto const hint =
        with(with(request(), "scope", "openid"), "id_token_hint", text(tokens, "id_token"));
    auto const same = leave(with(hint, "prompt", "consent"));
    redeem(come_back(good_answer(same)));
    upstream.id_claims["sub"] = "mallory";
    auto const other = leave(with(hint, "prompt", "consent"));
    BOOST_TEST(told(come_back(good_answer(other))).starts_with("login_required"));
}

// OpenID Connect Core §2: sub is at most 255 ASCII characters
BOOST_AUTO_TEST_CASE(makes_subjects_that_are_unique_per_provider_and_fit) {
    using oauth::brokered_subject;
    BOOST_TEST(brokered_subject("alice", "https://idp.example/t1") == "alice@idp.example/t1");
    BOOST_TEST(brokered_subject(std::string(300, 'a'), "https://idp.example").size() == 43u);
    BOOST_TEST(brokered_subject("\xc3\xa9", "https://idp.example").size() == 43u);
    BOOST_TEST(brokered_subject("\xc3\xa9", "https://a.example") !=
               brokered_subject("\xc3\xa9", "https://b.example"));
}

// OpenID Connect Core §3.1.3.7 #6: a key that the provider does not publish is none of its
BOOST_AUTO_TEST_CASE(asks_for_the_keys_again_when_one_is_unknown_and_refuses_it_then) {
    auto const next = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    upstream.sign = [&](json::object const& claims) {
        return oauth::sign_jwt(next, "JWT", claims);
    };
    BOOST_TEST(told(log_in(request())).starts_with("server_error: The provider's ID Token"));
    upstream.keys = {next};
    later(6s);
    BOOST_TEST(subject(log_in(with(request(), "prompt", "consent"))) == alice());
}

// OpenID Connect Core §3.1.3.7 #6: TLS may vouch for what came straight from the token endpoint
BOOST_AUTO_TEST_CASE(takes_the_id_token_of_a_provider_whose_keys_cannot_be_had) {
    upstream.keys_status = 503;
    BOOST_TEST(subject(log_in(request())) == alice());
    upstream.id_claims["aud"] = "another-client";
    BOOST_TEST(told(log_in(with(request(), "prompt", "consent"))).starts_with("server_error: "));
}

// OpenID Connect Core §3.1.3.7 #8: with HS256 the key is the octets of the client_secret
BOOST_AUTO_TEST_CASE(checks_an_id_token_that_was_signed_with_our_secret) {
    using oauth::signing_key;
    std::string secret = our_secret;
    upstream.sign = [&](json::object const& claims) {
        return oauth::sign_jwt(*signing_key::from_secret(secret), "JWT", claims);
    };
    BOOST_TEST(subject(log_in(request())) == alice());
    secret = "the secret of somebody else, who is not the provider";
    auto const forged = told(log_in(with(request(), "prompt", "consent")));
    BOOST_TEST(forged.starts_with("server_error: The provider's ID Token is not acceptable"));
}

// OpenID Connect Core §3.1.3.7 #6: "none" is for those who registered for it, which we did not
BOOST_AUTO_TEST_CASE(takes_no_id_token_that_nobody_signed) {
    upstream.sign = [](json::object const& claims) {
        return tollgate::base64url(R"({"alg":"none"})") + '.' +
               tollgate::base64url(json::serialize(claims)) + ".c2ln";
    };
    BOOST_TEST(contains(told(log_in(request())), "it is not signed"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

// A provider that publishes nothing: three URLs are all that is known of it.
struct by_endpoints : coming_back {
    by_endpoints()
        : coming_back([](oauth::provider_options& o) {
              auto const at = std::exchange(o.issuer, "");
              o.authorization_endpoint = at + "/authorize";
              o.token_endpoint = at + "/token";
              o.userinfo_endpoint = at + "/userinfo";
          }) {
        upstream.silent = true;
    }
    std::string at() const { return upstream.peer.url().substr(7) + "/token"; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(broker_by_endpoints, by_endpoints)

BOOST_AUTO_TEST_CASE(logs_people_in_at_a_provider_that_publishes_nothing) {
    auto const sent = leave();
    BOOST_TEST(
        std::string(sent.header("Location")).starts_with(upstream.peer.url() + "/authorize?"));
    auto const home = come_back({{"code", "upstream-code-1"}, {"state", parameter(sent, "state")}});
    BOOST_TEST(subject(home) == "alice@" + at());
    for (auto const& h : upstream.peer.asked())
        BOOST_TEST(h.target == "/token");
}

// RFC 9207 §2.4: iss is compared with the issuer that is known, and none is
BOOST_AUTO_TEST_CASE(cannot_compare_an_issuer_that_nobody_named) {
    auto const sent = leave();
    auto const answer = with(good_answer(sent), "iss", "https://whoever.example");
    redeem(come_back(answer));
}

BOOST_AUTO_TEST_CASE(asks_userinfo_where_that_is_named) {
    upstream.token_members["id_token"] = nullptr;
    BOOST_TEST(subject(log_in(request())) == "bob@" + at());
}

BOOST_AUTO_TEST_CASE(renews_there_as_well) {
    auto const tokens = brokered_tokens();
    later(1h - 10s);  // ours lives, and the provider's is about to end
    auto const got = access(tokens);
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->token == "upstream-access-2");
    BOOST_TEST(got->userinfo_endpoint == upstream.peer.url() + "/userinfo");
}

BOOST_AUTO_TEST_SUITE_END()

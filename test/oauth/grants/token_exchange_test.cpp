// Token exchange (RFC 8693).
#include <boost/json/parse.hpp>

#include "oauth/dpop/proof_maker.hpp"
#include "oauth/grants/exchange_bench.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(exchange_grant, exchange_bench)

// RFC 9449 §7.2: a token that is bound to a key is worth nothing without it.
BOOST_AUTO_TEST_CASE(exchanges_a_bound_token_only_for_who_proves_its_key) {
    auto const proof = [&] {
        dpop_proof_parts made("POST", "http://localhost:9100/token", web.clock.now());
        return made;
    };
    auto const code = code_for(authorize_request("app"));
    auto const bound = token(code_request("app", code), {{"DPoP", proof().text()}}).json();
    auto const f = with(request(), "subject_token", text(bound, "access_token"));
    BOOST_TEST(refusal(by("api", f)) == "400 invalid_request");
    auto headers = basic(tollgate::to_base64("api:secret"));
    headers.emplace_back("DPoP", proof().text());
    auto const a = token(f, headers);
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    BOOST_TEST(text(a.json(), "token_type") == "DPoP");
}

// RFC 8693 §2.2.1: access_token, issued_token_type, token_type; not to be cached.
// RFC 8693 §2.2: the answer is that of RFC 6749 §5.1, with issued_token_type.
// RFC 8693 §1.1: impersonation says nothing of an actor.
BOOST_AUTO_TEST_CASE(answers_with_the_type_of_what_it_issued) {
    auto const a = ask();
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const got = a.json();
    BOOST_TEST(text(got, "issued_token_type") == access_type);
    BOOST_TEST(text(got, "token_type") == "Bearer");
    BOOST_TEST(text(got, "scope") == "openid mcp:tools mcp:admin");
    BOOST_TEST(text(got, "refresh_token") == "(none)");
    BOOST_TEST(text(got, "id_token") == "(none)");
    auto const told = introspect(text(got, "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "client_id") == "api");
    // RFC 8693 §1.1: impersonation says nothing of an actor.
    BOOST_TEST(!told.as_object().contains("act"));
}

// RFC 8693 §2.1: the required parameters; §2.2.2: invalid_request for tokens that are no good.
// RFC 8693 §2.2.2: invalid_request for tokens that are no good.
BOOST_AUTO_TEST_CASE(refuses_requests_that_are_incomplete_or_wrong) {
    for (auto const* name : {"subject_token", "subject_token_type"})
        BOOST_TEST(refusal(by("api", with(request(), name, ""))) == "400 invalid_request", name);
    BOOST_TEST(refusal(by("api", with(request(), "subject_token", "guess"))) ==
               "400 invalid_request");
    for (auto const& type : {jwt_type, id_type, std::string("urn:x"),
                             std::string("urn:ietf:params:oauth:token-type:saml2")})
        BOOST_TEST(refusal(by("api", with(request(), "subject_token_type", type))) ==
                       "400 invalid_request",
                   type);
    for (auto const& type : {jwt_type, id_type, std::string("urn:x")})
        BOOST_TEST(refusal(ask({{"requested_token_type", type}})) == "400 invalid_request", type);
    BOOST_TEST(exchanged({{"requested_token_type", access_type}}).is_object());
    BOOST_TEST(refusal(ask({{"subject_token", subject}})) == "400 invalid_request");
}

// RFC 8693 §2.1: actor_token_type is required with an actor_token and must not be without one.
BOOST_AUTO_TEST_CASE(wants_the_actor_and_its_type_together) {
    BOOST_TEST(refusal(ask({{"actor_token", own_token("api")}})) == "400 invalid_request");
    BOOST_TEST(refusal(ask({{"actor_token_type", access_type}})) == "400 invalid_request");
    BOOST_TEST(refusal(ask({{"actor_token", "guess"}, {"actor_token_type", access_type}})) ==
               "400 invalid_request");
}

// RFC 8693 §4.1: act names the current actor, and inside of it those before.
BOOST_AUTO_TEST_CASE(says_who_acts_for_whom) {
    fields const actor{{"actor_token", own_token("api")}, {"actor_token_type", access_type}};
    auto const first = exchanged(actor);
    auto const told = introspect(text(first, "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told.at("act"), "sub") == "api");
    subject = text(first, "access_token");
    fields const next{{"actor_token", own_token("limited")}, {"actor_token_type", access_type}};
    auto const second = introspect(text(exchanged(next), "access_token"));
    BOOST_TEST(text(second.at("act"), "sub") == "limited");
    BOOST_TEST(text(second.at("act").at("act"), "sub") == "api");
    // An exchange without an actor does not hide who acted before.
    auto const quiet = introspect(text(exchanged(), "access_token"));
    BOOST_TEST(text(quiet.at("act"), "sub") == "api");
}

// RFC 8693 §4.4: may_act says who alone may act for the subject.
BOOST_AUTO_TEST_CASE(lets_a_subject_choose_who_may_act_for_it) {
    fields const actor{{"actor_token", own_token("api")}, {"actor_token_type", access_type}};
    auto const only = [&](char const* who) {
        policy([&](auto& p) {
            json::object claim;
            claim["sub"] = who;
            p.users.front().claims["may_act"] = claim;
        });
    };
    only("somebody-else");
    BOOST_TEST(refusal(ask(actor)) == "400 invalid_request");
    only("api");
    BOOST_TEST(ask(actor).status == 200);
}

// RFC 8693 §2.1: scope is that of the new token; it never widens.
BOOST_AUTO_TEST_CASE(narrows_the_scope_and_never_widens_it) {
    BOOST_TEST(text(exchanged({{"scope", "mcp:tools"}}), "scope") == "mcp:tools");
    BOOST_TEST(refusal(ask({{"scope", "email"}})) == "400 invalid_scope");
    subject = text(exchanged({{"scope", "mcp:tools"}}), "access_token");
    BOOST_TEST(refusal(ask({{"scope", "mcp:admin"}})) == "400 invalid_scope");
    subject = text(tokens, "access_token");
    // Nor beyond what the client may have itself.
    auto const limited = by("limited", request());
    BOOST_TEST(text(limited.json(), "scope") == "mcp:tools");
    BOOST_TEST(refusal(by("limited", with(request(), "scope", "mcp:admin"))) ==
               "400 invalid_scope");
}

// RFC 8693 §2.1: audience and resource may be several; §2.2.2: invalid_target.
// RFC 8693 §2.2.2: invalid_target for a target that cannot be had.
BOOST_AUTO_TEST_CASE(is_for_the_targets_that_were_asked_for) {
    auto const aud = [&](fields more) {
        for (auto const& f : request())
            more.push_back(f);
        return audience_of(text(got("gateway", more), "access_token"));
    };
    BOOST_TEST(aud({{"resource", "https://down.example/"}}) == R"("https://down.example/")");
    BOOST_TEST(aud({{"audience", "reports"}}) == R"("reports")");
    BOOST_TEST(aud({{"audience", "reports"}, {"audience", "https://down.example/"}}) ==
               R"(["reports","https://down.example/"])");
    BOOST_TEST(aud({{"resource", "https://down.example/"}, {"audience", "reports"}}) ==
               R"(["https://down.example/","reports"])");
    BOOST_TEST(refusal(ask({{"resource", "https://elsewhere.example/"}})) == "400 invalid_target");
    BOOST_TEST(refusal(ask({{"resource", "no-uri"}})) == "400 invalid_target");
    BOOST_TEST(refusal(ask({{"audience", "elsewhere"}})) == "400 invalid_target");
}

// RFC 8693 §2.1: client authentication; §5 says why it matters.
BOOST_AUTO_TEST_CASE(is_for_clients_that_authenticate_and_have_the_grant) {
    BOOST_TEST(refusal(token(with(request(), "client_id", "open"))) == "400 unauthorized_client");
    BOOST_TEST(refusal(token(with(request(), "client_id", "app"))) == "400 unauthorized_client");
    BOOST_TEST(refusal(token(with(request(), "client_id", "api"))) == "401 invalid_client");
}

BOOST_AUTO_TEST_CASE(never_outlives_its_subject_and_dies_with_it) {
    later(std::chrono::seconds(3000));
    auto const got = exchanged();
    BOOST_TEST(got.at("expires_in").as_int64() == 600);
    auto const secret = text(got, "access_token");
    BOOST_TEST(is_active(secret));
    web.post_form("/revoke", {{"token", text(tokens, "refresh_token")}, {"client_id", "app"}});
    BOOST_TEST(!is_active(secret));
    BOOST_TEST(refusal(ask()) == "400 invalid_request");
}

// RFC 8693 §3: the type jwt is a JWT; an access token that is one may be called either.
BOOST_AUTO_TEST_CASE(exchanges_access_tokens_that_are_jwts) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    subject = text(login("app", "mcp:tools"), "access_token");
    auto const f = with(request(), "subject_token_type", jwt_type);
    auto const got = by("api", with(f, "requested_token_type", jwt_type)).json();
    BOOST_TEST(text(got, "issued_token_type") == jwt_type);
    auto const jwt = text(got, "access_token");
    auto const payload = jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1);
    BOOST_TEST(text(json::parse(*tollgate::from_base64url(payload)), "sub") == "demo");
}

BOOST_AUTO_TEST_SUITE_END()

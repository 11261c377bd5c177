// What an id_token is worth in a token exchange (RFC 8693 §2.1): the login that it tells of.
#include <boost/json/parse.hpp>

#include "oauth/dpop/proof_maker.hpp"
#include "oauth/grants/exchange_bench.hpp"
#include "oauth/jose/jws_manner.hpp"

using namespace test;

namespace {

struct exchanging_id_tokens : exchange_bench {
    answer exchange(json::value const& login, std::string const& scope = "") {
        return by("api", with(request(text(login, "id_token"), id_type), "scope", scope));
    }
    // As a subject and as an actor.
    void check_dead(json::value const& login) {
        BOOST_TEST(refusal(exchange(login)) == "400 invalid_request");
        auto const other = text(login_of("api", "mcp:tools"), "access_token");
        auto f = request(other);
        f.emplace_back("actor_token", text(login, "id_token"));
        f.emplace_back("actor_token_type", id_type);
        BOOST_TEST(refusal(by("api", f)) == "400 invalid_request");
    }
    std::size_t kept_id_tokens() {
        return run(oauth::all_keys(*kept, "default", oauth::kind::id_token))->size();
    }
};

json::object claims_in(std::string const& jwt) {
    auto const payload = jwt.substr(jwt.find('.') + 1, jwt.rfind('.') - jwt.find('.') - 1);
    return json::parse(*tollgate::from_base64url(payload)).as_object();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_id_token, exchanging_id_tokens)

// OpenID Connect Core §3.1.3.7: an id_token is for the client in its aud.
BOOST_AUTO_TEST_CASE(exchanges_an_id_token_of_the_client_itself) {
    auto const mine = login_of("api", "openid mcp:tools");
    auto const a = exchange(mine);
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    BOOST_TEST(text(a.json(), "scope") == "openid mcp:tools");
    BOOST_TEST(text(introspect(text(a.json(), "access_token")), "sub") == "demo");
    BOOST_REQUIRE(bool(run(server.rotate_keys(*web.realm))));
    BOOST_TEST(exchange(mine).status == 200);
    // Not even a client of the configuration exchanges another's.
    auto const others = login_of("gateway", "openid mcp:tools");
    BOOST_TEST(refusal(exchange(others)) == "400 invalid_request");
    later(std::chrono::hours(2));
    BOOST_TEST(refusal(exchange(mine)) == "400 invalid_request");
}

// RFC 8693 §1.1 and RFC 6749 §3.3: who consented to openid has granted no more than that.
BOOST_AUTO_TEST_CASE(carries_no_scope_that_its_login_did_not_grant) {
    auto const mine = login_of("api", "openid email");
    auto const wider = exchange(mine, "mcp:tools");
    BOOST_TEST(refusal(wider) == "400 invalid_scope");
    auto const why = text(wider.json(), "error_description");
    BOOST_TEST(why.find("can be had: openid email") != std::string::npos, why);
    BOOST_TEST(refusal(exchange(mine, "openid mcp:tools")) == "400 invalid_scope");
    BOOST_TEST(text(exchange(mine).json(), "scope") == "openid email");
    BOOST_TEST(text(exchange(mine, "openid").json(), "scope") == "openid");
}

BOOST_AUTO_TEST_CASE(says_so_when_nothing_of_it_can_be_granted_to_the_client) {
    subject = text(login("app", "openid email"), "access_token");
    auto const a = by("limited", request());
    BOOST_TEST(refusal(a) == "400 invalid_scope");
    BOOST_TEST(text(a.json(), "error_description").find("of the subject_token") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_for_the_audience_of_its_login) {
    fields const down{{"resource", "https://down.example/"}};
    auto const mine = login_of("api", "openid", down);
    auto const token = text(exchange(mine).json(), "access_token");
    BOOST_TEST(audience_of(token) == R"("https://down.example/")");
    auto f = request(text(mine, "id_token"), id_type);
    f.emplace_back("resource", mcp_url);
    BOOST_TEST(refusal(by("api", f)) == "400 invalid_target");
}

// RFC 7009 §2.1: the access token is invalidated, and what came with it alone cannot bring it back.
BOOST_AUTO_TEST_CASE(dies_with_the_access_token_beside_it) {
    auto const mine = login_of("api", "openid mcp:tools");
    auto const exchanged_before = text(exchange(mine).json(), "access_token");
    BOOST_TEST(revoke("api", text(mine, "access_token")).status == 200);
    check_dead(mine);
    BOOST_TEST(!is_active(exchanged_before));
}

// RFC 7009 §2.1: with the refresh token goes the grant.
BOOST_AUTO_TEST_CASE(dies_with_its_family) {
    auto const mine = login_of("api", "openid mcp:tools");
    auto const exchanged_before = text(exchange(mine).json(), "access_token");
    BOOST_TEST(revoke("api", text(mine, "refresh_token")).status == 200);
    check_dead(mine);
    BOOST_TEST(!is_active(exchanged_before));
}

BOOST_AUTO_TEST_CASE(dies_with_a_reset_and_when_access_tokens_are_revoked) {
    auto const first = login_of("api", "openid mcp:tools");
    BOOST_REQUIRE(bool(run(server.revoke_access_tokens(*web.realm))));
    check_dead(first);
    auto const second = login_of("api", "openid mcp:tools");
    BOOST_REQUIRE(bool(run(server.reset(*web.realm))));
    check_dead(second);
    BOOST_TEST(kept_id_tokens() == 0u);
}

BOOST_AUTO_TEST_CASE(dies_with_its_client) {
    add_stranger("s1");
    auto const mine = login_of("s1", "openid mcp:tools");
    BOOST_TEST(kept_id_tokens() == 1u);
    BOOST_TEST(remove_stranger("s1").status == 204);
    BOOST_TEST(kept_id_tokens() == 0u);
    BOOST_TEST(!is_active(text(mine, "access_token")));
}

// OpenID Connect Core §12.2: an id_token of a refresh tells of the same login.
BOOST_AUTO_TEST_CASE(carries_all_that_was_granted_when_it_comes_of_a_narrower_refresh) {
    auto const mine = login_of("api", "openid mcp:tools mcp:admin");
    auto const again = got("api", {{"grant_type", "refresh_token"},
                                   {"refresh_token", text(mine, "refresh_token")},
                                   {"scope", "openid"}});
    BOOST_REQUIRE(text(again, "id_token") != "(none)");
    BOOST_TEST(text(exchange(again).json(), "scope") == "openid mcp:tools mcp:admin");
    // Each goes with its own access token.
    BOOST_TEST(revoke("api", text(mine, "access_token")).status == 200);
    check_dead(mine);
    BOOST_TEST(exchange(again).status == 200);
}

BOOST_AUTO_TEST_CASE(is_taken_whatever_signed_the_tokens_and_under_both_issuer_names) {
    for (auto const alg : {oauth::jws_algorithm::rs256, oauth::jws_algorithm::hs256}) {
        policy([&](auto& p) {
            p.format = oauth::token_format::jwt;
            p.signing_alg = alg;
        });
        for (auto const at : {http::site::authorization_server, http::site::mcp_server}) {
            web.where.at = at;
            auto const mine = login_of("api", "openid mcp:tools");
            BOOST_TEST(text(claims_in(text(mine, "id_token")), "iss") == web.where.issuer_here());
            auto const a = exchange(mine);
            BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
            BOOST_TEST(text(introspect(text(a.json(), "access_token")), "iss") ==
                       web.where.issuer_here());
        }
    }
}

// What nobody recorded is no licence, whoever signed it.
BOOST_AUTO_TEST_CASE(refuses_a_well_signed_one_that_is_not_on_record) {
    auto const mine = text(login_of("api", "openid mcp:tools"), "id_token");
    auto claims = claims_in(mine);
    claims["nonce"] = "another";
    auto const key = server.state(*web.realm).keys().current(oauth::jws_algorithm::rs256);
    auto const forged = oauth::sign_jwt(key, "JWT", claims);
    BOOST_TEST(refusal(by("api", request(forged, id_type))) == "400 invalid_request");
    BOOST_TEST(refusal(by("api", request(mine.substr(0, mine.size() - 8) + "AAAAAAAA", id_type))) ==
               "400 invalid_request");
    // It is no access token either, and an access token is none of its kind.
    BOOST_TEST(refusal(by("api", request(mine))) == "400 invalid_request");
    BOOST_TEST(refusal(by("api", request(mine, jwt_type))) == "400 invalid_request");
    BOOST_TEST(refusal(by("api", request(subject, id_type))) == "400 invalid_request");
    BOOST_TEST(!is_active(mine));
}

// RFC 9449 §7.2: no way around the key that the login was bound to.
BOOST_AUTO_TEST_CASE(is_bound_to_the_key_of_its_login) {
    auto headers = basic(tollgate::to_base64("api:secret"));
    auto const proven = [&] {
        auto h = headers;
        dpop_proof_parts const made("POST", "http://localhost:9100/token", web.clock.now());
        h.emplace_back("DPoP", made.text());
        return h;
    };
    auto const code = code_for(with(authorize_request("api"), "scope", "openid mcp:tools"));
    auto const a = token(with(code_request("api", code), "client_id", ""), proven());
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    auto const f = request(text(a.json(), "id_token"), id_type);
    BOOST_TEST(refusal(token(f, headers)) == "400 invalid_request");
    BOOST_TEST(token(f, proven()).status == 200);
}

BOOST_AUTO_TEST_CASE(is_not_kept_for_a_client_that_cannot_exchange_it) {
    auto const before = kept_id_tokens();
    BOOST_TEST(text(login("app", "openid"), "id_token") != "(none)");
    BOOST_TEST(kept_id_tokens() == before);
}

BOOST_AUTO_TEST_SUITE_END()

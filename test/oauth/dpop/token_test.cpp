// DPoP at the authorization server, RFC 9449 §5, §6, §8, §10.
#include <boost/json/parse.hpp>

#include "oauth/dpop/proof_maker.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

constexpr auto token_url = "http://localhost:9100/token";
constexpr auto userinfo_url = "http://localhost:9100/userinfo";

struct bound : authorization_bench {
    explicit bound(oauth::server_options o = {}) : authorization_bench(std::move(o)) {}

    std::string id = public_client();

    dpop_proof_parts proof(std::string_view method = "POST", std::string_view url = token_url) {
        return {method, url, web.clock.now()};
    }
    static fields dpop(dpop_proof_parts const& p) { return {{"DPoP", p.text()}}; }
    fields code_request_for(std::string const& scope = "") {
        return code_request(id, code_for(with(authorize_request(id), "scope", scope)));
    }
    json::value bound_login(std::string const& scope = "") {
        auto const a = token(code_request_for(scope), dpop(proof()));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    answer userinfo(std::string const& scheme, std::string const& access, fields more = {}) {
        more.emplace_back("Authorization", scheme + ' ' + access);
        return web.get("/userinfo", std::move(more));
    }
    fields userinfo_proof(std::string const& access) {
        return dpop(proof("GET", userinfo_url).for_token(access));
    }
    std::string confidential_client() {
        json::object m;
        m["token_endpoint_auth_method"] = "client_secret_post";
        auto const c = register_client(m);
        secret = text(c, "client_secret");
        return text(c, "client_id");
    }
    std::string secret;
};

struct bound_at_a_new_store : bound {
    bound_at_a_new_store() : bound(options_of_it()) {}
    static oauth::server_options options_of_it() {
        oauth::server_options o;
        o.store_is_new = true;
        return o;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dpop_token, bound)

// RFC 9449 §5: token_type is DPoP when the access token is bound.
// RFC 9449 §6.2: introspection names the key in cnf.jkt.
// RFC 9449 §6.2: a token_type in the answer of introspection is DPoP.
BOOST_AUTO_TEST_CASE(binds_the_access_token_to_the_key_of_the_proof) {
    auto const tokens = bound_login();
    BOOST_TEST(text(tokens, "token_type") == "DPoP");
    auto const told = introspect(text(tokens, "access_token"));
    BOOST_TEST(text(told, "token_type") == "DPoP");
    BOOST_TEST(text(told.at("cnf"), "jkt") == dpop_key().key_id());
}

// RFC 9449 §6.1: so does a JWT.
// RFC 9449 §6.1: jkt is the SHA-256 thumbprint in base64url.
BOOST_AUTO_TEST_CASE(names_the_key_in_a_jwt) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const access = text(bound_login(), "access_token");
    auto const dot = access.find('.');
    auto const payload = access.substr(dot + 1, access.rfind('.') - dot - 1);
    auto const claims = json::parse(*tollgate::from_base64url(payload));
    BOOST_TEST(text(claims.at("cnf"), "jkt") == dpop_key().key_id());
}

// RFC 9449 §5: a token that is bound to no key is of type Bearer.
BOOST_AUTO_TEST_CASE(goes_on_issuing_bearer_tokens_without_a_proof) {
    auto const tokens = login(id);
    BOOST_TEST(text(tokens, "token_type") == "Bearer");
    BOOST_TEST(!introspect(text(tokens, "access_token")).as_object().contains("cnf"));
}

// RFC 9449 §4.3: check 1, not more than one DPoP header.
// RFC 9449 §5: a proof that is none is answered with 400 invalid_dpop_proof.
BOOST_AUTO_TEST_CASE(refuses_a_bad_proof_and_keeps_the_code) {
    auto const r = code_request_for();
    auto const good = proof();
    fields twice = dpop(good);
    twice.emplace_back("DPoP", proof().text());
    BOOST_TEST(refusal(token(r, twice)) == "400 invalid_dpop_proof");
    BOOST_TEST(refusal(token(r, {{"DPoP", "x"}})) == "400 invalid_dpop_proof");
    BOOST_TEST(refusal(token(r, {{"DPoP", ""}})) == "400 invalid_dpop_proof");
    BOOST_TEST(refusal(token(r, dpop(proof("GET")))) == "400 invalid_dpop_proof");
    BOOST_TEST(refusal(token(r, dpop(proof("POST", "http://localhost:9100/authorize")))) ==
               "400 invalid_dpop_proof");
    BOOST_TEST(token(r, dpop(good)).status == 200);
}

// RFC 9449 §11.1: a proof is good once.
BOOST_AUTO_TEST_CASE(refuses_a_proof_that_was_used_before) {
    auto const used = dpop(proof());
    BOOST_TEST(token(code_request_for(), used).status == 200);
    auto const again = token(code_request_for(), used);
    BOOST_TEST(refusal(again) == "400 invalid_dpop_proof");
    BOOST_TEST(text(again.json(), "error_description") ==
               "the DPoP proof is not valid: it was used before");
}

// RFC 9449 §11.1: what anybody can send leaves no note, neither here nor at userinfo.
BOOST_AUTO_TEST_CASE(takes_note_of_a_proof_when_client_or_token_was_found_good) {
    auto const p = dpop(proof());
    auto stranger = code_request_for();
    stranger = with(stranger, "client_id", "nobody");
    BOOST_TEST(refusal(token(stranger, p)) == "401 invalid_client");
    BOOST_TEST(token(code_request_for(), p).status == 200);
    BOOST_TEST(refusal(token(code_request_for(), p)) == "400 invalid_dpop_proof");

    auto const access = text(bound_login("openid"), "access_token");
    auto const at_userinfo = userinfo_proof(access);
    auto const junk = userinfo_proof("junk");
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(std::string(userinfo("DPoP", "junk", junk).header("WWW-Authenticate"))
                       .find("invalid_token") != std::string::npos);
    BOOST_TEST(userinfo("DPoP", access, at_userinfo).status == 200);
    BOOST_TEST(userinfo("DPoP", access, at_userinfo).status == 401);
}

// RFC 9449 §4.3: htu is the URL that was called, by whichever name it goes.
BOOST_AUTO_TEST_CASE(takes_the_url_under_which_it_was_called) {
    auto const at = [&](std::string const& path, std::string const& url) {
        return web.post_form(path, code_request_for(), dpop(proof("POST", url))).status;
    };
    BOOST_TEST(at("/oauth/token", "http://localhost:9100/oauth/token") == 200u);
    BOOST_TEST(at("/api/token", "http://localhost:9100/api/token?x=1#y") == 200u);
    BOOST_TEST(at("/oauth/token", token_url) == 400u);
    web.where.as_origin = "https://as.example";
    BOOST_TEST(at("/token", "https://as.example/token") == 200u);
    BOOST_TEST(at("/token", "https://other.example/token") == 400u);
}

// RFC 9449 §5: the refresh token of a public client is bound to the key.
// RFC 9449 §5: the binding is validated whenever the refresh token is presented.
BOOST_AUTO_TEST_CASE(binds_the_refresh_token_of_a_public_client) {
    auto const first = bound_login();
    auto const r = refresh_request(id, text(first, "refresh_token"));
    BOOST_TEST(refusal(token(r)) == "400 invalid_grant");
    auto stranger = proof();
    stranger.sign_with(other_dpop_key());
    BOOST_TEST(refusal(token(r, dpop(stranger))) == "400 invalid_grant");
    auto const second = token(r, dpop(proof()));
    BOOST_REQUIRE_EQUAL(second.status, 200);
    BOOST_TEST(text(second.json(), "token_type") == "DPoP");
    auto const next = refresh_request(id, text(second.json(), "refresh_token"));
    BOOST_TEST(refusal(token(next)) == "400 invalid_grant");
    BOOST_TEST(token(next, dpop(proof())).status == 200);
}

// RFC 9449 §5: that of a client which authenticates is not.
BOOST_AUTO_TEST_CASE(leaves_the_refresh_token_of_a_confidential_client_unbound) {
    id = confidential_client();
    auto const first = token(with(code_request_for(), "client_secret", secret), dpop(proof()));
    BOOST_REQUIRE_EQUAL(first.status, 200);
    auto const r =
        with(refresh_request(id, text(first.json(), "refresh_token")), "client_secret", secret);
    auto const plain = token(r);
    BOOST_REQUIRE_EQUAL(plain.status, 200);
    BOOST_TEST(text(plain.json(), "token_type") == "Bearer");
    auto other = proof();
    other.sign_with(other_dpop_key());
    auto const rebound = token(r, dpop(other));
    BOOST_REQUIRE_EQUAL(rebound.status, 200);
    BOOST_TEST(text(introspect(text(rebound.json(), "access_token")).at("cnf"), "jkt") ==
               other_dpop_key().key_id());
}

// RFC 9449 §10: dpop_jkt binds the code to the key.
// RFC 9449 §10: a token request with another key is rejected.
BOOST_AUTO_TEST_CASE(binds_the_code_to_the_key_that_the_authorization_request_names) {
    auto const named = with(authorize_request(id), "dpop_jkt", dpop_key().key_id());
    BOOST_TEST(refusal(token(code_request(id, code_for(named)))) == "400 invalid_grant");
    auto stranger = proof();
    stranger.sign_with(other_dpop_key());
    BOOST_TEST(refusal(token(code_request(id, code_for(named)), dpop(stranger))) ==
               "400 invalid_grant");
    BOOST_TEST(token(code_request(id, code_for(named)), dpop(proof())).status == 200);
    for (auto const* bad : {"x", "AAAA", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4=",
                            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I="}) {
        auto const a = authorize(with(authorize_request(id), "dpop_jkt", bad));
        BOOST_TEST(parameter(a, "error") == "invalid_request", bad);
    }
}

// RFC 9449 §8: a proof without the nonce is answered with use_dpop_nonce and the nonce.
// RFC 9449 §8.2: the next one comes with the answer.
// RFC 9449 §8: a nonce that does not match is rejected.
BOOST_AUTO_TEST_CASE(gives_and_wants_nonces_where_the_policy_says_so) {
    policy([](auto& p) { p.dpop_nonce = true; });
    auto const r = code_request_for();
    auto const asked = token(r, dpop(proof()));
    BOOST_TEST(refusal(asked) == "400 use_dpop_nonce");
    std::string const nonce(asked.header("DPoP-Nonce"));
    BOOST_TEST(!nonce.empty());
    auto const given = token(r, dpop(proof().with("nonce", json::string(nonce))));
    BOOST_TEST(given.status == 200);
    BOOST_TEST(given.header("DPoP-Nonce") == nonce);
    later(std::chrono::minutes(2));
    auto const old = token(code_request_for(), dpop(proof().with("nonce", json::string(nonce))));
    BOOST_TEST(refusal(old) == "400 use_dpop_nonce");
    BOOST_TEST(old.header("DPoP-Nonce") != nonce);
    BOOST_TEST(login(id).as_object().contains("access_token"));  // bearer needs none
}

// RFC 9449 §5.2: a client that registered dpop_bound_access_tokens gets no others.
BOOST_AUTO_TEST_CASE(wants_a_proof_of_a_client_that_registered_for_it) {
    json::object m;
    m["dpop_bound_access_tokens"] = true;
    auto const registered = register_client(m);
    BOOST_TEST(registered.at("dpop_bound_access_tokens").as_bool());
    id = text(registered, "client_id");
    auto const r = code_request_for();
    BOOST_TEST(refusal(token(r)) == "400 invalid_dpop_proof");
    BOOST_TEST(token(r, dpop(proof())).status == 200);
}

BOOST_AUTO_TEST_CASE(wants_a_proof_of_everybody_where_dpop_is_required) {
    policy([](auto& p) { p.dpop = oauth::dpop_mode::required; });
    auto const r = code_request_for();
    BOOST_TEST(refusal(token(r)) == "400 invalid_dpop_proof");
    BOOST_TEST(token(r, dpop(proof())).status == 200);
}

BOOST_AUTO_TEST_CASE(does_not_look_at_proofs_where_dpop_is_off) {
    policy([](auto& p) { p.dpop = oauth::dpop_mode::off; });
    auto const tokens = token(code_request_for(), {{"DPoP", "x"}});
    BOOST_REQUIRE_EQUAL(tokens.status, 200);
    BOOST_TEST(text(tokens.json(), "token_type") == "Bearer");
    auto const a = authorize(with(authorize_request(id), "dpop_jkt", "x"));
    BOOST_TEST(parameter(a, "error") == "(none)");
}

// RFC 9449 §5.1: the metadata name the algorithms.
BOOST_AUTO_TEST_CASE(advertises_dpop_where_it_is_spoken) {
    auto const d = web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(json::serialize(d.at("dpop_signing_alg_values_supported")) ==
               R"(["RS256","PS256","ES256","EdDSA","Ed25519"])");
    policy([](auto& p) { p.dpop = oauth::dpop_mode::off; });
    BOOST_TEST(!web.get("/.well-known/oauth-authorization-server")
                    .json()
                    .as_object()
                    .contains("dpop_signing_alg_values_supported"));
}

// RFC 9449 §7.1: scheme DPoP with a proof made for this token.
BOOST_AUTO_TEST_CASE(lets_a_bound_token_at_userinfo_with_its_proof) {
    auto const access = text(bound_login("openid"), "access_token");
    BOOST_TEST(userinfo("DPoP", access, userinfo_proof(access)).status == 200);
    BOOST_TEST(userinfo("dpop", access, userinfo_proof(access)).status == 200);
    auto const bare = userinfo("DPoP", access);
    BOOST_TEST(bare.status == 401);
    BOOST_TEST(
        std::string(bare.header("WWW-Authenticate")).starts_with("DPoP error=\"invalid_dpop"));
    BOOST_TEST(userinfo("DPoP", access, dpop(proof("GET", userinfo_url))).status == 401);
    auto stranger = proof("GET", userinfo_url).for_token(access);
    stranger.sign_with(other_dpop_key());
    BOOST_TEST(userinfo("DPoP", access, dpop(stranger)).status == 401);
}

// RFC 9449 §7.2: a bound token is refused under scheme Bearer.
BOOST_AUTO_TEST_CASE(refuses_a_bound_token_as_a_bearer_token) {
    auto const access = text(bound_login("openid"), "access_token");
    BOOST_TEST(userinfo("Bearer", access).status == 401);
    BOOST_TEST(userinfo("Bearer", access, userinfo_proof(access)).status == 401);
    auto const plain = text(login(id, "openid"), "access_token");
    BOOST_TEST(userinfo("Bearer", plain).status == 200);
    BOOST_TEST(userinfo("DPoP", plain, userinfo_proof(plain)).status == 401);
}

// RFC 6750 §2.2: a token in the form is a bearer token.
// RFC 9449 §7.2: which a bound one must not be taken for.
BOOST_AUTO_TEST_CASE(refuses_a_bound_token_in_a_form) {
    auto const access = text(bound_login("openid"), "access_token");
    BOOST_TEST(web.post_form("/userinfo", {{"access_token", access}}).status == 401);
}

// Our own resource server asks with the token alone and is told the key.
// RFC 9449 §6: the resource server can tell whether a token is bound, and to what.
BOOST_AUTO_TEST_CASE(tells_the_internal_caller_which_key_it_has_to_check) {
    auto const access = text(bound_login("openid"), "access_token");
    auto const told = userinfo("Bearer", access, {{"Tollgate-Internal", secret_of_internal}});
    BOOST_REQUIRE_EQUAL(told.status, 200);
    BOOST_TEST(text(told.json().at("cnf"), "jkt") == dpop_key().key_id());
}

// RFC 9449 §11.1: what may have been used before a restart is not taken again.
BOOST_AUTO_TEST_CASE(a_proof_of_before_the_start_is_refused_as_that) {
    auto const asked = code_request_for();
    BOOST_REQUIRE(bool(run(server.restore(*web.realm))));
    auto const early = token(asked, dpop(proof()));
    BOOST_TEST(refusal(early) == "400 invalid_dpop_proof");
    BOOST_TEST(text(early.json(), "error_description").find("before this server started") !=
               std::string::npos);
    later(std::chrono::seconds(1));
    BOOST_TEST(token(code_request_for(), dpop(proof())).status == 200u);
}

BOOST_FIXTURE_TEST_CASE(where_nobody_was_before_the_first_proof_is_taken, bound_at_a_new_store) {
    BOOST_REQUIRE(bool(run(server.restore(*web.realm))));
    BOOST_TEST(token(code_request_for(), dpop(proof())).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()

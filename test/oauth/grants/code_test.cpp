// The authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 8707 §2.2, OIDC Core §3.1.3).
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct coded : authorization_bench {
    std::string id = public_client();

    fields request() { return code_request(id, code_for(id)); }
    std::string code_of(fields const& request) {
        for (auto const& [name, value] : request) {
            if (name == "code") return value;
        }
        return {};
    }
    // The claims of a JWT that verifies with the published key.
    json::object verified(std::string const& jwt, std::string const& typ) {
        auto const keys = oauth::parse_jwks(web.get("/.well-known/jwks.json").body);
        BOOST_REQUIRE(bool(keys));
        oauth::jwt_expectations expected;
        expected.algorithms = {oauth::jws_algorithm::rs256};
        expected.typ = typ;
        expected.issuer = [](std::string_view) { return true; };
        expected.now = web.clock.now();
        auto const claims = oauth::verify_jwt(jwt, *keys, expected);
        BOOST_REQUIRE_MESSAGE(bool(claims), claims.error().log_text());
        return *claims;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(code_grant, coded)

// RFC 6749 §3.3: a request without scope gets the default, and the answer names it
// RFC 6749 §5.1: access_token and token_type, and scope where it differs from the request
// RFC 6749 §5.1: Cache-Control: no-store and Pragma: no-cache
// RFC 6749 §10.10: tokens are of 256 bits
// RFC 7636 §4.6: the endpoint goes on when verifier and challenge are equal
BOOST_AUTO_TEST_CASE(answers_as_rfc_6749_section_5_1_says) {
    auto const a = token(request());
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(a.header("Pragma") == "no-cache");
    auto const t = a.json();
    BOOST_TEST(text(t, "access_token").size() >= 43);  // 256 bits
    BOOST_TEST(text(t, "refresh_token").size() >= 43);
    BOOST_TEST(text(t, "token_type") == "Bearer");
    BOOST_TEST(t.at("expires_in").as_int64() == 3600);
    BOOST_TEST(text(t, "scope") == "mcp:tools");
    BOOST_TEST(text(t, "id_token") == "(none)");
}

// RFC 9700 §4.14.2: whether a client gets refresh tokens is decided
BOOST_AUTO_TEST_CASE(issues_a_refresh_token_only_to_clients_that_registered_the_grant) {
    json::object m;
    m["grant_types"] = json::array{"authorization_code"};
    auto const other = text(register_client(m), "client_id");
    BOOST_TEST(text(login(other), "refresh_token") == "(none)");
    BOOST_TEST(text(login(id), "refresh_token") != "(none)");
}

// RFC 6749 §4.1.2: a code that is used twice is denied, and what was issued for it is revoked
// RFC 6749 §10.5: codes are good for one use
// RFC 9700 §4.2.4: a code is invalidated after its first use
BOOST_AUTO_TEST_CASE(refuses_a_code_used_twice_and_revokes_its_family) {
    auto const r = request();
    auto const tokens = token(r).json();
    BOOST_TEST(is_active(text(tokens, "access_token")));
    BOOST_TEST(refusal(token(r)) == "400 invalid_grant");
    BOOST_TEST(!is_active(text(tokens, "access_token")));
    BOOST_TEST(!is_active(text(tokens, "refresh_token")));
    BOOST_TEST(refusal(token(refresh_request(id, text(tokens, "refresh_token")))) ==
               "400 invalid_grant");
    BOOST_TEST(refusal(token(r)) == "400 invalid_grant");
}

// RFC 6749 §4.1.2: MUST deny; the revocation is a SHOULD, which tokens.code_reuse can leave out
BOOST_AUTO_TEST_CASE(only_refuses_a_code_used_twice_where_the_policy_says_reject) {
    policy([](auto& p) { p.code_reuse = oauth::code_reuse::reject; });
    auto const r = request();
    auto const tokens = token(r).json();
    BOOST_TEST(refusal(token(r)) == "400 invalid_grant");
    BOOST_TEST(is_active(text(tokens, "access_token")));
    BOOST_TEST(token(refresh_request(id, text(tokens, "refresh_token"))).status == 200);
    BOOST_TEST(refusal(token(r)) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(leaves_other_logins_of_the_client_alone_when_one_is_revoked) {
    auto const other = login(id);
    auto const r = request();
    token(r);
    token(r);
    BOOST_TEST(is_active(text(other, "access_token")));
}

// RFC 6749 §4.1.2: a code expires shortly after it was issued
// RFC 6749 §4.1.3: the code is verified
// RFC 6749 §10.5: codes are short lived
BOOST_AUTO_TEST_CASE(refuses_a_code_that_is_unknown_or_expired) {
    BOOST_TEST(refusal(token(code_request(id, "guess"))) == "400 invalid_grant");
    auto const in_time = request();
    later(std::chrono::seconds(119));
    BOOST_TEST(token(in_time).status == 200);
    auto const late = request();
    later(std::chrono::seconds(120));
    BOOST_TEST(refusal(token(late)) == "400 invalid_grant");
}

// RFC 6749 §4.1.3: code is required
// RFC 7636 §4.1: a verifier is 43 to 128 unreserved characters
// RFC 9700 §2.1.1: a code with a challenge is not redeemed without a verifier
BOOST_AUTO_TEST_CASE(wants_code_and_verifier) {
    BOOST_TEST(refusal(token(with(request(), "code", ""))) == "400 invalid_request");
    BOOST_TEST(refusal(token(with(request(), "code_verifier", ""))) == "400 invalid_request");
    for (auto const& bad : {std::string(42, 'a'), std::string(129, 'a'), verifier + "+"})
        BOOST_TEST(refusal(token(with(request(), "code_verifier", bad))) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(keeps_the_code_when_a_request_is_malformed) {
    auto const r = request();
    BOOST_TEST(refusal(token(with(r, "code_verifier", "short"))) == "400 invalid_request");
    BOOST_TEST(token(r).status == 200);
}

// RFC 7636 §4.4: the challenge is associated with the code
// RFC 7636 §4.6: invalid_grant when the values are not equal
// RFC 9700 §2.1.1: the correct use of code_verifier is enforced
BOOST_AUTO_TEST_CASE(uses_the_code_up_when_the_verifier_is_wrong) {
    // One guess a code, so that none can be searched for.
    auto const r = request();
    BOOST_TEST(refusal(token(with(r, "code_verifier", std::string(43, 'a')))) ==
               "400 invalid_grant");
    auto const again = token(r);
    BOOST_TEST(refusal(again) == "400 invalid_grant");
    auto const said = text(again.json(), "error_description");
    BOOST_TEST(said.find("an earlier try with this code failed") != std::string::npos, said);
    BOOST_TEST(text(token(r).json(), "error_description") == said);
}

// The first of two tries that both were right is another matter.
BOOST_AUTO_TEST_CASE(says_of_a_code_that_gave_tokens_that_it_was_used) {
    auto const r = request();
    BOOST_TEST(token(r).status == 200);
    BOOST_TEST(text(token(r).json(), "error_description") == "the code was used before");
}

// RFC 6749 §4.1.2: a code is bound to its client
// RFC 6749 §4.1.3: a code is redeemed by the client that it was issued to
// RFC 6749 §10.5: likewise for clients that authenticate
BOOST_AUTO_TEST_CASE(keeps_the_code_for_its_client_when_another_one_presents_it) {
    auto const r = request();
    auto const thief = public_client();
    auto const stolen = token(with(r, "client_id", thief));
    BOOST_TEST(refusal(stolen) == "400 invalid_grant");
    BOOST_TEST(text(stolen.json(), "error_description").find("client") == std::string::npos);
    auto const blind = with(with(r, "client_id", thief), "code_verifier", std::string(43, 'a'));
    BOOST_TEST(refusal(token(blind)) == "400 invalid_grant");
    auto const tokens = token(r);
    BOOST_REQUIRE_EQUAL(tokens.status, 200);
    // Once it was used, it has leaked, whoever brings it.
    BOOST_TEST(refusal(token(with(r, "client_id", thief))) == "400 invalid_grant");
    BOOST_TEST(!is_active(text(tokens.json(), "access_token")));
}

BOOST_AUTO_TEST_CASE(does_not_touch_the_code_before_the_client_is_known) {
    auto const r = request();
    BOOST_TEST(refusal(token(with(r, "client_id", "nobody"))) == "401 invalid_client");
    BOOST_TEST(token(r).status == 200);
}

// RFC 6749 §4.1.2: a code is bound to its redirect URI
// RFC 6749 §4.1.3: redirect_uri is there if the authorization request had it, and identical
// RFC 6749 §10.6: the redirect URI of the code is that of the exchange
BOOST_AUTO_TEST_CASE(wants_the_redirect_uri_of_the_request_section_4_1_3) {
    BOOST_TEST(refusal(token(with(request(), "redirect_uri", ""))) == "400 invalid_grant");
    BOOST_TEST(refusal(token(with(request(), "redirect_uri", callback + "/"))) ==
               "400 invalid_grant");
    // The loopback port may differ from the registered one, but not from the request's.
    BOOST_TEST(refusal(token(with(request(), "redirect_uri",
                                  "http://localhost:1/oauth/callback"))) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(may_be_told_the_redirect_uri_that_the_request_left_out) {
    auto const short_request = with(authorize_request(id), "redirect_uri", "");
    auto const without = code_request(id, code_for(short_request));
    BOOST_TEST(token(with(without, "redirect_uri", "")).status == 200);
    BOOST_TEST(token(code_request(id, code_for(short_request))).status == 200);
    auto const other = code_request(id, code_for(short_request));
    BOOST_TEST(refusal(token(with(other, "redirect_uri", "https://evil.example/"))) ==
               "400 invalid_grant");
}

// RFC 8707 §2: a token is for the resource that was requested
BOOST_AUTO_TEST_CASE(gives_tokens_the_audience_that_was_asked_for) {
    BOOST_TEST(text(introspect(text(login(id), "access_token")), "aud") == mcp_url);
    auto const sse = with(authorize_request(id), "resource", "http://localhost:9101/sse");
    auto const tokens = token(code_request(id, code_for(sse))).json();
    BOOST_TEST(text(introspect(text(tokens, "access_token")), "aud") ==
               "http://localhost:9101/sse");
}

// RFC 8707 §2: several resources may be requested
// RFC 8707 §2.2: a token request narrows the resources of its grant and never widens them
BOOST_AUTO_TEST_CASE(lets_a_token_request_narrow_the_resources_and_never_widen_them) {
    policy([](auto& p) { p.resources = tollgate::oauth::accepted_resources::any; });
    auto two = with(authorize_request(id), "resource", "https://a.example/");
    two.emplace_back("resource", "https://b.example/");
    auto const one = with(code_request(id, code_for(two)), "resource", "https://b.example/");
    auto const narrow = token(one).json();
    BOOST_TEST(text(introspect(text(narrow, "access_token")), "aud") == "https://b.example/");
    auto const wide = with(code_request(id, code_for(two)), "resource", "https://c.example/");
    BOOST_TEST(refusal(token(wide)) == "400 invalid_target");
    auto const all = token(code_request(id, code_for(two))).json();
    BOOST_TEST(json::serialize(introspect(text(all, "access_token")).at("aud")) ==
               R"(["https://a.example/","https://b.example/"])");
}

BOOST_AUTO_TEST_CASE(takes_the_names_of_its_mcp_server_for_each_other) {
    auto const r = with(request(), "resource", "http://127.0.0.1:9101/");
    BOOST_TEST(token(r).status == 200);
}

BOOST_AUTO_TEST_CASE(signs_an_id_token_when_openid_is_granted_oidc_core_section_2) {
    auto const ask = with(with(authorize_request(id), "scope", "openid"), "nonce", "n-1");
    auto const code = code_for(ask);
    later(std::chrono::seconds(5));
    auto const tokens = token(code_request(id, code)).json();
    auto const claims = verified(text(tokens, "id_token"), "JWT");
    BOOST_TEST(text(claims, "iss") == "http://localhost:9100");
    BOOST_TEST(text(claims, "sub") == "demo");
    BOOST_TEST(text(claims, "aud") == id);
    BOOST_TEST(text(claims, "nonce") == "n-1");
    BOOST_TEST(claims.at("iat").as_int64() == 1'800'000'005);
    BOOST_TEST(claims.at("exp").as_int64() == 1'800'003'605);
    BOOST_TEST(claims.at("auth_time").as_int64() == 1'800'000'000);
}

BOOST_AUTO_TEST_CASE(puts_the_claims_of_the_user_into_the_id_token) {
    policy([](auto& p) {
        json::object claims;
        claims["name"] = "Ada";
        p.users = {oauth::user{"ada", claims}};
    });
    auto const claims = verified(text(login(id, "openid profile"), "id_token"), "JWT");
    BOOST_TEST(text(claims, "sub") == "ada");
    BOOST_TEST(text(claims, "name") == "Ada");
    BOOST_TEST(!claims.contains("nonce"));
}

// RFC 9068 §2.1: typ says at+jwt.
// RFC 9068 §2.2: the required claims.
// RFC 9068 §2.2.3: scope holds what was granted.
BOOST_AUTO_TEST_CASE(issues_jwt_access_tokens_after_rfc_9068) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const jwt = text(login(id, "mcp:tools email"), "access_token");
    auto const claims = verified(jwt, "at+jwt");  // §2.1
    BOOST_TEST(text(claims, "iss") == "http://localhost:9100");
    BOOST_TEST(text(claims, "sub") == "demo");
    BOOST_TEST(text(claims, "aud") == mcp_url);
    BOOST_TEST(text(claims, "client_id") == id);
    BOOST_TEST(text(claims, "scope") == "mcp:tools email");  // §2.2.3
    BOOST_TEST(text(claims, "jti").size() >= 20);
    BOOST_TEST(claims.at("iat").as_int64() == 1'800'000'000);
    BOOST_TEST(claims.at("exp").as_int64() == 1'800'003'600);
    BOOST_TEST(is_active(jwt));
    BOOST_TEST(text(introspect(jwt), "jti") == text(claims, "jti"));
}

// RFC 6749 §3.3: scope = scope-token *( SP scope-token ), which the empty string is not.
BOOST_AUTO_TEST_CASE(leaves_scope_out_where_no_scope_was_granted) {
    policy([](auto& p) {
        p.default_scopes.clear();
        p.format = oauth::token_format::jwt;
    });
    auto const tokens = login(id);
    auto const jwt = text(tokens, "access_token");
    BOOST_TEST(!tokens.as_object().contains("scope"));
    BOOST_TEST(!verified(jwt, "at+jwt").contains("scope"));
    for (auto const* name : {"access_token", "refresh_token"}) {
        auto const told = introspect(text(tokens, name));
        BOOST_TEST(told.at("active").as_bool(), name);
        BOOST_TEST(!told.as_object().contains("scope"), name);
    }
}

BOOST_AUTO_TEST_CASE(says_the_issuer_under_which_authorize_was_called) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    web.where.at = http::site::mcp_server;
    auto const code = code_for(with(authorize_request(id), "scope", "openid"));
    web.where.at = http::site::authorization_server;
    auto const tokens = token(code_request(id, code)).json();
    std::string const mcp = "http://localhost:9101";
    BOOST_TEST(text(verified(text(tokens, "access_token"), "at+jwt"), "iss") == mcp);
    BOOST_TEST(text(verified(text(tokens, "id_token"), "JWT"), "iss") == mcp);
    BOOST_TEST(text(introspect(text(tokens, "access_token")), "iss") == mcp);
    auto const again = token(refresh_request(id, text(tokens, "refresh_token"))).json();
    BOOST_TEST(text(verified(text(again, "access_token"), "at+jwt"), "iss") == mcp);
}

// RFC 6750 §5.2: the lifetime of a token is limited
BOOST_AUTO_TEST_CASE(follows_the_life_times_of_the_policy) {
    policy([](auto& p) { p.access_ttl = std::chrono::milliseconds(1500); });
    auto const tokens = login(id);
    BOOST_TEST(tokens.at("expires_in").as_int64() == 1);
    later(std::chrono::milliseconds(1499));
    BOOST_TEST(is_active(text(tokens, "access_token")));
    later(std::chrono::milliseconds(1));
    BOOST_TEST(!is_active(text(tokens, "access_token")));
}

BOOST_AUTO_TEST_SUITE_END()

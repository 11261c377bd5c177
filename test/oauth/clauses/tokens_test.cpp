// Requirements of RFC 7009, RFC 7662, RFC 8414, RFC 9068 and RFC 9449 that no feature of its own
// stands for.
#include <algorithm>
#include <vector>

#include "base/crypto.hpp"
#include "http/message/headers.hpp"
#include "oauth/dpop/proof_maker.hpp"
#include "oauth/jose/jws.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct asking : authorization_bench {
    std::string id = public_client();

    json::value confidential() {
        json::object m;
        m["token_endpoint_auth_method"] = "client_secret_post";
        return register_client(m);
    }
    void issue_jwts() {
        policy([](auto& p) { p.format = oauth::token_format::jwt; });
    }
    json::object claims(std::string const& jwt) {
        auto const p = oauth::split_jws(jwt);
        BOOST_REQUIRE(bool(p));
        return p->claims;
    }
    json::object metadata() {
        return web.get("/.well-known/oauth-authorization-server").json().as_object();
    }
    fields code_request_for(fields const& authorization) {
        return code_request(id, code_for(authorization));
    }
    dpop_proof_parts proof() { return {"POST", "http://localhost:9100/token", web.clock.now()}; }
};

std::vector<std::string> lines(answer const& a, std::string_view name) {
    std::vector<std::string> all;
    for (auto const& h : a.headers)
        if (http::iequals(h.name, name)) all.push_back(h.value);
    return all;
}

// RFC 9449 §8.1: NQCHAR of RFC 6749 Appendix A.
bool is_nonce_text(std::string_view s) {
    return !s.empty() && std::ranges::all_of(s, [](char c) {
        return c == '!' || (c >= '#' && c <= '[') || (c >= ']' && c <= '~');
    });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clauses_of_tokens, asking)

// RFC 7009 §2.1: the server first validates the credentials of a confidential client.
// RFC 7009 §2.2.1: errors are those of RFC 6749 §5.2, here 401 invalid_client.
BOOST_AUTO_TEST_CASE(revokes_for_nobody_who_does_not_prove_who_it_is) {
    auto const owner = confidential();
    id = text(owner, "client_id");
    auto const secret = text(owner, "client_secret");
    auto const proven = with(code_request(id, code_for(id)), "client_secret", secret);
    auto const access = text(token(proven).json(), "access_token");
    fields const request{{"token", access}, {"client_id", id}};
    BOOST_TEST(refusal(web.post_form("/revoke", request)) == "401 invalid_client");
    BOOST_TEST(refusal(web.post_form("/revoke", with(request, "client_secret", "x"))) ==
               "401 invalid_client");
    BOOST_TEST(is_active(access));
    BOOST_TEST(web.post_form("/revoke", with(request, "client_secret", secret)).status == 200u);
    BOOST_TEST(!is_active(access));
}

// RFC 7662 §4: a signed token is active only with the signature that it was given.
// RFC 7662 §4: the server understands every kind of token that is presented to it.
BOOST_AUTO_TEST_CASE(calls_no_token_active_whose_signature_is_not_its_own) {
    issue_jwts();
    auto const jwt = text(login(id), "access_token");
    BOOST_TEST(is_active(jwt));
    auto const dot = jwt.rfind('.');
    auto signature = *tollgate::from_base64url(jwt.substr(dot + 1));
    signature[7] = static_cast<char>(signature[7] ^ 1);
    for (auto const& forged : {jwt.substr(0, dot + 1) + tollgate::base64url(signature),
                               jwt.substr(0, dot + 1), jwt.substr(0, dot)})
        BOOST_TEST(json::serialize(introspect(forged)) == R"({"active":false})");
}

// RFC 7662 §4: the server determines whether a token was revoked since it was issued.
BOOST_AUTO_TEST_CASE(calls_no_revoked_token_active) {
    for (auto const format : {oauth::token_format::opaque, oauth::token_format::jwt}) {
        policy([format](auto& p) { p.format = format; });
        auto const access = text(login(id), "access_token");
        BOOST_TEST(is_active(access));
        web.post_form("/revoke", {{"token", access}, {"client_id", id}});
        BOOST_TEST(json::serialize(introspect(access)) == R"({"active":false})");
    }
}

// RFC 7662 §2.3: credentials of the protected resource that are wrong are 401, as in RFC 6749
// §5.2, and an inactive token is no error.
BOOST_AUTO_TEST_CASE(tells_wrong_credentials_from_a_token_that_is_not_active) {
    auto const resource = confidential();
    fields const asked{{"token", "guess"},
                       {"client_id", text(resource, "client_id")},
                       {"client_secret", text(resource, "client_secret")}};
    auto const wrong = web.post_form("/introspect", with(asked, "client_secret", "x"));
    BOOST_TEST(refusal(wrong) == "401 invalid_client");
    auto const a = web.post_form("/introspect", asked);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.body == R"({"active":false})");
}

// RFC 8414 §2: beside private_key_jwt the algorithms must be listed, for each of the three
// endpoints, and "none" is never one of them.
BOOST_AUTO_TEST_CASE(lists_the_algorithms_of_every_endpoint_that_takes_signed_clients) {
    auto const d = metadata();
    for (std::string const endpoint : {"token", "introspection", "revocation"}) {
        auto const methods = json::serialize(d.at(endpoint + "_endpoint_auth_methods_supported"));
        BOOST_TEST(methods.find("\"private_key_jwt\"") != std::string::npos, endpoint);
        auto const algorithms =
            json::serialize(d.at(endpoint + "_endpoint_auth_signing_alg_values_supported"));
        BOOST_TEST(algorithms.find("\"RS256\"") != std::string::npos, endpoint);
        BOOST_TEST(algorithms.find("\"none\"") == std::string::npos, endpoint);
    }
}

// RFC 8414 §2: the issuer is a URL without query and fragment.
// RFC 7009 §2: so is the revocation endpoint, by the rules of RFC 6749 §3.1.
// RFC 8414 §3.3: the issuer is the one into which the well-known path was inserted.
BOOST_AUTO_TEST_CASE(speaks_of_https_addresses_where_that_is_its_origin) {
    web.where.as_origin = "https://as.example";
    for (std::string const base : {"", "/r/alpha"}) {
        web.where.base = base;
        auto const d = metadata();
        BOOST_TEST(text(d, "issuer") == "https://as.example" + base);
        for (auto const& [name, value] : d) {
            if (!name.ends_with("_endpoint") && name != "jwks_uri") continue;
            std::string_view const url = value.as_string();
            BOOST_TEST(url.starts_with("https://as.example" + base + '/'), name);
            BOOST_TEST(url.find_first_of("?#") == url.npos, name);
        }
    }
}

// RFC 9068 §2.2.1: auth_time stays what it was in every token of the same authorization.
BOOST_AUTO_TEST_CASE(keeps_the_time_of_the_login_in_refreshed_tokens) {
    issue_jwts();
    auto const first = login(id);
    auto const began = claims(text(first, "access_token")).at("auth_time").as_int64();
    later(std::chrono::minutes(10));
    auto const second = token(refresh_request(id, text(first, "refresh_token"))).json();
    auto const c = claims(text(second, "access_token"));
    BOOST_TEST(c.at("auth_time").as_int64() == began);
    BOOST_TEST(c.at("iat").as_int64() == began + 600);
}

// RFC 9068 §3: without a resource the aud is the default one, with a resource it is that.
// RFC 9068 §5: tokens for distinct resources have distinct audiences.
BOOST_AUTO_TEST_CASE(names_the_resource_or_the_default_one_as_audience) {
    issue_jwts();
    policy([](auto& p) { p.resources = tollgate::oauth::accepted_resources::any; });
    BOOST_TEST(text(claims(text(login(id), "access_token")), "aud") == mcp_url);
    for (std::string const resource : {"https://a.example/", "https://b.example/"}) {
        auto const r = code_request_for(with(authorize_request(id), "resource", resource));
        auto const c = claims(text(token(r).json(), "access_token"));
        BOOST_TEST(text(c, "aud") == resource);
    }
}

// RFC 9068 §2.2.3: the scope claim holds nothing that has no meaning for the resource.
BOOST_AUTO_TEST_CASE(puts_no_scope_into_a_token_that_the_realm_does_not_know) {
    issue_jwts();
    auto const a = authorize(with(authorize_request(id), "scope", "mcp:tools other:thing"));
    BOOST_TEST(parameter(a, "error") == "invalid_scope");
    BOOST_TEST(text(claims(text(login(id), "access_token")), "scope") == "mcp:tools");
}

// RFC 9449 §5.2: every token request of such a client needs a proof, that of a refresh as well.
BOOST_AUTO_TEST_CASE(wants_a_proof_with_every_token_request_of_a_client_that_registered_for_it) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_post";
    m["dpop_bound_access_tokens"] = true;
    auto const registered = register_client(m);
    id = text(registered, "client_id");
    auto const secret = text(registered, "client_secret");
    auto const began = with(code_request_for(authorize_request(id)), "client_secret", secret);
    auto const first = token(began, {{"DPoP", proof().text()}});
    BOOST_REQUIRE_MESSAGE(first.status == 200, first.body);
    auto const again =
        with(refresh_request(id, text(first.json(), "refresh_token")), "client_secret", secret);
    BOOST_TEST(refusal(token(again)) == "400 invalid_dpop_proof");
    BOOST_TEST(text(token(again, {{"DPoP", proof().text()}}).json(), "token_type") == "DPoP");
}

// RFC 9449 §8: there must not be more than one DPoP-Nonce header.
// RFC 9449 §8.1: the nonce consists of NQCHAR.
// RFC 9449 §8.2: an answer with a nonce is not to be cached.
// RFC 9449 §11.3: no proof without the nonce, once one was provided.
BOOST_AUTO_TEST_CASE(provides_one_nonce_that_can_be_sent_back) {
    policy([](auto& p) { p.dpop_nonce = true; });
    auto const r = code_request_for(authorize_request(id));
    auto const asked = token(r, {{"DPoP", proof().text()}});
    BOOST_TEST(refusal(asked) == "400 use_dpop_nonce");
    auto const given = lines(asked, "DPoP-Nonce");
    BOOST_REQUIRE_EQUAL(given.size(), 1u);
    BOOST_TEST(is_nonce_text(given[0]));
    BOOST_TEST(refusal(token(r, {{"DPoP", proof().text()}})) == "400 use_dpop_nonce");
    BOOST_TEST(refusal(token(r, {{"DPoP", proof().with("nonce", "guess").text()}})) ==
               "400 use_dpop_nonce");
    auto const good = proof().with("nonce", json::string(given[0])).text();
    auto const a = token(r, {{"DPoP", good}});
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(lines(a, "DPoP-Nonce").size() == 1u);
}

// RFC 9449 §7.1: the scheme is not for Proxy-Authorization, which is no access token to us.
BOOST_AUTO_TEST_CASE(does_not_look_for_a_token_in_proxy_authorization) {
    auto const r = code_request_for(with(authorize_request(id), "scope", "openid"));
    auto const access = text(token(r, {{"DPoP", proof().text()}}).json(), "access_token");
    dpop_proof_parts shown("GET", "http://localhost:9100/userinfo", web.clock.now());
    shown.for_token(access);
    fields const right{{"Authorization", "DPoP " + access}, {"DPoP", shown.text()}};
    BOOST_TEST(web.get("/userinfo", right).status == 200u);
    dpop_proof_parts next("GET", "http://localhost:9100/userinfo", web.clock.now());
    next.for_token(access);
    fields const wrong{{"Proxy-Authorization", "DPoP " + access}, {"DPoP", next.text()}};
    auto const refused = web.get("/userinfo", wrong);
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(!refused.headers.has("Proxy-Authenticate"));
}

BOOST_AUTO_TEST_SUITE_END()

// The token endpoint before any grant: form, grant type, client authentication (RFC 6749 §2.3,
// §3.2).
#include "base/crypto.hpp"
#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct clients : authorization_bench {
    json::value confidential(std::string const& method) {
        json::object m;
        m["token_endpoint_auth_method"] = method;
        return register_client(m);
    }
    // A code request without any client authentication.
    fields request_of(std::string const& id) {
        return with(code_request(id, code_for(id)), "client_id", "");
    }
    static fields authorization(std::string const& id, std::string const& secret) {
        return basic(
            tollgate::to_base64(http::percent_encode(id) + ':' + http::percent_encode(secret)));
    }
    static void check_challenged(answer const& a) {
        BOOST_TEST(refusal(a) == "401 invalid_client");
        // RFC 6749 §5.2 and RFC 9110 §15.5.2.
        BOOST_TEST(a.header("WWW-Authenticate").starts_with("Basic realm=\"tollgate\""));
    }
};

oauth::server_options configured() {
    oauth::server_options o;
    oauth::configured_client either;
    either.client_id = "either";
    either.client_secret = "s:e+c r%t";
    either.redirect_uris = {callback};
    oauth::configured_client open;
    open.client_id = "open";
    open.redirect_uris = {callback};
    o.clients = {either, open};
    return o;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(token_endpoint, clients)

// RFC 6749 §3.2: access tokens are requested with POST
// RFC 6749 §4.1.3: the parameters are a form in the body
BOOST_AUTO_TEST_CASE(takes_a_form_and_nothing_else_section_4_1_3) {
    auto const a = web.post_json("/token", R"({"grant_type":"authorization_code"})");
    BOOST_TEST(refusal(a) == "400 invalid_request");
    BOOST_TEST(text(a.json(), "error_description").find("x-www-form-urlencoded") !=
               std::string::npos);
    BOOST_TEST(refusal(web.send(http::verb::post, "/token", "grant_type=x", {})) ==
               "400 invalid_request");
    BOOST_TEST(refusal(web.send(http::verb::post, "/token", "a=%zz",
                                {{"Content-Type", "application/x-www-form-urlencoded"}})) ==
               "400 invalid_request");
    BOOST_TEST(web.get("/token").status == 405);
}

// RFC 6749 §3.2: request parameters are not included more than once
BOOST_AUTO_TEST_CASE(refuses_a_parameter_that_is_there_twice_section_3_2) {
    auto const id = public_client();
    auto twice = code_request(id, code_for(id));
    twice.emplace_back("code_verifier", verifier);
    BOOST_TEST(refusal(token(twice)) == "400 invalid_request");
}

// RFC 6749 §3.2: "Parameters sent without a value MUST be treated as if they were omitted"
BOOST_AUTO_TEST_CASE(treats_parameters_without_a_value_as_omitted_section_3_2) {
    auto const empty = [](fields f, std::initializer_list<char const*> names) {
        for (auto const* name : names)
            f.emplace_back(name, "");
        return f;
    };
    auto const id = public_client();
    auto const code = empty(code_request(id, code_for(id)),
                            {"client_secret", "client_assertion", "client_assertion_type", "scope",
                             "resource", "code", "grant_type"});
    auto const tokens = token(code);
    BOOST_REQUIRE_MESSAGE(tokens.status == 200, tokens.body);
    auto const refresh = empty(refresh_request(id, text(tokens.json(), "refresh_token")),
                               {"scope", "resource", "client_secret"});
    BOOST_TEST(token(refresh).status == 200);
    auto const secretive = confidential("client_secret_basic");
    auto const own = text(secretive, "client_id");
    auto const by_basic = empty(request_of(own), {"client_assertion", "client_secret"});
    BOOST_TEST(token(by_basic, authorization(own, text(secretive, "client_secret"))).status == 200);
    auto const asked =
        empty(with(authorize_request(id), "state", ""),
              {"state", "request", "request_uri", "registration", "scope", "resource", "prompt",
               "max_age", "dpop_jkt", "response_mode", "id_token_hint"});
    auto const answered = authorize(asked);
    BOOST_TEST(answered.status == 302);
    BOOST_TEST(parameter(answered, "code") != "(none)");
    BOOST_TEST(parameter(answered, "state") == "(none)");
}

// RFC 6749 §2.3.1: the secret may be left out where it is the empty string
BOOST_AUTO_TEST_CASE(takes_basic_with_an_empty_secret_for_a_public_client) {
    auto const id = public_client();
    auto const tokens = token(request_of(id), authorization(id, ""));
    BOOST_REQUIRE_MESSAGE(tokens.status == 200, tokens.body);
    auto const again =
        with(refresh_request(id, text(tokens.json(), "refresh_token")), "client_id", "");
    BOOST_TEST(token(again, authorization(id, "")).status == 200);
    BOOST_TEST(refusal(token(request_of(id), authorization(id, "x"))) == "401 invalid_client");
    auto const other = text(confidential("client_secret_basic"), "client_id");
    check_challenged(token(request_of(other), authorization(other, "")));
    auto both = request_of(id);
    both.emplace_back("client_secret", "x");
    BOOST_TEST(refusal(token(both, authorization(id, ""))) == "400 invalid_request");
}

// RFC 6749 §5.2: unsupported_grant_type for a grant type that the server does not support.
// RFC 6749 §4.1.3: grant_type is required
// RFC 9700 §2.4: the password grant is not to be had
BOOST_AUTO_TEST_CASE(knows_the_grant_types_of_its_policy_and_no_other) {
    auto const id = public_client();
    BOOST_TEST(refusal(token({{"client_id", id}})) == "400 invalid_request");
    policy([](auto& p) { std::erase(p.grant_types, "client_credentials"); });
    for (auto const* type : {"client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer",
                             "password", "implicit", "Authorization_Code"})
        BOOST_TEST(refusal(token({{"client_id", id}, {"grant_type", type}})) ==
                       "400 unsupported_grant_type",
                   type);
}

BOOST_AUTO_TEST_CASE(has_every_grant_that_it_advertises) {
    oauth::trusted_issuer anybody;
    anybody.issuer = "https://idp.example";
    policy([&](auto& p) { p.trusted_issuers.push_back(anybody); });
    auto const id = public_client();
    auto const metadata = web.get("/.well-known/oauth-authorization-server").json();
    auto const& offered = metadata.at("grant_types_supported").as_array();
    BOOST_TEST(offered.size() == 4u);  // a [[clients]] entry would add two (stranger_grants_test)
    for (auto const& type : offered) {
        std::string const name(type.as_string());
        BOOST_TEST(refusal(token({{"client_id", id}, {"grant_type", name}})) !=
                       "400 unsupported_grant_type",
                   name);
    }
}

// RFC 6749 §5.2: unauthorized_client for a grant that is not the client's
BOOST_AUTO_TEST_CASE(keeps_a_client_to_the_grants_that_it_registered) {
    json::object m;
    m["grant_types"] = json::array{"authorization_code"};
    auto const id = text(register_client(m), "client_id");
    BOOST_TEST(refusal(token(refresh_request(id, "x"))) == "400 unauthorized_client");
}

// RFC 6749 §3.2.1: an unauthenticated client sends its client_id
BOOST_AUTO_TEST_CASE(lets_a_public_client_name_itself) {
    auto const id = public_client();
    BOOST_TEST(token(code_request(id, code_for(id))).status == 200);
}

// RFC 6749 §3.2.1: without authentication there must be a client_id
// RFC 6749 §4.1.3: client_id is required of a client that does not authenticate
// RFC 6749 §5.2: invalid_client, and a challenge for who used the Authorization header
BOOST_AUTO_TEST_CASE(refuses_unknown_and_missing_clients_with_401) {
    auto const id = public_client();
    check_challenged(token(with(code_request(id, "x"), "client_id", "nobody")));
    check_challenged(token(request_of(id)));
    check_challenged(token(request_of(id), authorization("nobody", "x")));
}

// RFC 6749 §2.2: client_id alone does not authenticate a client
// RFC 6749 §2.3.1: HTTP Basic is supported for clients that have a password
// RFC 6749 §3.2.1: confidential clients authenticate
// RFC 6749 §4.1.3: authentication is required of confidential clients, and checked
// RFC 6749 §10.2: a client is authenticated whenever that is possible
BOOST_AUTO_TEST_CASE(wants_the_secret_by_the_registered_method) {
    auto const by_basic = confidential("client_secret_basic");
    auto const id = text(by_basic, "client_id");
    auto const secret = text(by_basic, "client_secret");
    BOOST_TEST(token(request_of(id), authorization(id, secret)).status == 200);
    check_challenged(token(request_of(id), authorization(id, "wrong")));
    check_challenged(token(request_of(id), authorization(id, "")));
    check_challenged(token(with(request_of(id), "client_id", id)));
    auto posted = with(with(request_of(id), "client_id", id), "client_secret", secret);
    check_challenged(token(posted));

    auto const by_post = confidential("client_secret_post");
    auto const other = text(by_post, "client_id");
    auto const its = text(by_post, "client_secret");
    posted = with(with(request_of(other), "client_id", other), "client_secret", its);
    BOOST_TEST(token(posted).status == 200);
    check_challenged(token(with(posted, "client_secret", its + "x")));
    check_challenged(token(request_of(other), authorization(other, its)));
}

// RFC 6749 §2.3: no reliance on the authentication of public clients
BOOST_AUTO_TEST_CASE(does_not_take_a_secret_from_a_public_client) {
    auto const id = public_client();
    check_challenged(token(with(code_request(id, "x"), "client_secret", "s")));
    check_challenged(token(request_of(id), authorization(id, "s")));
}

// RFC 6749 §2.3: the client and the server agree on a method that suits the server
BOOST_AUTO_TEST_CASE(takes_no_method_that_the_policy_has_not) {
    auto const by_basic = confidential("client_secret_basic");
    auto const id = text(by_basic, "client_id");
    auto const right = authorization(id, text(by_basic, "client_secret"));
    auto const open = public_client();
    policy([](auto& p) { p.auth_methods = {"none"}; });
    auto const a = token(request_of(id), right);
    check_challenged(a);
    BOOST_TEST(text(a.json(), "error_description") ==
               "this authorization server takes no client_secret_basic");
    check_challenged(web.post_form("/revoke", {{"token", "x"}}, right));
    BOOST_TEST(token(code_request(open, code_for(open))).status == 200);
    policy([](auto& p) { p.auth_methods = {"client_secret_basic"}; });
    BOOST_TEST(token(request_of(id), right).status == 200);
    check_challenged(token(code_request(open, "x")));
}

// RFC 6749 §2.3: not more than one authentication method in a request
BOOST_AUTO_TEST_CASE(refuses_two_methods_at_once_section_2_3) {
    auto const c = confidential("client_secret_basic");
    auto const id = text(c, "client_id");
    auto const secret = text(c, "client_secret");
    auto const both = with(request_of(id), "client_secret", secret);
    BOOST_TEST(refusal(token(both, authorization(id, secret))) == "400 invalid_request");
    auto two_headers = authorization(id, secret);
    two_headers.push_back(two_headers.front());
    BOOST_TEST(refusal(token(request_of(id), two_headers)) == "400 invalid_request");
    auto const mixed = with(request_of(id), "client_id", "another");
    BOOST_TEST(refusal(token(mixed, authorization(id, secret))) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(may_be_told_the_same_client_id_beside_basic) {
    auto const c = confidential("client_secret_basic");
    auto const id = text(c, "client_id");
    auto const request = code_request(id, code_for(id));
    BOOST_TEST(token(request, authorization(id, text(c, "client_secret"))).status == 200);
}

// RFC 6749 §5.2: 401 and WWW-Authenticate for who tried the Authorization header
BOOST_AUTO_TEST_CASE(answers_malformed_credentials_with_a_challenge) {
    auto const request = with(code_request("x", "x"), "client_id", "");
    for (auto const& header :
         {std::string("Basic"), std::string("Basic !!!"),
          "Basic " + tollgate::to_base64("no-colon"), "Basic " + tollgate::to_base64("%zz:x"),
          "Basic " + tollgate::to_base64(":x"), std::string("Bearer abc"), std::string("")})
        check_challenged(token(request, {{"Authorization", header}}));
    check_challenged(token(with(code_request("x", "x"), "client_assertion", "eyJ")));
}

// RFC 6749 §2.3.1: client_id and client_secret are form-encoded inside Basic
BOOST_AUTO_TEST_CASE(lets_a_configured_client_use_basic_and_post_alike) {
    authorization_bench b(configured());
    auto const request = [&] {
        return with(b.code_request("either", b.code_for("either")), "client_id", "");
    };
    std::string const secret = "s:e+c r%t";
    BOOST_TEST(b.token(request(), authorization("either", secret)).status == 200);
    BOOST_TEST(b.token(request(), basic(tollgate::to_base64("either:s%3Ae%2Bc+r%25t"))).status ==
               200);
    auto const posted = with(with(request(), "client_id", "either"), "client_secret", secret);
    BOOST_TEST(b.token(posted).status == 200);
    check_challenged(b.token(with(request(), "client_id", "either")));
    check_challenged(b.token(request(), basic(tollgate::to_base64("either:" + secret))));
}

BOOST_AUTO_TEST_CASE(takes_a_configured_client_without_secret_for_public) {
    authorization_bench b(configured());
    BOOST_TEST(b.token(b.code_request("open", b.code_for("open"))).status == 200);
}

// RFC 6749 §3.3: scope is in the answer when another was granted than requested
BOOST_AUTO_TEST_CASE(keeps_a_configured_client_to_its_configured_scope) {
    auto o = configured();
    o.clients.back().scope = "mcp:tools email";
    authorization_bench b(std::move(o));
    auto const request = b.authorize_request("open");
    BOOST_TEST(parameter(b.authorize(with(request, "scope", "email")), "code") != "(none)");
    BOOST_TEST(parameter(b.authorize(with(request, "scope", "mcp:admin")), "error") ==
               "invalid_scope");
    BOOST_TEST(text(b.login("open"), "scope") == "mcp:tools");
}

// RFC 6749 §3.3: without scope a default is taken, or the request fails with invalid_scope
BOOST_AUTO_TEST_CASE(refuses_a_client_that_may_have_no_default_scope_rfc_6749_section_3_3) {
    auto o = configured();
    o.clients.back().scope = "email";
    authorization_bench b(std::move(o));
    auto const request = b.authorize_request("open");
    auto const refused = b.authorize(request);
    BOOST_TEST(parameter(refused, "error") == "invalid_scope");
    BOOST_TEST(parameter(refused, "error_description").find("default") != std::string::npos);
    BOOST_TEST(text(b.login("open", "email"), "scope") == "email");
    b.policy([](auto& p) { p.default_scopes.clear(); });
    BOOST_TEST(parameter(b.authorize(request), "code") != "(none)");
}

BOOST_AUTO_TEST_CASE(says_nothing_of_a_secret_in_any_refusal) {
    auto const id = public_client();
    auto const a = token(with(code_request(id, "x"), "client_secret", "hunter2-hunter2"));
    BOOST_TEST(a.body.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

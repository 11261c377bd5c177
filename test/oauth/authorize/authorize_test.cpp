// The authorization endpoint (RFC 6749 §4.1.1, OAuth 2.1, RFC 7636, RFC 8707, RFC 9207).
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct registered : authorization_bench {
    std::string id = public_client();
    fields good = authorize_request(id);

    // The error that the client is redirected with; state and issuer come along.
    std::string error_of(fields const& request) {
        auto const a = authorize(request);
        BOOST_REQUIRE_MESSAGE(a.status == 302, a.body);
        BOOST_TEST(a.header("Location").starts_with(callback + "?"));
        BOOST_TEST(parameter(a, "code") == "(none)");
        BOOST_TEST(parameter(a, "iss") == "http://localhost:9100");
        BOOST_TEST(parameter(a, "error_description") != "(none)");
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        return parameter(a, "error");
    }
    // A page for the person, and no way on.
    void check_shown(fields const& request) {
        auto const a = authorize(request);
        BOOST_TEST(a.status == 400);
        BOOST_TEST(!a.headers.has("Location"));
        BOOST_TEST(a.header("Content-Type").starts_with("text/html"));
        BOOST_TEST(a.header("Cache-Control") == "no-store");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(authorization, registered)

// RFC 6749 §3.1: the authorization endpoint is there for GET
// RFC 6749 §4.1.2: code and the very state that was sent, each once
// RFC 6749 §10.10: a code is no easier to guess than one of 2^128
// RFC 9207 §2: iss is in the answer
BOOST_AUTO_TEST_CASE(sends_a_code_with_state_and_issuer_to_the_client) {
    auto const a = authorize(good);
    BOOST_REQUIRE_EQUAL(a.status, 302);
    BOOST_TEST(a.header("Location").starts_with(callback + "?"));
    BOOST_TEST(parameter(a, "code").size() >= 43);  // 256 bits
    BOOST_TEST(parameter(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(a, "iss") == "http://localhost:9100");  // RFC 9207 §2
    BOOST_TEST(parameter(a, "error") == "(none)");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(a.header("Referrer-Policy") == "no-referrer");
}

// RFC 6749 §10.10: codes cannot be guessed
BOOST_AUTO_TEST_CASE(never_sends_the_same_code_twice) {
    BOOST_TEST(code_for(good) != code_for(good));
}

// RFC 9700 §2.1: what a person typed into a form is not sent on to the client
// RFC 9700 §4.12: never 307; 303 makes a GET of a POST
BOOST_AUTO_TEST_CASE(takes_the_request_as_a_form_and_redirects_with_303) {
    auto const a = web.post_form("/authorize", good);
    BOOST_TEST(a.status == 303);
    BOOST_TEST(parameter(a, "code") != "(none)");
    auto const json = web.post_json("/authorize", "{}");
    BOOST_TEST(json.status == 400);
}

// RFC 6749 §4.1.2: state comes back if it was there
BOOST_AUTO_TEST_CASE(sends_no_state_that_was_not_sent) {
    BOOST_TEST(parameter(authorize(with(good, "state", "")), "state") == "(none)");
}

// RFC 9207 §2: iss is the issuer that answers
BOOST_AUTO_TEST_CASE(speaks_of_the_issuer_that_was_called) {
    web.where.at = http::site::mcp_server;
    BOOST_TEST(parameter(authorize(good), "iss") == "http://localhost:9101");
}

// RFC 6749 §4.1.1: client_id is required
// RFC 6749 §4.1.2.1: no redirect for a client_id that is missing or invalid
BOOST_AUTO_TEST_CASE(shows_a_page_for_an_unknown_client_and_redirects_nobody) {
    check_shown(with(good, "client_id", "nobody"));
    check_shown(with(good, "client_id", ""));
    auto twice = good;
    twice.emplace_back("client_id", id);
    check_shown(twice);
}

// RFC 6749 §3.1.2.3: redirect_uri is compared with those that are registered
// RFC 6749 §3.1.2.4: no automatic redirect to a URI that is invalid or does not match
// RFC 6749 §4.1.2.1: the person is told, and sent nowhere
// RFC 6749 §10.6: redirect_uri is validated against the registered ones
// RFC 9700 §2.1: no open redirector
// RFC 9700 §4.11.2: nobody is sent on for a pair of client_id and redirect_uri that is none
BOOST_AUTO_TEST_CASE(shows_a_page_for_a_redirect_that_is_not_registered) {
    for (auto const* uri : {"https://evil.example/cb", "http://localhost:6274/oauth/callback/x",
                            "http://127.0.0.1:6274/oauth/callback", "javascript:alert(1)"})
        check_shown(with(good, "redirect_uri", uri));
    auto twice = good;
    twice.emplace_back("redirect_uri", callback);
    check_shown(twice);
    check_shown(with(good, "state", std::string(5000, 's')));
}

// RFC 6749 §10.14: what was received is sanitized
BOOST_AUTO_TEST_CASE(escapes_what_it_shows) {
    auto const a = authorize(with(good, "client_id", "<script>alert(1)</script>"));
    BOOST_TEST(a.body.find("<script>alert") == std::string::npos);
}

// RFC 8252 §7.3: any port at the time of the request
// RFC 9700 §4.1.3: the port of a localhost URI of a native app may vary
BOOST_AUTO_TEST_CASE(follows_a_native_client_to_any_port_rfc_8252_section_7_3) {
    std::string const elsewhere = "http://localhost:51004/oauth/callback";
    auto const a = authorize(with(good, "redirect_uri", elsewhere));
    BOOST_TEST(a.header("Location").starts_with(elsewhere + "?code="));
}

// RFC 6749 §3.1.2.3: with several registered URIs the request names one
BOOST_AUTO_TEST_CASE(uses_the_only_registered_redirect_when_none_is_sent) {
    auto const a = authorize(with(good, "redirect_uri", ""));
    BOOST_TEST(a.status == 302);
    BOOST_TEST(a.header("Location").starts_with(callback + "?code="));
    json::object two;
    two["redirect_uris"] = json::array{callback, "https://a.example/"};
    auto const other = text(register_client(two), "client_id");
    check_shown(with(authorize_request(other), "redirect_uri", ""));
}

// RFC 6749 §3.1.2: the query of the redirect URI is retained
BOOST_AUTO_TEST_CASE(keeps_the_query_of_a_redirect_uri) {
    json::object m;
    m["redirect_uris"] = json::array{"https://a.example/cb?tenant=1"};
    auto const other = text(register_client(m), "client_id");
    auto const a =
        authorize(with(authorize_request(other), "redirect_uri", "https://a.example/cb?tenant=1"));
    BOOST_TEST(a.header("Location").starts_with("https://a.example/cb?tenant=1&code="));
}

// RFC 6749 §3.1.1: a response_type that is missing or not understood is an error of §4.1.2.1
// RFC 6749 §4.1.1: response_type is required, and code is its value
// RFC 6749 §4.1.2.1: error, and state if it was sent
// RFC 9207 §2: iss is in error answers
BOOST_AUTO_TEST_CASE(redirects_other_mistakes_with_their_codes) {
    BOOST_TEST(error_of(with(good, "response_type", "")) == "invalid_request");
    BOOST_TEST(error_of(with(good, "response_type", "token")) == "unsupported_response_type");
    BOOST_TEST(error_of(with(good, "response_type", "code id_token")) ==
               "unsupported_response_type");
    BOOST_TEST(error_of(with(good, "response_mode", "fragment")) == "invalid_request");
    BOOST_TEST(parameter(authorize(with(good, "response_type", "token")), "state") ==
               "xyz&=\xc3\xa9");
    BOOST_TEST(error_of(with(good, "request", "eyJ")) == "request_not_supported");
    BOOST_TEST(error_of(with(good, "request_uri", "https://a.example/r")) ==
               "request_uri_not_supported");
    BOOST_TEST(error_of(with(good, "registration", "{}")) == "registration_not_supported");
}

// RFC 6749 §3.1: request parameters are not included more than once
BOOST_AUTO_TEST_CASE(refuses_a_parameter_that_is_there_twice_section_3_1) {
    for (auto const* name : {"scope", "state", "response_type", "code_challenge", "nonce"}) {
        auto twice = good;
        twice.emplace_back(name, "a");
        twice.emplace_back(name, "a");
        BOOST_TEST(error_of(twice) == "invalid_request", name);
    }
}

// RFC 7636 §4.2: the S256 challenge is the base64url encoding of 32 bytes: 43 characters
// RFC 7636 §4.4.1: invalid_request without code_challenge where PKCE is required
// RFC 7636 §4.4.1: invalid_request for a transformation that is not supported
// RFC 9700 §2.1.1: PKCE is supported, and nobody gets around it
// RFC 9700 §4.8.2: no code is issued without a challenge, so that no verifier comes alone
BOOST_AUTO_TEST_CASE(wants_pkce_with_s256_rfc_7636_section_4_4_1) {
    BOOST_TEST(error_of(with(good, "code_challenge", "")) == "invalid_request");
    BOOST_TEST(error_of(with(good, "code_challenge_method", "")) == "invalid_request");
    BOOST_TEST(error_of(with(good, "code_challenge_method", "plain")) == "invalid_request");
    BOOST_TEST(error_of(with(good, "code_challenge_method", "s256")) == "invalid_request");
    for (auto const& bad :
         {std::string(42, 'a'), std::string(44, 'a'), std::string(128, 'a'), std::string(43, '+'),
          std::string(43, '.'), std::string(43, '~'), challenge.substr(1) + "=", challenge + "="})
        BOOST_TEST(error_of(with(good, "code_challenge", bad)) == "invalid_request", bad);
}

// RFC 6749 §4.1.2.1: invalid_scope for a scope that is unknown or malformed
BOOST_AUTO_TEST_CASE(grants_known_scopes_only) {
    BOOST_TEST(authorize(with(good, "scope", "openid mcp:admin")).status == 302);
    BOOST_TEST(error_of(with(good, "scope", "mcp:tools root")) == "invalid_scope");
    auto const told =
        parameter(authorize(with(good, "scope", "mcp:tools root moon")), "error_description");
    BOOST_TEST(told.starts_with("scope root moon cannot be granted; these can: openid"), told);
    auto const long_one =
        parameter(authorize(with(good, "scope", std::string(3000, 'x'))), "error_description");
    BOOST_TEST(long_one.size() < 600u);
    auto const broken = parameter(authorize(with(good, "scope", "a\"b  \\c")), "error_description");
    BOOST_TEST(broken.find_first_of("\"\\") == std::string::npos, broken);
    BOOST_TEST(error_of(with(good, "scope", "mcp:tools  openid")) == "invalid_scope");
}

BOOST_AUTO_TEST_CASE(lets_a_registered_client_ask_for_more_than_it_registered) {
    json::object m;
    m["scope"] = "mcp:tools";
    auto const other = text(register_client(m), "client_id");
    BOOST_TEST(parameter(authorize(with(authorize_request(other), "scope", "mcp:admin")), "code") !=
               "(none)");
}

// RFC 8707 §2: resource is an absolute URI without a fragment
// RFC 8707 §2: invalid_target for a resource that is unknown or malformed
BOOST_AUTO_TEST_CASE(serves_its_own_resources_only_rfc_8707_section_2) {
    for (auto const* own : {"http://localhost:9101/mcp", "http://localhost:9101",
                            "http://localhost:9101/", "http://127.0.0.1:9101/sse"})
        BOOST_TEST(parameter(authorize(with(good, "resource", own)), "code") != "(none)", own);
    for (auto const* other : {"https://api.example/", "http://localhost:9102/mcp", "mcp", "/mcp",
                              "http://localhost:9101/mcp#x"})
        BOOST_TEST(error_of(with(good, "resource", other)) == "invalid_target", other);
    auto two = with(good, "resource", mcp_url);
    two.emplace_back("resource", "https://api.example/");
    BOOST_TEST(error_of(two) == "invalid_target");
}

// RFC 8707 §2: invalid_target for a resource that is not acceptable
BOOST_AUTO_TEST_CASE(serves_the_resources_that_the_policy_lists) {
    policy([](auto& p) { p.resource_list = {"https://api.example/"}; });
    auto const listed = authorize(with(good, "resource", "https://api.example/"));
    BOOST_TEST(parameter(listed, "code") != "(none)");
    BOOST_TEST(error_of(with(good, "resource", "https://api.example/x")) == "invalid_target");
    policy([](auto& p) { p.resources = tollgate::oauth::accepted_resources::any; });
    auto const any = authorize(with(good, "resource", "https://other.example/x"));
    BOOST_TEST(parameter(any, "code") != "(none)");
    BOOST_TEST(error_of(with(good, "resource", "relative")) == "invalid_target");
}

// RFC 6749 §4.1.2.1: unauthorized_client
BOOST_AUTO_TEST_CASE(needs_the_grant_type_among_the_clients_own) {
    json::object m;
    m["grant_types"] = json::array{"refresh_token"};
    auto const other = text(register_client(m), "client_id");
    BOOST_TEST(error_of(authorize_request(other)) == "unauthorized_client");
}

BOOST_AUTO_TEST_CASE(understands_prompt_as_openid_connect_does) {
    for (auto const* prompt : {"none", "login", "consent", "login consent", "select_account"})
        BOOST_TEST(parameter(authorize(with(good, "prompt", prompt)), "code") != "(none)", prompt);
    BOOST_TEST(error_of(with(good, "prompt", "none login")) == "invalid_request");
}

// RFC 6749 §4.1.2.1: access_denied, for a request that could have been granted
BOOST_AUTO_TEST_CASE(denies_where_the_owner_says_no) {
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(error_of(good) == "access_denied");
    // But only a request that could have been granted (RFC 6749 §4.1.2.1).
    BOOST_TEST(error_of(with(good, "scope", "root")) == "invalid_scope");
}

// RFC 6749 §3.1: unrecognized request parameters are ignored
BOOST_AUTO_TEST_CASE(ignores_parameters_that_it_does_not_know_section_3_1) {
    BOOST_TEST(parameter(authorize(with(good, "frobnicate", "1")), "code") != "(none)");
}

// RFC 6749 §10.14: what was received is validated
BOOST_AUTO_TEST_CASE(answers_a_broken_query_with_a_page) {
    auto const a = web.get("/authorize?client_id=%zz");
    BOOST_TEST(a.status == 400);
    BOOST_TEST(!a.headers.has("Location"));
}

BOOST_AUTO_TEST_SUITE_END()

// What RFC 7636, RFC 9207 and RFC 9700 demand of the authorization endpoint.
#include "http/pipeline/cors.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/realm/directory_stub.hpp"
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

struct authorization_endpoint : authorization_bench {
    std::string id = public_client();
    fields good = authorize_request(id);
};

bool may_be_framed(answer const& a) {
    return a.header("X-Frame-Options") != "DENY" ||
           a.header("Content-Security-Policy").find("frame-ancestors 'none'") ==
               std::string_view::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clauses_9700, authorization_endpoint)

// RFC 9700 §2.6: CORS is not supported at the authorization endpoint
BOOST_AUTO_TEST_CASE(no_script_reads_the_authorization_endpoint) {
    directory_stub realms;
    http::naming const names{};
    http::resolver const where(names, realms);
    bench reached(routes,
                  http::stack({http::cors_layer(where), http::error_boundary()}, &http::run_route));
    reached.realm = web.realm;
    std::string const origin = "http://localhost:6274";
    for (auto const* path : {"/authorize", "/oauth/authorize", "/api/authorize"}) {
        auto const target = std::string(path) + '?' + encode(good);
        auto const a = reached.get(target, {{"Origin", origin}});
        BOOST_TEST(a.status == 302u, path);
        auto const preflight =
            reached.send(http::verb::options, target, "",
                         {{"Origin", origin}, {"Access-Control-Request-Method", "GET"}});
        for (auto const* answered : {&a, &preflight})
            for (auto const& h : answered->headers)
                BOOST_TEST(!h.name.starts_with("Access-Control-"), h.name);
    }
    auto const token_endpoint = reached.post_form("/token", {}, {{"Origin", origin}});
    BOOST_TEST(token_endpoint.header("Access-Control-Allow-Origin") == origin);
}

// RFC 9700 §4.16: pages, with errors or questions on them, are protected against clickjacking
BOOST_AUTO_TEST_CASE(no_page_may_be_framed) {
    BOOST_TEST(!may_be_framed(web.get("/authorize")));
    BOOST_TEST(!may_be_framed(web.get("/device")));
    for (auto const mode : {oauth::consent_mode::page, oauth::consent_mode::login}) {
        policy([mode](auto& p) { p.consent = mode; });
        auto const page = authorize(good);
        BOOST_TEST(page.status == 200u);
        BOOST_TEST(!may_be_framed(page));
    }
}

// RFC 9700 §2.1: a form with what a person typed leads to the client without it
// RFC 9700 §4.12: 303 and never 307
BOOST_AUTO_TEST_CASE(what_a_person_typed_is_not_sent_on) {
    policy([](auto& p) {
        p.consent = oauth::consent_mode::login;
        p.users = {oauth::user{"ada", {}}};
    });
    browser person(*this);
    for (auto const* decision : {"approve", "deny"}) {
        auto const a = person.press(person.open(with(good, "prompt", "login")), decision,
                                    {{"user", "ada"}, {"password", "typed-by-ada"}});
        BOOST_TEST(a.status == 303u, decision);
        BOOST_TEST(a.header("Location").find("typed-by-ada") == std::string_view::npos);
        BOOST_TEST(a.header("Location").find("user=") == std::string_view::npos);
    }
}

// RFC 9700 §4.8.2: a verifier is of no use to who sent no challenge, as there is no code then
// RFC 7636 §4.4.1: PKCE is required of public clients
BOOST_AUTO_TEST_CASE(there_is_no_code_without_a_challenge_for_any_client) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    for (auto const& client_id : {id, text(register_client(m), "client_id")}) {
        auto const request = with(authorize_request(client_id), "code_challenge", "");
        for (auto const& sent : {request, with(request, "code_challenge_method", "")}) {
            auto const a = authorize(sent);
            BOOST_TEST(parameter(a, "error") == "invalid_request");
            BOOST_TEST(parameter(a, "code") == "(none)");
        }
    }
}

// RFC 7636 §4.4: the challenge is in nothing that others can read it from
BOOST_AUTO_TEST_CASE(the_challenge_is_not_handed_out) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const a = authorize(good);
    BOOST_TEST(a.header("Location").find(challenge) == std::string_view::npos);
    auto const tokens = token(code_request(id, parameter(a, "code")));
    BOOST_REQUIRE_EQUAL(tokens.status, 200u);
    BOOST_TEST(tokens.body.find(challenge) == std::string::npos);
    auto const told = json::serialize(introspect(text(tokens.json(), "access_token")));
    BOOST_TEST(told.find(challenge) == std::string::npos);
}

// RFC 9207 §2: iss is an issuer identifier, a URL without query and fragment; https with TLS
// RFC 9207 §2.3: iss and the issuer of the metadata are identical
BOOST_AUTO_TEST_CASE(iss_is_the_issuer_of_the_metadata_under_every_name) {
    auto const check = [&](std::string const& origin) {
        auto const told = web.get("/.well-known/oauth-authorization-server").json();
        auto const issuer = text(told, "issuer");
        BOOST_TEST(issuer.starts_with(origin), issuer);
        BOOST_TEST(issuer.find_first_of("?#") == issuer.npos);
        BOOST_TEST(parameter(authorize(good), "iss") == issuer);
        auto const refused = authorize(with(good, "response_type", "token"));
        BOOST_TEST(parameter(refused, "iss") == issuer);
    };
    check("http://localhost:9100");
    web.where.base = "/r/alpha";
    check("http://localhost:9100/r/alpha");
    web.where.at = http::site::mcp_server;
    check("http://localhost:9101/r/alpha");
    web.where.at = http::site::authorization_server;
    web.where.base = "";
    web.where.as_origin = "https://as.example";
    check("https://as.example");
}

BOOST_AUTO_TEST_SUITE_END()

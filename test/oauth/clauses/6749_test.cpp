// What RFC 6749 demands of the authorization server and no other file has a case for.
#include <algorithm>

#include "base/crypto.hpp"
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

oauth::server_options two_with_secrets() {
    oauth::server_options o;
    oauth::configured_client one;
    one.client_id = "one";
    one.client_secret = "short";
    one.redirect_uris = {callback};
    auto other = one;
    other.client_id = "other";
    o.clients = {one, other};
    return o;
}

struct with_secrets : authorization_bench {
    with_secrets() : authorization_bench(two_with_secrets()) {}

    static fields authorization(std::string const& id, std::string const& secret = "short") {
        return basic(tollgate::to_base64(id + ':' + secret));
    }
    fields unsigned_code_request(std::string const& id) {
        return with(code_request(id, code_for(id)), "client_id", "");
    }
};

bool is_error_text(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\'; });
}

void check_texts(std::string const& error, std::string const& description) {
    BOOST_TEST(error != "(none)");
    BOOST_TEST(is_error_text(error), error);
    BOOST_TEST(is_error_text(description), description);
}

constexpr auto hostile = "\"\\ \xc3\xa9 <x>";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clauses_6749, with_secrets)

// RFC 6749 §3.1: a parameter without a value is treated as if it were left out
BOOST_AUTO_TEST_CASE(authorize_takes_empty_values_for_left_out) {
    auto const request = encode(with(authorize_request("one"), "state", ""));
    auto const a = web.get("/authorize?" + request + "&state=&scope=&resource=&response_mode=");
    BOOST_TEST(parameter(a, "code") != "(none)");
    BOOST_TEST(a.header("Location").find("state") == std::string_view::npos);
    auto const typeless = encode(with(authorize_request("one"), "response_type", ""));
    auto const refused = web.get("/authorize?" + typeless + "&response_type=");
    BOOST_TEST(parameter(refused, "error") == "invalid_request");
}

// RFC 6749 §3.2: unrecognized request parameters are ignored
BOOST_AUTO_TEST_CASE(token_ignores_parameters_that_it_does_not_know) {
    auto request = unsigned_code_request("one");
    request.emplace_back("frobnicate", "1");
    BOOST_TEST(token(request, authorization("one")).status == 200);
}

// RFC 6749 §2.3.1: client credentials do not stand in the request URI
BOOST_AUTO_TEST_CASE(takes_no_secret_from_the_query) {
    auto const request = unsigned_code_request("one");
    auto const a = web.post_form("/token?client_id=one&client_secret=short", request);
    BOOST_TEST(refusal(a) == "401 invalid_client");
    BOOST_TEST(token(request, authorization("one")).status == 200);
}

// RFC 6749 §4.1.2.1: error and error_description hold %x20-21 / %x23-5B / %x5D-7E alone
BOOST_AUTO_TEST_CASE(errors_that_redirect_hold_allowed_characters_alone) {
    for (auto const* name :
         {"response_type", "response_mode", "scope", "resource", "prompt", "code_challenge",
          "code_challenge_method", "max_age", "request", "id_token_hint", "dpop_jkt"}) {
        auto const a = authorize(with(authorize_request("one"), name, hostile));
        check_texts(parameter(a, "error"), parameter(a, "error_description"));
    }
}

// RFC 6749 §5.2: error and error_description hold %x20-21 / %x23-5B / %x5D-7E alone
BOOST_AUTO_TEST_CASE(errors_in_json_hold_allowed_characters_alone) {
    auto const check = [](answer const& a) {
        BOOST_TEST(a.status >= 400u);
        check_texts(text(a.json(), "error"), text(a.json(), "error_description"));
    };
    auto const id = public_client();
    for (auto const* name : {"grant_type", "code", "code_verifier", "redirect_uri", "client_id",
                             "client_secret", "client_assertion", "resource"})
        check(token(with(code_request(id, code_for(id)), name, hostile)));
    auto const refresh = text(login(id), "refresh_token");
    for (auto const* name : {"scope", "resource", "refresh_token"})
        check(token(with(refresh_request(id, refresh), name, hostile)));
    for (auto const* path : {"/token", "/revoke", "/introspect", "/device_authorization"}) {
        check(web.post_form(path, {{"token", hostile}, {"client_id", hostile}}));
        check(web.send(http::verb::post, path, "a=b", {{"Content-Type", "text/x; y=\"a\\b\""}}));
        check(web.send(http::verb::post, path, "a=%zz\"\\",
                       {{"Content-Type", "application/x-www-form-urlencoded"}}));
    }
}

// RFC 6749 §4.1.3: a code that was issued to a confidential client is redeemed by that client
// RFC 6749 §10.5: the client is authenticated, and the code was issued to the same client
BOOST_AUTO_TEST_CASE(a_code_of_one_confidential_client_is_nothing_to_another) {
    auto const request = unsigned_code_request("one");
    BOOST_TEST(refusal(token(request)) == "401 invalid_client");
    BOOST_TEST(refusal(token(request, authorization("other"))) == "400 invalid_grant");
}

// RFC 6749 §6: client authentication is required of confidential clients, and checked
// RFC 6749 §10.4: the binding between refresh token and client is verified
BOOST_AUTO_TEST_CASE(a_refresh_of_a_confidential_client_needs_its_secret) {
    auto const first = token(unsigned_code_request("one"), authorization("one")).json();
    auto const refresh = refresh_request("", text(first, "refresh_token"));
    BOOST_TEST(refusal(token(with(refresh, "client_id", "one"))) == "401 invalid_client");
    BOOST_TEST(refusal(token(refresh, authorization("one", "wrong"))) == "401 invalid_client");
    BOOST_TEST(refusal(token(refresh, authorization("other"))) == "400 invalid_grant");
    BOOST_TEST(token(refresh, authorization("one")).status == 200);
}

// RFC 6749 §10.1: no credentials for a native application, but for one installation of it
BOOST_AUTO_TEST_CASE(every_registration_has_a_secret_of_its_own_and_a_public_one_has_none) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_basic";
    m["application_type"] = "native";
    auto const here = register_client(m);
    auto const there = register_client(m);
    BOOST_TEST(text(here, "client_secret") != text(there, "client_secret"));
    auto const id = text(here, "client_id");
    auto const request = unsigned_code_request(id);
    BOOST_TEST(refusal(token(request, authorization(id, text(there, "client_secret")))) ==
               "401 invalid_client");
    BOOST_TEST(token(request, authorization(id, text(here, "client_secret"))).status == 200);
    BOOST_TEST(text(register_client(), "client_secret") == "(none)");
}

// RFC 6749 §10.3: access tokens cannot be made, modified or guessed
// RFC 6749 §10.4: refresh tokens likewise
BOOST_AUTO_TEST_CASE(a_token_that_was_changed_anywhere_is_none) {
    auto const id = public_client();
    auto const opaque = login(id);
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const jwt = text(login(id), "access_token");
    auto const payload = jwt.find('.') + 5;
    std::pair<std::string, std::size_t> const changes[] = {{text(opaque, "access_token"), 0},
                                                           {text(opaque, "access_token"), 20},
                                                           {text(opaque, "refresh_token"), 0},
                                                           {text(opaque, "refresh_token"), 20},
                                                           {jwt, payload},
                                                           {jwt, jwt.size() - 5}};
    for (auto const& [good, at] : changes) {
        auto changed = good;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        BOOST_TEST(is_active(good));
        BOOST_TEST(!is_active(changed), changed);
    }
}

BOOST_AUTO_TEST_SUITE_END()

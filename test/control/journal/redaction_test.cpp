#include "control/journal/redaction.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"

using namespace tollgate::control;

BOOST_AUTO_TEST_SUITE(journal_redaction)

BOOST_AUTO_TEST_CASE(names_the_same_secret_by_the_same_pseudonym_and_another_by_another) {
    std::string const one(43, 'a'), other(43, 'b');
    BOOST_TEST(pseudonym(one) == pseudonym(one));
    BOOST_TEST(pseudonym(one) != pseudonym(other));
    BOOST_TEST(pseudonym(one) == '~' + tollgate::digest_of(one).substr(0, 8));
}

// Whoever sees the digest of a short text finds the text by trying.
BOOST_AUTO_TEST_CASE(says_nothing_of_a_text_that_can_be_guessed) {
    BOOST_TEST(pseudonym("0123456789abcde") == "***");
    BOOST_TEST(pseudonym("0123456789abcdef") != "***");
}

BOOST_AUTO_TEST_CASE(takes_tokens_out_of_header_fields_and_leaves_the_scheme) {
    std::string const token(43, 't');
    BOOST_TEST(redact_field("authorization", "Bearer " + token) == "Bearer " + pseudonym(token));
    BOOST_TEST(redact_field("Authorization", "DPoP " + token) == "DPoP " + pseudonym(token));
    BOOST_TEST(redact_field("Authorization", "Basic dXM6c2VjcmV0c2VjcmV0c2VjcmV0") == "Basic ***");
    BOOST_TEST(redact_field("Authorization", token) == "***");
    BOOST_TEST(redact_field("DPoP", token) == pseudonym(token));
    BOOST_TEST(redact_field("tollgate-internal", token) == pseudonym(token));
    BOOST_TEST(redact_field("Accept", "text/html") == "text/html");
}

BOOST_AUTO_TEST_CASE(takes_the_values_of_cookies_out_and_leaves_their_attributes) {
    std::string const v(43, 'v');
    BOOST_TEST(redact_field("Cookie", "a=" + v + "; b=short") == "a=" + pseudonym(v) + "; b=***");
    BOOST_TEST(redact_field("Set-Cookie", "a=" + v + "; Path=/; HttpOnly") ==
               "a=" + pseudonym(v) + "; Path=/; HttpOnly");
}

BOOST_AUTO_TEST_CASE(takes_secrets_out_of_queries_and_fragments_however_their_names_are_written) {
    std::string const code(43, 'c');
    auto const shown = pseudonym(code);
    BOOST_TEST(redact_target("/callback?code=" + code + "&iss=x") ==
               "/callback?code=" + shown + "&iss=x");
    BOOST_TEST(redact_target("/callback?%63ode=" + code) == "/callback?%63ode=" + shown);
    BOOST_TEST(redact_target("http://a/cb#access_token=" + code) ==
               "http://a/cb#access_token=" + shown);
    BOOST_TEST(redact_target("/mcp") == "/mcp");
    BOOST_TEST(redact_target("/a?code&b=1") == "/a?code&b=1");
    BOOST_TEST(redact_field("Location", "http://a/cb?code=" + code) == "http://a/cb?code=" + shown);
}

// One secret is one pseudonym, percent-encoded or not.
BOOST_AUTO_TEST_CASE(decodes_a_value_before_it_is_named) {
    std::string const plain = "a/b+c=0123456789abcdef";
    BOOST_TEST(redact_target("/x?token=a%2Fb%2Bc%3D0123456789abcdef") ==
               "/x?token=" + pseudonym(plain));
}

BOOST_AUTO_TEST_CASE(shows_a_session_as_the_log_does) {
    BOOST_TEST(redact_field("Mcp-Session-Id", "0123456789abcdef") == "01234567…");
    BOOST_TEST(redact_target("/messages?sessionId=0123456789abcdef") ==
               "/messages?sessionId=01234567…");
}

BOOST_AUTO_TEST_CASE(takes_secrets_out_of_forms) {
    std::string const verifier(43, 'w');
    auto const body =
        "grant_type=authorization_code&client_secret=hush-hush-hush-hush&"
        "code_verifier=" +
        verifier;
    BOOST_TEST(redact_body("application/x-www-form-urlencoded", body, body.size()) ==
               "grant_type=authorization_code&client_secret=***&code_verifier=" +
                   pseudonym(verifier));
}

BOOST_AUTO_TEST_CASE(takes_secrets_out_of_json_at_any_depth_and_leaves_numbers) {
    std::string const token(43, 't');
    auto const shown = redact_json(R"({"access_token":")" + token +
                                   R"(","error":{"code":-32601},"list":[{"token":")" + token +
                                   R"("}],"scope":"a"})");
    BOOST_TEST(shown == R"({"access_token":")" + pseudonym(token) +
                            R"(","error":{"code":-32601},"list":[{"token":")" + pseudonym(token) +
                            R"("}],"scope":"a"})");
}

BOOST_AUTO_TEST_CASE(tells_what_it_cannot_read_by_its_size) {
    BOOST_TEST(redact_body("text/html", "<p>", 3) == "(3 bytes)");
    BOOST_TEST(redact_body("application/json", "{\"a\":", 5) == "(5 bytes)");
    // Half of a body could hold half of a secret.
    BOOST_TEST(redact_body("application/json", "{}", 99) == "(99 bytes)");
    BOOST_TEST(redact_body("application/json", "", 0) == "");
}

// What a client sends under a wrong name is as secret.
BOOST_AUTO_TEST_CASE(knows_the_names_of_secrets_in_other_spellings) {
    std::string const token(43, 't');
    auto const shown = pseudonym(token);
    BOOST_TEST(redact_target("/x?refresh_token[]=" + token) == "/x?refresh_token[]=" + shown);
    BOOST_TEST(redact_json(R"({"refreshToken":")" + token + R"("})") ==
               R"({"refreshToken":")" + shown + R"("})");
    BOOST_TEST(redact_json(R"({"clientSecret":"short"})") == R"({"clientSecret":"***"})");
    BOOST_TEST(redact_field("X-Api-Key", token) == shown);
    BOOST_TEST(redact_field("X-Auth-Token", token) == shown);
    BOOST_TEST(redact_field("X-Client-Secret", token) == "***");
    BOOST_TEST(redact_field("X-Password", token) == "***");
    BOOST_TEST(redact_field("Cookie", token) == "***");
}

// RFC 8628 §3.2: verification_uri_complete holds the user code.
BOOST_AUTO_TEST_CASE(looks_into_urls_within_json) {
    BOOST_TEST(
        redact_json(R"({"verification_uri_complete":"http://a/device?user_code=GNWM-PVBM"})") ==
        R"({"verification_uri_complete":"http://a/device?user_code=***"})");
}

// The form holds the query of the login, with whatever was in it.
BOOST_AUTO_TEST_CASE(takes_out_what_a_form_was_made_of) {
    std::string const text(60, 'q');
    BOOST_TEST(redact_target("/x?form_request=" + text + "&form_seal=" + text) ==
               "/x?form_request=" + pseudonym(text) + "&form_seal=" + pseudonym(text));
}

// A client that puts its token where none belongs.
BOOST_AUTO_TEST_CASE(takes_tokens_out_of_paths_and_of_what_is_said_of_them) {
    auto const token = tollgate::random_token();
    auto const shown = pseudonym(token);
    std::string const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkZW1vIn0.c2lnbmF0dXJl";
    BOOST_TEST(redact_target("/introspect/" + token) == "/introspect/" + shown);
    BOOST_TEST(redact_target("/introspect/" + token + "/x?a=b") ==
               "/introspect/" + shown + "/x?a=b");
    BOOST_TEST(redact_target("http://a/" + jwt) == "http://a/" + pseudonym(jwt));
    BOOST_TEST(redact_json(R"({"error_description":"nothing is served at /introspect/)" + token +
                           R"("})") ==
               R"({"error_description":"nothing is served at /introspect/)" + shown + R"("})");
    BOOST_TEST(redact_tokens("nothing at /" + token + '.') == "nothing at /" + shown + '.');
}

BOOST_AUTO_TEST_CASE(takes_tokens_out_from_under_names_that_nobody_knows) {
    auto const token = tollgate::random_token();
    auto const shown = pseudonym(token);
    BOOST_TEST(redact_target("/mcp?x=" + token + "&" + token + "=1") ==
               "/mcp?x=" + shown + "&" + shown + "=1");
    BOOST_TEST(redact_field("User-Agent", "me/1 (" + token + ")") == "me/1 (" + shown + ")");
    BOOST_TEST(redact_json(R"({"params":{"arguments":{"x":")" + token + R"("}},"id":")" + token +
                           R"("})") ==
               R"({"params":{"arguments":{"x":")" + shown + R"("}},"id":")" + shown + R"("})");
}

// RFC 7636 §4.2, RFC 7517 §4, RFC 9449 §10: they are meant to be seen.
BOOST_AUTO_TEST_CASE(leaves_challenges_and_public_keys) {
    auto const text = tollgate::random_token();
    for (auto const* name : {"code_challenge", "dpop_jkt"})
        BOOST_TEST(redact_target("/authorize?" + std::string(name) + "=" + text) ==
                   "/authorize?" + std::string(name) + "=" + text);
    auto const key = R"({"keys":[{"kty":"EC","x":")" + text + R"(","y":")" + text + R"(","kid":")" +
                     text + R"("}]})";
    BOOST_TEST(redact_json(key) == key);
    BOOST_TEST(redact_json(R"({"kid":")" + text + R"("})") == R"({"kid":")" + text + R"("})");
    BOOST_TEST(redact_json(R"({"kty":"oct","k":")" + text + R"("})") ==
               R"({"kty":"oct","k":")" + pseudonym(text) + R"("})");
}

// RFC 8259 §8.1: what is told as JSON is UTF-8; RFC 9110 §5.5 lets a field value hold other bytes.
BOOST_AUTO_TEST_CASE(tells_what_is_no_utf8_as_far_as_it_can) {
    BOOST_TEST(redact_field("User-Agent", "caf\xe9/1 é") == "caf?/1 ??");
    BOOST_TEST(redact_field("Cookie", "\xe9=short") == "?=***");
    BOOST_TEST(redact_target("/caf\xe9?x=\xff&y=1#\xfe") == "/caf??x=?&y=1#?");
    BOOST_TEST(redact_tokens("a\xc3") == "a?");
    BOOST_TEST(redact_body("application/x-www-form-urlencoded", "a=\xe9", 3) == "a=?");
    BOOST_TEST(redact_json("{\"a\":\"\xe9\"}") == "(9 bytes)");
    // Seven letters, and the first half of the eighth.
    BOOST_TEST(session_label("1234567é") == "1234567?…");
}

BOOST_AUTO_TEST_CASE(leaves_a_text_alone_that_is_utf8) {
    BOOST_TEST(redact_field("User-Agent", "café €𝄞") == "café €𝄞");
    BOOST_TEST(redact_target("/é?é=é") == "/é?é=é");
}

BOOST_AUTO_TEST_CASE(leaves_paths_that_hold_no_token) {
    std::vector<std::string> const paths{
        "/.well-known/oauth-authorization-server/r/a-name-that-is-as-long-as-a-token-or-longer/mcp",
        "/register/" + tollgate::random_token(16), "/s/plain/run-1/mcp"};
    for (auto const& path : paths)
        BOOST_TEST(redact_target(path) == path);
}

BOOST_AUTO_TEST_SUITE_END()

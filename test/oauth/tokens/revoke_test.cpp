// Revocation (RFC 7009).
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct owner : authorization_bench {
    std::string id = public_client();
    json::value tokens = login(id);
    std::string access = text(tokens, "access_token");
    std::string refresh = text(tokens, "refresh_token");

    answer revoke(std::string const& token, std::string const& client_id,
                  std::string const& hint = "") {
        fields const f{{"token", token}, {"client_id", client_id}};
        return web.post_form("/revoke", with(f, "token_type_hint", hint));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(revocation, owner)

// RFC 7009 §2.1: "the authorization server MAY revoke the respective refresh token as well".
// RFC 7009 §2.1: it takes place immediately; the token cannot be used afterwards.
BOOST_AUTO_TEST_CASE(kills_an_access_token_and_leaves_the_refresh_token) {
    auto const a = revoke(access, id);
    BOOST_TEST(a.status == 200);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    BOOST_TEST(!is_active(access));
    BOOST_TEST(is_active(refresh));
}

// RFC 7009 §2.1: with a refresh token go all access tokens of the same grant.
// RFC 7009 §2: refresh tokens can be revoked.
BOOST_AUTO_TEST_CASE(kills_the_family_with_a_refresh_token_section_2_1) {
    BOOST_TEST(revoke(refresh, id).status == 200);
    BOOST_TEST(!is_active(access));
    BOOST_TEST(!is_active(refresh));
    BOOST_TEST(refusal(token(refresh_request(id, refresh))) == "400 invalid_grant");
}

// RFC 7009 §2.1: a wrong hint makes the server search all of its token types.
// RFC 7009 §2.2: a hint of an unknown type is ignored and is no error.
BOOST_AUTO_TEST_CASE(looks_everywhere_whatever_the_hint_says_section_2_1) {
    BOOST_TEST(revoke(access, id, "refresh_token").status == 200);
    BOOST_TEST(!is_active(access));
    BOOST_TEST(revoke(refresh, id, "frobnicate").status == 200);
    BOOST_TEST(!is_active(refresh));
}

// RFC 7009 §2.2: 200 for an invalid token as well.
BOOST_AUTO_TEST_CASE(is_content_with_a_token_that_it_does_not_know_section_2_2) {
    BOOST_TEST(revoke("guess", id).status == 200);
    BOOST_TEST(revoke(access, id).status == 200);
    BOOST_TEST(revoke(access, id).status == 200);
}

// RFC 7009 §2.1: a token that was not issued to the client is refused.
BOOST_AUTO_TEST_CASE(refuses_the_tokens_of_other_clients_section_2_1) {
    auto const other = public_client();
    BOOST_TEST(refusal(revoke(access, other)) == "400 invalid_grant");
    BOOST_TEST(refusal(revoke(refresh, other)) == "400 invalid_grant");
    BOOST_TEST(is_active(access));
    BOOST_TEST(is_active(refresh));
}

// RFC 7009 §2.2.1: unsupported_token_type for what cannot be revoked.
BOOST_AUTO_TEST_CASE(says_that_an_id_token_cannot_be_revoked) {
    auto const id_token = text(login(id, "openid"), "id_token");
    BOOST_TEST(refusal(revoke(id_token, id)) == "400 unsupported_token_type");
    BOOST_TEST(revoke("a.b.c", id).status == 200);
}

// RFC 7009 §2.1: the server revokes the tokens of the same grant, rotated ones as well.
// RFC 7662 §4: the server determines whether the token has been revoked.
BOOST_AUTO_TEST_CASE(kills_the_family_with_a_token_that_was_rotated_away) {
    auto const next = token(refresh_request(id, refresh)).json();
    BOOST_TEST(revoke(refresh, id).status == 200);
    BOOST_TEST(!is_active(text(next, "access_token")));
    BOOST_TEST(!is_active(text(next, "refresh_token")));
}

// RFC 7009 §2.1: token is required, and so is a client that the server knows.
// RFC 7009 §2.2.1: errors are those of RFC 6749 §5.2.
BOOST_AUTO_TEST_CASE(wants_a_client_and_a_token) {
    BOOST_TEST(refusal(revoke(access, "nobody")) == "401 invalid_client");
    BOOST_TEST(refusal(revoke("", id)) == "400 invalid_request");
    fields const twice{{"token", "a"}, {"token", "b"}, {"client_id", id}};
    BOOST_TEST(refusal(web.post_form("/revoke", twice)) == "400 invalid_request");
    BOOST_TEST(refusal(web.post_json("/revoke", "{}")) == "400 invalid_request");
    BOOST_TEST(is_active(access));
}

BOOST_AUTO_TEST_SUITE_END()

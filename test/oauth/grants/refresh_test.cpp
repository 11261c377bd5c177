// The refresh grant (RFC 6749 §6, RFC 9700 §4.14.2).
#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct refreshing : authorization_bench {
    std::string id = public_client();

    std::string refresh_of(json::value const& tokens) { return text(tokens, "refresh_token"); }
    answer refresh(std::string const& secret) { return token(refresh_request(id, secret)); }
    json::value refreshed(std::string const& secret) {
        auto const a = refresh(secret);
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refresh_grant, refreshing)

// RFC 6749 §6: a valid request gets an access token as in §5.1
// RFC 9700 §2.2.2: refresh tokens of public clients rotate
BOOST_AUTO_TEST_CASE(answers_a_public_client_with_a_new_pair) {
    auto const first = login(id, "openid mcp:tools");
    later(std::chrono::seconds(10));
    auto const a = refresh(refresh_of(first));
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const second = a.json();
    BOOST_TEST(text(second, "access_token") != text(first, "access_token"));
    BOOST_TEST(refresh_of(second) != refresh_of(first));
    BOOST_TEST(text(second, "scope") == "openid mcp:tools");
    BOOST_TEST(text(second, "id_token") != "(none)");  // OIDC Core §12.2
    auto const told = introspect(text(second, "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(told.at("iat").as_int64() == 1'800'000'010);
    BOOST_TEST(is_active(text(first, "access_token")));
}

// RFC 9700 §2.2.2: a rotated refresh token that comes back is noticed
// RFC 9700 §4.14.2: the replay of a refresh token is detected, and the active one revoked
BOOST_AUTO_TEST_CASE(revokes_the_family_of_a_rotated_token_that_comes_back) {
    auto const first = login(id);
    auto const second = refreshed(refresh_of(first));
    BOOST_TEST(!is_active(refresh_of(first)));
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
    for (auto const& tokens : {first, second}) {
        BOOST_TEST(!is_active(text(tokens, "access_token")));
        BOOST_TEST(!is_active(refresh_of(tokens)));
    }
    BOOST_TEST(refusal(refresh(refresh_of(second))) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(only_refuses_it_where_the_policy_says_reject) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::reject; });
    auto const first = login(id);
    auto const second = refreshed(refresh_of(first));
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
    BOOST_TEST(is_active(text(second, "access_token")));
    refreshed(refresh_of(second));
}

BOOST_AUTO_TEST_CASE(does_not_rotate_for_clients_with_a_secret_unless_told) {
    json::object m;
    m["token_endpoint_auth_method"] = "client_secret_post";
    auto const c = register_client(m);
    auto const with_secret = [&](fields f) {
        return with(with(std::move(f), "client_id", text(c, "client_id")), "client_secret",
                    text(c, "client_secret"));
    };
    auto const code = code_for(text(c, "client_id"));
    auto const first = token(with_secret(code_request("", code))).json();
    auto const again = with_secret(refresh_request("", refresh_of(first)));
    for (int i = 0; i < 3; ++i) {
        auto const a = token(again);
        BOOST_REQUIRE_EQUAL(a.status, 200);
        BOOST_TEST(refresh_of(a.json()) == "(none)");  // RFC 6749 §6: MAY issue a new one
    }
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::always; });
    BOOST_TEST(refresh_of(token(again).json()) != "(none)");
    BOOST_TEST(refusal(token(again)) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(never_rotates_where_the_policy_says_never) {
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::never; });
    auto const first = login(id);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(refresh_of(refreshed(refresh_of(first))) == "(none)");
}

BOOST_AUTO_TEST_CASE(remembers_that_a_token_was_used_when_rotation_is_switched_off) {
    auto const first = login(id);
    refreshed(refresh_of(first));
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::never; });
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
}

// RFC 6749 §3.3: scope is in the answer when another was granted than before
// RFC 6749 §6: the new refresh token has the scope of the one that was sent
BOOST_AUTO_TEST_CASE(narrows_the_scope_of_the_access_token_alone_section_6) {
    auto const first = login(id, "openid mcp:tools mcp:admin");
    auto const narrow =
        token(with(refresh_request(id, refresh_of(first)), "scope", "mcp:tools")).json();
    BOOST_TEST(text(narrow, "scope") == "mcp:tools");
    BOOST_TEST(text(narrow, "id_token") == "(none)");
    BOOST_TEST(text(introspect(text(narrow, "access_token")), "scope") == "mcp:tools");
    // "the refresh token scope MUST be identical to that of the refresh token included".
    BOOST_TEST(text(refreshed(refresh_of(narrow)), "scope") == "openid mcp:tools mcp:admin");
}

// RFC 6749 §6: no scope that was not granted originally
// RFC 9700 §4.14.2: a refresh token is bound to the scope that was consented to
BOOST_AUTO_TEST_CASE(never_widens_the_scope_and_keeps_the_token_of_who_tried) {
    auto const first = login(id, "mcp:tools");
    auto const r = refresh_request(id, refresh_of(first));
    BOOST_TEST(refusal(token(with(r, "scope", "mcp:tools mcp:admin"))) == "400 invalid_scope");
    BOOST_TEST(refusal(token(with(r, "scope", "a  b"))) == "400 invalid_scope");
    BOOST_TEST(token(r).status == 200);
}

// RFC 8707 §2.2: a refresh narrows the resources of its grant and never widens them
// RFC 9700 §4.14.2: a refresh token is bound to the resource servers that were consented to
BOOST_AUTO_TEST_CASE(narrows_the_resources_and_never_widens_them_rfc_8707_section_2_2) {
    auto const first = login(id);
    auto const r = refresh_request(id, refresh_of(first));
    BOOST_TEST(refusal(token(with(r, "resource", "https://a.example/"))) == "400 invalid_target");
    BOOST_TEST(refusal(token(with(r, "resource", "not a uri"))) == "400 invalid_target");
    auto const a = token(with(r, "resource", "http://localhost:9101/sse"));
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(text(introspect(text(a.json(), "access_token")), "aud") ==
               "http://localhost:9101/sse");
    // The grant itself is as wide as it was.
    auto const next = refreshed(refresh_of(a.json()));
    BOOST_TEST(text(introspect(text(next, "access_token")), "aud") == mcp_url);
}

// RFC 6749 §6: a refresh token is bound to the client that it was issued to
// RFC 6749 §10.4: the binding is kept and verified
BOOST_AUTO_TEST_CASE(belongs_to_the_client_it_was_issued_to_section_10_4) {
    auto const first = login(id);
    auto const other = public_client();
    BOOST_TEST(refusal(token(refresh_request(other, refresh_of(first)))) == "400 invalid_grant");
    refreshed(refresh_of(first));
    // Nor does its replay by a stranger cost the owner anything.
    auto const second = login(id);
    auto const third = refreshed(refresh_of(second));
    BOOST_TEST(refusal(token(refresh_request(other, refresh_of(second)))) == "400 invalid_grant");
    BOOST_TEST(is_active(text(third, "access_token")));
}

// RFC 6749 §6: refresh_token is required, and validated
// RFC 6749 §10.4: refresh tokens cannot be made up
BOOST_AUTO_TEST_CASE(refuses_unknown_expired_and_missing_tokens) {
    BOOST_TEST(refusal(refresh("guess")) == "400 invalid_grant");
    BOOST_TEST(refusal(refresh(text(login(id), "access_token"))) == "400 invalid_grant");
    BOOST_TEST(refusal(token(with(refresh_request(id, "x"), "refresh_token", ""))) ==
               "400 invalid_request");
    policy([](auto& p) { p.refresh_ttl = std::chrono::seconds(60); });
    auto const first = login(id);
    later(std::chrono::seconds(59));
    auto const second = refreshed(refresh_of(first));
    // Each successor lives for refresh_ttl from its own issue.
    later(std::chrono::seconds(59));
    auto const third = refreshed(refresh_of(second));
    later(std::chrono::seconds(60));
    BOOST_TEST(refusal(refresh(refresh_of(third))) == "400 invalid_grant");
}

// RFC 9700 §4.14.2: reuse of an invalidated refresh token revokes; a grace covers a lost answer.
BOOST_AUTO_TEST_CASE(answers_again_within_the_grace_and_revokes_after_it) {
    policy([](auto& p) {
        p.reuse = oauth::refresh_reuse::grace;
        p.reuse_grace = std::chrono::seconds(10);
    });
    auto const first = login(id);
    auto const second = refreshed(refresh_of(first));
    later(std::chrono::milliseconds(9'999));
    auto const again = refreshed(refresh_of(first));
    BOOST_TEST(refresh_of(again) != refresh_of(second));
    BOOST_TEST(is_active(text(second, "access_token")));
    BOOST_TEST(is_active(refresh_of(second)));
    // Both go on, each with its own grace.
    refreshed(refresh_of(second));
    auto const last = refreshed(refresh_of(again));
    // The window begins with the first use and not with the latest one.
    later(std::chrono::milliseconds(1));
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
    BOOST_TEST(!is_active(refresh_of(last)));
    BOOST_TEST(!is_active(text(last, "access_token")));
}

BOOST_AUTO_TEST_CASE(gives_a_seed_its_grace_as_well) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::grace; });
    BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, "seeded"))));
    refreshed("seeded");
    refreshed("seeded");
    later(std::chrono::seconds(10));
    BOOST_TEST(refusal(refresh("seeded")) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(gives_no_grace_to_a_token_that_was_used_under_another_policy) {
    auto const first = login(id);
    refreshed(refresh_of(first));
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::grace; });
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
}

// RFC 9700 §4.14.2: the server may not know which party presents an old token, so it revokes.
BOOST_AUTO_TEST_CASE(keeps_the_old_token_until_its_successor_was_used) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::until_successor_used; });
    auto const first = login(id);
    auto const second = refreshed(refresh_of(first));
    // The answer was lost: the client has the old one only.
    later(std::chrono::hours(1));
    BOOST_TEST(is_active(refresh_of(first)));
    auto const again = refreshed(refresh_of(first));
    // It has the new one now, and says so by using it.
    auto const third = refreshed(refresh_of(again));
    BOOST_TEST(!is_active(refresh_of(first)));
    BOOST_TEST(is_active(refresh_of(again)));
    refreshed(refresh_of(again));
    BOOST_TEST(refusal(refresh(refresh_of(first))) == "400 invalid_grant");
    for (auto const& tokens : {first, second, again, third})
        BOOST_TEST(!is_active(refresh_of(tokens)));
    BOOST_TEST(!is_active(text(third, "access_token")));
}

// RFC 9700 §4.14.2: of two parties that hold successors of one token, one has stolen it.
BOOST_AUTO_TEST_CASE(revokes_when_two_successors_of_one_token_are_used) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::until_successor_used; });
    auto const first = login(id);
    auto const one = refreshed(refresh_of(first));
    auto const other = refreshed(refresh_of(first));
    auto const next = refreshed(refresh_of(one));
    BOOST_TEST(refusal(refresh(refresh_of(other))) == "400 invalid_grant");
    BOOST_TEST(!is_active(refresh_of(next)));
    BOOST_TEST(!is_active(text(next, "access_token")));
}

BOOST_AUTO_TEST_CASE(keeps_the_old_token_when_a_request_with_its_successor_was_refused) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::until_successor_used; });
    auto const first = login(id, "mcp:tools");
    auto const second = refreshed(refresh_of(first));
    auto const wide = with(refresh_request(id, refresh_of(second)), "scope", "mcp:admin");
    BOOST_TEST(refusal(token(wide)) == "400 invalid_scope");
    refreshed(refresh_of(first));
}

BOOST_AUTO_TEST_SUITE_END()

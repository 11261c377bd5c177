// Seeded refresh tokens: the contract's last sentence on endpoints.
#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

std::string const seed = "seed-refresh-token";

oauth::server_options seeded() {
    oauth::server_options o;
    o.seed_refresh = {seed};
    return o;
}

struct sown : authorization_bench {
    std::string id = public_client();
    sown() : authorization_bench(seeded()) {}

    answer present(std::string const& client_id, std::string const& token_text) {
        return token(refresh_request(client_id, token_text));
    }
    std::size_t alive() { return run(server.count(*web.realm))->refresh_tokens.size(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(seeds, sown)

BOOST_AUTO_TEST_CASE(are_valid_from_the_start_for_the_default_user_and_the_mcp_server) {
    auto const a = present(id, seed);
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(text(a.json(), "scope") == "mcp:tools");
    auto const told = introspect(text(a.json(), "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "client_id") == id);
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(text(told, "iss") == "http://localhost:9100");
}

BOOST_AUTO_TEST_CASE(belong_to_the_first_client_that_presents_them) {
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::never; });
    auto const other = public_client();
    BOOST_TEST(present(id, seed).status == 200);
    BOOST_TEST(refusal(present(other, seed)) == "400 invalid_grant");
    BOOST_TEST(present(id, seed).status == 200);
}

BOOST_AUTO_TEST_CASE(rotate_and_notice_reuse_like_any_other) {
    auto const next = present(id, seed).json();
    BOOST_TEST(refusal(present(id, seed)) == "400 invalid_grant");
    BOOST_TEST(refusal(present(id, text(next, "refresh_token"))) == "400 invalid_grant");
    BOOST_TEST(refusal(present(id, seed)) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(keep_their_grant_when_a_request_with_a_mistake_came_first) {
    BOOST_TEST(refusal(token(with(refresh_request(id, seed), "scope", "mcp:admin"))) ==
               "400 invalid_scope");
    BOOST_TEST(present(id, seed).status == 200);
}

BOOST_AUTO_TEST_CASE(can_be_planted_while_the_server_runs) {
    BOOST_TEST(refusal(present(id, "planted")) == "400 invalid_grant");
    BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, "planted"))));
    BOOST_TEST(alive() == 2u);
    BOOST_TEST(present(id, "planted").status == 200);
}

BOOST_AUTO_TEST_CASE(are_fresh_again_when_they_are_planted_again) {
    auto const other = public_client();
    present(id, seed);
    BOOST_TEST(refusal(present(id, seed)) == "400 invalid_grant");
    BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, seed))));
    BOOST_TEST(present(other, seed).status == 200);
}

// RFC 6749 Appendix A.17: refresh-token = 1*VSCHAR
BOOST_AUTO_TEST_CASE(follow_the_grammar_of_rfc_6749_a_17) {
    for (auto const& bad :
         {std::string(), std::string("a\nb"), std::string("\xc3\xa9"), std::string(5000, 'x')}) {
        auto const planted = run(server.seed_refresh_token(*web.realm, bad));
        BOOST_REQUIRE(!planted);
        BOOST_TEST(planted.error().status() == 400u);
        oauth::server_options o;
        o.seed_refresh = {bad};
        BOOST_CHECK_THROW(authorization_bench{std::move(o)}, std::invalid_argument);
    }
}

BOOST_AUTO_TEST_CASE(are_counted_by_pseudonym_before_and_after_they_are_used) {
    BOOST_TEST(alive() == 1u);
    auto const before = run(server.count(*web.realm))->refresh_tokens.at(0);
    BOOST_TEST(before == tollgate::digest_of(seed).substr(0, 8));
    present(id, seed);
    BOOST_TEST(alive() == 1u);  // its successor
    BOOST_TEST(run(server.count(*web.realm))->refresh_tokens.at(0) != before);
}

BOOST_AUTO_TEST_CASE(can_be_revoked_before_anybody_used_them) {
    BOOST_TEST(web.post_form("/revoke", {{"token", seed}, {"client_id", id}}).status == 200);
    BOOST_TEST(refusal(present(id, seed)) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(are_good_in_every_realm_on_its_own) {
    BOOST_TEST(present(id, seed).status == 200);
    web.realm = std::make_shared<http::realm>("other");
    server.open(*web.realm);
    BOOST_TEST(present(public_client(), seed).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

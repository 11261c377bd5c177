#include "oauth/bearer/local_validator.hpp"

#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct asked : authorization_bench {
    std::unique_ptr<oauth::token_validator> validator = oauth::make_local_validator(server);

    tollgate::outcome<http::principal> validate(std::string token) {
        web.where.realm = web.realm;
        return run(validator->validate(std::move(token), web.where));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(local_validator, asked)

BOOST_AUTO_TEST_CASE(reveals_everything_of_a_good_token) {
    policy([](auto& p) {
        json::object claims;
        claims["name"] = "Ada";
        p.users = {oauth::user{"ada", claims}};
    });
    auto const id = public_client();
    auto const who = validate(text(login(id, "openid profile mcp:tools"), "access_token"));
    BOOST_REQUIRE(bool(who));
    BOOST_TEST(who->subject == "ada");
    BOOST_TEST(who->client_id == id);
    BOOST_REQUIRE(who->scopes);
    BOOST_TEST(oauth::scope_text(*who->scopes) == "openid profile mcp:tools");
    BOOST_REQUIRE_EQUAL(who->audience.size(), 1u);
    BOOST_TEST(who->audience[0] == mcp_url);
    BOOST_REQUIRE(who->expires_at);
    BOOST_TEST((*who->expires_at == web.clock.now() + std::chrono::hours(1)));
    BOOST_TEST(who->issuer == "http://localhost:9100");
    BOOST_TEST(who->strategy == "local");
    BOOST_TEST(text(who->claims, "name") == "Ada");
}

BOOST_AUTO_TEST_CASE(knows_jwt_access_tokens_by_their_record) {
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    auto const token = text(login(public_client()), "access_token");
    BOOST_TEST(bool(validate(token)));
    BOOST_TEST(bool(run(server.revoke_access_tokens(*web.realm))));
    BOOST_TEST(!validate(token));
}

BOOST_AUTO_TEST_CASE(refuses_unknown_expired_and_foreign_tokens_with_401) {
    auto const tokens = login(public_client());
    auto const refused = [&](std::string const& token) {
        auto const who = validate(token);
        BOOST_REQUIRE(!who);
        BOOST_TEST(who.error().status() == 401u);
        BOOST_TEST(who.error().error() == "invalid_token");
    };
    refused("guess");
    refused("");
    refused(text(tokens, "refresh_token"));
    auto const realm = std::exchange(web.realm, std::make_shared<http::realm>("other"));
    server.open(*web.realm);
    refused(text(tokens, "access_token"));
    web.realm = realm;
    later(std::chrono::hours(1));
    refused(text(tokens, "access_token"));
}

BOOST_AUTO_TEST_SUITE_END()

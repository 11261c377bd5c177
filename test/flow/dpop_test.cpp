// Tokens that are bound to a key, through the whole program, and what JWTs are signed with.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "oauth/dpop/proof_maker.hpp"

namespace {

using namespace test;

std::vector<std::string> with_strategy(std::string const& strategy) {
    std::vector<std::string> sets{"validation.strategy=" + strategy};
    if (strategy == "jwt") sets.emplace_back("tokens.format=jwt");
    return sets;
}

auto const strategies = boost::unit_test::data::make({"introspection", "userinfo", "jwt", "local"});
auto const algorithms = boost::unit_test::data::make({"RS256", "PS256", "ES256", "EdDSA", "HS256"});

dpop_proof_parts proof(std::string const& url) {
    return {"POST", url, std::chrono::system_clock::now()};
}

// A bearer login that goes on with a key: RFC 9449 §5 binds what a refresh with a proof gives.
struct bound_login : login {
    explicit bound_login(program const& p) : login(p.mcp()) {
        wait_for_proofs(p);
        auto const answer = refresh_with({{"DPoP", proof(issuer + "/token").text()}});
        BOOST_REQUIRE_MESSAGE(answer.status == 200u, answer.body);
        auto const body = json_of(answer);
        BOOST_TEST(text_of(body, "token_type") == "DPoP");
        now.access = text_of(body, "access_token");
        now.refresh = text_of(body, "refresh_token");
    }
    raw_reply refresh_with(fields headers) const {
        return post_form(issuer + "/token",
                         {{"grant_type", "refresh_token"},
                          {"refresh_token", now.refresh},
                          {"client_id", client_id}},
                         std::move(headers));
    }
    raw_reply initialize(std::string const& scheme, std::string const& proof_text) const {
        fields headers{{"Authorization", scheme + ' ' + now.access},
                       {"Accept", "application/json, text/event-stream"}};
        if (!proof_text.empty()) headers.emplace_back("DPoP", proof_text);
        return post_json(mcp_url, initialize_body(), std::move(headers));
    }
};

BOOST_AUTO_TEST_SUITE(dpop_flow)

// RFC 9449 §7.1: the resource checks the key whichever way it asks about the token.
// RFC 9449 §7.2: and takes the token under no other scheme.
BOOST_DATA_TEST_CASE(a_bound_token_needs_its_key_at_the_mcp_server, strategies, strategy) {
    program const p(with_strategy(strategy));
    bound_login const client(p);
    auto const good = proof(p.mcp()).for_token(client.now.access).text();
    BOOST_TEST(client.initialize("DPoP", good).status == 200u);
    BOOST_TEST(client.initialize("DPoP", good).status == 401u);  // replayed
    BOOST_TEST(client.initialize("DPoP", "").status == 401u);
    BOOST_TEST(client.initialize("Bearer", "").status == 401u);
    auto stranger = proof(p.mcp()).for_token(client.now.access);
    stranger.sign_with(other_dpop_key());
    auto const refused = client.initialize("DPoP", stranger.text());
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(std::string(refused.header("WWW-Authenticate")).find("invalid_token") !=
               std::string::npos);
    BOOST_TEST(client.refresh_with({}).status == 400u);  // §5: the refresh token is bound, too
}

BOOST_AUTO_TEST_CASE(both_servers_hand_out_their_nonces) {
    program const p({"tokens.dpop_nonce=true"});
    wait_for_proofs(p);
    login client(p.mcp());
    auto const url = client.issuer + "/token";
    auto const ask = [&](std::string const& text) {
        return post_form(url,
                         {{"grant_type", "refresh_token"},
                          {"refresh_token", client.now.refresh},
                          {"client_id", client.client_id}},
                         {{"DPoP", text}});
    };
    auto const first = ask(proof(url).text());
    BOOST_TEST(first.status == 400u);
    boost::json::string const nonce(first.header("DPoP-Nonce"));
    auto const second = ask(proof(url).with("nonce", nonce).text());
    BOOST_REQUIRE_MESSAGE(second.status == 200u, second.body);
    auto const access = text_of(json_of(second), "access_token");
    auto const call = [&](boost::json::value const& n) {
        auto made = proof(p.mcp()).for_token(access);
        if (n.is_string()) made.with("nonce", n);
        return post_json(p.mcp(), initialize_body(),
                         {{"Authorization", "DPoP " + access},
                          {"Accept", "application/json, text/event-stream"},
                          {"DPoP", made.text()}});
    };
    auto const refused = call(nullptr);
    BOOST_TEST(refused.status == 401u);
    boost::json::string const theirs(refused.header("DPoP-Nonce"));
    BOOST_TEST(theirs != nonce);
    BOOST_TEST(call(theirs).status == 200u);
}

BOOST_DATA_TEST_CASE(the_mcp_server_verifies_what_the_realm_signs_with, algorithms, algorithm) {
    std::string const name = algorithm;
    program const p({"tokens.format=jwt", "validation.strategy=jwt", "tokens.signing_alg=" + name,
                     "tokens.hs256_secret=0123456789abcdef0123456789abcdef"});
    login const client(p.mcp());
    open_session(p.mcp(), client.now.access);
    auto const rotated = post_json(client.issuer + "/control/rotate-keys", "{}");
    BOOST_TEST(rotated.status == 200u);
    open_session(p.mcp(), client.now.access);  // the old key still verifies
    login const later(p.mcp());
    open_session(p.mcp(), later.now.access);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

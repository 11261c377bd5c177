// Challenges of resources that take proofs of possession. RFC 9449 §7.1.
#include <boost/test/unit_test.hpp>

#include "http/pipeline/challenge.hpp"
#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

std::vector<std::string> const scopes{"mcp:tools"};
problem const bad_proof(400, "invalid_dpop_proof", "the proof is older than five minutes");
constexpr std::string_view metadata =
    "resource_metadata=\"http://localhost:9101/.well-known/oauth-protected-resource/mcp\"";

challenge_style style;

task<outcome<reply>> refuse(context& c) {
    c.challenge_with(style);
    auto const wanted = c.request().query;
    if (wanted == "missing") co_return challenge::missing_token(c, scopes);
    if (wanted == "proof") co_return challenge::refused_proof(c, scopes, bad_proof);
    if (wanted == "scope") co_return challenge::insufficient_scope(c, scopes);
    if (wanted == "malformed") co_return challenge::malformed(c, "two tokens were sent");
    co_return challenge::invalid_token(c, scopes, "log: unknown");
}

struct fixture {
    router routes;
    test::bench bench{routes, stack({error_boundary()}, &run_route)};

    fixture() {
        style = {};
        routes.add_row("/mcp", verb::get, "mcp", guarded, &refuse);
    }
    std::vector<std::string> lines(std::string const& wanted, unsigned status = 401) {
        auto const a = bench.get("/mcp?" + wanted);
        BOOST_TEST(a.status == status);
        std::vector<std::string> all;
        for (auto const& h : a.headers)
            if (iequals(h.name, "WWW-Authenticate")) all.push_back(h.value);
        return all;
    }
    static void take_both() { style.dpop_algs = "ES256 EdDSA"; }
    static void take_dpop_alone() {
        take_both();
        style.bearer = false;
    }
    static void tried() {
        take_both();
        style.tried_dpop = true;
    }
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dpop_challenges, fixture)

BOOST_AUTO_TEST_CASE(where_no_dpop_is_spoken_none_is_mentioned) {
    style.mention_dpop = style.tried_dpop = true;
    for (auto const* wanted : {"missing", "invalid"}) {
        auto const all = lines(wanted);
        BOOST_REQUIRE(all.size() == 1u);
        BOOST_TEST(all[0].starts_with("Bearer "));
    }
}

BOOST_AUTO_TEST_CASE(who_did_not_try_dpop_is_told_of_bearer_alone) {
    take_both();
    auto const all = lines("invalid");
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(all[0].starts_with("Bearer error=\"invalid_token\", "));
    BOOST_TEST(!has(all[0], "algs"));
}

// RFC 9110 §11.6.1: a response may carry several challenges, one for each scheme
BOOST_AUTO_TEST_CASE(dpop_can_be_mentioned_behind_bearer_with_its_algorithms_alone) {
    take_both();
    style.mention_dpop = true;
    for (auto const* wanted : {"missing", "invalid"}) {
        auto const all = lines(wanted);
        BOOST_REQUIRE(all.size() == 2u);
        BOOST_TEST(all[0].starts_with("Bearer "));
        BOOST_TEST(all[1] == "DPoP algs=\"ES256 EdDSA\"");
    }
}

// The error belongs to the scheme that was tried; the other one is an offer.
BOOST_AUTO_TEST_CASE(who_tried_dpop_is_told_what_went_wrong_under_dpop_first) {
    tried();
    auto const all = lines("invalid");
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].starts_with("DPoP error=\"invalid_token\", " + std::string(metadata) +
                                  ", scope=\"mcp:tools\", algs=\"ES256 EdDSA\", "
                                  "error_description=\""));
    BOOST_TEST(all[1] == "Bearer " + std::string(metadata) + ", scope=\"mcp:tools\"");
}

// RFC 9449 §7.1: error invalid_dpop_proof, and status 401
BOOST_AUTO_TEST_CASE(a_proof_that_is_none_is_401_with_the_code_and_sentence_of_the_proof) {
    tried();
    auto const all = lines("proof");
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].starts_with("DPoP error=\"invalid_dpop_proof\", "));
    BOOST_TEST(all[0].ends_with("error_description=\"the proof is older than five minutes\""));
    BOOST_TEST(!has(all[1], "error"));
    auto const body = bench.get("/mcp?proof").json();
    BOOST_TEST(body.at("error").as_string() == "invalid_dpop_proof");
}

BOOST_AUTO_TEST_CASE(a_resource_that_takes_no_bearer_token_challenges_with_dpop_alone) {
    take_dpop_alone();
    for (auto const* wanted : {"missing", "invalid", "proof"}) {
        auto const all = lines(wanted);
        BOOST_REQUIRE(all.size() == 1u);
        BOOST_TEST(all[0].starts_with("DPoP "), all[0]);
        BOOST_TEST(has(all[0], "algs=\"ES256 EdDSA\""));
    }
}

// RFC 6750 §3.1: without a token there is no error code, whatever the scheme
BOOST_AUTO_TEST_CASE(without_a_token_the_text_names_the_scheme_that_is_wanted) {
    take_both();
    BOOST_TEST(bench.get("/mcp?missing").body ==
               "401 Unauthorized: Missing Authorization: Bearer\n");
    take_dpop_alone();
    auto const a = bench.get("/mcp?missing");
    BOOST_TEST(a.body == "401 Unauthorized: Missing Authorization: DPoP\n");
    BOOST_TEST(a.header("WWW-Authenticate").find("error") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(other_refusals_follow_the_scheme_that_was_tried) {
    tried();
    auto const scope = lines("scope", 403);
    BOOST_REQUIRE(scope.size() == 2u);
    BOOST_TEST(scope[0].starts_with("DPoP error=\"insufficient_scope\", "));
    auto const malformed = lines("malformed", 400);
    BOOST_REQUIRE(malformed.size() == 2u);
    BOOST_TEST(malformed[0].starts_with("DPoP error=\"invalid_request\", "));
    BOOST_TEST(malformed[1] == "Bearer " + std::string(metadata));
}

// RFC 9110 §11.2: no parameter of a challenge is there twice
BOOST_AUTO_TEST_CASE(no_parameter_stands_twice_in_a_challenge) {
    tried();
    for (auto const* wanted : {"missing", "invalid", "proof"})
        for (auto const& line : lines(wanted))
            for (std::string const name : {"error=", "scope=", "algs=", "resource_metadata="}) {
                auto const first = line.find(name);
                if (first == std::string::npos) continue;
                BOOST_TEST(line.find(' ' + name, first + 1) == std::string::npos, line);
            }
}

BOOST_AUTO_TEST_CASE(the_wording_is_asked_for_guarded_routes_alone) {
    int asked = 0;
    auto const wording = [&asked](context const&) {
        ++asked;
        challenge_wording w;
        w.realm = "MCP";
        return w;
    };
    routes.add_row("/open", verb::get, "mcp", plain_route, &refuse);
    test::bench worded(routes,
                       stack({error_boundary(), challenge_style_layer(wording)}, &run_route));
    BOOST_TEST(worded.get("/open?invalid").header("WWW-Authenticate").find("realm") ==
               std::string_view::npos);
    BOOST_TEST(asked == 0);
    BOOST_TEST(worded.get("/mcp?invalid")
                   .header("WWW-Authenticate")
                   .starts_with("Bearer realm=\"MCP\", "));
    BOOST_TEST(asked > 0);
}

BOOST_AUTO_TEST_SUITE_END()

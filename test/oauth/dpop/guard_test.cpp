// DPoP at the resource, RFC 9449 §7 and §9.
#include "oauth/bearer/guard_bench.hpp"
#include "oauth/dpop/proof_maker.hpp"

namespace {

using namespace test::guarding;

constexpr auto mcp_url = "http://localhost:9101/mcp";
constexpr auto hints =
    "resource_metadata=\"http://localhost:9101/.well-known/oauth-protected-resource/mcp\", "
    "scope=\"mcp:tools\"";
constexpr auto algs = "algs=\"RS256 PS256 ES256 EdDSA Ed25519\"";

struct bound_tokens : fixture {
    dpop_state state;

    bound_tokens() {
        bench->where.at = http::site::mcp_server;
        answer_for(test::dpop_key().key_id());
        required.dpop.mode = dpop_mode::optional;
        required.dpop.state = &state;
    }
    // The validator says that the token is bound to this key; to none when it is empty.
    void answer_for(std::optional<std::string> key) {
        auto who = demo();
        who.key = std::move(key);
        validator.answer = std::move(who);
    }
    test::dpop_proof_parts proof(std::string_view token = "tok") {
        test::dpop_proof_parts p("GET", mcp_url, bench->clock.now());
        p.for_token(token);
        // The bench's request says Host: localhost:9100 or nothing; the place says where it is.
        return p;
    }
    test::answer get(std::string authorization, std::vector<std::string> const& proofs = {}) {
        test::fields headers{{"Authorization", std::move(authorization)}};
        for (auto const& p : proofs)
            headers.emplace_back("DPoP", p);
        return bench->get("/mcp", std::move(headers));
    }
    test::answer bound(test::dpop_proof_parts const& p) { return get("DPoP tok", {p.text()}); }
};

std::vector<std::string> challenges(test::answer const& a) {
    std::vector<std::string> all;
    for (auto const& h : a.headers)
        if (http::iequals(h.name, "WWW-Authenticate")) all.push_back(h.value);
    return all;
}

std::string error_of(test::answer const& a) {
    auto const text = std::string(a.header("WWW-Authenticate"));
    auto const at = text.find("error=\"");
    if (at == std::string::npos) return "(none)";
    return text.substr(at + 7, text.find('"', at + 7) - at - 7);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(dpop_guard, bound_tokens)

// RFC 9449 §7.1: scheme DPoP, with a proof of the key that the token is bound to.
BOOST_AUTO_TEST_CASE(lets_a_bound_token_in_with_its_proof) {
    auto const a = bound(proof());
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(inside.calls == 1);
    BOOST_TEST(!a.headers.has("DPoP-Nonce"));
}

// RFC 9449 §7.1: a proof that is none is answered 401 invalid_dpop_proof, with algs.
// RFC 9449 §4.3: check 1, one DPoP header; check 12, ath.
// RFC 9449 §7.1: no access unless all checks are successful.
BOOST_AUTO_TEST_CASE(refuses_bad_proofs) {
    BOOST_TEST(error_of(get("DPoP tok")) == "invalid_dpop_proof");
    BOOST_TEST(error_of(get("DPoP tok", {proof().text(), proof().text()})) == "invalid_dpop_proof");
    BOOST_TEST(error_of(get("DPoP tok", {"x"})) == "invalid_dpop_proof");
    BOOST_TEST(error_of(bound(proof("other"))) == "invalid_dpop_proof");
    test::dpop_proof_parts without("GET", mcp_url, bench->clock.now());
    BOOST_TEST(error_of(bound(without)) == "invalid_dpop_proof");
    BOOST_TEST(error_of(bound(proof().with("htm", "POST"))) == "invalid_dpop_proof");
    BOOST_TEST(error_of(bound(proof().with("htu", "http://localhost:9101/sse"))) ==
               "invalid_dpop_proof");
    BOOST_TEST(inside.calls == 0);
    auto const lines = challenges(get("DPoP tok", {"x"}));
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[0] ==
               "DPoP error=\"invalid_dpop_proof\", " + std::string(hints) + ", " + algs +
                   ", error_description=\"the DPoP proof is not valid: it is not a JWT\"");
    BOOST_TEST(lines[1] == std::string("Bearer ") + hints);
}

// RFC 9449 §4.3, check 9: htu is the URI of the request, which had https before the proxy took it
// off
BOOST_AUTO_TEST_CASE(refuses_a_proof_for_http_where_the_public_url_is_https) {
    bench->where.mcp_origin = "https://mcp.example";
    auto const proven = [&](std::string const& htu, std::string const& host) {
        auto const p = proof().with("htu", boost::json::string(htu));
        return bench
            ->get("/mcp", {{"Authorization", "DPoP tok"}, {"DPoP", p.text()}, {"Host", host}})
            .status;
    };
    auto who = demo();
    who.key = test::dpop_key().key_id();
    who.audience = {"https://mcp.example/mcp"};
    validator.answer = who;
    BOOST_TEST(proven("https://mcp.example/mcp", "mcp.example") == 200u);
    BOOST_TEST(proven("http://mcp.example/mcp", "mcp.example") == 401u);
    BOOST_TEST(proven("http://MCP.example:9101/mcp", "mcp.example:9101") == 401u);
    // A proxy that names us by an address of its own, and a client that calls that address.
    BOOST_TEST(proven("https://mcp.example/mcp", "localhost:9101") == 200u);
    BOOST_TEST(proven("http://localhost:9101/mcp", "localhost:9101") == 200u);
}

// RFC 9449 §11.1: a proof is good once.
BOOST_AUTO_TEST_CASE(refuses_a_replayed_proof) {
    auto const p = proof();
    BOOST_TEST(bound(p).status == 200u);
    auto const again = bound(p);
    BOOST_TEST(again.status == 401u);
    BOOST_TEST(error_of(again) == "invalid_dpop_proof");
}

// RFC 9449 §11.1, §4.3: a proof is used up by a good token that is bound to its key, and by nothing
// else, so that nobody without one takes room.
BOOST_AUTO_TEST_CASE(takes_note_of_a_proof_when_the_token_was_found_good) {
    auto const p = proof();
    validator.answer = problem(401, "invalid_token", "no");
    BOOST_TEST(bound(p).status == 401u);
    validator.answer = problem(503, "temporarily_unavailable", "away");
    BOOST_TEST(bound(p).status == 503u);
    answer_for("another key");
    BOOST_TEST(error_of(bound(p)) == "invalid_token");
    answer_for("");
    BOOST_TEST(error_of(bound(p)) == "invalid_token");
    answer_for(test::dpop_key().key_id());
    BOOST_TEST(bound(p).status == 200u);
    BOOST_TEST(error_of(bound(p)) == "invalid_dpop_proof");
    // A lacking scope is no matter of the token's goodness.
    auto const q = proof();
    required.scopes = {"more"};
    BOOST_TEST(bound(q).status == 403u);
    BOOST_TEST(error_of(bound(q)) == "invalid_dpop_proof");
}

// RFC 9449 §11.1: where there is no room to remember, nothing is let in twice.
BOOST_AUTO_TEST_CASE(refuses_with_503_when_it_cannot_remember_a_proof) {
    dpop_proof filler;
    filler.thumbprint = test::dpop_key().key_id();
    filler.issued_at = bench->clock.now();
    for (std::size_t i = 0; i < used_proofs::most_of_a_key; ++i) {
        filler.id = std::to_string(i);
        state.use(dpop_side::resource, filler, "x", bench->clock.now());
    }
    auto const a = bound(proof());
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Retry-After") == "60");
    BOOST_TEST(inside.calls == 0);
    bench->clock.advance(std::chrono::seconds(62));
    BOOST_TEST(bound(proof()).status == 200u);
}

// RFC 9449 §7.1: the key of the proof is the one that the token is bound to.
// RFC 9449 §6: the key of the proof matches the one bound to the token.
BOOST_AUTO_TEST_CASE(refuses_the_proof_of_another_key) {
    auto stranger = proof();
    stranger.sign_with(test::other_dpop_key());
    auto const a = bound(stranger);
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(error_of(a) == "invalid_token");
    BOOST_TEST(std::string(a.header("WWW-Authenticate")).starts_with("DPoP "));
}

// RFC 9449 §7.2: a bound token is refused under scheme Bearer, and the challenge says what to do.
BOOST_AUTO_TEST_CASE(refuses_a_bound_token_under_scheme_bearer) {
    for (auto const& a : {get("Bearer tok"), get("Bearer tok", {proof().text()})}) {
        BOOST_TEST(a.status == 401u);
        auto const lines = challenges(a);
        BOOST_REQUIRE(lines.size() == 2u);
        BOOST_TEST(lines[0].starts_with("Bearer error=\"invalid_token\""));
        BOOST_TEST(a.body.find("bound to a key: send it as Authorization: DPoP") !=
                   std::string::npos);
        BOOST_TEST(lines[1] == std::string("DPoP ") + algs);
    }
}

// RFC 9449 §7.1: a token that is bound to no key is none for scheme DPoP.
BOOST_AUTO_TEST_CASE(refuses_a_bearer_token_under_scheme_dpop) {
    answer_for("");
    BOOST_TEST(bound(proof()).status == 401u);
    BOOST_TEST(get("Bearer tok").status == 200u);
}

// A foreign userinfo endpoint does not tell the key: what can be checked is checked.
BOOST_AUTO_TEST_CASE(checks_the_proof_alone_where_the_strategy_does_not_reveal_the_key) {
    answer_for(std::nullopt);
    BOOST_TEST(bound(proof()).status == 200u);
    BOOST_TEST(bound(proof("other")).status == 401u);
    BOOST_TEST(get("Bearer tok").status == 200u);
}

// RFC 6750 §3: the challenge of who does not speak DPoP stays as it is, to the byte.
BOOST_AUTO_TEST_CASE(leaves_the_bearer_challenge_alone_for_who_does_not_try_dpop) {
    for (auto const mode : {dpop_mode::off, dpop_mode::optional}) {
        required.dpop.mode = mode;
        auto const none = challenges(bench->get("/mcp"));
        BOOST_REQUIRE(none.size() == 1u);
        BOOST_TEST(none[0] == std::string("Bearer ") + hints);
        validator.answer = problem(401, "invalid_token", "no");
        auto const unknown = challenges(get("Bearer unknown"));
        BOOST_REQUIRE(unknown.size() == 1u);
        BOOST_TEST(unknown[0].starts_with("Bearer error=\"invalid_token\""));
    }
}

// RFC 9449 §7.1: who brings a proof and no token is told both schemes.
BOOST_AUTO_TEST_CASE(tells_who_brings_a_proof_alone_of_both_schemes) {
    auto const lines = challenges(bench->get("/mcp", {{"DPoP", proof().text()}}));
    BOOST_REQUIRE(lines.size() == 2u);
    BOOST_TEST(lines[0] == std::string("Bearer ") + hints);
    BOOST_TEST(lines[1] == std::string("DPoP ") + algs);
}

BOOST_AUTO_TEST_CASE(does_not_know_the_scheme_where_dpop_is_off) {
    required.dpop.mode = dpop_mode::off;
    auto const a = bound(proof());
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.body == "401 Unauthorized: Missing Authorization: Bearer\n");
    BOOST_TEST(get("Bearer tok").status == 401u);  // bound, and that stays so
}

BOOST_AUTO_TEST_CASE(takes_nothing_but_bound_tokens_where_dpop_is_required) {
    required.dpop.mode = dpop_mode::required;
    auto const a = bench->get("/mcp");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.body == "401 Unauthorized: Missing Authorization: DPoP\n");
    auto const lines = challenges(a);
    BOOST_REQUIRE(lines.size() == 1u);
    BOOST_TEST(lines[0] == std::string("DPoP ") + hints + ", " + algs);
    answer_for("");
    BOOST_TEST(get("Bearer tok").status == 401u);
    answer_for(test::dpop_key().key_id());
    BOOST_TEST(bound(proof()).status == 200u);
}

// RFC 9449 §9: the resource asks for a nonce of its own, and gives the next with each answer.
// RFC 9449 §11.3: no proof without the nonce, once one was provided.
BOOST_AUTO_TEST_CASE(gives_and_wants_nonces_where_the_policy_says_so) {
    required.dpop.nonce = true;
    auto const asked = bound(proof());
    BOOST_TEST(asked.status == 401u);
    BOOST_TEST(error_of(asked) == "use_dpop_nonce");
    std::string const nonce(asked.header("DPoP-Nonce"));
    BOOST_TEST(nonce == state.nonce(dpop_side::resource, bench->clock.now()));
    auto const good = bound(proof().with("nonce", boost::json::string(nonce)));
    BOOST_TEST(good.status == 200u);
    BOOST_TEST(good.header("DPoP-Nonce") == nonce);
    auto const foreign = state.nonce(dpop_side::authorization_server, bench->clock.now());
    BOOST_TEST(error_of(bound(proof().with("nonce", boost::json::string(foreign)))) ==
               "use_dpop_nonce");
}

// RFC 9449 §7.1: "DPoP" 1*SP token68.
BOOST_AUTO_TEST_CASE(refuses_a_malformed_header) {
    for (auto const* bad : {"DPoP", "DPoP ", "DPoP a b", "DPoP a,b"})
        BOOST_TEST(get(bad, {proof().text()}).status == 400u, bad);
}

BOOST_AUTO_TEST_CASE(tells_a_lacking_scope_under_the_scheme_that_was_used) {
    auto who = demo();
    who.key = test::dpop_key().key_id();
    who.scopes = std::vector<std::string>{"profile"};
    validator.answer = who;
    auto const a = bound(proof());
    BOOST_TEST(a.status == 403u);
    auto const lines = challenges(a);
    BOOST_REQUIRE(!lines.empty());
    BOOST_TEST(lines[0].starts_with("DPoP error=\"insufficient_scope\""));
}

BOOST_AUTO_TEST_SUITE_END()

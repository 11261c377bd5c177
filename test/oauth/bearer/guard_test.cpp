// The bearer guard (RFC 6750): who gets in, and what the others are told.
#include "base/crypto.hpp"
#include "oauth/bearer/guard_bench.hpp"

using namespace test::guarding;

BOOST_FIXTURE_TEST_SUITE(guard, fixture)

// RFC 6750 §2.1: resource servers support the Authorization header
// RFC 6749 §7: an access token is validated at each request
BOOST_AUTO_TEST_CASE(lets_a_good_token_in_and_leaves_a_credential) {
    auto const a = with("Bearer abc.def-123");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "in");
    BOOST_TEST(validator.last_token == "abc.def-123");
    BOOST_TEST(validator.last_origin == "http://localhost:9101");
    BOOST_REQUIRE(inside.seen.has_value());
    BOOST_TEST(inside.seen->token == "abc.def-123");
    BOOST_TEST(inside.seen->digest == digest_of("abc.def-123"));
    BOOST_TEST(inside.seen->who.subject == "demo");
}

// RFC 9700 §4.9.3: a resource server does not store tokens in plain text
BOOST_AUTO_TEST_CASE(notes_subject_and_client_and_never_the_token) {
    with("Bearer secret-token");
    std::vector<std::pair<std::string, std::string>> const expected{{"client_id", "client-1"},
                                                                    {"subject", "demo"}};
    BOOST_TEST((inside.notes == expected));
}

BOOST_AUTO_TEST_CASE(leaves_open_routes_alone) {
    auto const a = bench->get("/open", {{"Authorization", "Bearer x"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(validator.calls == 0);
    BOOST_TEST(!inside.seen.has_value());
}

BOOST_AUTO_TEST_CASE(does_not_even_look_when_no_token_is_required) {
    required.required = false;
    for (auto const* header : {"Bearer x", "Bearer  malformed  ", "Basic eDp5"}) {
        BOOST_TEST(with(header).status == 200u);
        BOOST_TEST(!inside.seen.has_value());
    }
    BOOST_TEST(bench->get("/mcp?access_token=x").status == 200u);
    BOOST_TEST(validator.calls == 0);
}

// RFC 6750 §3.1: without any authentication information there is no error code.
BOOST_AUTO_TEST_CASE(lets_nobody_in_as_nobody_where_that_is_allowed) {
    required.anonymous_too = true;
    BOOST_TEST(bench->get("/mcp").status == 200u);
    BOOST_TEST(!inside.seen.has_value());
    BOOST_TEST(validator.calls == 0);
    BOOST_TEST(with("Bearer abc").status == 200u);
    BOOST_TEST(inside.seen.has_value());
}

// RFC 6750 §3.1: invalid_token and insufficient_scope answer a token that was sent
BOOST_AUTO_TEST_CASE(refuses_a_bad_token_also_where_none_is_needed) {
    required.anonymous_too = true;
    validator.answer = problem(401, "invalid_token", "no");
    BOOST_TEST(with("Bearer abc").status == 401u);
    BOOST_TEST(with("Bearer ?").status == 400u);
    auto p = demo();
    p.scopes = std::vector<std::string>{};
    validator.answer = p;
    BOOST_TEST(with("Bearer abc").status == 403u);
    BOOST_TEST(inside.calls == 0);
}

// RFC 6750 §3: WWW-Authenticate where no credentials were sent
BOOST_AUTO_TEST_CASE(challenges_a_request_without_a_token_without_an_error_code) {
    auto const a = bench->get("/mcp");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(a.header("WWW-Authenticate") ==
               "Bearer resource_metadata=\"http://localhost:9101/.well-known/"
               "oauth-protected-resource/mcp\", scope=\"mcp:tools\"");
    BOOST_TEST(holds(a.body, "Missing Authorization: Bearer"));
    BOOST_TEST(inside.calls == 0);
    BOOST_TEST(validator.calls == 0);
}

// RFC 9110 §11.1: another scheme is another way of authentication, not a malformed bearer.
BOOST_AUTO_TEST_CASE(takes_another_scheme_for_no_token) {
    for (auto const* header : {"Basic eDp5", "DPoP abc", "Bearerabc", "Bear abc", "", "   "}) {
        auto const a = with(header);
        BOOST_TEST(a.status == 401u, header);
        BOOST_TEST(!holds(a.header("WWW-Authenticate"), "error="));
    }
}

BOOST_AUTO_TEST_CASE(reads_the_scheme_without_regard_to_case) {
    for (auto const* header : {"bearer abc", "BEARER abc", "bEaReR abc"})
        BOOST_TEST(with(header).status == 200u, header);
}

// RFC 6750 §2.1: "Bearer" 1*SP b64token.
BOOST_AUTO_TEST_CASE(accepts_several_spaces_before_the_token_rfc_6750_section_2_1) {
    for (auto const* header : {"Bearer  abc", "bearer     abc"}) {
        BOOST_TEST(with(header).status == 200u, header);
        BOOST_TEST(validator.last_token == "abc");
    }
}

// RFC 6750 §2.1: b64token
// RFC 6750 §3.1: invalid_request is 400
BOOST_AUTO_TEST_CASE(refuses_a_malformed_header_with_invalid_request) {
    for (auto const* header :
         {"Bearer", "Bearer ", "Bearer   ", "Bearer abc def", "Bearer  abc  def", "Bearer abc,",
          "Bearer \"abc\"", "Bearer =abc", "Bearer a=b", "Bearer ===", "Bearer abc\t",
          "Bearer\tabc", "Bearer,abc", "Bearer t\xc3\xb6ken"}) {
        auto const a = with(header);
        BOOST_TEST(a.status == 400u, header);
        BOOST_TEST(holds(a.header("WWW-Authenticate"), "error=\"invalid_request\""));
        BOOST_TEST(holds(a.body, "invalid_request"));
    }
    BOOST_TEST(validator.calls == 0);
    BOOST_TEST(inside.calls == 0);
}

// RFC 6750 §2.1: b64token
BOOST_AUTO_TEST_CASE(accepts_every_character_of_a_b64token) {
    BOOST_TEST(with("Bearer AZaz09-._~+/==").status == 200u);
    BOOST_TEST(is_b64token("a"));
    BOOST_TEST(!is_b64token(""));
    BOOST_TEST(!is_b64token("="));
    BOOST_TEST(!is_b64token("a b"));
    BOOST_TEST(!is_b64token(std::string_view("a\0b", 3)));
}

// RFC 6750 §2: not more than one method, not more than one token.
BOOST_AUTO_TEST_CASE(refuses_two_tokens) {
    BOOST_TEST(
        bench->get("/mcp", {{"Authorization", "Bearer a"}, {"Authorization", "Bearer a"}}).status ==
        400u);
    BOOST_TEST(bench->get("/mcp", {{"Authorization", "Basic eDp5"}, {"Authorization", "Bearer a"}})
                   .status == 400u);
    BOOST_TEST(validator.calls == 0);
}

// RFC 6750 §2: not more than one method
// RFC 6750 §2.3: a token in the query need not be taken, and is not
BOOST_AUTO_TEST_CASE(refuses_a_token_in_the_query_with_and_without_a_header) {
    for (auto const* target : {"/mcp?access_token=x", "/mcp?a=b&access%5Ftoken=x"}) {
        BOOST_TEST(bench->get(target).status == 400u, target);
        BOOST_TEST(bench->get(target, {{"Authorization", "Bearer a"}}).status == 400u, target);
    }
    BOOST_TEST(bench->get("/mcp?sessionId=x", {{"Authorization", "Bearer a"}}).status == 200u);
    BOOST_TEST(bench->get("/mcp?%zz", {{"Authorization", "Bearer a"}}).status == 400u);
}

// RFC 6750 §2: not more than one method
// RFC 6750 §2.2: a token in the form need not be taken, and is not
BOOST_AUTO_TEST_CASE(refuses_a_token_in_a_form_body) {
    BOOST_TEST(bench->post_form("/mcp", {{"access_token", "x"}}).status == 400u);
    BOOST_TEST(
        bench->post_form("/mcp", {{"access_token", "x"}}, {{"Authorization", "Bearer a"}}).status ==
        400u);
    BOOST_TEST(bench->post_form("/mcp", {{"other", "x"}}, {{"Authorization", "Bearer a"}}).status ==
               200u);
    // A member of a JSON body is not a form parameter.
    BOOST_TEST(bench->post_json("/mcp", R"({"access_token":"x"})", {{"Authorization", "Bearer a"}})
                   .status == 200u);
}

// RFC 6749 §7: a token that has expired or is unknown is refused
// RFC 6750 §3: WWW-Authenticate where the token opens nothing
// RFC 6750 §3.1: invalid_token is 401
BOOST_AUTO_TEST_CASE(answers_a_dead_token_with_invalid_token) {
    validator.answer = problem(401, "unknown_kid", "private words").log("secret reason");
    auto const a = with("Bearer abc");
    BOOST_TEST(a.status == 401u);
    BOOST_TEST(holds(a.header("WWW-Authenticate"), "error=\"invalid_token\""));
    BOOST_TEST(holds(a.header("WWW-Authenticate"), "resource_metadata=\"http://localhost:9101/"));
    BOOST_TEST(!holds(a.body, "private words"));
    BOOST_TEST(!holds(a.body, "secret reason"));
    BOOST_TEST(inside.calls == 0);
}

// A login would not help when nobody could tell: no challenge, but when to come back.
BOOST_AUTO_TEST_CASE(answers_401_when_nobody_could_tell_where_that_is_wanted) {
    required.unreachable = unreachable_answer::unauthorized;
    for (unsigned const status : {500u, 503u}) {
        validator.answer = problem(status, "temporarily_unavailable", "x");
        auto const a = with("Bearer abc");
        BOOST_TEST(a.status == 401u);
        BOOST_TEST(holds(a.header("WWW-Authenticate"), "error=\"invalid_token\""));
        BOOST_TEST(holds(a.header("WWW-Authenticate"), "could not be validated"));
    }
    validator.answer = problem(401, "invalid_token", "no");
    BOOST_TEST(holds(with("Bearer abc").header("WWW-Authenticate"), "unknown, expired, revoked"));
    validator.answer = demo();
    BOOST_TEST(with("Bearer abc").status == 200u);
    // An open stream is not ended by silence: what nobody can tell is still 503 there.
    validator.answer = problem(503, "temporarily_unavailable", "x");
    BOOST_TEST(recheck().error().status() == 503u);
}

BOOST_AUTO_TEST_CASE(answers_503_without_a_challenge_when_nobody_could_tell) {
    validator.answer = problem(503, "temporarily_unavailable", "x");
    auto const a = with("Bearer abc");
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("WWW-Authenticate").empty());
    BOOST_TEST(a.header("Retry-After") == "1");
    BOOST_TEST(inside.calls == 0);
}

BOOST_AUTO_TEST_CASE(gives_the_same_bytes_for_unknown_expired_and_foreign_tokens) {
    validator.answer = problem(401, "invalid_token", "x");
    auto const unknown = with("Bearer abc");
    auto late = demo();
    late.expires_at = bench->clock.now();
    validator.answer = late;
    auto const expired = with("Bearer abc");
    auto foreign = demo();
    foreign.audience = {"https://elsewhere.example/mcp"};
    validator.answer = foreign;
    auto const elsewhere = with("Bearer abc");
    for (auto const* a : {&expired, &elsewhere}) {
        BOOST_TEST(a->status == 401u);
        BOOST_TEST(a->body == unknown.body);
        BOOST_TEST(a->header("WWW-Authenticate") == unknown.header("WWW-Authenticate"));
    }
}

// RFC 8707 §2: the audience names the resource, by any name that it has
// RFC 9068 §4: aud holds a resource indicator that the resource server expects for itself
BOOST_AUTO_TEST_CASE(accepts_every_name_of_this_resource_as_audience) {
    for (auto const* name :
         {"http://localhost:9101", "http://localhost:9101/", "http://localhost:9101/mcp",
          "http://localhost:9101/sse", "http://127.0.0.1:9101/mcp", "http://[::1]:9101/mcp"}) {
        auto who = demo();
        who.audience = {"https://elsewhere.example", name};
        validator.answer = who;
        BOOST_TEST(with("Bearer abc").status == 200u, name);
    }
}

// RFC 9700 §2.3: a token that is meant for another resource server is refused
BOOST_AUTO_TEST_CASE(refuses_a_token_for_another_realm_or_server) {
    for (auto const* name :
         {"http://localhost:9101/r/alpha/mcp", "http://localhost:9102/mcp",
          "https://localhost:9101/mcp", "http://localhost:9101/mcpx", "mcp", ""}) {
        auto who = demo();
        who.audience = {name};
        validator.answer = who;
        BOOST_TEST(with("Bearer abc").status == 401u, name);
    }
}

BOOST_AUTO_TEST_CASE(accepts_what_the_strategy_does_not_reveal) {
    http::principal bare;
    bare.subject = "demo";
    bare.strategy = "userinfo";
    validator.answer = bare;
    required.scopes = {"mcp:tools", "openid"};
    BOOST_TEST(with("Bearer abc").status == 200u);
}

// RFC 6749 §7: the scope must cover the requested resource
// RFC 6750 §3.1: insufficient_scope is 403 and may name the scope
BOOST_AUTO_TEST_CASE(names_every_required_scope_when_one_is_missing) {
    required.scopes = {"mcp:tools", "mcp:admin"};
    auto const a = with("Bearer abc");
    BOOST_TEST(a.status == 403u);
    auto const header = a.header("WWW-Authenticate");
    BOOST_TEST(holds(header, "error=\"insufficient_scope\""));
    BOOST_TEST(holds(header, "scope=\"mcp:tools mcp:admin\""));
    BOOST_TEST(holds(header, "resource_metadata="));
    BOOST_TEST(inside.calls == 0);
}

BOOST_AUTO_TEST_CASE(refuses_a_token_that_reveals_no_scope_at_all_when_one_is_needed) {
    auto who = demo();
    who.scopes = std::vector<std::string>{};
    validator.answer = who;
    BOOST_TEST(with("Bearer abc").status == 403u);
    required.scopes = {};
    BOOST_TEST(with("Bearer abc").status == 200u);
}

BOOST_AUTO_TEST_CASE(passes_on_that_the_provider_found_a_scope_missing) {
    validator.answer = problem(403, "insufficient_scope", "x");
    required.scopes = {"openid", "mcp:tools"};
    auto const a = with("Bearer abc");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(holds(a.header("WWW-Authenticate"), "scope=\"openid mcp:tools\""));
}

BOOST_AUTO_TEST_SUITE_END()

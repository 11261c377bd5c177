#include "oauth/guard.hpp"

#include <boost/test/unit_test.hpp>

#include "http/dispatcher.hpp"
#include "oauth/crypto.hpp"
#include "support/exchange.hpp"

namespace {

using namespace tollgate::oauth;
using tollgate::outcome;
using tollgate::problem;
using tollgate::task;
namespace http = tollgate::http;
using namespace std::chrono_literals;

// Answers what the test says, and remembers what it was asked.
class scripted_validator final : public token_validator {
public:
    outcome<http::principal> answer = problem(401, "invalid_token", "no");
    int calls = 0;
    std::string last_token;
    std::string last_origin;

    task<outcome<http::principal>> validate(std::string token, http::place const& where) override {
        ++calls;
        last_token = std::move(token);
        last_origin = where.mcp_origin;
        co_return answer;
    }
};

// Hands the credential that the guard left to the test.
struct service {
    std::optional<http::credential> seen;
    std::vector<std::pair<std::string, std::string>> notes;
    int calls = 0;
};

task<outcome<http::reply>> serve(service& s, http::context& c) {
    ++s.calls;
    s.seen = c.who() ? std::optional(*c.who()) : std::nullopt;
    s.notes = c.notes();
    co_return http::reply(200, "text/plain", "in");
}

constexpr http::route<service> rows[] = {{"/mcp", http::verb::post, "mcp", &serve, http::guarded},
                                         {"/mcp", http::verb::get, "mcp", &serve, http::guarded},
                                         {"/open", http::verb::get, "open", &serve}};

http::principal demo() {
    http::principal p;
    p.subject = "demo";
    p.client_id = "client-1";
    p.scopes = std::vector<std::string>{"mcp:tools", "profile"};
    p.audience = {"http://localhost:9101/mcp"};
    p.strategy = "local";
    return p;
}

struct fixture {
    scripted_validator validator;
    bearer_requirement required{true, {"mcp:tools"}};
    service inside;
    http::router routes;
    std::unique_ptr<test::bench> bench;

    fixture() {
        routes.add<service>(inside, rows);
        std::vector<http::layer> layers;
        layers.push_back(http::error_boundary());
        layers.push_back(bearer_guard(validator, [this](http::realm const&) { return required; }));
        bench =
            std::make_unique<test::bench>(routes, http::stack(std::move(layers), &http::run_route));
        validator.answer = demo();
    }

    test::answer with(std::string authorization) {
        return bench->get("/mcp", {{"Authorization", std::move(authorization)}});
    }
    outcome<http::principal> recheck() {
        BOOST_REQUIRE(inside.seen.has_value());
        auto question = inside.seen->recheck();
        return test::run(bench->io(), std::move(question));
    }
};

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(guard, fixture)

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

BOOST_AUTO_TEST_CASE(notes_subject_and_client_and_never_the_token) {
    with("Bearer secret-token");
    std::vector<std::pair<std::string, std::string>> const expected{{"subject", "demo"},
                                                                    {"client", "client-1"}};
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

BOOST_AUTO_TEST_CASE(refuses_a_token_in_the_query_with_and_without_a_header) {
    for (auto const* target :
         {"/mcp?access_token=x", "/mcp?a=b&access%5Ftoken=x", "/mcp?access_token="}) {
        BOOST_TEST(bench->get(target).status == 400u, target);
        BOOST_TEST(bench->get(target, {{"Authorization", "Bearer a"}}).status == 400u, target);
    }
    BOOST_TEST(bench->get("/mcp?sessionId=x", {{"Authorization", "Bearer a"}}).status == 200u);
    BOOST_TEST(bench->get("/mcp?%zz", {{"Authorization", "Bearer a"}}).status == 400u);
}

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

// RFC 8707 §2, RFC 9068 §4.
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

BOOST_AUTO_TEST_CASE(asks_again_after_the_exchange_is_over) {
    with("Bearer abc");
    bench->where.mcp_origin = "http://localhost:1";  // the recheck has its own copy
    auto const alive = recheck();
    BOOST_REQUIRE(alive.has_value());
    BOOST_TEST(alive->subject == "demo");
    BOOST_TEST(validator.calls == 2);
    BOOST_TEST(validator.last_token == "abc");
    BOOST_TEST(validator.last_origin == "http://localhost:9101");
}

BOOST_AUTO_TEST_CASE(finds_in_the_recheck_that_a_token_has_died) {
    with("Bearer abc");
    validator.answer = problem(401, "invalid_token", "x");
    BOOST_TEST(recheck().error().status() == 401u);
    validator.answer = problem(503, "temporarily_unavailable", "x");
    BOOST_TEST(recheck().error().status() == 503u);
    validator.answer = problem(403, "insufficient_scope", "x");
    BOOST_TEST(recheck().error().status() == 401u);
}

// A stream goes on while nobody can tell, but not past the end that was known from the start.
BOOST_AUTO_TEST_CASE(finds_a_token_expired_in_the_recheck_while_nobody_can_be_asked) {
    auto who = demo();
    who.expires_at = bench->clock.now() + 10s;
    validator.answer = who;
    with("Bearer abc");
    validator.answer = problem(503, "temporarily_unavailable", "x");
    bench->clock.advance(10s - 1ns);
    BOOST_TEST(recheck().error().status() == 503u);
    bench->clock.advance(1ns);
    auto const asked = validator.calls;
    auto const late = recheck();
    BOOST_REQUIRE(!late);
    BOOST_TEST(late.error().status() == 401u);
    BOOST_TEST(late.error().error() == "invalid_token");
    BOOST_TEST(late.error().log_text() == "expired");
    BOOST_TEST(validator.calls == asked);
}

BOOST_AUTO_TEST_CASE(applies_audience_and_expiry_in_the_recheck_too) {
    auto who = demo();
    who.expires_at = bench->clock.now() + 10s;
    validator.answer = who;
    with("Bearer abc");
    bench->clock.advance(9s);
    BOOST_TEST(recheck().has_value());
    who.expires_at = bench->clock.now();  // the provider has cut its life short
    validator.answer = who;
    BOOST_TEST(recheck().error().status() == 401u);
    who.expires_at.reset();
    who.audience = {"https://elsewhere.example"};
    validator.answer = who;
    BOOST_TEST(recheck().error().status() == 401u);
}

BOOST_AUTO_TEST_SUITE_END()

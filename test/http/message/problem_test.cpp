#include "http/message/problem.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

problem const prototype(400, "invalid_grant", "the grant is not valid");

task<outcome<reply>> fails(context&) {
    co_return prototype.log("family 7f revoked").with("Retry-After", "3");
}

task<outcome<reply>> works(context&) {
    co_return json_reply(200, "{}");
}

std::vector<std::pair<std::string, std::string>> seen;

task<outcome<reply>> keep_notes(context& c, handler const& next) {
    auto result = co_await next(c);
    seen = c.notes();
    co_return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(problems)

BOOST_AUTO_TEST_CASE(refining_a_prototype_leaves_it_as_it_was) {
    auto const refined = prototype.because("used before").log("family 7f").at(401).with("A", "b");
    BOOST_TEST(refined.description() == "used before");
    BOOST_TEST(refined.log_text() == "family 7f");
    BOOST_TEST(refined.status() == 401u);
    BOOST_TEST(refined.headers().get("a") == "b");
    BOOST_TEST(refined.error() == "invalid_grant");
    BOOST_TEST(prototype.description() == "the grant is not valid");
    BOOST_TEST(prototype.log_text().empty());
    BOOST_TEST(prototype.status() == 400u);
    BOOST_TEST(prototype.headers().size() == 0u);
}

BOOST_AUTO_TEST_CASE(taking_the_value_of_a_failed_outcome_throws) {
    outcome<int> const failed = prototype;
    BOOST_CHECK_THROW(failed.value(), std::logic_error);
}

// RFC 6749 §5.2: error and error_description are members of a JSON object
BOOST_AUTO_TEST_CASE(json_has_error_and_description_and_is_never_stored) {
    auto const r = render(prototype.log("private"));
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(r.headers.get("Content-Type") == "application/json");
    BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
    BOOST_TEST(r.headers.get("Pragma") == "no-cache");
    BOOST_TEST(r.body ==
               R"({"error":"invalid_grant","error_description":"the grant is not valid"})");
}

BOOST_AUTO_TEST_CASE(json_without_a_description_has_none) {
    BOOST_TEST(render(problem(500, "server_error", "")).body == R"({"error":"server_error"})");
}

BOOST_AUTO_TEST_CASE(json_escapes_what_a_peer_sent) {
    auto const r = render(prototype.because("a\"b\\c\n"));
    auto const body = boost::json::parse(r.body);
    BOOST_TEST(body.at("error_description").as_string() == "a\"b\\c\n");
}

BOOST_AUTO_TEST_CASE(a_page_escapes_its_text_and_may_load_frame_and_send_nothing) {
    auto const r =
        render(prototype.because("<script>alert(\"x\")</script>").as(problem::shown_as::page));
    BOOST_TEST(r.headers.get("Content-Type") == "text/html; charset=utf-8");
    BOOST_TEST(r.body.find("<script") == std::string::npos);
    BOOST_TEST(r.body.find("&lt;script&gt;alert(&quot;x&quot;)") != std::string::npos);
    BOOST_TEST(r.body.find("<html lang=\"en\">") != std::string::npos);
    BOOST_TEST(r.body.find("invalid_grant") != std::string::npos);
    auto const policy = r.headers.get("Content-Security-Policy");
    BOOST_TEST(policy.find("default-src 'none'") != std::string_view::npos);
    BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string_view::npos);
    BOOST_TEST(policy.find("script-src") == std::string_view::npos);
    BOOST_TEST(r.headers.get("X-Content-Type-Options") == "nosniff");
    BOOST_TEST(r.headers.get("Referrer-Policy") == "no-referrer");
    BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(text_is_one_line) {
    auto const r = render(prototype.as(problem::shown_as::text));
    BOOST_TEST(r.headers.get("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(r.body == "the grant is not valid\n");
    BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
}

BOOST_AUTO_TEST_CASE(empty_has_status_and_headers_alone) {
    auto const r = render(prototype.as(problem::shown_as::empty).with("Allow", "GET"));
    BOOST_TEST(r.body.empty());
    BOOST_TEST(!r.headers.has("Content-Type"));
    BOOST_TEST(r.headers.get("Allow") == "GET");
}

BOOST_AUTO_TEST_CASE(a_problem_may_bring_its_own_cache_rule_and_several_challenges) {
    auto const r = render(prototype.with("Cache-Control", "max-age=5")
                              .with("WWW-Authenticate", "Bearer a=\"1\"")
                              .with("WWW-Authenticate", "Basic"));
    int cache = 0;
    int challenges = 0;
    for (auto const& h : r.headers) {
        cache += h.name == "Cache-Control";
        challenges += h.name == "WWW-Authenticate";
    }
    BOOST_TEST(cache == 1);
    BOOST_TEST(challenges == 2);
    BOOST_TEST(r.headers.get("Cache-Control") == "max-age=5");
}

BOOST_AUTO_TEST_CASE(the_boundary_renders_failures_and_notes_the_private_text) {
    router routes;
    routes.add_row("/x", verb::get, "x", plain_route, &fails);
    auto layers = stack({&keep_notes, error_boundary()}, &run_route);
    test::bench bench(routes, layers);
    auto const a = bench.get("/x");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.header("Retry-After") == "3");
    BOOST_TEST(a.body.find("7f") == std::string::npos);
    BOOST_REQUIRE(seen.size() == 2u);
    BOOST_TEST(seen[0].first == "error");
    BOOST_TEST(seen[0].second == "invalid_grant");
    BOOST_TEST(seen[1].first == "why");
    BOOST_TEST(seen[1].second == "family 7f revoked");
}

BOOST_AUTO_TEST_CASE(the_boundary_leaves_good_answers_alone) {
    router routes;
    routes.add_row("/x", verb::get, "x", plain_route, &works);
    auto layers = stack({&keep_notes, error_boundary()}, &run_route);
    test::bench bench(routes, layers);
    auto const a = bench.get("/x");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "{}");
    BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_SUITE_END()

// Failures as people and programs see them.
#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "http/pipeline/dispatcher.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

std::string page_of(unsigned status) {
    auto const r = render(problem(status, "code", "a sentence").as(problem::shown_as::page));
    BOOST_TEST(r.status == status);
    return r.body;
}

std::string heading_of(unsigned status) {
    auto const body = page_of(status);
    auto const from = body.find("<h1>") + 4;
    return body.substr(from, body.find("</h1>") - from);
}

std::size_t lines_named(reply const& r, std::string_view name) {
    std::size_t n = 0;
    for (auto const& h : r.headers)
        n += iequals(h.name, name) ? 1 : 0;
    return n;
}

constexpr problem::shown_as every_form[] = {problem::shown_as::oauth_json, problem::shown_as::page,
                                            problem::shown_as::text, problem::shown_as::empty};

}  // namespace

BOOST_AUTO_TEST_SUITE(failure_pages)

BOOST_AUTO_TEST_CASE(a_page_has_a_heading_that_fits_its_status) {
    BOOST_TEST(heading_of(400) == "This request cannot be answered");
    BOOST_TEST(heading_of(401) == "Please sign in");
    BOOST_TEST(heading_of(403) == "This is not allowed");
    BOOST_TEST(heading_of(404) == "There is nothing here");
    BOOST_TEST(heading_of(405) == "This address does not answer that method");
}

// RFC 9110 §15: a client treats an unknown status as the x00 of its class; so do people
BOOST_AUTO_TEST_CASE(any_other_status_is_told_by_whose_failure_it_is) {
    for (unsigned const status : {402u, 409u, 410u, 421u, 429u, 499u})
        BOOST_TEST(heading_of(status) == "This did not work");
    for (unsigned const status : {500u, 501u, 502u, 503u, 504u, 599u})
        BOOST_TEST(heading_of(status) == "The server could not answer");
}

BOOST_AUTO_TEST_CASE(a_page_says_sentence_and_code_and_never_what_is_for_the_log) {
    auto const r = render(problem(400, "invalid_request", "the <state> is missing")
                              .log("client 7f & co")
                              .as(problem::shown_as::page));
    BOOST_TEST(r.body.find("the &lt;state&gt; is missing") != std::string::npos);
    BOOST_TEST(r.body.find("<code>invalid_request</code>") != std::string::npos);
    BOOST_TEST(r.body.find("client 7f") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_form_of_a_failure_tells_what_is_for_the_log) {
    for (auto const how : every_form) {
        auto const r = render(problem(500, "server_error", "sorry").log("secret-7f").as(how));
        BOOST_TEST(r.body.find("secret-7f") == std::string::npos);
        for (auto const& h : r.headers)
            BOOST_TEST(h.value.find("secret-7f") == std::string::npos, h.name);
    }
}

// RFC 9111 §5.2.2.5: a failure is of this request, and nobody else's answer
BOOST_AUTO_TEST_CASE(no_form_of_a_failure_is_kept_by_caches) {
    for (auto const how : every_form) {
        auto const r = render(problem(404, "not_found", "nothing").as(how));
        BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
        BOOST_TEST(lines_named(r, "Cache-Control") == 1u);
    }
}

BOOST_AUTO_TEST_CASE(fields_of_a_problem_are_in_every_form_of_it) {
    for (auto const how : every_form) {
        auto const r = render(problem(429, "slow_down", "wait")
                                  .with("Retry-After", "7")
                                  .with("WWW-Authenticate", "Bearer a=\"1\"")
                                  .with("WWW-Authenticate", "DPoP b=\"2\"")
                                  .as(how));
        BOOST_TEST(r.status == 429u);
        BOOST_TEST(r.headers.get("Retry-After") == "7");
        BOOST_TEST(lines_named(r, "WWW-Authenticate") == 2u);
    }
}

BOOST_AUTO_TEST_CASE(a_cache_rule_of_the_problem_replaces_ours_in_every_form) {
    for (auto const how : every_form) {
        auto const r =
            render(problem(404, "not_found", "nothing").with("cache-control", "no-cache").as(how));
        BOOST_TEST(r.headers.get("Cache-Control") == "no-cache");
        BOOST_TEST(lines_named(r, "Cache-Control") == 1u);
    }
}

BOOST_AUTO_TEST_CASE(text_and_json_say_the_same_sentence) {
    problem const p(503, "temporarily_unavailable", "try again \"later\"");
    auto const json = boost::json::parse(render(p).body);
    auto const text = render(p.as(problem::shown_as::text)).body;
    BOOST_TEST(std::string(json.at("error_description").as_string()) + '\n' == text);
}

// A problem that nobody filled in is a bug of ours, and tells the peer nothing of it.
BOOST_AUTO_TEST_CASE(a_problem_that_nobody_filled_in_is_500_without_a_word) {
    auto const r = render(problem());
    BOOST_TEST(r.status == 500u);
    BOOST_TEST(r.body == R"({"error":"server_error"})");
}

// RFC 6749 §4.1.2.1 sends a browser on by a redirect; it is not to be repeated from a cache.
BOOST_AUTO_TEST_CASE(a_redirect_is_302_and_never_cached) {
    auto const r = redirect("https://client.example/cb?code=1");
    BOOST_TEST(r.status == 302u);
    BOOST_TEST(r.headers.get("Location") == "https://client.example/cb?code=1");
    BOOST_TEST(r.headers.get("Cache-Control") == "no-store");
    BOOST_TEST(r.body.empty());
}

BOOST_AUTO_TEST_SUITE_END()

// GET verdict, POST done, and the page of a verdict.
#include <boost/test/unit_test.hpp>

#include "control/journal/journal.hpp"
#include "control/record.hpp"
#include "control/support/plane.hpp"
#include "control/verdict/realm_client.hpp"
#include "control/verdict/story.hpp"

using namespace test;

namespace {

// A realm whose journal holds what the story tells.
struct judged : plane {
    void tell(story const& s) {
        for (auto const& e : s.events()) {
            auto copy = *e;
            test::record(b.realm->get<control::journal>(), std::move(copy));
        }
    }
    std::string word() { return text(get("verdict").json(), "verdict"); }
    std::string key() const { return b.realm->get<control::realm_client>().key(); }
};

story right() {
    story s;
    s.good();
    return s;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(verdict_api, judged)

BOOST_AUTO_TEST_CASE(has_the_shape_of_the_contract) {
    tell(right());
    auto const v = get("verdict").json().as_object();
    std::vector<std::string> names;
    for (auto const& member : v)
        names.emplace_back(member.key());
    std::vector<std::string> const expected{"realm", "scenario", "verdict", "client", "findings"};
    BOOST_TEST((names == expected));
    BOOST_TEST(json::serialize(v.at("client")) == R"({"state":"running"})");
    names.clear();
    for (auto const& member : v.at("findings").as_array().front().as_object())
        names.emplace_back(member.key());
    std::vector<std::string> const of_finding{"id",   "level",  "status", "by",
                                              "text", "clause", "url",    "event"};
    BOOST_TEST((names == of_finding));
    BOOST_TEST(word() == "pass");
}

BOOST_AUTO_TEST_CASE(is_told_in_no_format_where_two_or_an_unknown_one_are_named) {
    tell(right());
    for (auto const* query : {"format=junit&format=text", "format=json&format=json", "format=xml"})
        BOOST_TEST(get(std::string("verdict?") + query).status == 400u, query);
}

BOOST_AUTO_TEST_CASE(is_told_in_every_format) {
    tell(right().add(story::call("")));
    auto const of = [&](std::string const& format) { return get("verdict?format=" + format); };
    BOOST_TEST(of("text").body.starts_with("FAIL  scenario plain, realm default"));
    BOOST_TEST(of("text").header("Content-Type").starts_with("text/plain"));
    BOOST_TEST(of("text").header("Tollgate-Verdict") == "fail");
    BOOST_TEST(of("markdown").body.find("| fail | MUST | token.every") != std::string::npos);
    auto const junit = of("junit");
    BOOST_TEST(junit.header("Content-Type") == "application/xml");
    BOOST_TEST(junit.body.find("<failure message=") != std::string::npos);
    auto const sarif = of("sarif").json();
    BOOST_TEST(text(sarif, "version") == "2.1.0");
    auto const& first = sarif.at("runs").as_array()[0].at("results").as_array()[0];
    BOOST_TEST(text(first, "ruleId") == "token.every_request");
    BOOST_TEST(text(first, "level") == "error");
    BOOST_TEST(of("yaml").status == 400u);
    BOOST_TEST(described(of("jnit")).find("junit") != std::string::npos);
    BOOST_TEST(get("verdict?fromat=json").status == 400u);
}

BOOST_AUTO_TEST_CASE(ends_with_the_word_that_the_client_is_done) {
    post("scenario", R"({"name":"pkce.absent"})");
    story s;
    exchange x;
    x.endpoint = "as_metadata";
    x.method = "GET";
    x.faults = {"metadata.pkce_absent"};
    tell(s.add(x));
    // The clock of the bench stands where the story began: nothing is silent yet.
    b.clock.advance(1s);
    BOOST_TEST(word() == "incomplete");
    auto const v = post("done").json();
    BOOST_TEST(text(v, "verdict") == "pass");
    BOOST_TEST(text(v.at("client"), "state") == "done");
}

BOOST_AUTO_TEST_CASE(is_told_how_the_client_ended) {
    tell(right());
    auto const v = post("done", R"({"state":"crashed","exit":139})").json();
    BOOST_TEST(json::serialize(v.at("client")) == R"({"state":"crashed","exit":139})");
    BOOST_TEST(text(v, "verdict") == "incomplete");
    BOOST_TEST(described(post("done", R"({"state":"dead"})")).starts_with("/state: "));
    BOOST_TEST(described(post("done", R"({"exti":1})")).find("exit") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(begins_anew_with_a_scenario_and_with_a_reset) {
    for (auto const* call : {"scenario", "reset"}) {
        tell(right().add(story::call("")));
        post("done");
        BOOST_TEST(word() == "fail");
        post(call, std::string_view(call) == "reset" ? "{}" : R"({"name":"plain"})");
        BOOST_TEST(word() == "incomplete");
        BOOST_TEST(text(get("verdict").json().at("client"), "state") == "not_tried");
        for (auto const* format : {"text", "markdown"}) {
            auto const told = get(std::string("verdict?format=") + format).body;
            BOOST_TEST(told.find("since the start, the last reset") != std::string::npos, told);
        }
    }
}

// For a colleague: the link is the right to read it, and to do nothing else.
BOOST_AUTO_TEST_CASE(has_a_page_under_a_link_that_nobody_guesses) {
    tell(right().add(story::call("")));
    auto const link = std::string(get("verdict").header("Link"));
    BOOST_TEST(link.find("/verdict/" + key()) != std::string::npos, link);
    BOOST_TEST(get("verdict?format=text").body.find("/verdict/" + key()) != std::string::npos);
    auto const page = b.get("/verdict/" + key());
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(page.header("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.body.find("token.every_request") != std::string::npos);
    BOOST_TEST(b.get("/verdict/" + std::string(24, 'x')).status == 404u);
    BOOST_TEST(b.send(http::verb::post, "/verdict/" + key(), "", {}).status == 405u);
    BOOST_TEST(key().size() >= 22u);
}

BOOST_AUTO_TEST_SUITE_END()

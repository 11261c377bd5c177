// Documents for a client that may have them already. RFC 9110 §13.
#include "http/pipeline/discovery_reply.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

// The document says what the query says, so that it can change.
task<outcome<reply>> tell(context& c) {
    boost::json::object document;
    document["issuer"] = std::string(c.request().query);
    co_return tollgate::http::discovery_reply(c, document);
}

struct fixture {
    router routes;
    test::bench bench{routes, stack({error_boundary()}, &run_route)};

    fixture() { routes.add_row("/document", verb::get, "document", plain_route, &tell); }

    test::answer get(std::string const& version, std::string const& if_none_match = {}) {
        test::fields headers;
        if (!if_none_match.empty()) headers.emplace_back("If-None-Match", if_none_match);
        return bench.get("/document?" + version, headers);
    }
    std::string tag_of(std::string const& version) {
        return std::string(get(version).header("ETag"));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conditional_replies, fixture)

BOOST_AUTO_TEST_CASE(a_document_comes_with_a_tag_and_may_be_kept_with_leave_only) {
    auto const a = get("1");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.json().at("issuer").as_string() == "1");
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Cache-Control") == "no-cache");
    BOOST_TEST(a.header("ETag").starts_with('"'));
    BOOST_TEST(a.header("ETag").ends_with('"'));
}

// RFC 9110 §8.8.1: a strong validator changes whenever the representation does
BOOST_AUTO_TEST_CASE(another_document_has_another_tag) {
    BOOST_TEST(tag_of("1") == tag_of("1"));
    BOOST_TEST(tag_of("1") != tag_of("2"));
}

// RFC 9110 §13.1.2: when one of the tags matches, a GET is answered with 304
BOOST_AUTO_TEST_CASE(who_has_the_document_gets_304_without_it) {
    auto const tag = tag_of("1");
    for (auto const& field : {tag, "W/" + tag, "\"old\", " + tag, tag + ",W/\"other\"",
                              std::string("*"), " " + tag + " "}) {
        auto const a = get("1", field);
        BOOST_TEST(a.status == 304u, field);
        BOOST_TEST(a.body.empty());
    }
}

// RFC 9110 §15.4.5: 304 carries Cache-Control and ETag as the 200 would have
BOOST_AUTO_TEST_CASE(a_304_says_what_the_200_would_have_said_of_caching) {
    auto const whole = get("1");
    auto const a = get("1", tag_of("1"));
    BOOST_REQUIRE(a.status == 304u);
    BOOST_TEST(a.header("ETag") == whole.header("ETag"));
    BOOST_TEST(a.header("Cache-Control") == whole.header("Cache-Control"));
    BOOST_TEST(!a.headers.has("Content-Type"));
}

// RFC 9110 §13.1.2: when no tag matches, the condition is true and the method is performed
BOOST_AUTO_TEST_CASE(who_has_an_older_document_gets_the_new_one) {
    auto const old = tag_of("1");
    for (auto const& field :
         {old, "W/" + old, std::string("\"\""), std::string("nonsense"), old.substr(1)}) {
        auto const a = get("2", field);
        BOOST_TEST(a.status == 200u, field);
        BOOST_TEST(a.json().at("issuer").as_string() == "2");
        BOOST_TEST(a.header("ETag") == tag_of("2"));
    }
}

// RFC 9110 §9.3.2: HEAD is answered as GET would be
BOOST_AUTO_TEST_CASE(head_is_conditional_like_get) {
    auto const tag = tag_of("1");
    auto const same = bench.send(verb::head, "/document?1", "", {{"If-None-Match", tag}});
    BOOST_TEST(same.status == 304u);
    auto const other = bench.send(verb::head, "/document?2", "", {{"If-None-Match", tag}});
    BOOST_TEST(other.status == 200u);
    BOOST_TEST(other.header("ETag") == tag_of("2"));
}

BOOST_AUTO_TEST_CASE(finds_a_document_that_was_made_before_by_its_key_and_no_other) {
    discovery_documents all;
    boost::json::object const document{{"issuer", "https://as.example"}};
    auto const made = all.keep("a", document);
    BOOST_TEST(made->body == R"({"issuer":"https://as.example"})");
    BOOST_TEST(all.find("a") == made);
    BOOST_TEST(!all.find("b"));
    boost::json::object const changed{{"issuer", "https://other.example"}};
    auto const anew = all.keep("a", changed);
    BOOST_TEST(all.find("a") == anew);
    BOOST_TEST(anew->tag != made->tag);
}

BOOST_AUTO_TEST_CASE(keeps_a_bounded_number_of_documents) {
    discovery_documents all;
    boost::json::object const document{{"issuer", "https://as.example"}};
    for (int i = 0; i < 1000; ++i)
        (void)all.keep(std::to_string(i), document);
    int kept = 0;
    for (int i = 0; i < 1000; ++i)
        kept += all.find(std::to_string(i)) ? 1 : 0;
    BOOST_TEST(kept > 0);
    BOOST_TEST(kept <= 64);
    BOOST_TEST(all.find("999"));
}

BOOST_AUTO_TEST_SUITE_END()

#include "http/pipeline/context.hpp"

#include <boost/test/unit_test.hpp>

#include "http/pipeline/dispatcher.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

task<outcome<reply>> echo_form(context& c) {
    auto const f = c.body_form();
    if (!f) co_return f.error();
    auto const again = c.body_form();
    if (*f != *again) co_return problem(500, "server_error", "parsed twice");
    co_return reply(200, "text/plain", std::string((*f)->one("a").value_or("-")));
}

task<outcome<reply>> echo_query(context& c) {
    auto const f = c.query();
    if (!f) co_return f.error();
    co_return reply(200, "text/plain", std::string((*f)->one("a").value_or("-")));
}

task<outcome<reply>> echo_json(context& c) {
    auto const v = c.body_json();
    if (!v) co_return v.error();
    auto const again = c.body_json();
    if (*v != *again) co_return problem(500, "server_error", "parsed twice");
    co_return reply(200, "text/plain", std::to_string((*v)->at("a").as_int64()));
}

task<outcome<reply>> describe(context& c) {
    std::string text(c.endpoint());
    text += '|' + std::string(c.parameter("id")) + '|' + std::string(c.parameter("other")) + '|' +
            c.realm().name() + '|' + std::string(c.path()) + '|' + c.request_id() +
            (c.guarded() ? "|guarded" : "|open") + (c.who() ? "|known" : "|anonymous");
    co_return reply(200, "text/plain", std::move(text));
}

struct fixture {
    router routes;
    test::bench bench{routes, stack({error_boundary()}, &run_route)};

    fixture() {
        routes.add_row("/form", verb::post, "form", plain_route, &echo_form);
        routes.add_row("/query", verb::get, "query", plain_route, &echo_query);
        routes.add_row("/json", verb::post, "json", plain_route, &echo_json);
        routes.add_row("/x/{id}", verb::get, "thing", guarded, &describe);
    }
    std::string refused(test::answer const& a) {
        BOOST_TEST(a.status == 400u);
        auto const body = a.json();
        BOOST_TEST(body.at("error").as_string() == "invalid_request");
        return std::string(body.at("error_description").as_string());
    }
    test::answer post(std::string const& target, std::string const& body, std::string type) {
        test::fields headers;
        if (!type.empty()) headers.emplace_back("Content-Type", std::move(type));
        return bench.send(verb::post, target, body, std::move(headers));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(contexts, fixture)

BOOST_AUTO_TEST_CASE(reads_a_form_once) {
    BOOST_TEST(bench.post_form("/form", {{"a", "b c"}}).body == "b c");
    BOOST_TEST(post("/form", "a=1", "Application/X-WWW-Form-Urlencoded; charset=UTF-8").body ==
               "1");
}

// RFC 6749 §4.1.3: the parameters are a form in the body
// RFC 6749 Appendix B: its media type is application/x-www-form-urlencoded
BOOST_AUTO_TEST_CASE(a_form_of_another_type_is_refused_with_what_was_sent_and_expected) {
    auto const json = refused(post("/form", "a=1", "application/json"));
    BOOST_TEST(json.find("application/json") != std::string::npos);
    BOOST_TEST(json.find("application/x-www-form-urlencoded") != std::string::npos);
    auto const none = refused(post("/form", "a=1", ""));
    BOOST_TEST(none.find("no Content-Type") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_broken_form_or_query_is_400) {
    BOOST_TEST(refused(bench.send(verb::post, "/form", "a=%zz",
                                  {{"Content-Type", "application/x-www-form-urlencoded"}}))
                   .find("percent") != std::string::npos);
    BOOST_TEST(refused(bench.get("/query?a=%zz")).find("percent") != std::string::npos);
    BOOST_TEST(bench.get("/query?a=7").body == "7");
    BOOST_TEST(bench.get("/query").body == "-");
}

BOOST_AUTO_TEST_CASE(reads_json_once_also_of_derived_types) {
    BOOST_TEST(bench.post_json("/json", R"({"a":1})").body == "1");
    BOOST_TEST(post("/json", " {\"a\":2}\n", "application/json; charset=utf-8").body == "2");
    BOOST_TEST(post("/json", R"({"a":3})", "application/vnd.api+json").body == "3");
}

BOOST_AUTO_TEST_CASE(the_last_of_two_equal_json_keys_counts) {
    BOOST_TEST(bench.post_json("/json", R"({"a":1,"a":2})").body == "2");
}

BOOST_AUTO_TEST_CASE(json_of_another_type_is_refused) {
    BOOST_TEST(refused(post("/json", R"({"a":1})", "text/plain")).find("text/plain") !=
               std::string::npos);
    BOOST_TEST(refused(post("/json", R"({"a":1})", "")).find("application/json") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_refused_with_the_place_of_the_mistake) {
    for (auto const* bad : {"{", "{\"a\":}", "nul", "{} {}", "[1,]", "{'a':1}", "\"\xff\"",
                            "\"\xc0\xaf\"", "01", "\"a\nb\"", "{\"a\":1}x"}) {
        auto const sentence = refused(bench.post_json("/json", bad));
        BOOST_TEST(sentence.find("not JSON") != std::string::npos, sentence);
        BOOST_TEST(sentence.find("at byte") != std::string::npos, sentence);
    }
    BOOST_TEST(refused(bench.post_json("/json", "")).find("empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_may_be_nested_64_deep_and_no_deeper) {
    auto const nested = [](std::size_t depth) {
        return R"({"a":1,"b":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + '}';
    };
    BOOST_TEST(bench.post_json("/json", nested(64)).body == "1");
    BOOST_TEST(refused(bench.post_json("/json", nested(65))).find("not JSON") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_handler_knows_its_route_its_parameters_and_its_realm) {
    BOOST_TEST(bench.get("/x/a%2Fb").body ==
               "thing|a/b||default|/x/a%2Fb|test-1|guarded|anonymous");
}

BOOST_AUTO_TEST_SUITE_END()

#include "control/faults/action.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;
namespace json = boost::json;

namespace {

struct no_stream final : http::body_stream {
    task<std::optional<std::string>> next() override { co_return std::nullopt; }
    void close() noexcept override {}
};

action patch(std::string_view text) {
    action a;
    a.merge_patch = json::parse(text);
    return a;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_action)

// The examples of RFC 7396 Appendix A.
BOOST_AUTO_TEST_CASE(patches_as_rfc_7396_appendix_a_shows) {
    struct example {
        std::string_view original, patch, result;
    };
    constexpr example examples[] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", R"({})"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", R"(null)", R"(null)"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (auto const& e : examples) {
        auto value = json::parse(e.original);
        merge_patch(value, json::parse(e.patch));
        BOOST_TEST(value == json::parse(e.result), json::serialize(value) << " != " << e.result);
    }
}

BOOST_AUTO_TEST_CASE(alters_status_headers_and_a_json_body) {
    auto r = http::json_reply(200, R"({"a":1,"b":2})");
    auto a = patch(R"({"b":null})");
    a.status = 202;
    a.headers.add("content-type", "text/html");
    BOOST_TEST(alter(r, a));
    BOOST_TEST(r.status == 202u);
    BOOST_TEST(r.body == R"({"a":1})");
    BOOST_TEST(r.headers.get("Content-Type") == "text/html");
    BOOST_TEST(r.headers.size() == 1u);
}

BOOST_AUTO_TEST_CASE(leaves_alone_what_it_cannot_patch) {
    http::reply text(200, "text/plain", "{}");
    BOOST_TEST(!alter(text, patch(R"({"a":1})")));
    BOOST_TEST(text.body == "{}");
    auto broken = http::json_reply(200, "{");
    BOOST_TEST(!alter(broken, patch(R"({"a":1})")));
    auto stream = http::json_reply(200, "{}");
    stream.stream = std::make_unique<no_stream>();
    BOOST_TEST(!alter(stream, patch(R"({"a":1})")));
}

BOOST_AUTO_TEST_CASE(tells_successes_from_errors_by_the_status) {
    using control::answers;
    for (unsigned const status : {200u, 202u, 302u}) {
        BOOST_TEST(is_among(http::reply(status), answers::all));
        BOOST_TEST(is_among(http::reply(status), answers::success));
        BOOST_TEST(!is_among(http::reply(status), answers::error));
    }
    for (unsigned const status : {400u, 404u, 503u}) {
        BOOST_TEST(is_among(http::reply(status), answers::all));
        BOOST_TEST(!is_among(http::reply(status), answers::success));
        BOOST_TEST(is_among(http::reply(status), answers::error));
    }
}

BOOST_AUTO_TEST_CASE(answers_what_was_canned) {
    action a;
    a.answer = action::answer::canned;
    a.status = 418;
    a.headers.add("X-Pot", "tea");
    a.body = "short";
    auto const r = canned_reply(a);
    BOOST_TEST(r.status == 418u);
    BOOST_TEST(r.headers.get("X-Pot") == "tea");
    BOOST_TEST(r.body == "short");
}

BOOST_AUTO_TEST_SUITE_END()

// The text of records: what boost::json would write, and read back only where it is plain.
#include "oauth/model/record_text.hpp"

#include <limits>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/model/records.hpp"

using namespace tollgate;
using namespace tollgate::oauth;
namespace json = boost::json;

namespace {

std::string written(std::string_view value) {
    record_serializer o;
    o.text("a", value);
    return o.take();
}

std::string serialized(std::string_view value) {
    return json::serialize(json::object{{"a", value}});
}

struct read_back {
    std::string text;
    std::vector<std::string> texts;
    std::int64_t number = 0;
    bool flag = false;
    bool plain = false;
};

// {"t":"…","l":[…],"n":…,"f":…}
read_back read(std::string_view text) {
    read_back r;
    record_parser o(text);
    o.text("t", r.text);
    o.texts("l", r.texts);
    o.number("n", r.number);
    if (o.has("f")) o.flag("f", r.flag);
    r.plain = o.is_plain();
    return r;
}

access_token sample() {
    access_token t;
    t.grant.client_id = "c";
    t.grant.subject = "demo";
    t.grant.issuer = "http://localhost:9100";
    t.grant.scopes = {"mcp:tools", "openid"};
    t.grant.audience = {"http://localhost:9101/mcp"};
    t.grant.authenticated_at = 1800000000;
    t.grant.key = "thumbprint";
    t.grant.brokered = true;
    t.grant.ancestors = {"f0", "client:b"};
    t.id = "jti";
    t.issued_at = tollgate::time_point(std::chrono::seconds(1800000001));
    return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(record_text)

BOOST_AUTO_TEST_CASE(writes_strings_as_boost_json_does) {
    for (int c = 0; c < 0x80; ++c) {
        std::string const one(1, static_cast<char>(c));
        BOOST_TEST(written("before" + one + "after") == serialized("before" + one + "after"));
    }
    for (auto const* text : {"", "\"", "\\\\\"\"", "J\xc3\xb6rg \xf0\x9f\x94\x91", "end\n"})
        BOOST_TEST(written(text) == serialized(text));
}

BOOST_AUTO_TEST_CASE(writes_every_kind_of_member_as_boost_json_does) {
    record_serializer o;
    o.texts("none", {});
    o.texts("two", {"a", "b\"c"});
    o.number("least", std::numeric_limits<std::int64_t>::min());
    o.flag("yes", true);
    o.flag("no", false);
    o.object("act", json::object{{"sub", "x"}});
    o.value("a \"name\"", json::value{1, "two", nullptr});
    json::object const same{{"none", json::array()},
                            {"two", json::array{"a", "b\"c"}},
                            {"least", std::numeric_limits<std::int64_t>::min()},
                            {"yes", true},
                            {"no", false},
                            {"act", json::object{{"sub", "x"}}},
                            {"a \"name\"", json::value{1, "two", nullptr}}};
    BOOST_TEST(o.take() == json::serialize(same));
    BOOST_TEST(record_serializer().take() == "{}");
}

BOOST_AUTO_TEST_CASE(reads_what_it_wrote) {
    auto const r =
        read(R"({"t":"a text of more than eight letters","l":["x","","yz"],"n":-7,"f":true})");
    BOOST_TEST(r.plain);
    BOOST_TEST(r.text == "a text of more than eight letters");
    BOOST_TEST((r.texts == std::vector<std::string>{"x", "", "yz"}));
    BOOST_TEST(r.number == -7);
    BOOST_TEST(r.flag);
    BOOST_TEST(read(R"({"t":"","l":[],"n":0})").plain);
}

BOOST_AUTO_TEST_CASE(leaves_to_a_parser_what_is_not_plain) {
    for (auto const* text : {"",
                             "{",
                             "{}",
                             "null",
                             R"({"t":"","l":[],"n":0)",
                             R"({"t":"","l":[],"n":0}})",
                             R"({"t":""}"l":[],"n":0})",
                             R"({}"t":"","l":[],"n":0})",
                             R"({"t":"","l":[],"n":0,})",
                             R"({"t":"","l":[],"n":0,"})",
                             R"({"t":"","l":[],"n":0} )",
                             R"({ "t":"","l":[],"n":0})",
                             R"({"t": "","l":[],"n":0})",
                             R"({"l":[],"t":"","n":0})",
                             R"({"t":"","t":"","l":[],"n":0})",
                             R"({"t":"","l":[],"n":0,"g":true})",
                             R"({"t":"","l":[],"n":0,"f":1})",
                             R"({"t":"","l":[],"n":1.5})",
                             R"({"t":"","l":[],"n":1e3})",
                             R"({"t":"","l":[],"n":})",
                             R"({"t":"","l":[],"n":9223372036854775808})",
                             R"({"t":"","l":["x",],"n":0})",
                             R"({"t":"","l":["x" "y"],"n":0})",
                             R"({"t":"\u0041","l":[],"n":0})",
                             R"({"t":"quote\"","l":[],"n":0})",
                             R"({"t":"12345678\\","l":[],"n":0})",
                             "{\"t\":\"line\n\",\"l\":[],\"n\":0}",
                             "{\"t\":\"J\xc3\xb6rg\",\"l\":[],\"n\":0}",
                             "{\"t\":\"1234567\x1f\",\"l\":[],\"n\":0}",
                             "{\"t\":\"unended"})
        BOOST_TEST(!read(text).plain, text);
}

// At each place of the eight that are looked at together.
BOOST_AUTO_TEST_CASE(sees_one_letter_that_is_not_plain_wherever_it_stands) {
    for (std::size_t size = 1; size <= 20; ++size)
        for (std::size_t at = 0; at < size; ++at)
            for (char const wrong : {'\\', '\x1f', '\0', '\x80', '\xff'}) {
                std::string text(size, ' ');
                text[at] = wrong;
                BOOST_TEST(!read("{\"t\":\"" + text + "\",\"l\":[],\"n\":0}").plain);
                text[at] = ']';  // the neighbour of the backslash
                BOOST_TEST(read("{\"t\":\"" + text + "\",\"l\":[],\"n\":0}").plain);
            }
}

BOOST_AUTO_TEST_CASE(reads_a_record_alike_whether_it_is_plain_or_parsed) {
    auto const body = to_body(sample());
    // The same members with a space, which only the parser takes.
    auto const spaced = "{ " + body.substr(1);
    for (auto const& text : {body, spaced}) {
        auto const t = access_token_from(text);
        BOOST_REQUIRE(bool(t));
        BOOST_TEST(to_body(*t) == body);
    }
}

BOOST_AUTO_TEST_CASE(keeps_a_subject_that_is_not_plain) {
    auto token = sample();
    token.grant.subject = "\"J\xc3\xb6rg\" \\ \n";
    token.grant.actor["sub"] = "agent";
    auto const back = access_token_from(to_body(token));
    BOOST_REQUIRE(bool(back));
    BOOST_TEST(back->grant.subject == token.grant.subject);
    BOOST_TEST((back->grant.actor == token.grant.actor));
    BOOST_TEST(to_body(*back) == to_body(token));
}

BOOST_AUTO_TEST_SUITE_END()

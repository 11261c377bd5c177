// Values between TOML, JSON and what the program keeps of them.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "config/schema.hpp"
#include "config/values/value.hpp"

using namespace tollgate::settings;
namespace json = boost::json;
using type = value::type;

namespace {

origin const here{"here", ""};

type type_of(std::string const& text) {
    return from_json(json::parse(text), here).is;
}

// The value behind "key ="; fails the test where it is none.
value toml(std::string const& text) {
    auto v = parse_value(text, here);
    BOOST_REQUIRE_MESSAGE(v.has_value(), text);
    return *v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_json_values)

// RFC 8259 §6: a number is a number, with or without a fraction part of zero.
BOOST_AUTO_TEST_CASE(a_whole_number_of_json_is_an_integer_however_it_is_written) {
    for (auto const* text : {"5", "5.0", "5e0", "0.5e1"}) {
        auto const v = from_json(json::parse(text), here);
        BOOST_TEST((v.is == type::integer), text);
        BOOST_TEST(v.integer == 5, text);
    }
    BOOST_TEST(from_json(json::parse("-9223372036854775808"), here).integer == INT64_MIN);
    for (auto const* text : {"5.5", "18446744073709551615", "1e19"})
        BOOST_TEST((type_of(text) == type::number), text);
}

BOOST_AUTO_TEST_CASE(every_other_type_of_json_is_told_apart) {
    BOOST_TEST((type_of("true") == type::boolean));
    BOOST_TEST((type_of("\"true\"") == type::text));
    BOOST_TEST((type_of("[]") == type::list));
    BOOST_TEST((type_of("{}") == type::table));
    BOOST_TEST((type_of("null") == type::other));
}

BOOST_AUTO_TEST_CASE(json_comes_back_as_it_went_in_members_in_their_order) {
    for (auto const* text : {"true", "-7", "1.5", "\"text\"", "[]", "{}", R"([1,"two",[true]])",
                             R"({"z":1,"a":{"keys":[{"kty":"EC"}]},"m":"\u00e9\n"})"}) {
        auto const v = json::parse(text);
        BOOST_TEST(to_json(from_json(v, here)) == v, text);
    }
    auto const table = from_json(json::parse(R"({"z":1,"a":2})"), here);
    BOOST_TEST(table.members.at(0).key == "z");
    BOOST_TEST(table.members.at(1).key == "a");
}

BOOST_AUTO_TEST_CASE(every_part_of_a_json_value_knows_where_the_whole_was_written) {
    auto const v = from_json(json::parse(R"({"a":[{"b":1}]})"), {"--set users", "users"});
    auto const& inner = v.members.at(0).content.items.at(0).members.at(0);
    BOOST_TEST(inner.at.label == "--set users");
    BOOST_TEST(inner.content.at.names == "users");
}

// TOML v1.0.0, "Integer", "Float", "String", "Array", "Inline Table"
BOOST_AUTO_TEST_CASE(reads_each_type_of_toml) {
    BOOST_TEST(toml("1_000").integer == 1000);
    BOOST_TEST(toml("0x1F").integer == 31);
    BOOST_TEST(toml("0b101").text == "5");
    BOOST_TEST((toml("1e2").is == type::number));
    BOOST_TEST(toml("1e2").number == 100.0);
    BOOST_TEST(toml("'C:\\n'").text == "C:\\n");
    BOOST_TEST(toml("\"a\\u00e9\"").text == "a\xc3\xa9");
    BOOST_TEST(toml("[1, 2, 3,]").items.size() == 3u);
    BOOST_TEST(toml("{b = 1, a = 2}").members.at(0).key == "b");
    BOOST_TEST((toml("true").is == type::boolean));
    BOOST_TEST(toml("false").text == "false");
    for (auto const* moment : {"2027-01-15", "07:32:00", "2027-01-15T08:00:00"}) {
        BOOST_TEST((toml(moment).is == type::other), moment);
        BOOST_TEST(toml(moment).text == moment);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_toml_value_is_none) {
    for (auto const* text :
         {"", "auto", "1h", "5 s", "a b", "\"open", "[1", "{a = 1", "TRUE", "01", "=", "\xff"})
        BOOST_TEST(!parse_value(text, here), text);
}

// OpenID Connect Core §5.1: birthdate is a string in the form YYYY-MM-DD
BOOST_AUTO_TEST_CASE(a_date_becomes_the_text_that_json_writes_dates_as) {
    auto const claims = to_json(toml("{birthdate = 1979-05-27, n = 3, deep = {ok = [true]}}"));
    BOOST_TEST(claims == json::parse(R"({"birthdate":"1979-05-27","n":3,"deep":{"ok":[true]}})"));
}

BOOST_AUTO_TEST_CASE(a_document_keeps_the_order_and_the_places_of_its_file) {
    mistakes wrong;
    auto const document = parse_document(
        "z = 1\r\n"
        "[b]\r\n"
        "  two.deep = [\"x\",\r\n"
        "    \"y\"]\r\n"
        "[a]\r\n",
        "f.toml", wrong);
    BOOST_REQUIRE(document.has_value());
    BOOST_TEST(wrong.empty());
    auto const& m = document->members;
    BOOST_REQUIRE(m.size() == 3u);
    BOOST_TEST(m[0].at.label == "f.toml:1:1");
    BOOST_TEST(m[1].key == "b");
    BOOST_TEST(m[2].key == "a");
    auto const& list = m[1].content.members.at(0).content.members.at(0).content;
    BOOST_TEST(list.items.at(0).at.label == "f.toml:3:15");
    BOOST_TEST(list.items.at(1).at.label == "f.toml:4:5");
}

BOOST_AUTO_TEST_CASE(a_document_that_is_no_toml_has_one_mistake_at_its_place) {
    struct {
        char const* text;
        char const* place;
    } const rows[] = {
        {"a = 1\na = 2\n", "f.toml:2:"},     {"[t]\n[t]\n", "f.toml:2:"},
        {"a = \"open\n", "f.toml:1:"},       {"a\n", "f.toml:1:"},
        {"\na = [1,\n", "f.toml:"},          {"a = \"\xff\"\n", "f.toml:1:"},
        {"a = 01\n", "f.toml:1:"},           {"a = 99999999999999999999\n", "f.toml:1:"},
        {"x = 1\n[x.y]\nz = 1\n", "f.toml:"}};
    for (auto const& [text, place] : rows) {
        mistakes wrong;
        BOOST_TEST(!parse_document(text, "f.toml", wrong), text);
        BOOST_REQUIRE(wrong.lines().size() == 1u);
        BOOST_TEST(wrong.lines().front().starts_with(place), wrong.lines().front());
        BOOST_TEST(wrong.lines().front().find(": TOML: ") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_value_is_described_by_its_type_and_a_secret_by_nothing_else) {
    struct {
        char const* toml_text;
        char const* shown;
        char const* secret;
    } const rows[] = {
        {"true", "true", "a boolean"},
        {"7", "the integer 7", "an integer"},
        {"1.5", "the number 1.5", "a number"},
        {"\"a\"", "the string \"a\"", "a string"},
        {"[7]", "a list", "a list"},
        {"{a = 7}", "a table", "a table"},
        {"2027-01-15", "the date or time 2027-01-15", "a date or time"},
    };
    for (auto const& [text, shown, secret] : rows) {
        BOOST_TEST(describe(toml(text)) == shown);
        BOOST_TEST(describe(toml(text), true) == secret);
    }
}

BOOST_AUTO_TEST_CASE(a_mistake_names_its_key_once) {
    mistakes wrong;
    wrong.add({"config.toml:1:2", ""}, "mcp.auth", "is wrong");
    wrong.add({"--set mcp.auth", "mcp.auth"}, "mcp.auth", "is wrong");
    wrong.add({"--set mcp", "mcp"}, "mcp.auth", "is wrong");
    std::vector<std::string> const expected{"config.toml:1:2: mcp.auth: is wrong",
                                            "--set mcp.auth: is wrong",
                                            "--set mcp: mcp.auth: is wrong"};
    BOOST_TEST(wrong.lines() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

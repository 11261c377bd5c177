// What a key may hold, in words: one row a type and a bound.
#include "cli/keys/kinds.hpp"

#include <boost/test/unit_test.hpp>

#include "oauth/model/policy.hpp"

using namespace tollgate;
using namespace tollgate::settings;

namespace {

struct values {
    bool flag = true;
    unsigned small_number = 7;
    std::size_t number = 0;
    std::string text;
    std::vector<std::string> list;
    milliseconds duration{0};
    boost::json::object object;
    oauth::consent_mode word = oauth::consent_mode::page;
    oauth::accepted_resources resources = oauth::accepted_resources::any;
    oauth::refresh_reuse reuse = oauth::refresh_reuse::grace;
};

std::string told(description const& is, slot where) {
    return kind_of(is, where);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_key_kinds)

BOOST_AUTO_TEST_CASE(a_text_is_named_by_its_format_alone_and_in_a_list) {
    values v;
    struct {
        format form;
        char const* one;
        char const* several;
    } const table[] = {
        {format::any, "a text", "texts"},
        {format::printable, "a text", "texts"},
        {format::bearer_token, "a text", "texts"},
        {format::address, "`host:port`", "addresses"},
        {format::public_origin, "an origin (`https://host`)", "origins"},
        {format::origin, "an origin (`https://host`)", "origins"},
        {format::url, "a URL", "URLs"},
        {format::host, "a host name", "host names"},
        {format::file, "a file", "files"},
        {format::http_path, "a path", "paths"},
        {format::endpoint_path, "a path", "paths"},
        {format::scope_token, "a scope", "scopes"},
        {format::scope_list, "scopes, with spaces between", "lists of scopes"},
        {format::redirect_uri, "a redirect URI", "redirect URIs"},
    };
    for (auto const& [form, one, several] : table) {
        BOOST_TEST(told(key("x").as(form), &v.text) == one);
        BOOST_TEST(told(key("x").as(form), &v.list) == "a list of " + std::string(several));
        BOOST_TEST(told(key("x").as(form).filled(), &v.list) ==
                   "a list, not empty, of " + std::string(several));
    }
}

BOOST_AUTO_TEST_CASE(a_word_is_told_with_all_the_words_that_there_are) {
    values v;
    BOOST_TEST(told(key("x"), &v.word) == "`auto` | `page` | `login`");
    BOOST_TEST(told(key("x").one_of("a|b"), &v.text) == "`a` | `b`");
    BOOST_TEST(told(key("x").one_of("a|b"), &v.list) == "a list of `a` | `b`");
    BOOST_TEST(told(key("x"), word_or_list{&v.resources, &v.list}) ==
               "`own` | `any` | a list of URIs");
    BOOST_TEST(told(key("x").one_of("reject|grace:10s"), word_or_grace{&v.reuse, &v.duration}) ==
               "`reject` | `grace:10s`");
}

BOOST_AUTO_TEST_CASE(words_that_are_not_built_stand_behind_those_that_are) {
    values v;
    BOOST_TEST(told(key("x").one_of("a|b|c|d").works("b|d"), &v.text) ==
               "`b` | `d`; not built yet: `a`, `c`");
    BOOST_TEST(told(key("x").unbuilt(), &v.text) == "not built yet");
    BOOST_TEST(told(key("x"), std::monostate()) == "not built yet");
}

BOOST_AUTO_TEST_CASE(a_number_is_told_with_the_bounds_that_it_has) {
    values v;
    BOOST_TEST(told(key("x"), &v.number) == "a number");
    BOOST_TEST(told(key("x").from(1), &v.number) == "a number, at least `1`");
    BOOST_TEST(told(key("x").up_to(9), &v.small_number) == "a number, at most `9`");
    BOOST_TEST(told(key("x").from(1).up_to(9), &v.small_number) == "a number, `1` to `9`");
}

BOOST_AUTO_TEST_CASE(a_size_and_a_duration_are_told_in_their_units) {
    values v;
    BOOST_TEST(told(key("x").in_bytes(), &v.number) == "a size");
    BOOST_TEST(told(key("x").from(256).in_bytes(), &v.number) == "a size, at least `256`");
    BOOST_TEST(told(key("x").from(1 << 10).up_to(1 << 30).in_bytes(), &v.number) ==
               "a size, `1KiB` to `1GiB`");
    BOOST_TEST(told(key("x").up_to(1536 << 10).in_bytes(), &v.number) ==
               "a size, at most `1536KiB`");
    BOOST_TEST(told(key("x"), &v.duration) == "a duration");
    BOOST_TEST(told(key("x").from(100), &v.duration) == "a duration, at least `100ms`");
    BOOST_TEST(told(key("x").from(1'000).up_to(90'000), &v.duration) ==
               "a duration, `1s` to `90s`");
}

BOOST_AUTO_TEST_CASE(the_other_types_are_told_as_toml_has_them) {
    values v;
    BOOST_TEST(told(key("x"), &v.flag) == "`true` | `false`");
    BOOST_TEST(told(key("x"), &v.object) == "a table");
    BOOST_TEST(told(key("x").from_file_only(), &v.flag) == "`true` | `false`, in the file only");
}

BOOST_AUTO_TEST_CASE(a_value_is_told_as_toml_would_say_it) {
    values v;
    BOOST_TEST(value_text(key("x"), &v.flag) == "true");
    BOOST_TEST(value_text(key("x"), &v.small_number) == "7");
    BOOST_TEST(value_text(key("x"), &v.text) == "\"\"");
    BOOST_TEST(value_text(key("x"), &v.list) == "[]");
    v.list = {"a", "b\"c"};
    BOOST_TEST(value_text(key("x"), &v.list) == "[\"a\", \"b\\\"c\"]");
    BOOST_TEST(value_text(key("x"), &v.duration) == "\"0s\"");
    BOOST_TEST(value_text(key("x"), &v.word) == "\"page\"");
    BOOST_TEST(value_text(key("x"), &v.object) == "{}");
    v.number = 64 << 10;
    BOOST_TEST(value_text(key("x"), &v.number) == "65536");
    BOOST_TEST(value_text(key("x").in_bytes(), &v.number) == "\"64KiB\"");
    v.number = 1000;
    BOOST_TEST(value_text(key("x").in_bytes(), &v.number) == "\"1000\"");
}

BOOST_AUTO_TEST_CASE(a_word_that_goes_with_something_is_told_with_it) {
    values v;
    v.duration = milliseconds(90'000);
    word_or_grace const reuse{&v.reuse, &v.duration};
    BOOST_TEST(value_text(key("x"), reuse) == "\"grace:90s\"");
    v.reuse = oauth::refresh_reuse::until_successor_used;
    BOOST_TEST(value_text(key("x"), reuse) == "\"until-successor-used\"");
    word_or_list const resources{&v.resources, &v.list};
    BOOST_TEST(value_text(key("x"), resources) == "\"any\"");
    v.list = {"urn:a"};
    BOOST_TEST(value_text(key("x"), resources) == "[\"urn:a\"]");
}

BOOST_AUTO_TEST_SUITE_END()

// Cache-Control, dates and entity tags at their edges. RFC 9111 and RFC 9110.
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "http/message/caching.hpp"
#include "http/server/reply_head.hpp"

using namespace tollgate;
using namespace tollgate::http;
using std::chrono::seconds;

namespace {

time_point const now{seconds(1'800'000'000)};

freshness of(std::vector<std::pair<std::string, std::string>> const& all, long at_most = 86'400) {
    header_list headers;
    for (auto const& [name, value] : all)
        headers.add(name, value);
    return freshness_of(headers, now, seconds(60), seconds(at_most));
}

long lifetime(std::string const& cache_control) {
    return of({{"Cache-Control", cache_control}}).lifetime.count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cache_rules)

// RFC 9111 §5.2: names of directives have no case, and both forms of an argument are read
BOOST_AUTO_TEST_CASE(directives_have_no_case_and_take_a_token_or_a_quoted_string) {
    for (auto const* value : {"max-age=7", "MAX-AGE=7", "Max-Age=\"7\"", "public,max-age=7,foo",
                              " ,, max-age=7 ,", "max-age=7, immutable"})
        BOOST_TEST(lifetime(value) == 7, value);
    for (auto const* value : {"NO-STORE", "Private", "no-store, max-age=7", "private=\"x\""})
        BOOST_TEST(!of({{"Cache-Control", value}}).may_store, value);
}

// RFC 9111 §5.2.3: directives that are not known are ignored
BOOST_AUTO_TEST_CASE(unknown_directives_change_nothing) {
    for (auto const* value : {"", "public", "x-max-age=5", "max-ages=5", "no-storey", "foo=bar",
                              "no-transform", "max-stale=5", "min-fresh=5"}) {
        BOOST_TEST(lifetime(value) == 60, value);
        BOOST_TEST(of({{"Cache-Control", value}}).may_store, value);
    }
}

// RFC 9111 §4.2.1: of a directive that is there twice the response may be taken for stale, and the
// longer one is never believed
BOOST_AUTO_TEST_CASE(of_two_lifetimes_the_longer_one_is_not_believed) {
    BOOST_TEST(lifetime("max-age=10, max-age=300") == 10);
    BOOST_TEST(lifetime("max-age=300, max-age=10") == 10);
    BOOST_TEST(
        of({{"Cache-Control", "max-age=300"}, {"cache-control", "max-age=10"}}).lifetime.count() ==
        10);
}

// RFC 9111 §1.2.2: delta-seconds are digits; what does not fit is as good as 2^31
BOOST_AUTO_TEST_CASE(a_lifetime_beyond_the_range_of_numbers_is_the_longest_that_is_allowed) {
    for (auto const* value : {"max-age=2147483648", "max-age=4294967296",
                              "max-age=18446744073709551616", "max-age=1000000000"})
        BOOST_TEST(of({{"Cache-Control", value}}, 600).lifetime.count() == 600, value);
}

// RFC 9111 §5.1: an age that is none is no reason to keep a response longer
BOOST_AUTO_TEST_CASE(an_age_is_taken_off_and_never_added) {
    for (auto const* age : {"0", "", "x", "-5", "1.5"})
        BOOST_TEST(of({{"Cache-Control", "max-age=300"}, {"Age", age}}).lifetime.count() <= 300,
                   age);
    BOOST_TEST(of({{"Cache-Control", "max-age=300"}, {"Age", " 299 "}}).lifetime.count() == 1);
    BOOST_TEST(of({{"Cache-Control", "max-age=300"}, {"Age", "99999999999"}}).lifetime.count() ==
               0);
    BOOST_TEST(of({{"Age", "20"}}).lifetime.count() == 40);  // of the default, too
}

// RFC 9111 §5.2.2.5, §5.2.2.4: what is not kept, or asked about each time, serves nobody stale
BOOST_AUTO_TEST_CASE(what_may_not_be_reused_has_no_lifetime_of_any_kind) {
    for (auto const* value : {"no-store", "no-store, stale-if-error=60", "no-cache, max-age=60",
                              "private, max-age=60, stale-if-error=60"}) {
        auto const f = of({{"Cache-Control", value}});
        BOOST_TEST(f.lifetime.count() == 0, value);
        BOOST_TEST(f.stale_life.count() == 0, value);
    }
}

BOOST_AUTO_TEST_CASE(neither_life_is_longer_than_the_cap) {
    auto const f = of({{"Cache-Control", "max-age=500, stale-if-error=500"}}, 100);
    BOOST_TEST(f.lifetime.count() == 100);
    BOOST_TEST(f.stale_life.count() == 100);
    BOOST_TEST(of({}, 30).lifetime.count() == 30);
}

// RFC 9110 §5.6.7: second = 2DIGIT, up to 60 for a leap second
BOOST_AUTO_TEST_CASE(reads_a_leap_second_and_a_leap_day) {
    BOOST_TEST((http_date("Sat, 31 Dec 2016 23:59:60 GMT") == time_point(seconds(1'483'228'800))));
    BOOST_TEST((http_date("Tue, 29 Feb 2000 00:00:00 GMT") == time_point(seconds(951'782'400))));
}

// RFC 9110 §5.6.7: asctime pads the day with a space
BOOST_AUTO_TEST_CASE(reads_a_day_of_two_digits_in_the_form_of_asctime) {
    BOOST_TEST((http_date("Wed Nov 16 08:49:37 1994") == time_point(seconds(784'975'777))));
}

BOOST_AUTO_TEST_CASE(takes_no_other_form_for_a_date) {
    for (auto const* text :
         {"1994-11-06T08:49:37Z", "784111777", "Sun, 06 Nov 1994", "06 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT",
          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT, x",
          "Sun, 06 Nov 1994 08:49:37 +0000", "Sun, 06 Nov 1994 08:49:37 UTC"})
        BOOST_TEST(!http_date(std::string_view(text)), text);
}

// RFC 9110 §5.6.7: what is written is what is read
BOOST_AUTO_TEST_CASE(a_date_that_was_written_reads_as_the_same_second) {
    for (std::int64_t const second :
         {std::int64_t(0), std::int64_t(951'782'400), std::int64_t(1'800'000'000),
          std::int64_t(4'102'444'799), std::int64_t(1'709'251'199)}) {
        auto const text = http_date(second);
        BOOST_TEST(text.size() == 29u);
        BOOST_TEST((http_date(std::string_view(text)) == time_point(seconds(second))), text);
    }
}

// RFC 9110 §8.8.3: entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE
BOOST_AUTO_TEST_CASE(a_tag_holds_nothing_that_would_end_it_or_the_list) {
    for (auto const* body : {"", "a", "\"", "{\"issuer\":\"http://localhost\"}"}) {
        auto const tag = entity_tag(body);
        auto const inside = std::string_view(tag).substr(1, tag.size() - 2);
        BOOST_TEST(!inside.empty());
        BOOST_TEST(inside.find_first_of("\", \t\\") == std::string_view::npos, tag);
        BOOST_TEST(matches_entity_tag("\"other\", W/" + tag, tag));
    }
}

// RFC 9110 §13.1.2: "*" is the whole value, and no member of a list
BOOST_AUTO_TEST_CASE(an_asterisk_in_a_list_is_no_wildcard) {
    BOOST_TEST(!matches_entity_tag("*, \"y\"", "\"x\""));
    BOOST_TEST(!matches_entity_tag("\"*\"", "\"x\""));
}

BOOST_AUTO_TEST_SUITE_END()

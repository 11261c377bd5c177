// RFC 9111, as far as documents are kept that are fetched from elsewhere.
#include "http/message/caching.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;
using std::chrono::seconds;

namespace {

// 2027-01-15 08:00:00 GMT.
time_point const now{seconds(1'800'000'000)};

using lines = std::vector<std::pair<std::string, std::string>>;

freshness of(lines const& all) {
    header_list headers;
    for (auto const& [name, value] : all)
        headers.add(name, value);
    return freshness_of(headers, now, seconds(60), seconds(86'400));
}

long lifetime(lines const& all) {
    return of(all).lifetime.count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(freshness_suite)

// RFC 9111 §4.2.1: max-age goes before Expires
BOOST_AUTO_TEST_CASE(believes_max_age_first) {
    BOOST_TEST(lifetime({{"Cache-Control", "max-age=300"}}) == 300);
    BOOST_TEST(lifetime({{"Cache-Control", "public, Max-Age=\"300\" , must-revalidate"}}) == 300);
    BOOST_TEST(lifetime({{"Cache-Control", "max-age=300"},
                         {"Expires", "Fri, 15 Jan 2027 09:00:00 GMT"}}) == 300);
    BOOST_TEST(lifetime({{"Cache-Control", "public"}, {"Cache-Control", "max-age=7"}}) == 7);
}

// RFC 9111 §5.3: Expires, and an invalid date is in the past
BOOST_AUTO_TEST_CASE(believes_expires_when_there_is_nothing_else) {
    BOOST_TEST(lifetime({{"Expires", "Fri, 15 Jan 2027 08:10:00 GMT"}}) == 600);
    BOOST_TEST(lifetime({{"Expires", "Fri, 15 Jan 2027 08:10:00 GMT"},
                         {"Date", "Fri, 15 Jan 2027 08:09:00 GMT"}}) == 60);
    BOOST_TEST(lifetime({{"Expires", "Fri, 15 Jan 2027 07:10:00 GMT"}}) == 0);
    BOOST_TEST(lifetime({{"Expires", "0"}}) == 0);
    BOOST_TEST(lifetime({{"Expires", ""}}) == 0);
}

BOOST_AUTO_TEST_CASE(takes_a_default_and_never_more_than_the_cap) {
    BOOST_TEST(lifetime({}) == 60);
    BOOST_TEST(lifetime({{"Cache-Control", "max-age=99999999999999999999"}}) == 86'400);
    BOOST_TEST(lifetime({{"Expires", "Fri, 31 Dec 9999 23:59:59 GMT"}}) == 86'400);
}

// RFC 9111 §5.2.2.4, §5.2.2.5, §5.2.2.7
BOOST_AUTO_TEST_CASE(stores_nothing_that_must_not_be_and_asks_again_where_it_should) {
    BOOST_TEST(!of({{"Cache-Control", "no-store, max-age=300"}}).may_store);
    BOOST_TEST(!of({{"Cache-Control", "private"}}).may_store);
    BOOST_TEST(!of({{"Vary", "*"}}).may_store);
    BOOST_TEST(of({{"Cache-Control", "no-cache"}}).may_store);
    BOOST_TEST(lifetime({{"Cache-Control", "no-cache, max-age=300"}}) == 0);
    BOOST_TEST(lifetime({{"Cache-Control", "no-cache=\"Set-Cookie, Age\", max-age=300"}}) == 0);
}

// RFC 9111 §4.2.1: what is invalid or contradicts itself counts as stale
BOOST_AUTO_TEST_CASE(takes_nonsense_for_stale) {
    for (auto const* value : {"max-age=", "max-age", "max-age=-1", "max-age=1.5", "max-age=x",
                              "max-age=300, max-age=0"})
        BOOST_TEST(lifetime({{"Cache-Control", value}}) == 0, value);
}

// RFC 9111 §4.2.4, RFC 5861 §4: how long a stale answer serves while nobody can be asked
BOOST_AUTO_TEST_CASE(says_how_long_a_stale_answer_is_of_use) {
    auto const stale = [](std::string const& control) {
        return of({{"Cache-Control", control}}).stale_life.count();
    };
    BOOST_TEST(of({}).stale_life.count() == 3'600);
    BOOST_TEST(stale("max-age=300") == 3'600);
    BOOST_TEST(stale("max-age=300, stale-if-error=7200") == 7'200);
    BOOST_TEST(stale("max-age=300, stale-if-error=999999999") == 86'400);
    for (auto const* forbidden :
         {"no-store", "private", "no-cache", "no-cache=\"Age\"", "max-age=300, must-revalidate",
          "max-age=300, proxy-revalidate", "s-maxage=300", "stale-if-error=0", "stale-if-error=x",
          "must-revalidate, stale-if-error=7200"})
        BOOST_TEST(stale(forbidden) == 0, forbidden);
}

// RFC 9111 §5.1: the time that it has spent in other caches is over
BOOST_AUTO_TEST_CASE(subtracts_the_age) {
    BOOST_TEST(lifetime({{"Cache-Control", "max-age=300"}, {"Age", "100"}}) == 200);
    BOOST_TEST(lifetime({{"Cache-Control", "max-age=300"}, {"Age", "400"}}) == 0);
}

// RFC 9110 §5.6.7: all three forms must be read
BOOST_AUTO_TEST_CASE(reads_the_three_forms_of_a_date) {
    time_point const then{seconds(784'111'777)};
    for (auto const* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                             "Sun Nov  6 08:49:37 1994"})
        BOOST_TEST((http_date(text) == then), text);
    for (auto const* text :
         {"", "never", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT+1"})
        BOOST_TEST(!http_date(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

// A shared cache, which is what we are to the documents of clients (RFC 9111).
#include <boost/test/unit_test.hpp>

#include "http/message/caching.hpp"

using namespace tollgate;
using namespace std::chrono_literals;

namespace {

http::freshness of(std::initializer_list<std::pair<std::string, std::string>> lines) {
    http::header_list answer;
    for (auto const& [name, value] : lines)
        answer.add(name, value);
    return http::freshness_of(answer, {}, 60s, 1'000'000s);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_shared_cache)

// §4.1: "A stored response with a Vary header field value containing a member "*" always fails".
BOOST_AUTO_TEST_CASE(keeps_nothing_that_varies_by_everything_wherever_the_star_stands) {
    BOOST_TEST(!of({{"Vary", "Accept-Encoding, *"}}).may_store);
    BOOST_TEST(!of({{"Vary", "Accept"}, {"Vary", "*"}}).may_store);
    BOOST_TEST(of({{"Vary", "Accept"}}).may_store);
}

// §1.2.2: 1*DIGIT.
BOOST_AUTO_TEST_CASE(reads_leading_zeros_as_zeros) {
    BOOST_TEST((of({{"Cache-Control", "max-age=0000000000"}}).lifetime == 0s));
    BOOST_TEST((of({{"Cache-Control", "max-age=100"}, {"Age", "0000000005"}}).lifetime == 95s));
}

// RFC 9110 §5.6.4: a quoted-string holds no directive.
BOOST_AUTO_TEST_CASE(finds_no_directive_within_quotes) {
    BOOST_TEST(
        (of({{"Cache-Control", "community=\"a, max-age=86400, b\", max-age=7"}}).lifetime == 7s));
}

// §5.2.2.10: s-maxage overrides max-age in a shared cache.
BOOST_AUTO_TEST_CASE(goes_by_s_maxage_where_there_is_one) {
    BOOST_TEST((of({{"Cache-Control", "max-age=300, s-maxage=10"}}).lifetime == 10s));
}

BOOST_AUTO_TEST_SUITE_END()

// Keys that are made beside serving are those that a request would have made.
#include <boost/test/unit_test.hpp>

#include "oauth/server/authorization_bench.hpp"

using namespace tollgate;
using namespace test;

namespace {

oauth::server_options signs_with_es256() {
    oauth::server_options o;
    o.configured.signing_alg = oauth::jws_algorithm::es256;
    return o;
}

std::string key_set(authorization_bench& b) {
    return b.web.get("/.well-known/jwks.json").body;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(first_keys)

BOOST_AUTO_TEST_CASE(are_there_before_anybody_asks) {
    authorization_bench b(signs_with_es256());
    b.server.make_first_keys();
    auto const keys = key_set(b);
    BOOST_TEST(keys.find("ES256") != std::string::npos);
    BOOST_TEST(key_set(b) == keys);
}

BOOST_AUTO_TEST_CASE(stay_those_that_somebody_needed_sooner) {
    authorization_bench b(signs_with_es256());
    auto const keys = key_set(b);
    b.server.make_first_keys();
    BOOST_TEST(key_set(b) == keys);
}

BOOST_AUTO_TEST_SUITE_END()

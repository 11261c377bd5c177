#include "oauth/model/pkce.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;

BOOST_AUTO_TEST_SUITE(pkce)

// RFC 7636 Appendix B: the example for S256
// RFC 7636 §4.6: the verifier is transformed and compared with the challenge
BOOST_AUTO_TEST_CASE(matches_the_pkce_example) {
    std::string_view const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    std::string_view const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    BOOST_TEST(pkce_s256_matches(verifier, challenge));
    BOOST_TEST(!pkce_s256_matches(challenge, verifier));
    BOOST_TEST(!pkce_s256_matches(verifier, verifier));  // "plain" is not S256
    BOOST_TEST(!pkce_s256_matches("", challenge));
    BOOST_TEST(!pkce_s256_matches(verifier, ""));
}

BOOST_AUTO_TEST_SUITE_END()

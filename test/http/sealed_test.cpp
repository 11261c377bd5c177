#include "http/sealed.hpp"

#include <boost/test/unit_test.hpp>

#include "http/crypto.hpp"

using tollgate::http::sealer;

BOOST_AUTO_TEST_SUITE(http_sealed)

BOOST_AUTO_TEST_CASE(opens_what_it_sealed_for_the_same_purpose) {
    sealer const s;
    auto const sealed = s.seal("a secret", "for alice");
    BOOST_TEST(sealed.find("secret") == std::string::npos);
    BOOST_TEST(s.open(sealed, "for alice").value() == "a secret");
    BOOST_TEST(s.open(s.seal("", ""), "").value() == "");
    // A nonce of its own each time: equal texts do not look equal.
    BOOST_TEST(s.seal("a secret", "for alice") != sealed);
}

BOOST_AUTO_TEST_CASE(opens_nothing_that_was_changed_or_is_for_another_purpose_or_key) {
    sealer const s;
    auto const sealed = s.seal("a secret", "for alice");
    BOOST_TEST(!s.open(sealed, "for bob"));
    BOOST_TEST(!s.open(sealed + "-TAMPERED", "for alice"));
    BOOST_TEST(!s.open(sealed.substr(0, sealed.size() - 4), "for alice"));
    BOOST_TEST(!s.open("", "for alice"));
    BOOST_TEST(!s.open("!", "for alice"));
    sealer const other;
    BOOST_TEST(!other.open(sealed, "for alice"));
}

BOOST_AUTO_TEST_CASE(notices_a_change_of_every_single_byte) {
    sealer const s;
    auto const raw = tollgate::http::from_base64url(s.seal("abc", "")).value();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        auto bent = raw;
        bent[i] = static_cast<char>(bent[i] ^ 1);
        BOOST_TEST(!s.open(tollgate::http::base64url(bent), ""));
    }
}

BOOST_AUTO_TEST_SUITE_END()

#include "base/sealer.hpp"

#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"

using tollgate::sealer;

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

// RFC 5869 §2: the key is what extract and expand make of the secret and the purpose
BOOST_AUTO_TEST_CASE(opens_with_the_secret_and_the_purpose_it_was_sealed_with) {
    std::string const secret(32, 's');
    auto const sealed = sealer(secret, "tokens").seal("a secret", "for alice");
    BOOST_TEST(sealer(secret, "tokens").open(sealed, "for alice").value() == "a secret");
    BOOST_TEST(!sealer(secret, "pages").open(sealed, "for alice"));
    BOOST_TEST(!sealer(std::string(32, 't'), "tokens").open(sealed, "for alice"));
    // Without a secret each has a key of its own.
    BOOST_TEST(!sealer("", "tokens").open(sealer("", "tokens").seal("x", ""), ""));
}

BOOST_AUTO_TEST_CASE(notices_a_change_of_every_single_byte) {
    sealer const s;
    auto const raw = tollgate::from_base64url(s.seal("abc", "")).value();
    for (std::size_t i = 0; i < raw.size(); ++i) {
        auto bent = raw;
        bent[i] = static_cast<char>(bent[i] ^ 1);
        BOOST_TEST(!s.open(tollgate::base64url(bent), ""));
    }
}

BOOST_AUTO_TEST_SUITE_END()

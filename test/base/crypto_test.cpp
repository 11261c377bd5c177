#include "base/crypto.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tollgate;

std::string hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (unsigned char const c : bytes) {
        out += digits[c >> 4];
        out += digits[c & 15];
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto)

// FIPS 180-4 examples.
BOOST_AUTO_TEST_CASE(computes_sha256_of_known_messages) {
    BOOST_TEST(hex(sha256("")) ==
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_TEST(hex(sha256("abc")) ==
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_TEST(hex(sha256("abc")) == hex(sha256("abc")));
}

// RFC 4648 §10.
BOOST_AUTO_TEST_CASE(encodes_the_base64_test_vectors) {
    std::pair<char const*, char const*> const vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (auto const& [plain, encoded] : vectors) {
        BOOST_TEST(to_base64(plain) == encoded);
        BOOST_REQUIRE(from_base64(encoded).has_value());
        BOOST_TEST(*from_base64(encoded) == plain);
    }
}

// RFC 7515 Appendix C.
BOOST_AUTO_TEST_CASE(encodes_base64url_without_padding) {
    std::string const octets{3, static_cast<char>(236), static_cast<char>(255),
                             static_cast<char>(224), static_cast<char>(193)};
    BOOST_TEST(base64url(octets) == "A-z_4ME");
    BOOST_REQUIRE(from_base64url("A-z_4ME").has_value());
    BOOST_TEST(hex(*from_base64url("A-z_4ME")) == hex(octets));
}

// Longer than what is asked of the generator at once.
BOOST_AUTO_TEST_CASE(gives_no_random_bytes_away_twice) {
    std::set<std::string> all;
    for (std::size_t bytes : {1u, 16u, 32u, 1000u, 1024u, 5000u}) {
        auto const raw = from_base64url(random_token(bytes));
        BOOST_REQUIRE(raw.has_value());
        BOOST_TEST(raw->size() == bytes);
        for (std::size_t at = 0; at + 16 <= raw->size(); at += 16)
            BOOST_TEST(all.insert(raw->substr(at, 16)).second);
    }
}

BOOST_AUTO_TEST_CASE(brings_every_byte_back) {
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(static_cast<unsigned char>(i));
    for (std::size_t n = 0; n <= all.size(); ++n) {
        auto const part = all.substr(0, n);
        BOOST_TEST((from_base64url(base64url(part)) == part));
        BOOST_TEST((from_base64(to_base64(part)) == part));
    }
}

// RFC 7515 §2: no line breaks, white space or other characters.
BOOST_AUTO_TEST_CASE(refuses_base64url_that_is_none) {
    for (std::string_view const bad :
         {"A", "A-z_4ME=", "A+z/", "ab c", "ab\nc", "abcde", "a*==", "\x80\x81"})
        BOOST_TEST(!from_base64url(bad), bad);
}

// RFC 4648 §3.5: bits that carry nothing must be zero, or one value would have two spellings.
BOOST_AUTO_TEST_CASE(refuses_left_over_bits) {
    BOOST_TEST((from_base64url("Zg") == "f"));
    BOOST_TEST(!from_base64url("Zh"));
    BOOST_TEST(!from_base64url("Zm9"));
    BOOST_TEST(!from_base64("Zh=="));
}

BOOST_AUTO_TEST_CASE(refuses_base64_with_wrong_padding) {
    for (std::string_view const bad :
         {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zg==Zg==", "A-z_"})
        BOOST_TEST(!from_base64(bad), bad);
}

// RFC 6749 §10.10: the odds of guessing a token are at most 2^-128
// RFC 6750 §5.2: a reference to authorization data cannot be guessed
BOOST_AUTO_TEST_CASE(makes_tokens_of_the_asked_entropy_that_never_repeat) {
    BOOST_TEST(random_token().size() == 43);
    BOOST_TEST(from_base64url(random_token(100))->size() == 100);
    BOOST_TEST(random_token(0).empty());
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(random_token());
    BOOST_TEST(seen.size() == 1000);
}

BOOST_AUTO_TEST_CASE(compares_whole_values) {
    BOOST_TEST(equal_in_constant_time("", ""));
    BOOST_TEST(equal_in_constant_time("secret", "secret"));
    BOOST_TEST(!equal_in_constant_time("secret", "secreT"));
    BOOST_TEST(!equal_in_constant_time("Secret", "secret"));
    BOOST_TEST(!equal_in_constant_time("secret", "secre"));
    BOOST_TEST(!equal_in_constant_time("secret", ""));
}

// RFC 6749 §10.3: tokens are confidential in storage
// RFC 6749 §10.4: refresh tokens likewise
// RFC 9700 §4.9.3: tokens are not stored in plain text
BOOST_AUTO_TEST_CASE(stores_secrets_under_their_digest) {
    BOOST_TEST(digest_of("abc") == base64url(sha256("abc")));
    BOOST_TEST(digest_of("abc").size() == 43);
    BOOST_TEST(digest_of("abc") != digest_of("abd"));
}

BOOST_AUTO_TEST_SUITE_END()

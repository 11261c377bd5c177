// The digests, against the vectors of their standards.
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"

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

std::string repeated(std::size_t n, int byte) {
    return std::string(n, static_cast<char>(byte));
}

std::string from_one_to(int last) {
    std::string out;
    for (int i = 1; i <= last; ++i)
        out += static_cast<char>(i);
    return out;
}

struct mac_vector {
    std::string key, text;
    std::string_view mac;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(digests)

// FIPS 180-4: messages of two blocks and of a million characters.
BOOST_AUTO_TEST_CASE(computes_sha256_of_more_than_one_block) {
    BOOST_TEST(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_TEST(hex(sha256(std::string(1'000'000, 'a'))) ==
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231 §4: test cases 1 to 4, 6 and 7
BOOST_AUTO_TEST_CASE(computes_the_macs_of_rfc_4231) {
    mac_vector const vectors[] = {
        {repeated(20, 0x0b), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {repeated(20, 0xaa), repeated(50, 0xdd),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {from_one_to(25), repeated(50, 0xcd),
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {repeated(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {repeated(131, 0xaa),
         "This is a test using a larger than block-size key and a larger than block-size data. "
         "The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (auto const& v : vectors)
        BOOST_TEST(hex(hmac_sha256(v.key, v.text)) == v.mac);
}

// RFC 7636 Appendix B: BASE64URL(SHA256(verifier)) is what a digest is kept under, too.
BOOST_AUTO_TEST_CASE(writes_a_digest_as_an_s256_challenge_is_written) {
    BOOST_TEST(digest_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") ==
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

// RFC 4648 §4 and §5: the alphabets differ in the last two characters alone.
BOOST_AUTO_TEST_CASE(uses_the_alphabet_of_each_encoding_and_no_other) {
    std::string const bytes = repeated(1, 0xfb) + repeated(2, 0xff);
    BOOST_TEST(to_base64(bytes) == "+///");
    BOOST_TEST(base64url(bytes) == "-___");
    BOOST_TEST(!from_base64("-___"));
    BOOST_TEST(!from_base64url("+///"));
}

// RFC 4648 §3.3: white space is no exception.
BOOST_AUTO_TEST_CASE(refuses_line_breaks_and_padding_within_base64) {
    for (std::string_view const bad : {"Zm9v\n", "Zm9\r", " Zm9", "Zm=v", "=m9v", "Zg==Zm9v"})
        BOOST_TEST(!from_base64(bad), bad);
}

BOOST_AUTO_TEST_CASE(notices_a_difference_at_any_place) {
    std::string const secret(64, 's');
    for (std::size_t i = 0; i < secret.size(); ++i) {
        auto other = secret;
        other[i] = static_cast<char>(other[i] ^ 0x80);
        BOOST_TEST(!equal_in_constant_time(secret, other), "byte " << i);
    }
    BOOST_TEST(!equal_in_constant_time(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

BOOST_AUTO_TEST_SUITE_END()

// Sealed texts, opened with nothing but the standards and a library.
#include <array>

#include <openssl/evp.h>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "base/sealer.hpp"

using namespace tollgate;

namespace {

using key = std::array<unsigned char, 32>;

unsigned char const* bytes(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

// NIST SP 800-38D: nonce of 96 bits, ciphertext, tag of 128 bits. "?" when the tag is wrong.
std::string open_with(key const& k, std::string_view sealed, std::string_view bound) {
    auto const raw = from_base64url(sealed).value();
    std::string tag = raw.substr(raw.size() - 16);
    auto const body = raw.substr(12, raw.size() - 28);
    std::string plain(body.size(), '\0');
    auto* const out = reinterpret_cast<unsigned char*>(plain.data());
    int n = 0;
    auto* const c = EVP_CIPHER_CTX_new();
    EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), nullptr, k.data(), bytes(raw));
    EVP_DecryptUpdate(c, nullptr, &n, bytes(bound), static_cast<int>(bound.size()));
    EVP_DecryptUpdate(c, out, &n, bytes(body), static_cast<int>(body.size()));
    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, 16, tag.data());
    bool const good = EVP_DecryptFinal_ex(c, out + n, &n) == 1;
    EVP_CIPHER_CTX_free(c);
    return good ? plain : "?";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sealed_by_standard)

// RFC 5869 Appendix A.3: the output for that secret, without a salt and without info
BOOST_AUTO_TEST_CASE(seals_under_the_key_that_hkdf_makes) {
    key const k{0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80,
                0x2a, 0x06, 0x3c, 0x5a, 0x31, 0xb8, 0xa1, 0x1f, 0x5c, 0x5e, 0xe1,
                0x87, 0x9e, 0xc3, 0x45, 0x4e, 0x5f, 0x3c, 0x73, 0x8d, 0x2d};
    sealer const s(std::string(22, '\x0b'), "");
    BOOST_TEST(open_with(k, s.seal("a provider's token", "family 7"), "family 7") ==
               "a provider's token");
}

BOOST_AUTO_TEST_CASE(adds_a_nonce_and_a_tag_and_nothing_of_what_it_is_bound_to) {
    sealer const s;
    for (std::size_t const n : {0u, 1u, 15u, 16u, 17u, 1000u}) {
        auto const sealed = s.seal(std::string(n, 'x'), std::string(500, 'b'));
        BOOST_TEST(from_base64url(sealed).value().size() == 12 + n + 16);
    }
}

BOOST_AUTO_TEST_CASE(brings_back_every_byte_of_a_long_binary_text) {
    std::string text;
    for (int i = 0; i < 1 << 18; ++i)
        text += static_cast<char>(static_cast<unsigned char>(i));
    sealer const s;
    BOOST_TEST((s.open(s.seal(text, "b"), "b") == text));
}

BOOST_AUTO_TEST_CASE(opens_nothing_that_has_no_room_for_nonce_and_tag) {
    sealer const s;
    for (std::size_t n = 0; n < 28; ++n)
        BOOST_TEST(!s.open(base64url(std::string(n, '\0')), ""), n << " bytes");
}

BOOST_AUTO_TEST_SUITE_END()

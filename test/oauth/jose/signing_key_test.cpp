#include "oauth/jose/signing_key.hpp"
#include "base/crypto.hpp"
#include "oauth/jose/jws_manner.hpp"

#include <openssl/pem.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/jose/openssl_handles.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
namespace json = boost::json;

constexpr auto rs256 = jws_algorithm::rs256;

signing_key const& key() {
    static signing_key const made = signing_key::generate_rsa();
    return made;
}

std::string jwks_of(std::vector<json::value> const& keys) {
    json::object set;
    set["keys"] = json::array(keys.begin(), keys.end());
    return json::serialize(set);
}

json::object jwk_without(std::string_view member) {
    auto jwk = key().public_jwk();
    jwk.erase(member);
    return jwk;
}

json::object jwk_with(std::string_view member, json::value value) {
    auto jwk = key().public_jwk();
    jwk[member] = std::move(value);
    return jwk;
}

std::string pem_of(char const* type, std::size_t bits = 0, EVP_CIPHER const* cipher = nullptr) {
    openssl_ptr<EVP_PKEY> const made(bits != 0 ? EVP_PKEY_Q_keygen(nullptr, nullptr, type, bits)
                                               : EVP_PKEY_Q_keygen(nullptr, nullptr, type));
    openssl_ptr<BIO> const out(BIO_new(BIO_s_mem()));
    unsigned char const passphrase[] = {'p', 'a', 's', 's'};
    auto const written = PEM_write_bio_PrivateKey(out.get(), made.get(), cipher, passphrase,
                                                  cipher ? 4 : 0, nullptr, nullptr);
    BOOST_REQUIRE(written == 1);
    std::string pem(4096, '\0');
    auto const size = BIO_read(out.get(), pem.data(), static_cast<int>(pem.size()));
    pem.resize(static_cast<std::size_t>(size));
    return pem;
}

// RFC 7515 Appendix A.2: an RSA key, a JWS signing input and its RS256 signature.
constexpr std::string_view example_n =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d"
    "4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMd"
    "bBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
    "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr std::string_view example_input =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvb"
    "S9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view example_signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5ju"
    "jGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07"
    "Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipU"
    "TI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

}  // namespace

BOOST_AUTO_TEST_SUITE(jose)

BOOST_AUTO_TEST_CASE(verifies_the_example_of_rfc_7515_appendix_a_2) {
    json::object jwk;
    jwk["kty"] = "RSA";
    jwk["n"] = example_n;
    jwk["e"] = "AQAB";
    auto const keys = parse_jwks(jwks_of({jwk}));
    BOOST_REQUIRE(keys.has_value());
    BOOST_REQUIRE(keys->size() == 1u);
    auto signature = *from_base64url(example_signature);
    BOOST_TEST(keys->front().verify(rs256, example_input, signature));
    BOOST_TEST(keys->front().key_id.empty());

    BOOST_TEST(!keys->front().verify(rs256, std::string(example_input) + "A", signature));
    signature[100] = static_cast<char>(signature[100] ^ 1);
    BOOST_TEST(!keys->front().verify(rs256, example_input, signature));
}

// RFC 7638 §3.1: the example, whose further members do not count.
BOOST_AUTO_TEST_CASE(computes_the_thumbprint_of_rfc_7638_section_3_1) {
    constexpr std::string_view n =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    json::object jwk;
    jwk["alg"] = "RS256";
    jwk["n"] = n;
    jwk["kty"] = "RSA";
    jwk["e"] = "AQAB";
    jwk["kid"] = "2011-04-29";
    BOOST_TEST(jwk_thumbprint(jwk).value() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

BOOST_AUTO_TEST_CASE(publishes_what_others_need_and_nothing_private) {
    auto const jwk = key().public_jwk();
    BOOST_TEST(jwk.size() == 6u);
    BOOST_TEST(jwk.at("kty") == "RSA");
    BOOST_TEST(jwk.at("use") == "sig");
    BOOST_TEST(jwk.at("alg") == "RS256");
    BOOST_TEST(jwk.at("e") == "AQAB");
    BOOST_TEST(jwk.at("kid").as_string() == key().key_id());
    auto const n = std::string(jwk.at("n").as_string());
    BOOST_TEST(from_base64url(n)->size() == 256u);  // 2048 bits, no leading zero
    BOOST_TEST(key().key_id() == jwk_thumbprint(jwk).value());
}

BOOST_AUTO_TEST_CASE(verifies_with_the_published_key_what_it_signed) {
    auto const keys = parse_jwks(jwks_of({key().public_jwk()}));
    BOOST_REQUIRE(keys.has_value());
    BOOST_REQUIRE(keys->size() == 1u);
    auto const& published = keys->front();
    BOOST_TEST(published.key_id == key().key_id());
    auto const signature = key().sign("some bytes");
    BOOST_TEST(published.verify(rs256, "some bytes", signature));
    BOOST_TEST(!published.verify(rs256, "other bytes", signature));
    BOOST_TEST(!published.verify(rs256, "some bytes", ""));
    BOOST_TEST(!published.verify(rs256, "some bytes", signature.substr(1)));
    BOOST_TEST(!published.verify(rs256, "some bytes", signature + "x"));
}

BOOST_AUTO_TEST_CASE(makes_a_new_key_each_time) {
    auto const another = signing_key::generate_rsa();
    BOOST_TEST(another.key_id() != key().key_id());
    auto const keys = parse_jwks(jwks_of({another.public_jwk()}));
    BOOST_TEST(!keys->front().verify(rs256, "some bytes", key().sign("some bytes")));
}

BOOST_AUTO_TEST_CASE(signs_a_jwt_whose_parts_are_what_was_asked) {
    json::object claims;
    claims["sub"] = "demo";
    auto const token = sign_jwt(key(), "at+jwt", claims);
    auto const first = token.find('.');
    auto const second = token.rfind('.');
    auto const header = json::parse(*from_base64url(token.substr(0, first))).as_object();
    BOOST_TEST(header.size() == 3u);
    BOOST_TEST(header.at("alg") == "RS256");
    BOOST_TEST(header.at("typ") == "at+jwt");
    BOOST_TEST(header.at("kid").as_string() == key().key_id());
    auto const payload = *from_base64url(token.substr(first + 1, second - first - 1));
    BOOST_TEST(payload == R"({"sub":"demo"})");
    auto const keys = parse_jwks(jwks_of({key().public_jwk()}));
    BOOST_TEST(keys->front().verify(rs256, token.substr(0, second),
                                    *from_base64url(token.substr(second + 1))));
}

BOOST_AUTO_TEST_CASE(refuses_a_document_that_is_no_key_set_with_a_sentence) {
    for (std::string_view const bad :
         {"", "<html>", "[]", "{}", R"({"keys":{}})", R"({"keys":["x"]})", R"({"keys":[)"}) {
        auto const keys = parse_jwks(bad);
        BOOST_REQUIRE_MESSAGE(!keys, bad);
        BOOST_TEST(keys.error().status() == 503u);
        BOOST_TEST(keys.error().description().starts_with("The key set cannot be used: "));
    }
    json::array many(101, json::object());
    json::object set;
    set["keys"] = many;
    BOOST_TEST(!parse_jwks(json::serialize(set)));
    BOOST_TEST(parse_jwks(R"({"keys":[]})")->empty());
}

// RFC 7517 §5: a key set may hold keys that are not understood; they are ignored.
// RFC 7518 §3.3: a key of 2048 bits or more must be used.
// RFC 7517 §4.2: a key whose use is not "sig" verifies nothing.
// RFC 7517 §4.3: nor does one whose key_ops lack "verify".
// RFC 7518 §6.3.2: private members have no place in a published key.
BOOST_AUTO_TEST_CASE(skips_keys_that_cannot_verify) {
    json::string const small(base64url(std::string(128, '\x91')));
    json::string const even(base64url(std::string(256, '\x90')));
    json::string const huge(base64url(std::string(4096, '\x91')));
    json::value const bad[] = {jwk_with("kty", "EC"),
                               jwk_with("kty", "oct"),
                               jwk_with("use", "enc"),
                               jwk_with("alg", "RS512"),
                               jwk_with("alg", "HS256"),
                               jwk_with("kid", 7),
                               jwk_with("key_ops", "sign"),
                               jwk_with("key_ops", json::array({"sign"})),
                               jwk_without("n"),
                               jwk_without("e"),
                               jwk_without("kty"),
                               jwk_with("n", "not base64"),
                               jwk_with("n", small),
                               jwk_with("n", even),
                               jwk_with("e", "AQ"),
                               jwk_with("e", "Ag"),
                               jwk_with("e", ""),
                               jwk_with("e", 65537),
                               jwk_with("n", huge),
                               jwk_with("d", "AQAB"),
                               jwk_with("k", "AQAB"),
                               jwk_with("alg", "ES256"),
                               jwk_with("alg", 5)};
    for (auto const& jwk : bad) {
        auto const keys = parse_jwks(jwks_of({jwk, key().public_jwk()}));
        BOOST_REQUIRE(keys.has_value());
        BOOST_TEST(keys->size() == 1u, json::serialize(jwk));
    }
}

BOOST_AUTO_TEST_CASE(takes_keys_that_do_not_say_what_they_are_for) {
    auto bare = jwk_without("use");
    bare.erase("alg");
    bare["key_ops"] = json::array({"verify"});
    auto const keys = parse_jwks(jwks_of({bare}));
    BOOST_REQUIRE(keys->size() == 1u);
    BOOST_TEST(keys->front().verify(rs256, "x", key().sign("x")));
}

BOOST_AUTO_TEST_CASE(reads_a_private_key_from_pem) {
    auto const pem = pem_of("RSA", 2048);
    auto const read = signing_key::from_pem(pem);
    BOOST_REQUIRE(read.has_value());
    auto const keys = parse_jwks(jwks_of({read->public_jwk()}));
    BOOST_REQUIRE(keys->size() == 1u);
    BOOST_TEST(keys->front().verify(rs256, "x", read->sign("x")));
    BOOST_TEST(signing_key::from_pem(pem)->key_id() == read->key_id());
}

BOOST_AUTO_TEST_CASE(refuses_pem_text_that_rs256_cannot_sign_with) {
    auto const locked = pem_of("RSA", 2048, EVP_aes_128_cbc());
    for (auto const& pem : {std::string(), std::string("no key"), locked}) {
        auto const read = signing_key::from_pem(pem);
        BOOST_REQUIRE(!read);
        BOOST_TEST(read.error().error() == "invalid_key");
        BOOST_TEST(read.error().description() ==
                   "It is not a private key in PEM form without a passphrase.");
    }
    BOOST_TEST(signing_key::from_pem(pem_of("ED25519")).error().description() ==
               "RS256 needs an RSA key.");
    BOOST_TEST(signing_key::from_pem(pem_of("RSA", 1024)).error().description() ==
               "RS256 needs an RSA key of 2048 bits or more.");
}

BOOST_AUTO_TEST_SUITE_END()

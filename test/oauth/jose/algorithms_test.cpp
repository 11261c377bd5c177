// The algorithms other than RS256: RFC 7518 §3, RFC 8037, with the examples of the standards.
#include <openssl/pem.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/jose/openssl_handles.hpp"
#include "oauth/jose/signing_key.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
namespace json = boost::json;

signing_key const& key_for(jws_algorithm a) {
    static std::vector<signing_key> const keys{
        signing_key::generate(jws_algorithm::rs256), signing_key::generate(jws_algorithm::ps256),
        signing_key::generate(jws_algorithm::es256), signing_key::generate(jws_algorithm::eddsa),
        signing_key::generate(jws_algorithm::hs256)};
    return keys.at(static_cast<std::size_t>(a));
}

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

// RFC 7515 Appendix A.3: P-256.
json::object ec_example() {
    return object(R"({"kty":"EC","crv":"P-256",
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
}

// RFC 8037 Appendix A.2.
json::object okp_example() {
    return object(R"({"kty":"OKP","crv":"Ed25519",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
}

json::object with(json::object o, std::string_view name, json::value value) {
    o[name] = std::move(value);
    return o;
}

json::object without(json::object o, std::string_view name) {
    o.erase(name);
    return o;
}

bool same(jws_algorithm a, jws_algorithm b) {
    return a == b;
}

std::string pem_of(EVP_PKEY* made) {
    openssl_ptr<EVP_PKEY> const key(made);
    openssl_ptr<BIO> const out(BIO_new(BIO_s_mem()));
    BOOST_REQUIRE(
        PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    std::string pem(4096, '\0');
    pem.resize(
        static_cast<std::size_t>(BIO_read(out.get(), pem.data(), static_cast<int>(pem.size()))));
    return pem;
}

std::string why(outcome<verification_key> const& key) {
    return key ? "accepted" : key.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(jose_algorithms)

// RFC 7515 Appendix A.3: an ES256 signature of 64 octets.
BOOST_AUTO_TEST_CASE(verifies_the_es256_example) {
    auto const key = parse_jwk(ec_example());
    BOOST_REQUIRE(key.has_value());
    constexpr std::string_view input =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
        "LmNvbS9pc19yb290Ijp0cnVlfQ";
    auto const signature = *from_base64url(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
    BOOST_TEST(key->verify(jws_algorithm::es256, input, signature));
    BOOST_TEST(!key->verify(jws_algorithm::es256, std::string(input) + "x", signature));
    BOOST_TEST(!key->verify(jws_algorithm::rs256, input, signature));
}

// RFC 8037 Appendix A.4: an Ed25519 signature.
BOOST_AUTO_TEST_CASE(verifies_the_eddsa_example) {
    auto const key = parse_jwk(okp_example());
    BOOST_REQUIRE(key.has_value());
    auto const signature = *from_base64url(
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    constexpr std::string_view input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    BOOST_TEST(key->verify(jws_algorithm::eddsa, input, signature));
    BOOST_TEST(!key->verify(jws_algorithm::eddsa, input.substr(1), signature));
}

// RFC 7515 Appendix A.1: an HS256 MAC.
BOOST_AUTO_TEST_CASE(verifies_the_hs256_example) {
    auto const secret = *from_base64url(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    auto const key = signing_key::from_secret(secret);
    BOOST_REQUIRE(key.has_value());
    BOOST_TEST(base64url(key->sign(
                   "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4M"
                   "TkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ")) ==
               "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

// RFC 7518 §3.5: PS256 is RSASSA-PSS, and no PKCS #1 v1.5 signature passes for it.
BOOST_AUTO_TEST_CASE(tells_the_two_rsa_paddings_apart) {
    auto const& ps = key_for(jws_algorithm::ps256);
    auto const jwk = without(ps.public_jwk(), "alg");
    auto const open = parse_jwk(jwk);
    BOOST_TEST(open->verify(jws_algorithm::ps256, "x", ps.sign("x")));
    BOOST_TEST(!open->verify(jws_algorithm::rs256, "x", ps.sign("x")));
    BOOST_TEST(ps.sign("x") != ps.sign("x"));  // salted
}

BOOST_DATA_TEST_CASE(signs_what_the_published_key_verifies,
                     boost::unit_test::data::make({0, 1, 2, 3}), index) {
    auto const a = asymmetric_algorithms[static_cast<std::size_t>(index)];
    auto const& key = key_for(a);
    BOOST_TEST(same(key.algorithm_id(), a));
    auto const published = parse_jwk(key.public_jwk());
    BOOST_REQUIRE(published.has_value());
    BOOST_TEST(published->key_id == key.key_id());
    BOOST_TEST(key.key_id() == jwk_thumbprint(key.public_jwk()).value());
    auto const signature = key.sign("some bytes");
    BOOST_TEST(published->verify(a, "some bytes", signature));
    BOOST_TEST(key.verifier().verify(a, "some bytes", signature));
    BOOST_TEST(!published->verify(a, "other bytes", signature));
    BOOST_TEST(!published->verify(a, "some bytes", ""));
    BOOST_TEST(!published->verify(a, "some bytes", signature.substr(1)));
    BOOST_TEST(!published->verify(a, "some bytes", signature + "x"));
    BOOST_TEST(!published->verify(a, "some bytes", std::string(signature.size(), '\0')));
}

// RFC 8725 §3.1: each key is used with exactly one algorithm.
BOOST_AUTO_TEST_CASE(lets_a_key_verify_only_the_algorithm_it_names) {
    for (auto const of : asymmetric_algorithms) {
        auto const key = parse_jwk(key_for(of).public_jwk());
        for (auto const a : asymmetric_algorithms)
            BOOST_TEST(key->fits(a) == same(a, of), to_text(of) << " under " << to_text(a));
        BOOST_TEST(!key->fits(jws_algorithm::hs256));
    }
    for (auto const a : asymmetric_algorithms)
        BOOST_TEST(!key_for(jws_algorithm::hs256).verifier().fits(a));
}

// RFC 7518 §3.4: R and S are 32 octets each; the ASN.1 form is refused.
BOOST_AUTO_TEST_CASE(takes_es256_signatures_of_exactly_64_octets) {
    auto const& key = key_for(jws_algorithm::es256);
    auto const published = parse_jwk(key.public_jwk());
    for (int i = 0; i < 50; ++i)  // a leading zero is there once in 128
        BOOST_TEST(key.sign("x" + std::to_string(i)).size() == 64u);
    auto const raw = key.sign("x");
    openssl_ptr<ECDSA_SIG> const both(ECDSA_SIG_new());
    BOOST_REQUIRE(ECDSA_SIG_set0(both.get(), BN_bin2bn(bytes_of(raw), 32, nullptr),
                                 BN_bin2bn(bytes_of(raw) + 32, 32, nullptr)) == 1);
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(both.get(), &der);
    std::string const asn1(der, der + size);
    OPENSSL_free(der);
    BOOST_TEST(!published->verify(jws_algorithm::es256, "x", asn1));
    BOOST_TEST(!published->verify(jws_algorithm::es256, "x", raw + '\0'));
}

// RFC 7638 §3.2: the required members of each type, in lexicographic order.
// RFC 8037 Appendix A.3: the thumbprint of an Ed25519 key.
BOOST_AUTO_TEST_CASE(computes_thumbprints_of_every_type) {
    BOOST_TEST(jwk_thumbprint(okp_example()).value() ==
               "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    auto const ec = ec_example();
    BOOST_TEST(
        jwk_thumbprint(ec).value() ==
        digest_of(R"({"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})"));
    BOOST_TEST(jwk_thumbprint(with(ec, "kid", "k")).value() == jwk_thumbprint(ec).value());
    for (auto const* name : {"kty", "crv", "x", "y"})
        BOOST_TEST(!jwk_thumbprint(without(ec, name)), name);
    BOOST_TEST(!jwk_thumbprint(object(R"({"kty":"oct","k":"AAAA"})")));
    BOOST_TEST(!jwk_thumbprint({}));
}

// RFC 8725 §3.4: a point that is not on its curve is no key.
// RFC 7518 §6.2.1.2: a coordinate is as long as the curve wants, 32 octets.
// RFC 8037 §2: an OKP key has x, and crv names its curve.
BOOST_AUTO_TEST_CASE(refuses_keys_that_are_none) {
    json::string const zeros(base64url(std::string(32, '\0')));
    json::object const bad[] = {
        with(ec_example(), "y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1"),  // non-canonical
        with(ec_example(), "y", ec_example().at("x")),
        with(with(ec_example(), "x", zeros), "y", zeros),
        with(ec_example(), "x", json::string(base64url(std::string(31, 'a')))),
        with(ec_example(), "crv", "P-384"),
        with(ec_example(), "crv", "secp256k1"),
        with(ec_example(), "crv", "Ed25519"),
        without(ec_example(), "crv"),
        without(ec_example(), "y"),
        with(okp_example(), "crv", "X25519"),
        with(okp_example(), "crv", "Ed448"),
        with(okp_example(), "x", json::string(base64url(std::string(31, 'a')))),
        with(okp_example(), "x", json::string(base64url(std::string(33, 'a')))),
        without(okp_example(), "x"),
        with(okp_example(), "kty", "okp")};
    for (auto const& jwk : bad)
        BOOST_TEST(why(parse_jwk(jwk)) ==
                       "The key cannot be used: it is no public key of RSA (2048 bits or more), "
                       "P-256 or Ed25519.",
                   json::serialize(jwk));
}

// RFC 7517 §4.4: alg, where it is there, names what the key is for.
BOOST_AUTO_TEST_CASE(refuses_keys_with_a_foreign_algorithm_or_purpose) {
    BOOST_TEST(why(parse_jwk(with(ec_example(), "alg", "RS256"))) ==
               "The key cannot be used: its alg does not fit its type.");
    BOOST_TEST(why(parse_jwk(with(ec_example(), "alg", "ECDH-ES"))) ==
               "The key cannot be used: its alg is none that is spoken here.");
    BOOST_TEST(why(parse_jwk(with(okp_example(), "use", "enc"))) ==
               "The key cannot be used: it is not meant to verify signatures.");
    BOOST_TEST(why(parse_jwk(with(ec_example(), "d", "AAAA"))) ==
               "The key cannot be used: it is not public.");
}

// RFC 7518 §6.4: a symmetric key is a secret and never read from a key set.
BOOST_AUTO_TEST_CASE(never_takes_a_secret_from_a_key_set) {
    auto const set = json::parse(
        R"({"keys":[{"kty":"oct","alg":"HS256","kid":"hs256",
            "k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})");
    BOOST_TEST(jwks_from(set)->empty());
    BOOST_TEST(key_for(jws_algorithm::hs256).public_jwk().empty());
}

// RFC 7518 §3.2: a key of the size of the hash output or larger must be used.
BOOST_AUTO_TEST_CASE(wants_secrets_of_32_bytes) {
    BOOST_TEST(signing_key::from_secret(std::string(32, 'x')).has_value());
    auto const refused = signing_key::from_secret(std::string(31, 'x'));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().description() == "HS256 needs a secret of 32 bytes or more.");
}

BOOST_AUTO_TEST_CASE(reads_keys_of_every_type_from_pem_and_says_which_one_it_wants) {
    auto const ec = pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    auto const other_curve = pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"));
    auto const ed = pem_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    auto const refusal = [](std::string const& pem, jws_algorithm a) {
        auto const key = signing_key::from_pem(pem, a);
        return key ? std::string("accepted") : key.error().description();
    };
    BOOST_TEST(refusal(ec, jws_algorithm::es256) == "accepted");
    BOOST_TEST(refusal(ed, jws_algorithm::eddsa) == "accepted");
    BOOST_TEST(refusal(other_curve, jws_algorithm::es256) ==
               "ES256 needs an EC key on the curve P-256.");
    BOOST_TEST(refusal(ed, jws_algorithm::es256) == "ES256 needs an EC key on the curve P-256.");
    BOOST_TEST(refusal(ec, jws_algorithm::eddsa) == "EdDSA needs an Ed25519 key.");
    BOOST_TEST(refusal(ec, jws_algorithm::ps256) == "PS256 needs an RSA key.");
    BOOST_TEST(refusal(ec, jws_algorithm::hs256) == "HS256 needs a secret and no key file.");
}

// A test server must be able to lie: the header is whatever it was asked to say.
BOOST_AUTO_TEST_CASE(signs_any_header_that_it_is_given) {
    auto const header = object(R"({"alg":"none","crit":["x"],"kid":7})");
    auto const& key = key_for(jws_algorithm::es256);
    auto const token = sign_jws(key, header, "not JSON");
    auto const dot = token.rfind('.');
    BOOST_TEST(token.substr(0, dot) ==
               base64url(json::serialize(header)) + "." + base64url("not JSON"));
    BOOST_TEST(key.verifier().verify(jws_algorithm::es256, token.substr(0, dot),
                                     *from_base64url(token.substr(dot + 1))));
}

// RFC 9864 §2.2: Ed25519 is the name that says which curve.
BOOST_AUTO_TEST_CASE(knows_its_algorithms_by_name_and_with_case) {
    BOOST_TEST((algorithm_named("Ed25519").value() == jws_algorithm::eddsa));
    for (auto const name : algorithm_names)
        BOOST_TEST(to_text(algorithm_named(name).value()) == name);
    for (auto const* name : {"none", "None", "rs256", "RS512", "ES384", "ed25519", ""})
        BOOST_TEST(!algorithm_named(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

// The twelve checks of a DPoP proof, RFC 9449 §4.3.
#include "oauth/dpop/proof.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/dpop/proof_maker.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
namespace http = tollgate::http;
namespace json = boost::json;
using namespace std::chrono_literals;

tollgate::time_point const now(std::chrono::seconds(1'800'000'000));
constexpr std::string_view origin = "http://localhost:9100";
constexpr std::string_view url = "http://localhost:9100/token";

dpop_expectations expectations() {
    dpop_expectations e;
    e.method = "POST";
    e.is_target = [](std::string_view htu) { return is_same_target(htu, origin, "/token"); };
    e.now = now;
    return e;
}

test::dpop_proof_parts proof() {
    return {"POST", url, now};
}

// What is wrong with it, without the words that always are the same.
std::string why(outcome<dpop_proof> const& r) {
    if (r) return "accepted";
    BOOST_TEST(r.error().status() == 400u);
    constexpr std::string_view always = "the DPoP proof is not valid: ";
    if (r.error().error() != "invalid_dpop_proof") return r.error().error();
    BOOST_TEST(r.error().description().starts_with(always));
    return r.error().description().substr(always.size());
}

std::string why(std::string_view text, dpop_expectations const& e = expectations()) {
    return why(check_dpop_proof(text, e));
}

std::string with_claim(std::string_view name, json::value value) {
    auto p = proof();
    p.claims[name] = std::move(value);
    return why(p.text());
}

std::string without_claim(std::string_view name) {
    auto p = proof();
    p.claims.erase(name);
    return why(p.text());
}

std::string with_header(std::string_view name, json::value value) {
    auto p = proof();
    p.header[name] = std::move(value);
    return why(p.text());
}

std::int64_t at(std::chrono::seconds offset) {
    return to_epoch(now + offset);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dpop)

// RFC 9449 §4.2: a proof is a JWT of type dpop+jwt with its public key in the header.
BOOST_AUTO_TEST_CASE(tells_key_and_jti_of_a_good_proof) {
    auto const p = proof();
    auto const good = check_dpop_proof(p.text(), expectations());
    BOOST_REQUIRE_MESSAGE(good.has_value(), why(good));
    BOOST_TEST(good->thumbprint == test::dpop_key().key_id());
    BOOST_TEST(good->id == p.claims.at("jti").as_string());
}

// RFC 9449 §4.1: the proof of the standard's own example passes at its own time and place.
// RFC 9449 §6.1: the thumbprint of its key is the one that the standard names.
BOOST_AUTO_TEST_CASE(accepts_the_example_of_the_standard) {
    constexpr std::string_view example =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0Vj"
        "NoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5"
        "VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TV"
        "CIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8"
        "lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    auto e = expectations();
    e.now = tollgate::time_point(std::chrono::seconds(1'562'262'616));
    e.is_target = [](std::string_view htu) {
        return is_same_target(htu, "https://server.example.com", "/token");
    };
    auto const good = check_dpop_proof(example, e);
    BOOST_REQUIRE_MESSAGE(good.has_value(), why(good));
    // RFC 9449 §6.1 names the thumbprint of that key.
    BOOST_TEST(good->thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

// RFC 9449 §4.3: check 2, a single and well-formed JWT.
BOOST_AUTO_TEST_CASE(refuses_what_is_no_jwt) {
    auto const good = proof().text();
    for (auto const& bad : {std::string(), std::string("x"), std::string("a.b.c"), good + "=",
                            good + ", " + good, good.substr(0, good.rfind('.'))})
        BOOST_TEST(why(bad) == "it is not a JWT", bad);
    BOOST_TEST(with_claim("pad", json::string(std::string(9000, 'x'))) ==
               "it is longer than 8 KiB");
}

// RFC 9449 §4.3: check 3, all required claims.
// RFC 9449 §11.1: a jti that is unnecessarily large is refused.
BOOST_AUTO_TEST_CASE(wants_jti_htm_htu_and_iat) {
    BOOST_TEST(without_claim("jti") == "jti is missing");
    BOOST_TEST(without_claim("htm") == "htm is missing");
    BOOST_TEST(without_claim("htu") == "htu is missing");
    BOOST_TEST(without_claim("iat") == "iat is missing or not a date");
    BOOST_TEST(with_claim("jti", "") == "jti is missing");
    BOOST_TEST(with_claim("jti", 7) == "jti is missing");
    BOOST_TEST(with_claim("jti", json::string(std::string(1025, 'x'))) ==
               "jti is longer than 1024 bytes");
    BOOST_TEST(with_claim("iat", "now") == "iat is missing or not a date");
}

// RFC 9449 §4.3: check 4, typ is dpop+jwt.
// RFC 9449 §11.5: no JWT that was made for another purpose.
BOOST_AUTO_TEST_CASE(wants_its_own_type) {
    for (auto const* typ : {"JWT", "at+jwt", "dpop", "DPOP+JWT ", ""})
        BOOST_TEST(with_header("typ", typ) == "typ must be dpop+jwt", typ);
    auto p = proof();
    p.header.erase("typ");
    BOOST_TEST(why(p.text()) == "typ must be dpop+jwt");
}

// RFC 9449 §4.3: check 5, an asymmetric algorithm that is supported, and never none.
// RFC 9449 §11.6: nothing but asymmetric algorithms, and none least of all.
BOOST_AUTO_TEST_CASE(takes_asymmetric_algorithms_alone) {
    for (auto const* alg : {"none", "HS256", "RS512", "ES384", "es256", ""})
        BOOST_TEST(with_header("alg", alg) == "alg must be one of RS256 PS256 ES256 EdDSA Ed25519",
                   alg);
    for (auto const a : asymmetric_algorithms) {
        auto p = proof();
        p.sign_with(signing_key::generate(a));
        BOOST_TEST(why(p.text()) == "accepted", to_text(a));
    }
    BOOST_TEST(with_header("alg", "EdDSA") == "alg does not fit the type of jwk");
}

// RFC 9449 §4.3: check 6, the signature verifies with the key in the header.
BOOST_AUTO_TEST_CASE(verifies_with_the_key_that_it_brings) {
    auto p = proof();
    p.header["jwk"] = test::other_dpop_key().public_jwk();
    p.header["alg"] = "EdDSA";
    BOOST_TEST(why(p.text()) == "its signature is wrong");
    auto const good = proof().text();
    auto const dot = good.rfind('.');
    auto signature = *from_base64url(good.substr(dot + 1));
    signature[5] = static_cast<char>(signature[5] ^ 1);
    BOOST_TEST(why(good.substr(0, dot + 1) + base64url(signature)) == "its signature is wrong");
}

// RFC 9449 §4.3: check 7, the key is public.
// RFC 9449 §4.2: jwk MUST NOT contain a private key.
BOOST_AUTO_TEST_CASE(refuses_a_private_key_and_none) {
    auto jwk = proof().header.at("jwk").as_object();
    jwk["d"] = "AAAA";
    BOOST_TEST(with_header("jwk", jwk) == "jwk: The key cannot be used: it is not public.");
    auto const secret = json::parse(R"({"kty":"oct","k":"AAAA"})");
    BOOST_TEST(with_header("jwk", secret) == "jwk: The key cannot be used: it is not public.");
    auto p = proof();
    p.header.erase("jwk");
    p.header["kid"] = test::dpop_key().key_id();
    BOOST_TEST(why(p.text()) == "jwk must be the public key");
    BOOST_TEST(with_header("jwk", "x") == "jwk must be the public key");
}

// RFC 7515 §4.1.11: an extension that is not understood makes it invalid.
// RFC 8725 §3.10: a URL or certificate in the header is not followed.
BOOST_AUTO_TEST_CASE(refuses_headers_that_are_not_understood) {
    BOOST_TEST(with_header("crit", json::array{"x"}) == "crit is not understood");
    BOOST_TEST(with_header("b64", false) == "b64 is not understood");
    for (std::string const name : {"jku", "x5u", "x5c"})
        BOOST_TEST(with_header(name, "http://127.0.0.1/") == name + " is not understood");
}

// RFC 9449 §4.3: check 8, htm is the method, which compares with case (RFC 9110 §9.1).
BOOST_AUTO_TEST_CASE(fits_the_method) {
    for (auto const* htm : {"GET", "post", "POST ", ""})
        BOOST_TEST(with_claim("htm", htm) == "htm is not the method of this request", htm);
}

// RFC 9449 §4.3: check 9, htu is the URI without regard to query and fragment, normalized.
BOOST_AUTO_TEST_CASE(fits_the_url) {
    for (auto const* htu : {"http://localhost:9100/token", "HTTP://LOCALHOST:9100/token",
                            "http://localhost:9100/token?x=1", "http://localhost:9100/token#y",
                            "http://localhost:9100/%74oken", "http://localhost:9100/tok%65n?a#b"})
        BOOST_TEST(with_claim("htu", htu) == "accepted", htu);
    for (auto const* htu :
         {"https://localhost:9100/token", "http://localhost:9101/token", "http://localhost/token",
          "http://127.0.0.1:9100/token", "http://localhost:9100/token/", "http://localhost:9100/",
          "http://localhost:9100/Token", "http://localhost:9100/oauth/token", "/token", "",
          "http://localhost:9100%2Ftoken", "http://user@localhost:9100/token"})
        BOOST_TEST(with_claim("htu", htu) == "htu is not the URL of this request", htu);
}

// RFC 3986 §6.2.3: the default port and the empty path have another spelling.
// RFC 3986 §6.2.2.1: hex digits of percent-encoding compare without case.
BOOST_AUTO_TEST_CASE(normalizes_what_it_compares) {
    BOOST_TEST(is_same_target("https://as.example:443/a", "https://as.example", "/a"));
    BOOST_TEST(is_same_target("https://as.example", "https://as.example", "/"));
    BOOST_TEST(is_same_target("https://as.example/%c3%a9", "https://as.example", "/%C3%A9"));
    BOOST_TEST(!is_same_target("https://as.example/%2f", "https://as.example", "//"));
    BOOST_TEST(is_same_target("https://as.example/%zz", "https://as.example", "/%zz"));
    BOOST_TEST(is_same_target("https://as.example/%", "https://as.example", "/%"));
}

// RFC 9449 §4.3: check 10, the nonce that the server gave.
// RFC 9449 §8: without it, use_dpop_nonce.
// RFC 9449 §11.3: no proof without the nonce, once one was provided.
BOOST_AUTO_TEST_CASE(wants_the_nonce_where_one_is_asked_for) {
    auto e = expectations();
    e.is_nonce = [](std::string_view n) { return n == "n-1"; };
    BOOST_TEST(why(proof().text(), e) == "use_dpop_nonce");
    BOOST_TEST(why(proof().with("nonce", "n-0").text(), e) == "use_dpop_nonce");
    BOOST_TEST(why(proof().with("nonce", 1).text(), e) == "use_dpop_nonce");
    BOOST_TEST(why(proof().with("nonce", "n-1").text(), e) == "accepted");
    BOOST_TEST(why(proof().with("nonce", "n-1").text()) == "accepted");  // nobody asked
}

// RFC 9449 §4.3: check 11, the creation time lies in an acceptable window.
// RFC 9449 §11.1: a proof is accepted for a limited time.
BOOST_AUTO_TEST_CASE(wants_a_proof_of_now) {
    BOOST_TEST(with_claim("iat", at(-60s)) == "accepted");
    BOOST_TEST(with_claim("iat", at(-61s)) == "iat lies too far in the past");
    BOOST_TEST(with_claim("iat", at(60s)) == "accepted");
    BOOST_TEST(with_claim("iat", at(61s)) == "iat lies too far in the future");
    BOOST_TEST(with_claim("iat", -1) == "iat is missing or not a date");
}

// RFC 7519 §4.1.4, §4.1.5: exp and nbf count where they are there.
BOOST_AUTO_TEST_CASE(honours_exp_and_nbf) {
    BOOST_TEST(with_claim("exp", at(1s)) == "accepted");
    BOOST_TEST(with_claim("exp", at(0s)) == "exp has passed");
    BOOST_TEST(with_claim("exp", "later") == "exp has passed");
    BOOST_TEST(with_claim("nbf", at(0s)) == "accepted");
    BOOST_TEST(with_claim("nbf", at(61s)) == "nbf has not come");
}

// RFC 9449 §4.3: check 12, ath is the hash of the very access token.
// RFC 9449 §7: the hash of the token that was sent is compared with ath.
BOOST_AUTO_TEST_CASE(fits_the_access_token) {
    auto e = expectations();
    e.access_token = "tok-1";
    BOOST_TEST(why(proof().for_token("tok-1").text(), e) == "accepted");
    BOOST_TEST(why(proof().text(), e) == "ath is missing");
    BOOST_TEST(why(proof().for_token("tok-2").text(), e) ==
               "ath is not the hash of this access token");
}

BOOST_AUTO_TEST_SUITE_END()

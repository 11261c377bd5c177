#include <openssl/evp.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/jose/jws_manner.hpp"
#include "oauth/jose/signing_key.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::int64_t now = 1'800'000'000;

signing_key const& key() {
    static signing_key const made = signing_key::generate_rsa();
    return made;
}

signing_key const& stranger() {
    static signing_key const made = signing_key::generate_rsa();
    return made;
}

std::vector<verification_key> keys_of(std::vector<json::value> const& jwks) {
    json::object set;
    set["keys"] = json::array(jwks.begin(), jwks.end());
    return *parse_jwks(json::serialize(set));
}

std::vector<verification_key> const& our_keys() {
    static auto const keys = keys_of({key().public_jwk()});
    return keys;
}

json::object header() {
    json::object h;
    h["alg"] = "RS256";
    h["typ"] = "at+jwt";
    h["kid"] = key().key_id();
    return h;
}

json::object claims() {
    json::object c;
    c["iss"] = "http://localhost:9100";
    c["sub"] = "demo";
    c["iat"] = now;
    c["exp"] = now + 60;
    return c;
}

template <class Value>
json::object with(json::object o, std::string_view name, Value value) {
    o[name] = value;
    return o;
}

json::object without(json::object o, std::string_view name) {
    o.erase(name);
    return o;
}

std::string joined(std::string_view head, std::string_view body) {
    return base64url(head) + "." + base64url(body);
}

std::string signed_text(std::string_view head, std::string_view body,
                        signing_key const& by = key()) {
    auto const input = joined(head, body);
    return input + "." + base64url(by.sign(input));
}

std::string signed_with(json::object const& head, json::object const& body,
                        signing_key const& by = key()) {
    return signed_text(json::serialize(head), json::serialize(body), by);
}

jwt_expectations expectations() {
    jwt_expectations e;
    e.algorithms = {jws_algorithm::rs256};
    e.typ = "at+jwt";
    e.issuer = [](std::string_view iss) { return iss == "http://localhost:9100"; };
    e.now = tollgate::time_point(std::chrono::seconds(now));
    return e;
}

outcome<json::object> verify(std::string_view token,
                             std::vector<verification_key> const& keys = our_keys(),
                             jwt_expectations const& expected = expectations()) {
    return verify_jwt(token, keys, expected);
}

// What refused it: the text for the log, which never reaches the wire.
std::string why(outcome<json::object> const& r) {
    if (r) return "accepted";
    BOOST_TEST(r.error().status() == 401u);
    BOOST_TEST(r.error().description() == "The access token is not valid.");
    BOOST_TEST(r.error().log_text().starts_with("jwt: "));
    return r.error().log_text().substr(5);
}

std::string check_of(outcome<json::object> const& r) {
    auto const text = why(r);
    return text.substr(0, text.find(':'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(jwt)

BOOST_AUTO_TEST_CASE(gives_the_claims_of_a_good_token) {
    auto const got = verify(sign_jwt(key(), "at+jwt", claims()));
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(*got == claims());
}

// RFC 9068 §4: whatever check fails, the error code is invalid_token.
BOOST_AUTO_TEST_CASE(says_invalid_token_on_the_wire_whatever_is_wrong) {
    auto const got = verify("rubbish");
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().error() == "invalid_token");
    BOOST_TEST(got.error().status() == 401u);
}

// RFC 7515 §7.1: three segments of base64url, none of which is empty.
BOOST_AUTO_TEST_CASE(refuses_what_is_not_three_segments_of_base64url) {
    auto const good = signed_with(header(), claims());
    auto const dot = good.rfind('.');
    std::string const bad[] = {"",
                               ".",
                               "..",
                               "a.b",
                               good.substr(0, dot),
                               good.substr(0, dot + 1),
                               good + ".",
                               good + ".x",
                               "." + good,
                               good + "=",
                               good + "\n",
                               " " + good,
                               good.substr(0, dot) + "." + good.substr(dot + 1) + "!"};
    for (auto const& token : bad)
        BOOST_TEST(check_of(verify(token)) == "form", token);
}

BOOST_AUTO_TEST_CASE(refuses_header_and_payload_that_are_no_json_objects) {
    auto const h = json::serialize(header());
    auto const c = json::serialize(claims());
    for (std::string_view const bad :
         {"[]", "\"x\"", "1", "null", "{", "{} {}", "\xff", "{\"a\":}"}) {
        BOOST_TEST(check_of(verify(signed_text(bad, c))) == "form", bad);
        BOOST_TEST(check_of(verify(signed_text(h, bad))) == "form", bad);
    }
}

// RFC 8725 §3.1: the algorithm is ours to choose.
BOOST_AUTO_TEST_CASE(refuses_every_algorithm_but_rs256) {
    for (auto const* alg :
         {"none", "None", "NONE", "HS256", "RS384", "PS256", "ES256", "rs256", ""})
        BOOST_TEST(check_of(verify(signed_with(with(header(), "alg", alg), claims()))) == "alg",
                   alg);
    BOOST_TEST(check_of(verify(signed_with(without(header(), "alg"), claims()))) == "alg");
    BOOST_TEST(check_of(verify(signed_with(with(header(), "alg", 256), claims()))) == "alg");
}

// RFC 6750 §5.2: the integrity of a token is protected
// RFC 9068 §4: alg none is rejected.
BOOST_AUTO_TEST_CASE(refuses_an_unsigned_token) {
    auto const input =
        joined(json::serialize(with(header(), "alg", "none")), json::serialize(claims()));
    BOOST_TEST(check_of(verify(input + ".")) == "form");
    BOOST_TEST(check_of(verify(input + ".AA")) == "alg");
}

// RFC 8725 §2.1: no attacker may use the public key as an HMAC secret, the classic confusion.
BOOST_AUTO_TEST_CASE(refuses_an_hmac_made_with_the_public_key) {
    auto const secret = std::string(key().public_jwk().at("n").as_string());
    for (auto const* alg : {"HS256", "RS256"}) {
        auto const input =
            joined(json::serialize(with(header(), "alg", alg)), json::serialize(claims()));
        std::size_t size = 0;
        std::vector<unsigned char> const bytes(input.begin(), input.end());
        std::vector<unsigned char> out(32);
        BOOST_REQUIRE(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret.data(),
                                secret.size(), bytes.data(), bytes.size(), out.data(), out.size(),
                                &size) != nullptr);
        std::string const mac(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
        auto const refused = check_of(verify(input + "." + base64url(mac)));
        BOOST_TEST(refused == (std::string_view(alg) == "HS256" ? "alg" : "signature"));
    }
}

// RFC 7515 §4.1.11: an extension that is not understood makes the JWS invalid.
BOOST_AUTO_TEST_CASE(refuses_critical_extensions) {
    json::array const names{"b64"};
    auto h = with(header(), "crit", names);
    BOOST_TEST(check_of(verify(signed_with(h, claims()))) == "crit");
    h["b64"] = true;
    BOOST_TEST(check_of(verify(signed_with(h, claims()))) == "crit");
    BOOST_TEST(check_of(verify(signed_with(with(header(), "crit", json::array()), claims()))) ==
               "crit");
}

// RFC 8725 §3.10: keys that the token brings along are not to be trusted.
BOOST_AUTO_TEST_CASE(refuses_a_token_that_brings_its_own_key) {
    auto h = with(header(), "jwk", stranger().public_jwk());
    h["kid"] = stranger().key_id();
    BOOST_TEST(check_of(verify(signed_with(h, claims(), stranger()))) == "jwk");
    for (auto const* name : {"jku", "x5u", "x5c"})
        BOOST_TEST(check_of(verify(
                       signed_with(with(header(), name, "http://127.0.0.1/"), claims()))) == name);
}

// RFC 6749 §10.3: a token cannot be modified
// RFC 6750 §5.2: the integrity of a token is protected
// RFC 9068 §4: the signature of every token is validated.
BOOST_AUTO_TEST_CASE(refuses_a_changed_token) {
    auto const good = signed_with(header(), claims());
    auto const first = good.find('.');
    auto const second = good.rfind('.');
    auto const other = json::serialize(with(claims(), "sub", "root"));
    auto const payload_changed = good.substr(0, first + 1) + base64url(other) + good.substr(second);
    BOOST_TEST(check_of(verify(payload_changed)) == "signature");
    auto const wider = json::serialize(with(header(), "cty", "x"));
    BOOST_TEST(check_of(verify(base64url(wider) + good.substr(first))) == "signature");
    auto signature = *from_base64url(good.substr(second + 1));
    signature[0] = static_cast<char>(signature[0] ^ 1);
    BOOST_TEST(check_of(verify(good.substr(0, second + 1) + base64url(signature))) == "signature");
    auto const longer = base64url(*from_base64url(good.substr(second + 1)) + "x");
    BOOST_TEST(check_of(verify(good.substr(0, second + 1) + longer)) == "signature");
}

// RFC 6749 §10.3: nobody else can make a token
BOOST_AUTO_TEST_CASE(refuses_the_signature_of_somebody_else_under_our_kid) {
    BOOST_TEST(check_of(verify(signed_with(header(), claims(), stranger()))) == "signature");
}

BOOST_AUTO_TEST_CASE(names_an_unknown_kid_so_that_keys_can_be_fetched_again) {
    auto const token = sign_jwt(stranger(), "at+jwt", claims());
    auto const got = verify(token);
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().error() == "unknown_kid");
    BOOST_TEST(why(got) == "kid: unknown");
    BOOST_TEST(verify(signed_with(header(), claims()), {}).error().error() == "unknown_kid");
    BOOST_TEST(check_of(verify(signed_with(with(header(), "kid", 1), claims()))) == "kid");
}

BOOST_AUTO_TEST_CASE(tries_the_only_key_when_there_is_no_kid) {
    auto const token = signed_with(without(header(), "kid"), claims());
    BOOST_TEST(verify(token).has_value());
    auto const two = keys_of({key().public_jwk(), stranger().public_jwk()});
    BOOST_TEST(check_of(verify(token, two)) == "kid");
    BOOST_TEST(check_of(verify(token, {})) == "kid");
}

BOOST_AUTO_TEST_CASE(finds_the_right_key_among_several_and_under_a_kid_that_is_there_twice) {
    auto const two = keys_of({stranger().public_jwk(), key().public_jwk()});
    BOOST_TEST(verify(signed_with(header(), claims()), two).has_value());
    auto twin = stranger().public_jwk();
    twin["kid"] = key().key_id();
    auto const twins = keys_of({twin, key().public_jwk()});
    BOOST_TEST(verify(signed_with(header(), claims()), twins).has_value());
}

// RFC 7515 §4: of a member that is there twice only the last may count.
BOOST_AUTO_TEST_CASE(lets_the_last_of_two_equal_header_members_count) {
    auto const twice =
        R"({"alg":"RS256","typ":"at+jwt","kid":")" + key().key_id() + R"(","alg":"none"})";
    BOOST_TEST(check_of(verify(signed_text(twice, json::serialize(claims())))) == "alg");
}

// RFC 9068 §4: typ "at+jwt" or "application/at+jwt"; RFC 7515 §4.1.9: without regard to case.
BOOST_AUTO_TEST_CASE(accepts_only_access_tokens) {
    for (auto const* typ : {"at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"})
        BOOST_TEST(verify(signed_with(with(header(), "typ", typ), claims())).has_value(), typ);
    for (auto const* typ : {"JWT", "jwt", "", "at+jw", "at+jwt ", "text/at+jwt", "application/",
                            "application/application/at+jwt"})
        BOOST_TEST(check_of(verify(signed_with(with(header(), "typ", typ), claims()))) == "typ",
                   typ);
    BOOST_TEST(check_of(verify(signed_with(without(header(), "typ"), claims()))) == "typ");
    BOOST_TEST(check_of(verify(signed_with(with(header(), "typ", 1), claims()))) == "typ");
}

// RFC 9068 §4: iss matches the issuer exactly.
BOOST_AUTO_TEST_CASE(refuses_a_foreign_or_missing_issuer) {
    BOOST_TEST(check_of(verify(signed_with(header(), with(claims(), "iss", "http://evil")))) ==
               "iss");
    BOOST_TEST(check_of(verify(signed_with(header(), without(claims(), "iss")))) == "iss");
    BOOST_TEST(check_of(verify(signed_with(header(), with(claims(), "iss", 5)))) == "iss");
}

// RFC 7519 §4.1.4; RFC 9068 §2.2: exp is required.
BOOST_AUTO_TEST_CASE(refuses_a_token_from_the_second_on_in_which_it_expires) {
    auto const at = [](auto exp) {
        return check_of(verify(signed_with(header(), with(claims(), "exp", exp))));
    };
    BOOST_TEST(at(now + 1) == "accepted");
    BOOST_TEST(at(now) == "exp");
    BOOST_TEST(at(now - 1) == "exp");
    BOOST_TEST(at(static_cast<double>(now) + 0.5) == "accepted");
    BOOST_TEST(at(static_cast<double>(now) - 0.5) == "exp");
    BOOST_TEST(at(1e300) == "accepted");
    BOOST_TEST(at(-1) == "exp");
    BOOST_TEST(at("1900000000") == "exp");
    BOOST_TEST(at(nullptr) == "exp");
    BOOST_TEST(check_of(verify(signed_with(header(), without(claims(), "exp")))) == "exp");
}

// RFC 7519 §4.1.5 and §4.1.6.
BOOST_AUTO_TEST_CASE(refuses_a_token_that_is_not_valid_yet) {
    for (auto const* name : {"nbf", "iat"}) {
        auto const at = [&](auto value) {
            return check_of(verify(signed_with(header(), with(claims(), name, value))));
        };
        BOOST_TEST(at(now) == "accepted");
        BOOST_TEST(at(now + 1) == name);
        BOOST_TEST(at("soon") == name);
        BOOST_TEST(check_of(verify(signed_with(header(), without(claims(), name)))) == "accepted");
    }
}

BOOST_AUTO_TEST_CASE(gives_the_leeway_that_was_asked_for_and_no_more) {
    auto lenient = expectations();
    lenient.leeway = 5s;
    auto const at = [&](char const* name, std::int64_t value) {
        return check_of(
            verify(signed_with(header(), with(claims(), name, value)), our_keys(), lenient));
    };
    BOOST_TEST(at("exp", now - 4) == "accepted");
    BOOST_TEST(at("exp", now - 5) == "exp");
    BOOST_TEST(at("nbf", now + 5) == "accepted");
    BOOST_TEST(at("nbf", now + 6) == "nbf");
}

BOOST_AUTO_TEST_CASE(reads_numeric_dates) {
    auto const seconds = [](json::value const& v) {
        return std::chrono::duration<double>(numeric_date(v)->time_since_epoch()).count();
    };
    BOOST_TEST(seconds(0) == 0.0);
    BOOST_TEST(seconds(now) == 1.8e9);
    BOOST_TEST(seconds(static_cast<std::uint64_t>(now)) == 1.8e9);
    BOOST_TEST(seconds(1.5) == 1.5);
    BOOST_TEST((numeric_date(1e18) == tollgate::time_point::max()));
    BOOST_TEST(!numeric_date(-1));
    BOOST_TEST(!numeric_date("1"));
    BOOST_TEST(!numeric_date(nullptr));
    BOOST_TEST(!numeric_date(true));
}

BOOST_AUTO_TEST_SUITE_END()

// Names for what differs from run to run.
#include "wire/values.hpp"

#include <boost/test/unit_test.hpp>

#include "wire/signature.hpp"

namespace {

using namespace test::wire;

std::string const token(43, 'a');
std::string const other(43, 'b');

std::string answered(values& v, std::string const& text) {
    v.learn(text);
    return v.named(text);
}

BOOST_AUTO_TEST_SUITE(wire_values)

BOOST_AUTO_TEST_CASE(a_secret_gets_the_name_of_its_place_and_keeps_it_elsewhere) {
    values v;
    BOOST_TEST(answered(v, "?code=" + token + "&iss=x") == "?code={code}&iss=x");
    BOOST_TEST(answered(v, "the code " + token) == "the code {code}");
    BOOST_TEST(v.fill("code={code}&x") == "code=" + token + "&x");
}

BOOST_AUTO_TEST_CASE(another_secret_of_the_same_place_gets_a_number) {
    values v;
    answered(v, "?code=" + token);
    BOOST_TEST(answered(v, "?code=" + other + " ?code=" + token) == "?code={code_2} ?code={code}");
}

BOOST_AUTO_TEST_CASE(what_is_too_short_for_its_place_is_shown) {
    values v;
    BOOST_TEST(answered(v, "?code=short") == "?code=short");
}

BOOST_AUTO_TEST_CASE(what_the_request_said_does_not_differ) {
    values v;
    v.learn("?code=" + token, "code=" + token);
    BOOST_TEST(v.named("?code=" + token) == "?code=" + token);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_an_error) {
    values const v;
    BOOST_CHECK_THROW(v.fill("a {code} b"), unknown_value);
}

BOOST_AUTO_TEST_CASE(braces_of_json_are_no_names_and_those_that_look_like_one_are_marked) {
    values const v;
    for (auto const* text : {"{\"a\":{}}", "{", "{A}", "{a b}", "{a"}) {
        BOOST_TEST(v.named(text) == text);
        BOOST_TEST(v.fill(text) == text);
    }
    for (auto const* text : {"x://{name}", "{=name}", "{now+60}"})
        BOOST_TEST(v.fill(v.named(text)) == text);
    BOOST_TEST(v.named("x://{name}") == "x://{=name}");
}

BOOST_AUTO_TEST_CASE(a_port_is_named_behind_a_colon_alone) {
    values v;
    v.set_port("as_port", 54321);
    BOOST_TEST(v.named("http://localhost:54321/ http%3A%2F%2Flocalhost%3A54321 54321") ==
               "http://localhost:{as_port}/ http%3A%2F%2Flocalhost%3A{as_port} 54321");
    BOOST_TEST(v.fill("localhost:{as_port}") == "localhost:54321");
}

BOOST_AUTO_TEST_CASE(times_are_told_from_now_on_in_minutes) {
    values const v;
    auto const at = [](long seconds) {
        return "{\"exp\":" + std::to_string(now() + seconds) + '}';
    };
    BOOST_TEST(v.named(at(0)) == "{\"exp\":{now}}");
    BOOST_TEST(v.named(at(3599)) == "{\"exp\":{now+3600}}");
    BOOST_TEST(v.named(at(-600)) == "{\"exp\":{now-600}}");
    BOOST_TEST(v.named("{\"exp\":1}") == "{\"exp\":1}");
    BOOST_TEST(v.fill("{now}").size() == 10u);
    BOOST_TEST(
        v.named("\"expires_at\":\"2001-01-01T00:00:00Z\"").starts_with("\"expires_at\":\"{now-"));
    BOOST_TEST(v.named("\"expires_at\":\"soon\"") == "\"expires_at\":\"soon\"");
}

BOOST_AUTO_TEST_CASE(what_is_left_of_a_life_is_told_by_its_length_and_a_whole_one_is_shown) {
    values const v;
    BOOST_TEST(v.named("\"expires_in\":3599,") == "\"expires_in\":{almost_3600},");
    BOOST_TEST(v.named("\"expires_in\":3571,") == "\"expires_in\":{almost_3600},");
    for (auto const* whole : {"\"expires_in\":3600,", "\"expires_in\":5,", "\"expires_in\":\"x\""})
        BOOST_TEST(v.named(whole) == whole);
}

BOOST_AUTO_TEST_CASE(a_date_has_its_form_and_a_sample_its_name) {
    values const v;
    BOOST_TEST(v.named("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n") ==
               "HTTP/1.1 200 OK\r\nDate: {date}\r\n\r\n");
    BOOST_TEST(v.named("HTTP/1.1 200 OK\r\nDate: now\r\n\r\n") ==
               "HTTP/1.1 200 OK\r\nDate: now\r\n\r\n");
    BOOST_TEST(v.named("# HELP a b\na{c=\"d\"} 5\n") == "# HELP a b\na{c=\"d\"} {number}\n");
}

// A digest that others have computed is in RFC 7636, Appendix B.
BOOST_AUTO_TEST_CASE(digests_and_base64url_are_those_of_the_standard) {
    BOOST_TEST(base64url(sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")) ==
               "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    for (auto const* text : {"", "f", "fo", "foo", "foob", "\xff\xfe"})
        BOOST_TEST(from_base64url(base64url(text)) == text);
    BOOST_TEST(sign("{}", "{}").starts_with("e30.e30."));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace

// What must not come back from a provider, in whatever spelling.
#include "oauth/fetch/sent_secrets.hpp"
#include "base/crypto.hpp"

#include <boost/test/unit_test.hpp>

#include "http/message/form.hpp"
#include "oauth/fetch/basic_credentials.hpp"

namespace oauth = tollgate::oauth;
namespace http = tollgate::http;

namespace {

std::string const secret = "a/b c\"d&e<f+g";

}  // namespace

BOOST_AUTO_TEST_SUITE(sent_secrets_suite)

BOOST_AUTO_TEST_CASE(takes_a_secret_out_however_it_is_written) {
    oauth::sent_secrets const sent{secret};
    for (std::string const& spelling :
         {secret, http::percent_encode(secret), std::string("a%2fb%20c%22d%26e%3cf%2bg"),
          std::string("a%2Fb+c%22d%26e%3Cf%2Bg"), std::string("a%2fb+c%22d%26e%3cf%2bg"),
          std::string(R"(a/b c\"d&e<f+g)"), std::string(R"(a\/b c\"d&e<f+g)"),
          std::string("a/b c&quot;d&amp;e&lt;f+g")})
        BOOST_TEST(sent.taken_out("x " + spelling + spelling + " y") == "x ****** y", spelling);
    BOOST_TEST(sent.taken_out("nothing of it") == "nothing of it");
}

// RFC 6749 §2.3.1: Basic credentials hold the secret in base64
BOOST_AUTO_TEST_CASE(takes_client_credentials_out_as_they_were_sent) {
    oauth::sent_secrets sent;
    sent.add_client("us", secret);
    auto const field = oauth::basic_credentials("us", secret);
    BOOST_TEST(sent.taken_out("you sent " + field) == "you sent Basic ***");
    BOOST_TEST(sent.taken_out("us:" + secret) == "us:***");
    oauth::sent_secrets none;
    none.add_client("us", "");
    BOOST_TEST(none.taken_out("us:") == "us:");
}

BOOST_AUTO_TEST_CASE(takes_the_longer_of_two_out_first_and_leaves_what_is_no_secret) {
    oauth::sent_secrets const sent{"t0ken", "t0ken-and-more", "abc", ""};
    BOOST_TEST(sent.taken_out("t0ken-and-more t0ken abc") == "*** *** abc");
}

BOOST_AUTO_TEST_CASE(cleans_a_whole_answer) {
    oauth::sent_secrets const sent{"hush-hush"};
    http::client_response a;
    a.body = R"({"error":"hush-hush"})";
    a.headers.add("WWW-Authenticate", "Basic realm=\"hush-hush\"");
    a.headers.add("WWW-Authenticate", "Bearer");
    sent.take_out(a);
    BOOST_TEST(a.body == R"({"error":"***"})");
    BOOST_TEST(a.headers.get("WWW-Authenticate") == "Basic realm=\"***\"");
    BOOST_TEST(a.headers.size() == 2u);
}

// RFC 8259 §7: any character may be escaped, and some writers escape "+" and "/".
BOOST_AUTO_TEST_CASE(are_found_in_json_however_it_is_escaped) {
    oauth::sent_secrets sent;
    sent.add_client("us", "abc+ghi/JKL");
    http::client_response a;
    a.body = R"({"error":"x","error_description":"bad abc\u002bghi\/JKL","\u0061bc+ghi/JKL":[1]})";
    sent.take_out(a);
    BOOST_TEST(a.body == R"({"error":"x","error_description":"bad ***","***":[1]})");
    // RFC 8259 §4: of two members of one name only one was looked into.
    a.body = R"({"a":"abc\u002bghi/JKL","a":"b"})";
    sent.take_out(a);
    BOOST_TEST(a.body == R"({"a":"b"})");
    // Basic credentials without their padding.
    auto const credentials = oauth::basic_credentials("us", "abc+ghi/JKL").substr(6);
    a.body = credentials.substr(0, credentials.find('='));
    sent.take_out(a);
    BOOST_TEST(a.body == "***");
}

BOOST_AUTO_TEST_SUITE_END()

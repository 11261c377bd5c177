// What is said of documents and providers that do not answer as they should: status, words, log.
#include <boost/asio/error.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/fetch/basic_credentials.hpp"
#include "oauth/fetch/fetch_failure.hpp"
#include "oauth/fetch/json_answer.hpp"
#include "oauth/fetch/provider_failure.hpp"

using namespace tollgate::oauth;
namespace http = tollgate::http;
namespace error = boost::asio::error;
using tollgate::problem;

namespace {

std::string const noun = "the client metadata document";

struct document {
    std::string url = "https://app.example/client";
    http::allowed_addresses reach = http::allowed_addresses::only_public;

    fetched_thing thing() const { return {noun, url, reach, 5120}; }
};

http::client_response response(unsigned status, std::string type = {}, std::string body = {}) {
    http::client_response a;
    a.status = status;
    if (!type.empty()) a.headers.add("Content-Type", std::move(type));
    a.body = std::move(body);
    return a;
}

http::client_response retry(unsigned status, std::string after) {
    auto a = response(status);
    a.headers.add("Retry-After", std::move(after));
    return a;
}

http::client_response answered(unsigned status, std::string body) {
    return response(status, "application/json", std::move(body));
}

// "401 invalid_client", and when to come back.
std::string kind_of(problem const& p) {
    auto text = std::to_string(p.status()) + ' ' + p.error();
    auto const when = p.headers().get("Retry-After");
    return when.empty() ? text : text + ", again in " + std::string(when);
}

std::string kind_of(unsigned status, std::string after = {}) {
    auto const d = document();
    return kind_of(
        not_answered(d.thing(), after.empty() ? response(status) : retry(status, after)));
}

std::string kind_of(document const& d, boost::system::error_code ec) {
    return kind_of(not_fetched(d.thing(), ec));
}

provider_leg const leg("token request", "token_endpoint", "https://p.example/token");

std::string told(http_result const& got, sent_secrets const& sent = {}) {
    auto const read = read_answer(got, leg, sent);
    if (read) return boost::json::serialize(*read);
    return kind_of(read.error()) + ": " + read.error().description();
}

std::string failure(std::string const& what) {
    return "502 temporarily_unavailable: The provider " + what +
           " (token request, https://p.example/token). Check upstream.issuer or "
           "upstream.token_endpoint, and the provider's own log.";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(document_failures)

// RFC 9110 §15.6.4: 503 with a Retry-After where nobody could tell
BOOST_AUTO_TEST_CASE(tells_a_document_that_is_wrong_from_one_that_nobody_could_get) {
    for (unsigned const wrong : {201u, 204u, 301u, 307u, 400u, 401u, 403u, 404u, 410u, 426u, 451u})
        BOOST_TEST(kind_of(wrong) == "401 invalid_client", wrong);
    for (unsigned const later : {408u, 425u, 429u, 500u, 502u, 503u, 504u, 599u})
        BOOST_TEST(kind_of(later) == "503 temporarily_unavailable, again in 5", later);
}

// RFC 9110 §10.2.3: Retry-After is a number of seconds, or a date
BOOST_AUTO_TEST_CASE(passes_on_when_to_come_back_between_a_second_and_an_hour) {
    std::pair<char const*, char const*> const rows[] = {{"0", "1"},
                                                        {"1", "1"},
                                                        {"120", "120"},
                                                        {" 7 ", "7"},
                                                        {"3600", "3600"},
                                                        {"3601", "3600"},
                                                        {"4294967295", "3600"},
                                                        {"-1", "5"},
                                                        {"1.5", "5"},
                                                        {"soon", "5"},
                                                        {"Fri, 31 Dec 1999 23:59:59 GMT", "5"},
                                                        {"99999999999", "5"}};
    for (auto const& [sent, passed] : rows)
        BOOST_TEST(
            kind_of(503, sent) == std::string("503 temporarily_unavailable, again in ") + passed,
            sent);
    BOOST_TEST(kind_of(404, "60") == "401 invalid_client");
}

BOOST_AUTO_TEST_CASE(says_of_a_redirect_that_it_is_not_followed) {
    auto const d = document();
    BOOST_TEST(not_answered(d.thing(), response(302)).description() ==
               noun + " is a redirect, and redirects are not followed");
    BOOST_TEST(not_answered(d.thing(), response(404)).description() ==
               noun + " was answered with status 404, not 200");
}

BOOST_AUTO_TEST_CASE(says_why_a_document_could_not_be_fetched) {
    auto const d = document();
    auto const says = [&](boost::system::error_code ec) {
        return not_fetched(d.thing(), ec).description();
    };
    BOOST_TEST(says(error::message_size) == noun + " is larger than 5120 bytes");
    BOOST_TEST(says(error::timed_out) == noun + " did not come within 5 seconds; try again later");
    BOOST_TEST(says(error::host_not_found_try_again) ==
               noun + " could not be fetched: no name server knows its host now; try again later");
    BOOST_TEST(says(error::connection_refused) ==
               noun + " could not be fetched: Connection refused; try again later");
}

BOOST_AUTO_TEST_CASE(blames_the_document_for_its_size_alone) {
    document const d;
    BOOST_TEST(kind_of(d, error::message_size) == "401 invalid_client");
    for (boost::system::error_code const ec : {boost::system::error_code(error::timed_out),
                                               {error::connection_refused},
                                               {error::connection_reset},
                                               {error::host_not_found_try_again},
                                               {error::eof}})
        BOOST_TEST(kind_of(d, ec) == "503 temporarily_unavailable, again in 5", ec.message());
    BOOST_TEST(kind_of(d, make_error_code(boost::system::errc::resource_unavailable_try_again)) ==
               "503 temporarily_unavailable, again in 1");
}

// What DNS says of a name today it may say otherwise tomorrow; an address stays what it is.
BOOST_AUTO_TEST_CASE(tells_a_name_without_a_public_address_from_an_address_that_is_none) {
    auto const denied = make_error_code(boost::system::errc::permission_denied);
    document d;
    BOOST_TEST(kind_of(d, denied) == "503 temporarily_unavailable, again in 5");
    BOOST_TEST(kind_of(d, error::host_not_found) == "503 temporarily_unavailable, again in 5");
    for (auto const* url : {"https://10.0.0.1/c", "https://[fd00::1]/c", "https://localhost/c",
                            "https://a.localhost/c"}) {
        d.url = url;
        BOOST_TEST(kind_of(d, denied) == "401 invalid_client", url);
    }
}

// Nobody learns which names lead into the network of the server.
BOOST_AUTO_TEST_CASE(
    says_the_same_of_a_name_without_an_address_and_of_one_with_an_address_of_ours) {
    document const d;
    auto const unknown = not_fetched(d.thing(), error::host_not_found);
    auto const inside =
        not_fetched(d.thing(), make_error_code(boost::system::errc::permission_denied));
    BOOST_TEST(unknown.description() == inside.description());
    BOOST_TEST(unknown.description() == noun + " has no public address; try again later");
    BOOST_TEST(unknown.log_text() != inside.log_text());
}

BOOST_AUTO_TEST_CASE(tells_nobody_what_is_on_this_machine_and_the_log_all_of_it) {
    document d;
    d.reach = http::allowed_addresses::only_loopback;
    auto const same =
        noun + " on this machine could not be fetched, or is none; the log of this server says why";
    auto const refused = not_fetched(d.thing(), error::connection_refused);
    BOOST_TEST(refused.description() == same + "; try again later");
    BOOST_TEST(refused.log_text() == noun + " could not be fetched: Connection refused");
    BOOST_TEST(not_answered(d.thing(), response(404)).description() == same);
    BOOST_TEST(not_answered(d.thing(), response(302)).description() == same);
    BOOST_TEST(bad_document(d.thing(), "has no name").description() == same);
    BOOST_TEST(bad_document(d.thing(), "has no name").log_text() == noun + " has no name");
}

BOOST_AUTO_TEST_CASE(knows_which_of_its_failures_say_nothing_about_the_document) {
    document const d;
    BOOST_TEST(is_away(document_away(d.thing(), "is away")));
    BOOST_TEST(kind_of(document_away(d.thing(), "is away", 30)) ==
               "503 temporarily_unavailable, again in 30");
    BOOST_TEST(!is_away(bad_document(d.thing(), "is wrong")));
}

BOOST_AUTO_TEST_CASE(adds_what_the_operator_can_do_and_changes_nothing_else) {
    document const d;
    auto const why = document_away(d.thing(), "is away", 30);
    auto const more = with_ways_out(why, "https://app.example/\xc3\xa9\"");
    BOOST_TEST(kind_of(more) == kind_of(why));
    BOOST_TEST(more.log_text() == why.log_text());
    BOOST_TEST(
        more.description().starts_with(why.description() + " (https://app.example/???, as seen"),
        more.description());
    BOOST_TEST(more.description().find("[[client_documents]]") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(provider_failures)

BOOST_AUTO_TEST_CASE(reads_an_object_of_any_json_type) {
    for (auto const* type : {"application/json", "Application/JSON; charset=utf-8",
                             "application/token-introspection+json", "application/vnd.x+json;v=1"})
        BOOST_TEST(told(response(200, type, R"({"a":1})")) == R"({"a":1})", type);
}

BOOST_AUTO_TEST_CASE(takes_no_other_type_for_json) {
    for (auto const* type : {"text/json", "application/jsonp", "text/html", "application/x-json",
                             "text/plain+json", "json"})
        BOOST_TEST(!says_json(type), type);
    BOOST_TEST(!says_json(""));
    BOOST_TEST(told(response(200, "text/html; charset=utf-8", "{}")) ==
               failure("answered with text/html instead of JSON"));
    BOOST_TEST(told(response(200, "", "{}")) ==
               failure("answered with a body without a Content-Type instead of JSON"));
}

BOOST_AUTO_TEST_CASE(says_of_a_body_that_it_is_no_object) {
    for (auto const* body : {"", "{", "[]", "null", "\"a\"", "{} {}", "{'a':1}"})
        BOOST_TEST(
            told(answered(200, body)) == failure("answered with something that is no JSON object"),
            body);
}

// RFC 6749 §5.2: error and error_description, with status 400 unless specified otherwise
BOOST_AUTO_TEST_CASE(passes_an_oauth_error_on_with_its_status) {
    auto const body = R"({"error":"invalid_grant","error_description":"it is over"})";
    for (unsigned const status : {400u, 401u, 403u})
        BOOST_TEST(
            told(answered(status, body)) ==
            std::to_string(status) +
                " invalid_grant: The provider refused the token request: invalid_grant: it is "
                "over");
    BOOST_TEST(told(answered(200, R"({"error":"x"})")) ==
               "400 x: The provider refused the token request: x");
    BOOST_TEST(told(answered(201, R"({"error":"x"})")).starts_with("400 x: "));
}

BOOST_AUTO_TEST_CASE(takes_an_answer_with_a_token_for_no_error_whatever_else_it_says) {
    BOOST_TEST(told(answered(200, R"({"access_token":"t","error":""})")) ==
               R"({"access_token":"t","error":""})");
    BOOST_TEST(told(answered(200, R"({"access_token":"t","error":"x"})")) ==
               R"({"access_token":"t","error":"x"})");
    for (auto const* no_error : {R"({"error":""})", R"({"error":7})", R"({"error":null})", "{}"})
        BOOST_TEST(told(answered(200, no_error)) == no_error);
}

BOOST_AUTO_TEST_CASE(says_that_a_refusal_has_no_error_in_it) {
    for (auto const* body : {"{}", "[]", "", R"({"error":7})"})
        BOOST_TEST(
            told(answered(400, body)) == failure("answered with status 400 and no OAuth error"),
            body);
    BOOST_TEST(told(response(403, "text/html", "<p>")) ==
               failure("answered with status 403 and no OAuth error"));
    BOOST_TEST(told(answered(204, "")) == failure("answered with status 204 and no OAuth error"));
}

// A failure of theirs is not the client's, whatever they call it.
BOOST_AUTO_TEST_CASE(takes_an_oauth_error_with_a_status_of_the_server_for_a_failure) {
    BOOST_TEST(told(answered(500, R"({"error":"invalid_grant"})")) ==
               failure("answered with status 500"));
    auto busy = retry(503, "30");
    BOOST_TEST(kind_of(read_answer(busy, leg).error()) ==
               "503 temporarily_unavailable, again in 30");
    BOOST_TEST(kind_of(read_answer(retry(502, "30"), leg).error()) ==
               "502 temporarily_unavailable, again in 30");
}

// RFC 6585 §4: 429, which may say when to come back
BOOST_AUTO_TEST_CASE(passes_on_that_there_were_too_many_requests) {
    auto const plain = read_answer(retry(429, "7"), leg).error();
    BOOST_TEST(kind_of(plain) == "429 temporarily_unavailable, again in 7");
    auto said = retry(429, "7");
    said.headers.add("Content-Type", "application/json");
    said.body = R"({"error":"slow_down"})";
    BOOST_TEST(kind_of(read_answer(said, leg).error()) == "429 slow_down, again in 7");
    BOOST_TEST(kind_of(read_answer(response(429), leg).error()) == "429 temporarily_unavailable");
}

BOOST_AUTO_TEST_CASE(names_of_a_redirect_the_origin_and_no_more) {
    auto const to = [](std::string where) {
        auto a = response(302);
        if (!where.empty()) a.headers.add("Location", std::move(where));
        return told(a);
    };
    BOOST_TEST(
        to("https://other.example:444/login?code=secret#x") ==
        failure("answered with a redirect to https://other.example:444, which is not followed"));
    for (auto const* where :
         {"", "/login?code=secret", "https://u:secret@other.example/", "secret:x"})
        BOOST_TEST(
            to(where) == failure("answered with a redirect to elsewhere, which is not followed"),
            where);
    BOOST_TEST(told(response(304)).find("a redirect to elsewhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_how_it_could_not_be_reached) {
    BOOST_TEST(told(http_result(error::make_error_code(error::connection_refused))) ==
               failure("cannot be reached: Connection refused"));
    BOOST_TEST(told(http_result(error::make_error_code(error::message_size))) ==
               failure("answered with too much"));
    auto const late = unreachable(leg, error::timed_out);
    BOOST_TEST(kind_of(late) == "504 temporarily_unavailable");
    BOOST_TEST(
        late.description().starts_with("The provider did not answer in time (token request"));
    BOOST_TEST(late.log_text() == late.description());
}

BOOST_AUTO_TEST_CASE(names_the_issuer_once_where_that_is_what_to_check) {
    provider_leg const metadata("metadata", "issuer", "https://p.example");
    BOOST_TEST(provider_failed(metadata, "is away").description() ==
               "The provider is away (metadata, https://p.example). Check upstream.issuer, and the "
               "provider's own log.");
    BOOST_TEST(kind_of(no_endpoint("userinfo endpoint", "userinfo_endpoint")) ==
               "502 server_error");
    BOOST_TEST(no_endpoint("userinfo endpoint", "userinfo_endpoint").description() ==
               "The provider has no userinfo endpoint that we know of: set "
               "upstream.userinfo_endpoint, or an upstream.issuer that publishes it.");
}

// RFC 6749 §5.2: error_description must not include characters outside %x20-21 / %x23-5B / %x5D-7E
BOOST_AUTO_TEST_CASE(repeats_nothing_that_an_error_must_not_have_and_no_secret) {
    BOOST_TEST(printable("a\"b\\c\n\x7f\xc3\xa9 ~!") == "a?b?c???? ~!");
    BOOST_TEST(printable(std::string(501, 'x')).size() == 500u);
    sent_secrets const sent{"p\"ssword"};
    BOOST_TEST(told(answered(400, R"({"error":"p\"ssword","error_description":"bad p\"ssword"})"),
                    sent) == "400 ***: The provider refused the token request: ***: bad ***");
    // The end of a long text does not show a half of it.
    auto const text = std::string(495, 'x') + "p\\\"ssword";
    BOOST_TEST(told(answered(400, R"({"error":"a","error_description":")" + text + "\"}"), sent)
                   .find("p?ss") == std::string::npos);
}

// RFC 6749 §2.3.1: both halves are form-encoded before they are joined
BOOST_AUTO_TEST_CASE(encodes_the_halves_of_basic_credentials_before_it_joins_them) {
    BOOST_TEST(basic_credentials("s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw") ==
               "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
    BOOST_TEST(basic_credentials("a:b", "c") == "Basic YSUzQWI6Yw==");  // a%3Ab:c
    BOOST_TEST(basic_credentials("", "") == "Basic Og==");
}

// Whatever is wrong with an answer, it says nothing against the token.
BOOST_AUTO_TEST_CASE(cannot_tell_of_a_token_where_the_answer_is_no_object) {
    struct {
        http_result got;
        char const* log;
    } const rows[] = {
        {http_result(error::make_error_code(error::connection_refused)), "it: Connection refused"},
        {response(401), "it answered with status 401"},
        {answered(204, ""), "it answered with status 204"},
        {response(200, "text/html", "{}"), "it answered with something that is not JSON"},
        {answered(200, "[]"), "it answered with a body that is no JSON object"},
        {answered(200, "{"), "it answered with a body that is no JSON object"}};
    for (auto const& row : rows) {
        auto const read = object_of(row.got, "it");
        BOOST_REQUIRE(!read);
        BOOST_TEST(kind_of(read.error()) == "503 temporarily_unavailable");
        BOOST_TEST(read.error().description() == "Nobody could tell whether the token is valid.");
        BOOST_TEST(read.error().log_text() == row.log);
    }
    BOOST_TEST(kind_of(not_valid("over")) == "401 invalid_token");
    BOOST_TEST(not_valid("over").description().find("over") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

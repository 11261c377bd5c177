#include "http/message/request.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(finds_fields_without_regard_to_case_and_counts_their_lines) {
    tollgate::http::request r;
    r.headers = {{"Host", "localhost"}, {"accept", "a"}, {"ACCEPT", "b"}};
    BOOST_TEST(r.host() == "localhost");
    BOOST_TEST(r.header("Accept") == "a");
    BOOST_TEST(r.count("Accept") == 2u);
    BOOST_TEST(r.has("HOST"));
    BOOST_TEST(!r.has("Origin"));
    BOOST_TEST(r.header("Origin").empty());
}

BOOST_AUTO_TEST_CASE(a_media_type_is_lower_case_and_has_no_parameters) {
    BOOST_TEST(media_type("Application/JSON; charset=utf-8") == "application/json");
    BOOST_TEST(media_type(" text/html ;q=1") == "text/html");
    BOOST_TEST(media_type("").empty());
}

BOOST_AUTO_TEST_CASE(every_method_has_its_name) {
    BOOST_TEST(to_string(verb::get) == "GET");
    BOOST_TEST(to_string(verb::head) == "HEAD");
    BOOST_TEST(to_string(verb::post) == "POST");
    BOOST_TEST(to_string(verb::put) == "PUT");
    BOOST_TEST(to_string(verb::patch) == "PATCH");
    BOOST_TEST(to_string(verb::delete_) == "DELETE");
    BOOST_TEST(to_string(verb::options) == "OPTIONS");
}

// RFC 9110 §12.5.1
BOOST_AUTO_TEST_CASE(accept_admits_by_type_and_by_wildcards) {
    BOOST_TEST(accepts("application/json", "application/json"));
    BOOST_TEST(accepts("text/html, Application/JSON;q=0.1", "application/json"));
    BOOST_TEST(accepts("*/*", "text/event-stream"));
    BOOST_TEST(accepts("text/*", "text/event-stream"));
    BOOST_TEST(!accepts("text/*", "application/json"));
    BOOST_TEST(!accepts("application/json", "text/event-stream"));
    BOOST_TEST(!accepts("", "application/json"));
    BOOST_TEST(!accepts("application/jsonx", "application/json"));
}

// RFC 9110 §5.3: lines of one field are one list, in their order.
BOOST_AUTO_TEST_CASE(lines_of_a_field_are_one_list) {
    tollgate::http::request r;
    BOOST_TEST(r.list("Accept") == "");
    r.headers = {{"Accept", "application/json"}, {"Host", "x"}, {"ACCEPT", "text/event-stream"}};
    BOOST_TEST(r.list("accept") == "application/json, text/event-stream");
    BOOST_TEST(accepts(r.list("Accept"), "text/event-stream"));
    BOOST_TEST(r.list("Host") == "x");
}

BOOST_AUTO_TEST_CASE(accept_with_weight_zero_refuses) {
    BOOST_TEST(!accepts("application/json;q=0", "application/json"));
    BOOST_TEST(!accepts("application/json; q=0.000", "application/json"));
    BOOST_TEST(accepts("application/json;q=0.001", "application/json"));
}

BOOST_AUTO_TEST_CASE(the_most_specific_range_of_accept_decides) {
    BOOST_TEST(!accepts("*/*, text/html;q=0", "text/html"));
    BOOST_TEST(accepts("*/*;q=0, text/html", "text/html"));
    BOOST_TEST(!accepts("text/*;q=0, */*", "text/plain"));
    BOOST_TEST(accepts("text/*;q=0, */*", "application/json"));
}

BOOST_AUTO_TEST_SUITE_END()

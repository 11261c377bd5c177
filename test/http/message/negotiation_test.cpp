// Proactive negotiation: what an Accept field admits. RFC 9110 §12.
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/message/request.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view events = "text/event-stream";

tollgate::http::request with(std::vector<std::string_view> const& lines) {
    tollgate::http::request r;
    for (auto const line : lines)
        r.headers.push_back({"Accept", line});
    return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(negotiation)

// RFC 9110 §12.5.1: type and subtype are compared without case
BOOST_AUTO_TEST_CASE(media_ranges_are_compared_without_case) {
    for (auto const* range : {"APPLICATION/JSON", "Application/Json;q=0.5", "APPLICATION/*"})
        BOOST_TEST(accepts(range, json), range);
}

// RFC 9110 §12.4.2: weight = OWS ";" OWS "q=" qvalue, with at most three digits
BOOST_AUTO_TEST_CASE(a_weight_of_zero_refuses_however_it_is_written) {
    for (auto const* range :
         {"application/json;q=0", "application/json;q=0.", "application/json;q=0.0",
          "application/json;q=0.00", "application/json;q=0.000", "application/json ; q=0",
          "application/json;\tq=0", "application/json;Q=0", "application/*;q=0", "*/*;q=0"})
        BOOST_TEST(!accepts(range, json), range);
}

BOOST_AUTO_TEST_CASE(any_other_weight_admits) {
    for (auto const* range :
         {"application/json;q=1", "application/json;q=1.000", "application/json;q=0.001",
          "application/json;q=0.1", "application/json ; q=0.9", "*/*;q=0.01"})
        BOOST_TEST(accepts(range, json), range);
}

// RFC 9110 §12.5.1: parameters of the media range stand before its weight
BOOST_AUTO_TEST_CASE(a_weight_is_found_behind_other_parameters) {
    BOOST_TEST(!accepts("application/json;charset=utf-8;q=0", json));
    BOOST_TEST(accepts("application/json;charset=utf-8;q=0.5", json));
    BOOST_TEST(accepts("application/json;eq=0", json));
}

// RFC 9110 §12.5.1: the most specific range has precedence, wherever it stands in the list
BOOST_AUTO_TEST_CASE(precedence_does_not_depend_on_the_order) {
    for (auto const* list :
         {"application/json;q=0, application/*, */*", "*/*, application/*, application/json;q=0",
          "application/*, application/json;q=0, */*"})
        BOOST_TEST(!accepts(list, json), list);
    for (auto const* list : {"application/json, application/*;q=0, */*;q=0",
                             "*/*;q=0, application/*;q=0, application/json"})
        BOOST_TEST(accepts(list, json), list);
    BOOST_TEST(!accepts("*/*, text/*;q=0", events));
    BOOST_TEST(accepts("*/*;q=0, text/*", events));
}

// RFC 9110 §5.6.1.2: a recipient must parse and ignore empty list elements
BOOST_AUTO_TEST_CASE(empty_elements_of_the_list_are_ignored) {
    for (auto const* list : {",application/json", "application/json,", ", ,\tapplication/json , ,"})
        BOOST_TEST(accepts(list, json), list);
    BOOST_TEST(!accepts(", ,", json));
}

BOOST_AUTO_TEST_CASE(a_range_admits_no_type_that_only_begins_or_ends_alike) {
    for (auto const* list :
         {"application/jsonl", "application/js", "xapplication/json", "app/*", "application",
          "json", "*/json", "application/json/x", "applicationx/*"})
        BOOST_TEST(!accepts(list, json), list);
}

// RFC 9110 §5.3: several lines of one field are one list
BOOST_AUTO_TEST_CASE(all_accept_fields_of_a_request_are_one_list) {
    auto const r = with({"application/json", "text/event-stream"});
    BOOST_TEST(accepts(r, json));
    BOOST_TEST(accepts(r, events));
    BOOST_TEST(!accepts(r, "text/html"));
    BOOST_TEST(!accepts(with({"*/*", "text/event-stream;q=0"}), events));
    BOOST_TEST(!accepts(with({}), json));
}

// RFC 9110 §8.3.1: parameters follow a semicolon, with whitespace around it or without
BOOST_AUTO_TEST_CASE(a_media_type_ends_where_its_parameters_begin) {
    for (auto const* value :
         {"application/json", "application/json;charset=utf-8", "application/json ; charset=utf-8",
          "\tApplication/JSON\t;charset=\"utf-8;x\"", "APPLICATION/JSON;"})
        BOOST_TEST(media_type(value) == json, value);
    for (auto const* value :
         {"application/json, text/html", "application / json", ";", "text/json"})
        BOOST_TEST(media_type(value) != json, value);
}

BOOST_AUTO_TEST_CASE(a_method_that_is_none_of_ours_has_no_name_of_a_method) {
    BOOST_TEST(to_string(verb::other) == "other");
}

BOOST_AUTO_TEST_SUITE_END()

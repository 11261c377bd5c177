// OTLP/HTTP: what is sent, and what an answer means.
#include "control/telemetry/otlp.hpp"

#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

time_point const start{1'700'000'000s};

control::span example() {
    control::span s;
    s.at = {std::string(32, 'a'), std::string(16, 'b'), ""};
    s.name = "POST /token";
    s.start = start;
    s.end = start + 5ms;
    return s;
}

json::value sent(control::span s) {
    std::vector<control::span> const all{std::move(s)};
    auto const request = json::parse(to_otlp(all, "i"));
    return request.at_pointer("/resourceSpans/0/scopeSpans/0/spans/0");
}

std::string text(json::value const& o, std::string_view member) {
    return std::string(o.at(member).as_string());
}

std::chrono::milliseconds pause(unsigned attempt, std::string_view retry_after = "") {
    return pause_behind(attempt, retry_after, start, 1.0);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(otlp)

// ProtoJSON: 64-bit numbers are texts; OTLP: ids are hexadecimal.
BOOST_AUTO_TEST_CASE(writes_times_and_numbers_as_texts) {
    auto s = example();
    s.tell("n", std::int64_t(7));
    auto const o = sent(std::move(s));
    BOOST_TEST(text(o, "startTimeUnixNano") == "1700000000000000000");
    BOOST_TEST(text(o, "endTimeUnixNano") == "1700000000005000000");
    BOOST_TEST(o.at_pointer("/attributes/0/value/intValue").as_string() == "7");
    BOOST_TEST(text(o, "traceId") == std::string(32, 'a'));
    BOOST_TEST(!o.as_object().contains("parentSpanId"));
    BOOST_TEST(!o.as_object().contains("status"));
}

BOOST_AUTO_TEST_CASE(never_ends_a_span_before_its_start) {
    auto s = example();
    s.end = start - 1s;
    BOOST_TEST(text(sent(std::move(s)), "endTimeUnixNano") == "1700000000000000000");
}

BOOST_AUTO_TEST_CASE(marks_what_failed_and_names_parents_and_links) {
    auto s = example();
    s.failed = true;
    s.parent = std::string(16, 'c');
    s.links.push_back({std::string(32, 'd'), std::string(16, 'e'), "k=v"});
    auto const o = sent(std::move(s));
    BOOST_TEST(o.at_pointer("/status/code") == 2);
    BOOST_TEST(text(o, "parentSpanId") == std::string(16, 'c'));
    BOOST_TEST(o.at_pointer("/links/0/traceState").as_string() == "k=v");
}

// A protobuf string is UTF-8: one wrong byte would cost the whole batch.
BOOST_AUTO_TEST_CASE(tells_texts_that_are_none_as_far_as_it_can) {
    auto s = example();
    s.tell("wrong", "a\xff");
    s.tell("long", std::string(300, 'x'));
    s.tell("empty", "");
    auto const o = sent(std::move(s));
    BOOST_TEST(o.at_pointer("/attributes/0/value/stringValue").as_string() == "a?");
    BOOST_TEST(o.at_pointer("/attributes/1/value/stringValue").as_string().size() <= 260u);
    BOOST_TEST(o.at("attributes").as_array().size() == 2u);
}

// OTLP/HTTP, "Retryable Response Codes"
BOOST_AUTO_TEST_CASE(tries_again_only_what_the_specification_names) {
    for (unsigned const status : {429u, 502u, 503u, 504u})
        BOOST_TEST((end_of(status) == export_end::again), status);
    for (unsigned const status : {400u, 401u, 404u, 413u, 500u, 501u, 302u})
        BOOST_TEST((end_of(status) == export_end::refused), status);
    for (unsigned const status : {200u, 202u, 204u})
        BOOST_TEST((end_of(status) == export_end::taken), status);
}

BOOST_AUTO_TEST_CASE(waits_as_long_as_it_is_told_to_else_longer_each_time) {
    BOOST_TEST((pause(1) == 1s));
    BOOST_TEST((pause(3) == 4s));
    BOOST_TEST((pause(1000) == 256s));
    BOOST_TEST((pause(1, "7") == 7s));
    BOOST_TEST((pause(1, "Tue, 14 Nov 2023 22:13:30 GMT") == 10s));
    BOOST_TEST((pause(1, "Tue, 14 Nov 2023 22:13:00 GMT") == 0s));
    BOOST_TEST((pause(1, "99999999999999999") == 300s));
    BOOST_TEST((pause(1, "soon") == 1s));
    BOOST_TEST((pause_behind(2, "", start, 0.5) == 1s));
}

BOOST_AUTO_TEST_CASE(reads_what_a_collector_did_not_keep) {
    auto const part = read_partial_success(
        R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too\nmany"}})");
    BOOST_TEST(part.rejected == 3u);
    BOOST_TEST(part.why == "too?many");
    BOOST_TEST(read_partial_success(R"({"partialSuccess":{"rejectedSpans":2}})").rejected == 2u);
    for (auto const* nothing : {"", "{}", "no", R"({"partialSuccess":null})",
                                R"({"partialSuccess":{"rejectedSpans":-1}})"})
        BOOST_TEST(read_partial_success(nothing).rejected == 0u, nothing);
}

BOOST_AUTO_TEST_CASE(finds_the_address_of_traces) {
    BOOST_TEST(traces_url("http://c:4318") == "http://c:4318/v1/traces");
    BOOST_TEST(traces_url("http://c:4318/") == "http://c:4318/v1/traces");
    BOOST_TEST(traces_url("https://c/otlp") == "https://c/otlp/v1/traces");
    BOOST_TEST(traces_url("https://c/v1/traces") == "https://c/v1/traces");
    BOOST_TEST(traces_url("https://c/v1/traces/") == "https://c/v1/traces");
    BOOST_TEST(traces_url("https://c/my/v1/traces") == "https://c/my/v1/traces");
}

BOOST_AUTO_TEST_SUITE_END()

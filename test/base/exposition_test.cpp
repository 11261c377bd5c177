// GET /metrics, by the rules of the Prometheus text format 0.0.4.
#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"

using namespace tollgate;

namespace {

std::vector<std::string> lines() {
    std::vector<std::string> all;
    std::istringstream text(render_metrics());
    for (std::string line; std::getline(text, line);)
        all.push_back(line);
    return all;
}

std::string family_of(std::string const& sample) {
    return sample.substr(0, sample.find_first_of("{ "));
}

bool has(std::string const& line) {
    auto const all = lines();
    return std::count(all.begin(), all.end(), line) == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exposition)

// "Only one TYPE line may exist for a given metric name", and before the first sample.
BOOST_AUTO_TEST_CASE(heads_every_family_once_and_before_its_samples) {
    metric const one(metric::kind::gauge, "test_heads{of=\"a\"}", "x");
    metric const other(metric::kind::gauge, "test_heads_more", "x");
    metric const two(metric::kind::gauge, "test_heads{of=\"b\"}", "x");
    std::set<std::string> typed, ended;
    std::string current;
    for (auto const& line : lines()) {
        if (line.starts_with("# HELP ")) continue;
        bool const type = line.starts_with("# TYPE ");
        auto const family = type ? family_of(line.substr(7)) : family_of(line);
        if (type) BOOST_TEST(typed.insert(family).second, family);
        if (family != current) {
            BOOST_TEST(!ended.contains(family), family << " stands in two places");
            ended.insert(current);
            current = family;
        }
        BOOST_TEST(typed.contains(family), family);
    }
}

BOOST_AUTO_TEST_CASE(tells_counters_from_gauges) {
    metric const up(metric::kind::counter, "test_only_up_total", "x");
    metric const both(metric::kind::gauge, "test_up_and_down", "x");
    BOOST_TEST(has("# TYPE test_only_up_total counter"));
    BOOST_TEST(has("# TYPE test_up_and_down gauge"));
    BOOST_TEST(has("# TYPE tollgate_requests_total counter"));
    BOOST_TEST(has("# TYPE process_cpu_seconds_total counter"));
    BOOST_TEST(has("# TYPE process_start_time_seconds gauge"));
}

BOOST_AUTO_TEST_CASE(a_gauge_may_fall_below_nothing) {
    metric falling(metric::kind::gauge, "test_falling", "x");
    falling.add(-3);
    BOOST_TEST(has("test_falling -3"));
}

// RFC 9110 §15: the first digit is the class
BOOST_AUTO_TEST_CASE(counts_each_class_of_status_by_itself) {
    for (unsigned const status : {101u, 200u, 204u, 302u, 404u, 499u, 503u})
        count_request("test_classes", status, std::chrono::milliseconds(2));
    std::map<std::string, std::string> const expected{
        {"1xx", "1"}, {"2xx", "2"}, {"3xx", "1"}, {"4xx", "2"}, {"5xx", "1"}};
    for (auto const& [status, n] : expected)
        BOOST_TEST(has("tollgate_requests_total{endpoint=\"test_classes\",status=\"" + status +
                       "\"} " + n));
}

// "Histograms": a bucket counts what is at most its bound, +Inf counts all.
BOOST_AUTO_TEST_CASE(a_duration_counts_in_every_bucket_that_it_fits) {
    using namespace std::chrono_literals;
    for (auto const took : {2500us, 7'000'000us, 60'000'000us})
        count_request("test_durations", 200, took);
    auto const bucket = [](std::string const& le, std::string const& n) {
        return has("tollgate_request_duration_seconds_bucket{endpoint=\"test_durations\",le=\"" +
                   le + "\"} " + n);
    };
    BOOST_TEST(bucket("0.001", "0"));
    BOOST_TEST(bucket("0.0025", "1"));
    BOOST_TEST(bucket("5", "1"));
    BOOST_TEST(bucket("10", "2"));
    BOOST_TEST(bucket("30", "2"));
    BOOST_TEST(bucket("+Inf", "3"));
    BOOST_TEST(has("tollgate_request_duration_seconds_sum{endpoint=\"test_durations\"} 67.002500"));
    BOOST_TEST(has("tollgate_request_duration_seconds_count{endpoint=\"test_durations\"} 3"));
    BOOST_TEST(has("# TYPE tollgate_request_duration_seconds histogram"));
}

BOOST_AUTO_TEST_SUITE_END()

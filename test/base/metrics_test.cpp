#include "base/metrics.hpp"

#include <chrono>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "http/pipeline/context.hpp"
#include "http/pipeline/dispatcher.hpp"
#include "http/pipeline/request_log.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace tollgate::http;
using namespace std::chrono_literals;

namespace {

metric plain_counter(metric::kind::counter, "test_things_total", "Things\nthat \\ happened.");
metric second_kind(metric::kind::gauge, "test_streams_open{kind=\"b\"}", "Open streams.");
metric first_kind(metric::kind::gauge, "test_streams_open{kind=\"a\"}", "Open streams.");

task<outcome<reply>> ok(context&) {
    co_return reply(204);
}

task<outcome<reply>> fails(context&) {
    problem const p(503, "temporarily_unavailable", "x");
    co_return p;
}

std::size_t occurrences(std::string const& text, std::string const& of) {
    std::size_t n = 0;
    for (auto at = text.find(of); at != std::string::npos; at = text.find(of, at + 1))
        ++n;
    return n;
}

bool has(std::string const& line) {
    return occurrences(render_metrics(), line + '\n') == 1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(a_metric_registers_itself_and_counts) {
    auto const before = plain_counter.value();
    plain_counter.add();
    plain_counter.add(4);
    BOOST_TEST(plain_counter.value() == before + 5);
    BOOST_TEST(has("test_things_total " + std::to_string(before + 5)));
    BOOST_TEST(has("# TYPE test_things_total counter"));
    BOOST_TEST(has("# HELP test_things_total Things\\nthat \\\\ happened."));
}

BOOST_AUTO_TEST_CASE(labelled_metrics_of_one_name_share_one_head) {
    first_kind.add(2);
    second_kind.add(3);
    second_kind.add(-1);
    auto const text = render_metrics();
    BOOST_TEST(occurrences(text, "# TYPE test_streams_open gauge\n") == 1u);
    BOOST_TEST(text.find("test_streams_open{kind=\"a\"} 2\ntest_streams_open{kind=\"b\"} 2\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_metric_that_is_gone_is_not_rendered) {
    {
        metric const passing(metric::kind::gauge, "test_passing", "x");
        BOOST_TEST(has("test_passing 0"));
    }
    BOOST_TEST(render_metrics().find("test_passing") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_endpoint_and_class_also_when_they_fail) {
    router routes;
    routes.add_row("/ok", verb::get, "test_ok", plain_route, &ok);
    routes.add_row("/bad", verb::get, "test_bad", plain_route, &fails);
    test::bench bench(routes, stack({metrics_layer()}, &run_route));
    bench.get("/ok");
    bench.get("/ok");
    bench.get("/bad");
    BOOST_TEST(has("tollgate_requests_total{endpoint=\"test_ok\",status=\"2xx\"} 2"));
    BOOST_TEST(has("tollgate_requests_total{endpoint=\"test_bad\",status=\"5xx\"} 1"));
    BOOST_TEST(render_metrics().find("endpoint=\"test_ok\",status=\"5xx\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(label_values_are_escaped) {
    count_request("a\"b\\c\nd", 200, 1ms);
    BOOST_TEST(has("tollgate_requests_total{endpoint=\"a\\\"b\\\\c\\nd\",status=\"2xx\"} 1"));
}

BOOST_AUTO_TEST_CASE(an_odd_status_stays_inside_the_table) {
    count_request("test_odd", 999, 1ms);
    BOOST_TEST(has("tollgate_requests_total{endpoint=\"test_odd\",status=\"5xx\"} 1"));
}

// Text format 0.0.4: a line is a comment, or a name, a value, and no more than that.
BOOST_AUTO_TEST_CASE(every_line_is_well_formed_and_the_process_is_there) {
    std::istringstream lines(render_metrics());
    std::string line;
    double memory = 0;
    while (std::getline(lines, line)) {
        BOOST_TEST(!line.empty());
        if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
        auto const space = line.rfind(' ');
        BOOST_REQUIRE(space != std::string::npos);
        std::size_t used = 0;
        auto const value = std::stod(line.substr(space + 1), &used);
        BOOST_TEST(used == line.size() - space - 1);
        if (line.starts_with("process_resident_memory_bytes ")) memory = value;
    }
    BOOST_TEST(memory > 1e6);
    auto const text = render_metrics();
    BOOST_TEST(text.find("process_start_time_seconds ") != std::string::npos);
    BOOST_TEST(text.find("process_cpu_seconds_total ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

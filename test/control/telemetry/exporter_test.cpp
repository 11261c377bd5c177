// The queue of spans.
#include "control/telemetry/exporter.hpp"

#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(telemetry_exporter)

BOOST_AUTO_TEST_CASE(drops_and_counts_what_finds_the_queue_full) {
    http::client outbound{http::client::options()};
    control::exporter::options o;
    o.url = "http://127.0.0.1:9/v1/traces";
    o.queue = 2;
    control::exporter spans(outbound, std::move(o), "instance");
    for (int i = 0; i < 5; ++i)
        spans.add(control::span());
    auto const text = render_metrics();
    BOOST_TEST(text.find("tollgate_telemetry_dropped_total{why=\"queue_full\"} 3\n") != text.npos);
}

BOOST_AUTO_TEST_SUITE_END()

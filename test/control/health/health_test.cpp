#include "control/health/health.hpp"

#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"
#include "support/exchange.hpp"

using namespace tollgate;

namespace {

tollgate::metric probe(tollgate::metric::kind::counter, "tollgate_test_probe_total",
                       "A test's own.");

struct setup {
    setup() { ops.add_routes(routes); }
    std::string_view why_not;
    control::health_endpoints ops{[this] { return why_not; }, "this-one"};
    http::router routes;
    test::bench bench{routes};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(operations)

BOOST_FIXTURE_TEST_CASE(is_healthy_as_long_as_it_answers, setup) {
    BOOST_TEST(bench.get("/healthz").status == 200u);
    BOOST_TEST(bench.get("/healthz").header("Tollgate-Instance") == "this-one");
    why_not = "draining";
    auto const a = bench.get("/healthz");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body == "ok\n");
}

BOOST_FIXTURE_TEST_CASE(is_ready_until_there_is_a_reason_why_it_is_not, setup) {
    BOOST_TEST(bench.get("/readyz").status == 200u);
    for (std::string_view const reason : {"draining", "the store does not answer"}) {
        why_not = reason;
        auto const a = bench.get("/readyz");
        BOOST_TEST(a.status == 503u);
        BOOST_TEST(a.body == std::string(reason) + '\n');
    }
}

BOOST_FIXTURE_TEST_CASE(shows_the_counters_in_the_text_format, setup) {
    probe.add(3);
    auto const a = bench.get("/metrics");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type").starts_with("text/plain; version=0.0.4"));
    BOOST_TEST(a.body.find("tollgate_test_probe_total 3\n") != std::string::npos);
}

// Memory, start time and counts per endpoint are for whoever runs the server.
BOOST_FIXTURE_TEST_CASE(tells_strangers_no_counters, setup) {
    bench.where.has_public_url = true;
    BOOST_TEST(bench.get("/metrics").status == 200u);  // on this machine
    BOOST_TEST(bench.get("/metrics", {{"X-Forwarded-For", "192.0.2.1"}}).status == 403u);
    BOOST_TEST(bench.get("/metrics", {{"Host", "as.example"}}).status == 403u);
    bench.peer_is_loopback = false;
    auto const a = bench.get("/metrics");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(a.body.find("control.token") != std::string::npos);
    BOOST_TEST(a.body.find("tollgate_") == std::string::npos);
    BOOST_TEST(bench.get("/metrics", {{"Authorization", "Bearer "}}).status == 403u);
    BOOST_TEST(bench.get("/healthz").body == "ok\n");
    BOOST_TEST(bench.get("/readyz").body == "ready\n");
}

BOOST_AUTO_TEST_CASE(tells_the_counters_from_elsewhere_to_who_bears_the_token) {
    control::access_options access;
    access.token = "T0p.s3cret.T0p.s3cret";
    control::health_endpoints ops{[] { return std::string_view(); }, "this-one", std::move(access)};
    http::router routes;
    ops.add_routes(routes);
    test::bench bench{routes};
    bench.peer_is_loopback = false;
    auto const refused = bench.get("/metrics", {{"Authorization", "Bearer wrong"}});
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(refused.header("WWW-Authenticate") == "Bearer");  // RFC 9110 §15.5.2
    auto const told = bench.get("/metrics", {{"Authorization", "Bearer T0p.s3cret.T0p.s3cret"}});
    BOOST_TEST(told.status == 200u);
}

BOOST_FIXTURE_TEST_CASE(stands_at_the_origin_and_is_readable_from_no_other, setup) {
    for (auto const* path : {"/healthz", "/readyz", "/metrics"}) {
        auto const match = routes.match(http::verb::get, path);
        BOOST_TEST((match.flags & http::origin_root) != 0u);
        BOOST_TEST((match.flags & http::no_cors) != 0u);
        BOOST_TEST(bench.send(http::verb::post, path, "", {}).status == 405u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

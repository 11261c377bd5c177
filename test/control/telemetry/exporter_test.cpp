// The queue of spans, and how they get to a collector.
#include "control/telemetry/exporter.hpp"

#include <boost/test/unit_test.hpp>

#include "control/telemetry/collector.hpp"
#include "support/waiting.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
using test::collector;

namespace {

control::span named(std::string name) {
    control::span s;
    s.name = std::move(name);
    return s;
}

std::string const taken = "tollgate_telemetry_spans_total";
std::string dropped(std::string const& why) {
    return "tollgate_telemetry_dropped_total{why=\"" + why + "\"}";
}

// How much a counter has grown since it was made.
struct growth {
    explicit growth(std::string counter) : name(std::move(counter)) {}
    long value() const { return test::metric_value(name) - before; }
    std::string name;
    long before = test::metric_value(name);
};

struct exporting {
    http::client outbound{http::client::options()};
    control::exporter::options options;
    std::optional<control::exporter> to;

    // `batch`, and no time that would end it.
    control::exporter& to_collector(std::string url, std::size_t batch = 512) {
        options.url = std::move(url);
        options.batch = batch;
        options.delay = 1h;
        return to.emplace(outbound, options, "instance");
    }
    void add(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            to->add(named(std::to_string(i)));
    }
    // Sends what is there.
    void finish() {
        to->start();
        to->end(30s);
    }
};

std::vector<std::size_t> sizes(collector const& c) {
    std::vector<std::size_t> all;
    for (auto const& p : c.posts())
        all.push_back(p.spans().size());
    return all;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(telemetry_exporter, exporting)

BOOST_AUTO_TEST_CASE(drops_and_counts_what_finds_the_queue_full) {
    growth const full(dropped("queue_full"));
    options.queue = 2;
    to_collector("http://127.0.0.1:9/v1/traces");
    add(5);
    BOOST_TEST(full.value() == 3);
}

BOOST_AUTO_TEST_CASE(posts_json_with_the_headers_that_are_configured) {
    collector there;
    options.headers.add("Authorization", "Bearer key");
    to_collector(there.url());
    add(1);
    finish();
    BOOST_REQUIRE(there.posts().size() == 1u);
    auto const p = there.posts()[0];
    BOOST_TEST(p.path == "/v1/traces");
    BOOST_TEST(p.content_type == "application/json");
    BOOST_TEST(p.authorization == "Bearer key");
}

BOOST_AUTO_TEST_CASE(sends_a_batch_that_is_full_without_waiting) {
    collector there;
    to_collector(there.url(), 2).start();
    add(1);
    BOOST_TEST(there.posts().empty());
    add(1);
    BOOST_TEST(test::eventually([&] { return there.spans().size() == 2; }));
}

BOOST_AUTO_TEST_CASE(waits_for_no_batch_that_is_full_whatever_came_while_another_was_sent) {
    collector there({}, [this] { add(2); });
    to_collector(there.url(), 2).start();
    add(2);
    BOOST_TEST(test::eventually([&] { return there.spans().size() == 4; }));
    add(2);
    BOOST_TEST(test::eventually([&] { return there.spans().size() == 6; }));
}

BOOST_AUTO_TEST_CASE(sends_what_there_is_when_its_time_has_come) {
    collector there;
    options.url = there.url();
    options.delay = 5ms;
    to.emplace(outbound, options, "instance").start();
    add(1);
    BOOST_TEST(test::eventually([&] { return there.spans().size() == 1; }));
    add(1);
    BOOST_TEST(test::eventually([&] { return there.spans().size() == 2; }));
}

BOOST_AUTO_TEST_CASE(sends_no_more_than_a_batch_at_once_and_all_in_their_order) {
    collector there;
    growth const exported(taken);
    to_collector(there.url(), 2);
    add(5);
    finish();
    BOOST_TEST((sizes(there) == std::vector<std::size_t>{2, 2, 1}));
    std::string order;
    for (auto const& s : there.spans())
        order += s.at("name").as_string();
    BOOST_TEST(order == "01234");
    BOOST_TEST(exported.value() == 5);
}

BOOST_AUTO_TEST_CASE(says_nothing_when_there_is_nothing) {
    collector there;
    to_collector(there.url());
    finish();
    BOOST_TEST(there.posts().empty());
}

BOOST_AUTO_TEST_CASE(tries_again_when_the_collector_wants_that) {
    collector there({{503, "", "0"}, {429, "", "0"}});
    growth const exported(taken);
    to_collector(there.url(), 3).start();
    add(3);
    BOOST_TEST(test::eventually([&] { return exported.value() == 3; }));
    BOOST_TEST((sizes(there) == std::vector<std::size_t>{3, 3, 3}));
}

BOOST_AUTO_TEST_CASE(gives_a_batch_up_after_so_many_tries_and_sends_the_next) {
    collector there({{503, "", "0"}, {503, "", "0"}});
    growth const exported(taken), lost(dropped("unreachable"));
    options.tries = 2;
    to_collector(there.url(), 2).start();
    add(4);
    BOOST_TEST(test::eventually([&] { return exported.value() == 2; }));
    BOOST_TEST(lost.value() == 2);
    BOOST_TEST(there.posts().size() == 3u);
}

// OTLP/HTTP: whatever else it answers is answered to the next try as well.
BOOST_AUTO_TEST_CASE(never_sends_again_what_was_refused) {
    collector there({{400, "bad"}});
    growth const exported(taken), refused(dropped("refused"));
    to_collector(there.url(), 1);
    add(2);
    finish();
    BOOST_TEST(refused.value() == 1);
    BOOST_TEST(exported.value() == 1);
    BOOST_TEST(there.posts().size() == 2u);
}

BOOST_AUTO_TEST_CASE(counts_what_a_collector_took_and_did_not_keep) {
    collector there({{200, R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}})"}});
    growth const exported(taken), refused(dropped("refused"));
    to_collector(there.url());
    add(5);
    finish();
    BOOST_TEST(exported.value() == 3);
    BOOST_TEST(refused.value() == 2);
    BOOST_TEST(there.posts().size() == 1u);
}

BOOST_AUTO_TEST_CASE(believes_no_collector_that_rejects_more_than_it_was_sent) {
    collector there({{200, R"({"partialSuccess":{"rejectedSpans":99}})"}});
    growth const exported(taken), refused(dropped("refused"));
    to_collector(there.url());
    add(2);
    finish();
    BOOST_TEST(exported.value() == 0);
    BOOST_TEST(refused.value() == 2);
}

BOOST_AUTO_TEST_CASE(follows_no_redirect) {
    collector there({{307, ""}});
    growth const refused(dropped("refused"));
    to_collector(there.url());
    add(1);
    finish();
    BOOST_TEST(refused.value() == 1);
    BOOST_TEST(there.posts().size() == 1u);
}

BOOST_AUTO_TEST_CASE(tries_once_more_at_the_end_and_no_longer) {
    growth const lost(dropped("unreachable"));
    to_collector("http://127.0.0.1:1/v1/traces", 2);
    add(3);
    auto const begun = std::chrono::steady_clock::now();
    finish();
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 20s));
    BOOST_TEST(lost.value() == 3);
}

BOOST_AUTO_TEST_CASE(waits_for_a_silent_collector_only_as_long_as_it_may) {
    collector there({{200, "", "", true}});
    growth const late(dropped("ended")), lost(dropped("unreachable"));
    to_collector(there.url(), 2);
    add(3);
    to->start();
    BOOST_TEST(test::eventually([&] { return there.posts().size() == 1; }));
    auto const begun = std::chrono::steady_clock::now();
    to->end(20ms);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 20s));
    // What was under way, and what stood behind it: each is counted once.
    BOOST_TEST(late.value() + lost.value() == 3);
}

BOOST_AUTO_TEST_CASE(ends_once_and_also_where_it_never_began) {
    collector there;
    to_collector(there.url());
    add(1);
    to->end(1s);
    BOOST_TEST(there.posts().empty());
    finish();
    to->end(1s);
    BOOST_TEST(there.posts().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

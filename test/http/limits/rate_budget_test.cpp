#include "http/limits/rate_budget.hpp"
#include "http/realm/peer.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;
using namespace std::chrono_literals;
using spent = rate_budget::spent;

namespace {

std::string name_of(std::string const& peer, bool is_public, std::string_view forwarded_for = {},
                    std::string_view again = {}) {
    request r;
    r.peer = peer;
    r.peer_is_loopback = peer.starts_with("127.") || peer == "::1";
    if (!forwarded_for.empty()) r.headers.push_back({"x-forwarded-for", forwarded_for});
    if (!again.empty()) r.headers.push_back({"X-Forwarded-For", again});
    place where;
    where.has_public_url = is_public;
    auto const a = account_of(r, where);
    return a.local ? "local" : a.peer;
}

account from(std::string peer) {
    return {std::move(peer), false};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rate_budget_suite)

BOOST_AUTO_TEST_CASE(counts_a_request_for_the_peer_that_sent_it) {
    BOOST_TEST(name_of("192.0.2.1", false) == "192.0.2.1");
    BOOST_TEST(name_of("2001:db8::7", true) == "2001:db8::/64");
    // Whoever comes directly may say what they like.
    BOOST_TEST(name_of("192.0.2.1", true, "198.51.100.1") == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(takes_this_machine_for_its_own_tests_unless_there_is_a_public_url) {
    BOOST_TEST(name_of("127.0.0.1", false) == "local");
    BOOST_TEST(name_of("::1", false) == "local");
    BOOST_TEST(name_of("127.0.0.1", true) == "");  // a tunnel, which speaks for many
}

BOOST_AUTO_TEST_CASE(believes_a_tunnel_the_entry_that_it_added_itself) {
    BOOST_TEST(name_of("127.0.0.1", true, "192.0.2.9") == "via 192.0.2.9");
    BOOST_TEST(name_of("127.0.0.1", true, "198.51.100.1, 192.0.2.9") == "via 192.0.2.9");
    BOOST_TEST(name_of("127.0.0.1", true, "198.51.100.1", "192.0.2.9") == "via 192.0.2.9");
    BOOST_TEST(name_of("127.0.0.1", true, "2001:db8::7") == "via 2001:db8::/64");
    BOOST_TEST(name_of("127.0.0.1", true, "192.0.2.9:4711") == "via 192.0.2.9");
    BOOST_TEST(name_of("127.0.0.1", true, "[2001:db8::7]:4711") == "via 2001:db8::/64");
    BOOST_TEST(name_of("127.0.0.1", true, "[") == "");
    BOOST_TEST(name_of("127.0.0.1", false, "192.0.2.9") == "via 192.0.2.9");
    BOOST_TEST(name_of("127.0.0.1", true, "192.0.2.9, ") == "");
    BOOST_TEST(name_of("127.0.0.1", true, std::string(4096, 'x')) == "via " + std::string(64, 'x'));
}

BOOST_AUTO_TEST_CASE(gives_each_peer_so_many_in_a_minute) {
    rate_budget b({2, 100});
    manual_clock clock;
    BOOST_TEST(bool(b.take(from("a"), clock.now())));
    clock.advance(20s);
    BOOST_TEST(bool(b.take(from("a"), clock.now())));
    auto const refused = b.take(from("a"), clock.now());
    BOOST_TEST((refused.used_up == spent::by_peer));
    BOOST_TEST(refused.wait.count() == 40);  // from the first one on
    BOOST_TEST(bool(b.take(from("b"), clock.now())));
    clock.advance(39999ms);
    BOOST_TEST(b.ask(from("a"), clock.now()).wait.count() == 1);
    clock.advance(1ms);
    BOOST_TEST(bool(b.ask(from("a"), clock.now())));
}

BOOST_AUTO_TEST_CASE(gives_all_together_so_many) {
    rate_budget b({2, 3});
    auto const now = time_point();
    account const nobody;
    account const local{{}, true};
    BOOST_TEST(bool(b.take(nobody, now)));
    BOOST_TEST(bool(b.take(nobody, now)));
    BOOST_TEST(bool(b.take(local, now)));
    BOOST_TEST((b.take(nobody, now).used_up == spent::by_all));
    BOOST_TEST((b.take(from("a"), now).used_up == spent::by_all));
    BOOST_TEST(bool(b.take(from("a"), now + 60s)));
    b.reset();
    BOOST_TEST(bool(b.take(nobody, now + 60s)));
}

BOOST_AUTO_TEST_CASE(asking_and_being_refused_cost_nothing) {
    rate_budget b({1, 2});
    auto const now = time_point();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(bool(b.ask(from("a"), now)));
    BOOST_TEST(bool(b.take(from("a"), now)));
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(!b.take(from("a"), now));
    BOOST_TEST(bool(b.take(from("b"), now)));
}

BOOST_AUTO_TEST_CASE(forgets_peers_whose_minute_is_over_and_no_other) {
    rate_budget b({1, 1'000'000});
    manual_clock clock;
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 500; ++i)
            BOOST_REQUIRE(bool(b.take(from("p" + std::to_string(i)), clock.now())));
        BOOST_TEST(!b.take(from("p0"), clock.now()));
        clock.advance(60s);
    }
}

// RFC 6585 §4, RFC 9110 §15.6.4.
BOOST_AUTO_TEST_CASE(refuses_one_with_429_and_everybody_with_503) {
    rate_budget b({1, 2});
    auto const now = time_point();
    b.take(from("a"), now);
    auto const own = refusal_of(b.take(from("a"), now), "logins", "logins");
    BOOST_TEST(own.status() == 429u);
    BOOST_TEST(own.headers().get("Retry-After") == "60");
    BOOST_TEST(own.description().find("limits.peer_logins") != std::string::npos);
    b.take(from("b"), now);
    auto const all = refusal_of(b.take(from("c"), now), "logins", "logins");
    BOOST_TEST(all.status() == 503u);
    BOOST_TEST(all.error() == "temporarily_unavailable");
    BOOST_TEST(all.description().find("limits.logins") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

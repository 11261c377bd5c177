// Does a URL lead back here? Asked of real servers.
#include "control/health/probe.hpp"

#include <atomic>
#include <chrono>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include "http/net/certs.hpp"
#include "support/exchange.hpp"
#include "support/folder.hpp"
#include "support/live_server.hpp"
#include "support/waiting.hpp"

using namespace tollgate;
using namespace std::chrono_literals;

namespace {

using finding = control::probe_result::finding;

// What the server at the other end says to every request.
struct saying {
    unsigned status = 200;
    http::header_list headers;
    std::chrono::milliseconds after{0};
};

std::atomic<int> asked{0};

task<http::reply> say(saying what, std::string path, boost::asio::any_io_executor on) {
    ++asked;
    boost::asio::steady_timer timer(on, what.after);
    co_await timer.async_wait(boost::asio::use_awaitable);
    http::reply r(path == "/healthz" ? what.status : 404, "text/plain", "ok\n");
    for (auto const& h : what.headers)
        r.headers.add(h.name, h.value);
    co_return r;
}

http::service service_of(saying what) {
    return [what](http::request const& r, http::listener_info const&,
                  boost::asio::any_io_executor on) {
        return say(what, std::string(r.path), std::move(on));
    };
}

struct fixture {
    boost::asio::io_context io;
    std::optional<http::client> client{std::in_place, http::client::options()};

    control::probe_result probe(std::string const& origin,
                                std::chrono::milliseconds patience = 30s) {
        auto work = control::try_to_reach(*client, origin, "this-one", patience);
        return test::run(io, std::move(work));
    }
    static std::string origin(test::live_server const& s, std::string const& before = "http://") {
        return before + "127.0.0.1:" + std::to_string(s.port());
    }
    static saying instance(std::string const& name) {
        saying s;
        s.headers.add("Tollgate-Instance", name);
        return s;
    }
    control::probe_result of(saying what) {
        test::live_server s(service_of(std::move(what)));
        return probe(origin(s));
    }
};

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(control_reach, fixture)

BOOST_AUTO_TEST_CASE(is_content_with_its_own_answer) {
    auto const r = of(instance("this-one"));
    BOOST_TEST((r.found == finding::here));
    BOOST_TEST(r.why == "");
}

BOOST_AUTO_TEST_CASE(knows_another_tollgate_from_itself) {
    auto const r = of(instance("that-one"));
    BOOST_TEST((r.found == finding::somebody_else));
    BOOST_TEST(r.why == "another tollgate answers there");
}

BOOST_AUTO_TEST_CASE(knows_somebody_else_who_also_says_ok) {
    BOOST_TEST(of({}).why == "somebody else answers there (status 200 to GET /healthz)");
    saying gone;
    gone.status = 502;
    auto const r = of(gone);
    BOOST_TEST((r.found == finding::somebody_else));
    BOOST_TEST(holds(r.why, "status 502"));
}

BOOST_AUTO_TEST_CASE(follows_no_redirect_and_says_where_it_would_lead) {
    test::live_server there(service_of(instance("this-one")));
    saying away;
    away.status = 308;
    away.headers.add("Location", origin(there) + "/healthz");
    auto const r = of(away);
    BOOST_TEST((r.found == finding::redirected));
    BOOST_TEST(holds(r.why, "status 308"));
    BOOST_TEST(holds(r.why, origin(there)));
}

BOOST_AUTO_TEST_CASE(says_why_nobody_could_be_asked) {
    auto const refused = probe("http://127.0.0.1:1");
    BOOST_TEST((refused.found == finding::unreachable));
    BOOST_TEST(holds(refused.why, "refused"), refused.why);
    auto const broken = probe("http://127.0.0.1:0");
    BOOST_TEST((broken.found == finding::unreachable));
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_ever) {
    auto slow = instance("this-one");
    slow.after = 1min;
    test::live_server s(service_of(slow));
    auto const r = probe(origin(s), 100ms);
    BOOST_TEST((r.found == finding::unreachable));
}

BOOST_AUTO_TEST_CASE(ends_when_it_is_cancelled) {
    auto slow = instance("this-one");
    slow.after = 10min;
    test::live_server s(service_of(slow));
    asked = 0;
    boost::asio::cancellation_signal stop;
    bool ended = false;
    auto const done = [&](std::exception_ptr, control::probe_result) { ended = true; };
    auto work = control::try_to_reach(*client, origin(s), "this-one", 10min);
    boost::asio::co_spawn(io, std::move(work),
                          boost::asio::bind_cancellation_slot(stop.slot(), done));
    BOOST_TEST(test::eventually([&] {
        io.run_one_for(5ms);
        return asked == 1;
    }));
    stop.emit(boost::asio::cancellation_type::all);
    io.run_for(1min);
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(tells_a_certificate_that_nobody_vouches_for) {
    test::folder dir;
    auto const files = http::write_certificates(dir.path());
    auto options = test::live_server::small();
    options.tls.certificate = files.certificate;
    options.tls.private_key = files.key;
    test::live_server s(service_of(instance("this-one")), options);
    auto const r = probe(origin(s, "https://"));
    BOOST_TEST((r.found == finding::untrusted));
    BOOST_TEST(holds(r.why, "certificate"), r.why);
    http::client::options trusting;
    trusting.extra_ca_file = files.ca;
    client.emplace(trusting);
    BOOST_TEST((probe(origin(s, "https://")).found == finding::here));
}

BOOST_AUTO_TEST_CASE(tells_a_server_that_speaks_no_tls) {
    test::live_server s(service_of(instance("this-one")));
    auto const r = probe(origin(s, "https://"));
    BOOST_TEST((r.found != finding::here));
    BOOST_TEST(r.why != "");
}

BOOST_AUTO_TEST_SUITE_END()

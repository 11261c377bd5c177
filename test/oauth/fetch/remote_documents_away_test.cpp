// Documents that strangers name and that cannot be had: who is told what, and what serves instead.
#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>

#include "oauth/fetch/documents_bench.hpp"
#include "oauth/fetch/fetch_failure.hpp"
#include "support/waiting.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(remote_documents_away, documents_bench)

// RFC 9110 §15.6.4: 503 and Retry-After where nobody could tell; the client is as good as before
BOOST_AUTO_TEST_CASE(blames_nobody_while_the_document_cannot_be_had) {
    for (unsigned const status : {408u, 425u, 429u, 500u, 502u, 503u, 504u}) {
        peer.answers(status, "application/json", "{}");
        BOOST_TEST(kind_of_failure() == "503 temporarily_unavailable, again in 5", status);
    }
    BOOST_TEST(get() == "the document was answered with status 504, not 200; try again later");
    auto q = question();
    q.url = nobody();
    BOOST_TEST(kind_of_failure(q) == "503 temporarily_unavailable, again in 5");
}

// RFC 9110 §10.2.3: Retry-After in seconds is passed on, within reason
BOOST_AUTO_TEST_CASE(passes_on_when_its_server_wants_to_be_asked_again) {
    for (auto const& [said, told] : std::vector<std::pair<std::string, std::string>>{
             {"17", "17"}, {"0", "1"}, {"999999", "3600"}, {"soon", "5"}, {"-1", "5"}}) {
        peer.script = [said = said](heard const&) {
            http::reply r(503, "text/plain", "");
            r.headers.add("Retry-After", said);
            return r;
        };
        BOOST_TEST(kind_of_failure() == "503 temporarily_unavailable, again in " + told);
    }
}

// Which ports of this machine are open, and what answers there, is nobody's business.
BOOST_AUTO_TEST_CASE(says_one_thing_for_all_that_can_go_wrong_on_this_machine) {
    auto q = question();
    q.reach = http::allowed_addresses::only_loopback;
    std::string const all =
        "the document on this machine could not be fetched, or is none; the log of this server "
        "says why";
    for (unsigned const status : {302u, 404u, 201u}) {
        peer.answers(status, "application/json", "{}");
        BOOST_TEST(get(q) == all, status);
    }
    peer.answers(200, "text/html", "{}");
    BOOST_TEST(get(q) == all);
    peer.answers(200, "application/json", "{");
    BOOST_TEST(get(q) == all);
    peer.answers_json(std::string(6000, ' '));
    BOOST_TEST(get(q) == all);
    peer.answers(500, "application/json", "{}");
    BOOST_TEST(get(q) == all + "; try again later");
    q.url = nobody();
    BOOST_TEST(get(q) == all + "; try again later");
    q.url = "http://127.0.0.2/";
    BOOST_TEST(get(q) == all);
}

BOOST_AUTO_TEST_CASE(says_when_nobody_answers) {
    auto q = question();
    q.url = nobody();
    BOOST_TEST(get(q).starts_with("the document could not be fetched: "));
}

// Client ID Metadata Document draft-01 §6.5: no address of our own network, and no word about it
BOOST_AUTO_TEST_CASE(tells_an_unknown_name_and_a_private_one_in_the_same_words) {
    peer.answers_json("{}");
    auto q = question();
    q.reach = http::allowed_addresses::only_public;
    http::client::options o;
    o.directory = [](std::string const& host, http::ip_addresses& into) {
        if (host.starts_with("inside")) into.push_back(boost::asio::ip::make_address("10.0.0.1"));
        boost::system::error_code const none = boost::asio::error::host_not_found;
        return into.empty() ? none : boost::system::error_code();
    };
    http::client outbound(o);
    remote_documents asked(outbound, time);
    auto const said = [&](std::string const& url) {
        q.url = url;
        auto asking = asked.get(q);
        auto const got = run(io, std::move(asking));
        BOOST_REQUIRE(!got);
        return std::to_string(got.error().status()) + ' ' + got.error().description();
    };
    // DNS may say otherwise tomorrow.
    for (auto const* name : {"https://none.test/c", "https://inside.test/c"})
        BOOST_TEST(said(name) == "503 the document has no public address; try again later", name);
    for (std::string const& address :
         {peer.url() + "/c", std::string("https://10.0.0.1/c"), std::string("https://[fd00::1]/c"),
          std::string("https://localhost/c"), std::string("https://a.localhost/c")})
        BOOST_TEST(said(address) == "401 the document has no public address", address);
    BOOST_TEST(peer.count() == 0u);
}

// RFC 9110 §15.6.4: a name server that cannot tell is no fault of the client either
BOOST_AUTO_TEST_CASE(blames_nobody_while_no_name_server_answers) {
    http::client::options o;
    o.directory = [](std::string const&, http::ip_addresses&) -> boost::system::error_code {
        return boost::asio::error::host_not_found_try_again;
    };
    http::client outbound(o);
    remote_documents asked(outbound, time);
    auto q = question();
    q.url = "https://app.test/c";
    q.reach = http::allowed_addresses::only_public;
    auto asking = asked.get(q);
    auto const got = run(io, std::move(asking));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 503u);
    BOOST_TEST(got.error().headers().get("Retry-After") == "5");
}

// RFC 9111 §4.2.4: stale, while its server cannot be asked, for an hour
BOOST_AUTO_TEST_CASE(uses_a_stale_copy_while_nobody_can_tell) {
    answers("max-age=300");
    get();
    time.advance(300s);
    peer.answers(500, "application/json", "{}");
    BOOST_TEST(get() == R"({"a":1})");
    BOOST_TEST(peer.count() == 2u);
    // Who asks does not wait for it each time.
    time.advance(29s);
    BOOST_TEST(get() == R"({"a":1})");
    BOOST_TEST(peer.count() == 2u);
    time.advance(1s);
    BOOST_TEST(get() == R"({"a":1})");
    BOOST_TEST(peer.count() == 3u);
    time.advance(std::chrono::hours(1) - 31s);
    BOOST_TEST(get() == R"({"a":1})");
    time.advance(1s);
    BOOST_TEST(kind_of_failure() == "503 temporarily_unavailable, again in 5");
}

BOOST_AUTO_TEST_CASE(takes_what_is_new_as_soon_as_it_can_be_had_again) {
    answers("max-age=300");
    get();
    time.advance(300s);
    peer.answers(503, "application/json", "{}");
    get();
    http::header_list h;
    h.add("Cache-Control", "max-age=300");
    answers(h, R"({"b":2})");
    time.advance(30s);
    BOOST_TEST(get() == R"({"b":2})");
}

// RFC 9111 §4.2.4, §5.2.2.2: no stale copy where its server forbids it
BOOST_AUTO_TEST_CASE(uses_no_stale_copy_that_must_be_revalidated) {
    for (auto const* strict : {"max-age=300, must-revalidate", "max-age=300, proxy-revalidate",
                               "max-age=300, s-maxage=300", "max-age=300, stale-if-error=0"}) {
        answers(strict);
        get(question(strict));
        time.advance(300s);
        peer.answers(500, "application/json", "{}");
        BOOST_TEST(kind_of_failure(question(strict)) == "503 temporarily_unavailable, again in 5",
                   strict);
    }
}

// What was withdrawn does not come back with the next failure of its server.
BOOST_AUTO_TEST_CASE(uses_no_stale_copy_of_what_is_gone) {
    answers("max-age=300");
    get();
    time.advance(300s);
    peer.answers(410, "application/json", "{}");
    BOOST_TEST(kind_of_failure() == "401 invalid_client");
    peer.answers(500, "application/json", "{}");
    BOOST_TEST(kind_of_failure() == "503 temporarily_unavailable, again in 5");
}

// With the copy that has not the key, its signature would be called wrong.
BOOST_AUTO_TEST_CASE(uses_no_copy_where_it_must_be_new) {
    answers("max-age=300");
    get();
    time.advance(5s);
    peer.answers(500, "application/json", "{}");
    auto q = question();
    q.anew = true;
    BOOST_TEST(kind_of_failure(q) == "503 temporarily_unavailable, again in 5");
    BOOST_TEST(get() == R"({"a":1})");
}

// RFC 9110 §15.6.4: what is too much is refused at once
BOOST_AUTO_TEST_CASE(fetches_so_many_at_a_time_and_no_more_of_one_owner_or_one_host) {
    struct row {
        int owners, hosts, turned_away;
    };
    for (auto const& r : {row{70, 70, 6}, row{1, 70, 54}, row{70, 1, 62}, row{5, 10, 0}}) {
        answers("no-store");
        peer.delay = 100ms;
        int const all = std::max(r.owners, r.hosts);
        int done = 0;
        int turned_away = 0;
        for (int i = 0; i < all; ++i) {
            auto q = question(std::to_string(i % r.owners));
            auto const port = q.url.substr(q.url.rfind(':'));
            q.url = "http://h" + std::to_string(i % r.hosts) + ".localhost" + port;
            q.url += std::to_string(i);
            auto asking = documents.get(std::move(q));
            boost::asio::co_spawn(io, std::move(asking), [&](std::exception_ptr, auto const& got) {
                ++done;
                if (got || got.error().status() != 503) return;
                ++turned_away;
                BOOST_TEST(got.error().headers().get("Retry-After") == "1");
            });
        }
        BOOST_TEST(test::run_until(io, [&] { return done == all; }));
        BOOST_TEST(turned_away == r.turned_away, r.owners << " owners, " << r.hosts << " hosts");
        BOOST_TEST(get(question("again")) == R"({"a":1})");
    }
}

BOOST_AUTO_TEST_SUITE_END()

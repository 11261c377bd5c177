// Names whose look-up takes as long as somebody else wants.
#include "http/net/name_lookups.hpp"

#include <condition_variable>
#include <mutex>
#include <set>

#include "http/client/peers.hpp"
#include "support/waiting.hpp"

using namespace test::client_peers;

namespace {

// A name server of the test's own: what begins with "slow" is not answered before release().
class silent_names {
public:
    ~silent_names() { release(); }

    http::name_directory directory() {
        return [state = state_](std::string const& host, http::ip_addresses& into) {
            return state->answer(host, into);
        };
    }
    void release() {
        std::lock_guard const lock(state_->mutex);
        state_->released = true;
        state_->changed.notify_all();
    }
    // Waits until so many have been asked for.
    bool wait_for_asked(std::size_t n) {
        std::unique_lock lock(state_->mutex);
        return state_->changed.wait_for(lock, 10s, [&] { return state_->asked.size() >= n; });
    }
    std::multiset<std::string> asked() {
        std::lock_guard const lock(state_->mutex);
        return state_->asked;
    }

private:
    // Outlives the test, as the threads do that wait here.
    struct state {
        std::mutex mutex;
        std::condition_variable changed;
        std::multiset<std::string> asked;
        bool released = false;

        error_code answer(std::string const& host, http::ip_addresses& into) {
            std::unique_lock lock(mutex);
            asked.insert(host);
            changed.notify_all();
            if (host.starts_with("slow")) changed.wait(lock, [&] { return released; });
            if (host.starts_with("none")) return asio::error::host_not_found;
            if (host.starts_with("later")) return asio::error::host_not_found_try_again;
            into.push_back(asio::ip::address_v4::loopback());
            return {};
        }
    };
    std::shared_ptr<state> const state_ = std::make_shared<state>();
};

struct names_bench {
    silent_names names;
    asio::io_context io;
    std::optional<http::client> client;
    std::vector<error_code> ends;

    names_bench() {
        http::client::options o;
        o.directory = names.directory();
        client.emplace(o);
    }
    void begin(std::string host, std::string owner,
               http::allowed_addresses reach = http::allowed_addresses::only_public,
               std::chrono::milliseconds timeout = 20s) {
        http::outbound o("http://" + std::move(host) + ":1/");
        o.reach = reach;
        o.owner = std::move(owner);
        o.timeout = timeout;
        auto work = client->send(std::move(o));
        asio::co_spawn(io, std::move(work), [this](std::exception_ptr e, result const& r) {
            BOOST_TEST(!e);
            ends.push_back(r ? error_code() : r.error());
        });
    }
    void run_until(std::size_t n) {
        BOOST_REQUIRE(test::run_until(io, [&] { return ends.size() >= n; }));
    }
    // What a name ends with that is looked up alone.
    error_code end_of(std::string host, std::string owner, http::allowed_addresses reach) {
        auto const before = ends.size();
        begin(std::move(host), std::move(owner), reach);
        run_until(before + 1);
        return ends.back();
    }
    // Eight that hang, for two owners.
    void fill() {
        for (int i = 0; i < 8; ++i)
            begin("slow" + std::to_string(i) + ".test", i < 4 ? "1" : "2");
        io.restart();
        io.poll();
        BOOST_REQUIRE(names.wait_for_asked(8));
    }
};

constexpr auto busy = boost::system::errc::resource_unavailable_try_again;
constexpr auto out_of_reach = boost::system::errc::permission_denied;
constexpr auto strangers = http::allowed_addresses::only_public;
constexpr auto ours = http::allowed_addresses::anywhere;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(name_lookups_suite, names_bench)

BOOST_AUTO_TEST_CASE(tells_a_name_that_is_none_from_one_that_nobody_could_tell_of) {
    for (auto const reach : {strangers, ours}) {
        BOOST_TEST((end_of("none.test", "1", reach) == asio::error::host_not_found));
        BOOST_TEST((end_of("later.test", "1", reach) == asio::error::host_not_found_try_again));
    }
    BOOST_TEST((end_of("inside.test", "1", strangers) == out_of_reach));
    BOOST_TEST((end_of("inside.test", "", ours) == asio::error::connection_refused));
}

BOOST_AUTO_TEST_CASE(does_not_let_names_of_strangers_hold_up_ours) {
    fill();
    BOOST_TEST((end_of("provider.test", "", ours) == asio::error::connection_refused));
}

// RFC 9110 §15.6.4: overload is said at once, and nothing waits in a queue
BOOST_AUTO_TEST_CASE(looks_eight_names_of_strangers_up_at_once_and_refuses_the_ninth) {
    fill();
    BOOST_TEST((end_of("other.test", "3", strangers) == busy));
    BOOST_TEST(names.asked().count("other.test") == 0u);
    BOOST_TEST(client->strangers_lookups() == 8u);
}

BOOST_AUTO_TEST_CASE(gives_one_owner_half_of_the_places) {
    for (int i = 0; i < 4; ++i)
        begin("slow" + std::to_string(i) + ".test", "1");
    io.poll();
    BOOST_REQUIRE(names.wait_for_asked(4));
    BOOST_TEST((end_of("other.test", "1", strangers) == busy));
    BOOST_TEST((end_of("other.test", "2", strangers) == out_of_reach));
}

BOOST_AUTO_TEST_CASE(counts_a_look_up_until_it_has_returned_and_not_until_nobody_waits_for_it) {
    for (int i = 0; i < 8; ++i)
        begin("slow" + std::to_string(i) + ".test", i < 4 ? "1" : "2", strangers, 20ms);
    run_until(8);
    for (auto const& ec : ends)
        BOOST_TEST((ec == asio::error::timed_out));
    BOOST_TEST((end_of("other.test", "3", strangers) == busy));
    names.release();
    while (client->strangers_lookups() != 0)
        std::this_thread::yield();
    BOOST_TEST((end_of("other.test", "3", strangers) == out_of_reach));
}

BOOST_AUTO_TEST_CASE(looks_a_name_up_once_for_all_who_wait_for_it) {
    for (int i = 0; i < 20; ++i)
        begin("slow.test", std::to_string(i));
    io.poll();
    BOOST_REQUIRE(names.wait_for_asked(1));
    BOOST_TEST(client->strangers_lookups() == 1u);
    names.release();
    run_until(20);
    for (auto const& ec : ends)
        BOOST_TEST((ec == out_of_reach));
    BOOST_TEST(names.asked().count("slow.test") == 1u);
}

// Who waits may go before the answer comes, and everything it belongs to with it.
BOOST_AUTO_TEST_CASE(does_not_keep_anybody_from_ending) {
    auto const begun = std::chrono::steady_clock::now();
    {
        asio::io_context other;
        http::client::options o;
        o.directory = names.directory();
        http::client leaving(o);
        for (auto const reach : {strangers, ours}) {
            http::outbound question("http://slow.test:1/");
            question.reach = reach;
            auto work = leaving.send(std::move(question));
            asio::co_spawn(other, std::move(work), [](std::exception_ptr, result const&) {});
        }
        other.poll();
        BOOST_REQUIRE(names.wait_for_asked(2));
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
    names.release();
}

BOOST_AUTO_TEST_CASE(asks_the_system_for_both_families_and_for_old_notations) {
    http::ip_addresses found;
    BOOST_TEST(!http::system_directory("127.1", found));
    BOOST_TEST((found == http::ip_addresses{asio::ip::address_v4::loopback()}));
    found.clear();
    BOOST_TEST(!http::system_directory("::1", found));
    BOOST_TEST((found == http::ip_addresses{asio::ip::address_v6::loopback()}));
    found.clear();
    BOOST_TEST((http::system_directory(std::string(70, 'a') + ".invalid", found)));
    BOOST_TEST(found.empty());
}

BOOST_AUTO_TEST_SUITE_END()

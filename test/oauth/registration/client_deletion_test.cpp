// What it costs to delete a client (RFC 7592 §2.3), and that nothing slips through meanwhile.
#include <atomic>
#include <chrono>
#include <thread>

#include "oauth/records/failing_store.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

struct deleting : authorization_bench {
    failing_store* counted = nullptr;

    deleting() : authorization_bench({}, make_counted) {
        counted = static_cast<failing_store*>(kept.get());
    }
    static std::unique_ptr<oauth::store> make_counted(std::unique_ptr<oauth::store> s) {
        return std::make_unique<failing_store>(std::move(s));
    }
    answer remove(json::value const& told) {
        return web.send(http::verb::delete_, "/register/" + text(told, "client_id"), "",
                        {{"Authorization", "Bearer " + text(told, "registration_access_token")}});
    }
    // Access tokens of somebody else, straight into the store.
    void add_tokens(int n) {
        for (int i = 0; i < n; ++i) {
            oauth::access_token t;
            t.grant.family = "f" + std::to_string(added_);
            t.grant.client_id = "others";
            t.id = "t" + std::to_string(added_);
            t.expires_at = web.clock.now() + std::chrono::hours(1);
            auto const secret = "secret" + std::to_string(added_++);
            BOOST_REQUIRE(bool(run(server.records().add_access("default", secret, t))));
        }
    }
    // Of a deletion of a client with one login.
    struct cost {
        std::size_t calls, listings, erased;
        std::chrono::nanoseconds took;
    };
    cost of_deletion() {
        auto const told = register_client();
        login(text(told, "client_id"));
        auto const calls = counted->calls.load();
        auto const listings = counted->listings.load();
        auto const erased = counted->erased.load();
        auto const begin = std::chrono::steady_clock::now();
        BOOST_REQUIRE_EQUAL(remove(told).status, 204u);
        auto const took = std::chrono::steady_clock::now() - begin;
        return {counted->calls - calls, counted->listings - listings, counted->erased - erased,
                took};
    }
    std::chrono::nanoseconds quickest_deletion() {
        auto best = of_deletion().took;
        for (int i = 0; i < 9; ++i)
            best = std::min(best, of_deletion().took);
        return best;
    }

private:
    int added_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_deletion, deleting)

BOOST_AUTO_TEST_CASE(asks_the_store_for_what_the_client_has_and_not_for_what_the_realm_has) {
    auto const alone = of_deletion();
    add_tokens(500);
    auto const among_many = of_deletion();
    BOOST_TEST(among_many.calls == alone.calls);
    BOOST_TEST(among_many.calls <= 5u);
    BOOST_TEST(among_many.listings == 0u);
    BOOST_TEST(among_many.erased == 3u);  // code, refresh token, access token
}

// It took two hundred times as long when every token was read.
BOOST_AUTO_TEST_CASE(takes_as_long_in_a_realm_with_twenty_thousand_tokens_as_in_an_empty_one) {
    auto const alone = quickest_deletion();
    add_tokens(20'000);
    auto const among_many = quickest_deletion();
    BOOST_TEST((among_many < alone * 20),
               alone.count() << " ns alone, " << among_many.count() << " ns among many");
    BOOST_TEST(run(oauth::all_keys(*kept, "default", oauth::kind::access_token))->size() ==
               20'000u);
}

// Device authorizations as well: nobody may approve what no client can fetch.
BOOST_AUTO_TEST_CASE(takes_device_authorizations_along) {
    json::object m;
    m["grant_types"] = json::array{"urn:ietf:params:oauth:grant-type:device_code"};
    m["redirect_uris"] = json::array{};
    auto const told = register_client(m);
    auto const begun =
        web.post_form("/device_authorization", {{"client_id", text(told, "client_id")}});
    BOOST_REQUIRE_MESSAGE(begun.status == 200, begun.body);
    BOOST_TEST(run(oauth::all_keys(*kept, "default", oauth::kind::user_code))->size() == 1u);
    BOOST_TEST(remove(told).status == 204u);
    BOOST_TEST(run(oauth::all_keys(*kept, "default", oauth::kind::user_code))->empty());
    BOOST_TEST(run(oauth::all_keys(*kept, "default", oauth::kind::device_code))->empty());
}

// A seed belongs to the first client that presents it, and goes with it.
BOOST_AUTO_TEST_CASE(takes_a_seeded_refresh_token_along_that_it_was_given) {
    auto const told = register_client();
    BOOST_REQUIRE(bool(run(server.seed_refresh_token(*web.realm, "seed"))));
    auto const got = token(refresh_request(text(told, "client_id"), "seed"));
    BOOST_REQUIRE_MESSAGE(got.status == 200, got.body);
    BOOST_TEST(remove(told).status == 204u);
    BOOST_TEST(!is_active(text(got.json(), "access_token")));
    BOOST_TEST(!is_active("seed"));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_that_was_issued_while_the_client_was_deleted) {
    constexpr std::size_t racers = 12;
    for (int round = 0; round < 10; ++round) {
        auto const told = register_client();
        auto const id = text(told, "client_id");
        std::vector<fields> requests;
        for (std::size_t i = 0; i < racers; ++i)
            requests.push_back(code_request(id, code_for(id)));
        std::atomic<std::size_t> waiting{racers};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < racers; ++i) {
            threads.emplace_back([&, i] {
                bench mine(routes);
                mine.realm = web.realm;
                mine.clock.advance(web.clock.now() - mine.clock.now());
                waiting.fetch_sub(1);
                while (waiting.load() != 0)
                    std::this_thread::yield();
                if (i == 0)
                    mine.send(
                        http::verb::delete_, "/register/" + id, "",
                        {{"Authorization", "Bearer " + text(told, "registration_access_token")}});
                else
                    mine.post_form("/token", requests[i]);
            });
        }
        for (auto& t : threads)
            t.join();
        for (auto const k : {oauth::kind::code, oauth::kind::access_token,
                             oauth::kind::refresh_token, oauth::kind::client})
            BOOST_TEST(run(oauth::all_keys(*kept, "default", k))->empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()

// The same grant presented by many at the same moment, on many threads: the race that RFC 6749
// §4.1.2 and RFC 9700 §4.14.2 are about.
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "oauth/authorization_bench.hpp"

using namespace test;

namespace {

constexpr int racers = 8;

struct raced : authorization_bench {
    std::string id = public_client();

    // Every racer has a connection of its own (an io_context); they share server and realm.
    // Returns the answers in no order.
    std::vector<answer> race(std::vector<fields> const& requests) {
        std::vector<answer> answers(requests.size());
        std::atomic<std::size_t> waiting{requests.size()};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            threads.emplace_back([&, i] {
                bench mine(routes);
                mine.realm = web.realm;
                waiting.fetch_sub(1);
                while (waiting.load() != 0)
                    std::this_thread::yield();
                answers[i] = mine.post_form("/token", requests[i]);
            });
        }
        for (auto& t : threads)
            t.join();
        return answers;
    }
    std::vector<answer> race(fields const& request) {
        return race(std::vector<fields>(racers, request));
    }
    // What those who lost were told; returns those who won.
    static std::vector<json::value> winners(std::vector<answer> const& answers) {
        std::vector<json::value> won;
        for (auto const& a : answers) {
            if (a.status == 200)
                won.push_back(a.json());
            else
                BOOST_TEST(refusal(a) == "400 invalid_grant");
        }
        return won;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(race, raced)

BOOST_AUTO_TEST_CASE(gives_tokens_for_a_code_at_most_once_and_revokes_them) {
    for (int round = 0; round < 20; ++round) {
        auto const won = winners(race(code_request(id, code_for(id))));
        BOOST_TEST(won.size() <= 1u);
        for (auto const& tokens : won) {
            BOOST_TEST(!is_active(text(tokens, "access_token")));
            BOOST_TEST(!is_active(text(tokens, "refresh_token")));
        }
        BOOST_TEST(run(server.count(*web.realm))->access_tokens == 0u);
    }
}

BOOST_AUTO_TEST_CASE(rotates_a_refresh_token_once_where_reuse_is_only_rejected) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::reject; });
    for (int round = 0; round < 20; ++round) {
        auto const first = login(id);
        auto const won = winners(race(refresh_request(id, text(first, "refresh_token"))));
        BOOST_REQUIRE_EQUAL(won.size(), 1u);
        BOOST_TEST(is_active(text(won[0], "access_token")));
        BOOST_TEST(is_active(text(won[0], "refresh_token")));
        // Nothing of what the losers had been given is left.
        BOOST_TEST(run(server.count(*web.realm))->access_tokens == 2u);
        BOOST_TEST(run(server.count(*web.realm))->refresh_tokens.size() == 1u);
        BOOST_TEST(bool(run(server.reset(*web.realm))));
        policy([](auto& p) { p.reuse = oauth::refresh_reuse::reject; });
    }
}

BOOST_AUTO_TEST_CASE(leaves_nothing_of_a_family_whose_refresh_token_was_raced) {
    for (int round = 0; round < 20; ++round) {
        auto const first = login(id);
        auto const won = winners(race(refresh_request(id, text(first, "refresh_token"))));
        BOOST_TEST(won.size() <= 1u);
        auto const counts = run(server.count(*web.realm));
        BOOST_TEST(counts->access_tokens == 0u);
        BOOST_TEST(counts->refresh_tokens.size() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(binds_a_seed_to_exactly_one_of_many_clients) {
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::never; });
    for (int round = 0; round < 20; ++round) {
        auto const seed = "seed-" + std::to_string(round);
        BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, seed))));
        std::vector<fields> requests;
        for (int i = 0; i < racers; ++i)
            requests.push_back(refresh_request(public_client(), seed));
        BOOST_TEST(winners(race(requests)).size() == 1u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

// The same grant presented by many at the same moment, on many threads: the race that RFC 6749
// §4.1.2 and RFC 9700 §4.14.2 are about.
#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

constexpr int racers = 50;
constexpr int rounds = 5;

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
                mine.clock.advance(web.clock.now() - mine.clock.now());
                waiting.fetch_sub(1);
                while (waiting.load() != 0)
                    std::this_thread::yield();
                bool const revokes = requests[i].front().first == "token";
                answers[i] = mine.post_form(revokes ? "/revoke" : "/token", requests[i]);
            });
        }
        for (auto& t : threads)
            t.join();
        return answers;
    }
    std::vector<answer> race(fields const& request) {
        return race(std::vector<fields>(racers, request));
    }
    // Of anything that was ever issued.
    void check_nothing_is_left() {
        auto const counts = run(server.count(*web.realm));
        BOOST_TEST(counts->access_tokens == 0u);
        BOOST_TEST(counts->refresh_tokens.size() == 0u);
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

// RFC 6749 §4.1.2: a code that is used twice is denied, and what was issued for it is revoked.
BOOST_AUTO_TEST_CASE(gives_tokens_for_a_code_at_most_once_and_revokes_them) {
    for (int round = 0; round < rounds; ++round) {
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
    for (int round = 0; round < rounds; ++round) {
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
    for (int round = 0; round < rounds; ++round) {
        auto const first = login(id);
        auto const won = winners(race(refresh_request(id, text(first, "refresh_token"))));
        BOOST_TEST(won.size() <= 1u);
        auto const counts = run(server.count(*web.realm));
        BOOST_TEST(counts->access_tokens == 0u);
        BOOST_TEST(counts->refresh_tokens.size() == 0u);
    }
}

// RFC 9700 §4.14.2: the grace covers clients that refresh in parallel.
BOOST_AUTO_TEST_CASE(answers_everybody_within_the_grace_and_nobody_after_it) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::grace; });
    for (int round = 0; round < rounds; ++round) {
        auto const first = login(id);
        auto const request = refresh_request(id, text(first, "refresh_token"));
        auto const won = winners(race(request));
        BOOST_REQUIRE_EQUAL(won.size(), std::size_t(racers));
        std::set<std::string> distinct;
        for (auto const& tokens : won)
            distinct.insert(text(tokens, "refresh_token"));
        BOOST_TEST(distinct.size() == std::size_t(racers));
        later(std::chrono::seconds(10));
        BOOST_TEST(winners(race(request)).empty());
        check_nothing_is_left();
    }
}

BOOST_AUTO_TEST_CASE(lets_one_successor_win_where_the_old_token_stays_good) {
    policy([](auto& p) { p.reuse = oauth::refresh_reuse::until_successor_used; });
    for (int round = 0; round < rounds; ++round) {
        auto const first = login(id);
        auto const request = refresh_request(id, text(first, "refresh_token"));
        auto const successors = winners(race(request));
        BOOST_REQUIRE_EQUAL(successors.size(), std::size_t(racers));
        std::vector<fields> requests;
        for (auto const& tokens : successors)
            requests.push_back(refresh_request(id, text(tokens, "refresh_token")));
        BOOST_TEST(winners(race(requests)).size() <= 1u);
        check_nothing_is_left();
    }
}

// RFC 7009 §2.1: with a refresh token die the tokens of the same grant, those in the making too.
BOOST_AUTO_TEST_CASE(keeps_a_family_dead_that_is_revoked_while_it_is_refreshed) {
    for (auto const rule :
         {oauth::refresh_reuse::revoke_family, oauth::refresh_reuse::reject,
          oauth::refresh_reuse::grace, oauth::refresh_reuse::until_successor_used}) {
        policy([&](auto& p) { p.reuse = rule; });
        for (int round = 0; round < rounds; ++round) {
            auto const secret = text(login(id), "refresh_token");
            std::vector<fields> requests(racers, refresh_request(id, secret));
            requests[racers / 2] = {{"token", secret}, {"client_id", id}};
            auto answers = race(requests);
            BOOST_TEST(answers[racers / 2].status == 200u);
            answers.erase(answers.begin() + racers / 2);
            winners(answers);
            check_nothing_is_left();
        }
    }
}

BOOST_AUTO_TEST_CASE(binds_a_seed_to_exactly_one_of_many_clients) {
    policy([](auto& p) { p.rotation = oauth::refresh_rotation::never; });
    for (int round = 0; round < rounds; ++round) {
        auto const seed = "seed-" + std::to_string(round);
        BOOST_TEST(bool(run(server.seed_refresh_token(*web.realm, seed))));
        std::vector<fields> requests;
        for (int i = 0; i < racers; ++i)
            requests.push_back(refresh_request(public_client(), seed));
        BOOST_TEST(winners(race(requests)).size() == 1u);
    }
}

BOOST_AUTO_TEST_SUITE_END()

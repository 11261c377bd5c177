#include "http/limits/guess_limit.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

guess at(std::string name, std::string by) {
    return guess{secret_kind::client, std::move(name), std::move(by)};
}

struct counted {
    time_point now = manual_clock().now();
    guess_limit limit{guess_bounds{3, 8}};

    void wrong(guess const& g, int times) {
        for (int i = 0; i < times; ++i)
            limit.wrong(g, now);
    }
    // Wrong ones from so many peers, as often as each of them may.
    void wrong_from_everywhere(std::string const& name) {
        for (auto const* by : {"a", "b", "c"})
            wrong(at(name, by), 3);
    }
};

std::string line_of(std::string const& name) {
    auto const all = render_metrics();
    auto const from = all.find("\n" + name + ' ');
    if (from == std::string::npos) return "(none)";
    return all.substr(from + 1, all.find('\n', from + 1) - from - 1);
}

}  // namespace

// RFC 6749 §2.3.1, §10.10: protection against brute force.
BOOST_FIXTURE_TEST_SUITE(guess_limit_, counted)

BOOST_AUTO_TEST_CASE(shuts_a_peer_out_of_one_secret_for_a_minute) {
    auto const me = at("one", "a");
    wrong(me, 2);
    BOOST_TEST(limit.open(me, now));
    wrong(me, 1);
    BOOST_TEST(!limit.open(me, now));
    BOOST_TEST(limit.open(at("other", "a"), now));
    BOOST_TEST(limit.open(me, now + guess_limit::length));
}

BOOST_AUTO_TEST_CASE(lets_others_go_on_while_one_peer_is_shut_out) {
    wrong(at("one", "a"), 3);
    BOOST_TEST(limit.open(at("one", "b"), now));
}

BOOST_AUTO_TEST_CASE(shuts_a_secret_that_everybody_guesses_at) {
    wrong_from_everywhere("one");
    BOOST_TEST(!limit.open(at("one", "new"), now));
    BOOST_TEST(limit.open(at("other", "new"), now));
    BOOST_TEST(limit.open(at("one", "new"), now + guess_limit::length));
}

BOOST_AUTO_TEST_CASE(never_shuts_out_who_was_right_before_for_what_others_do) {
    auto const owner = at("one", "home");
    limit.right(owner, now);
    wrong_from_everywhere("one");
    BOOST_TEST(limit.open(owner, now));
    BOOST_TEST(!limit.open(at("one", "elsewhere"), now));
    // His own mistakes count, and it is not for ever.
    wrong(owner, 3);
    BOOST_TEST(!limit.open(owner, now));
    now += guess_limit::known_for;
    wrong_from_everywhere("one");
    BOOST_TEST(!limit.open(owner, now));
}

BOOST_AUTO_TEST_CASE(counts_a_peer_that_speaks_for_many_with_all_others_only) {
    auto tunnel = at("one", "loopback");
    tunnel.by_many = true;
    wrong(tunnel, 7);
    BOOST_TEST(limit.open(tunnel, now));
    limit.right(tunnel, now);  // somebody behind it was: that says nothing of the others
    wrong(tunnel, 1);
    BOOST_TEST(!limit.open(tunnel, now));
}

BOOST_AUTO_TEST_CASE(gives_a_known_browser_a_bound_of_its_own) {
    auto mine = at("one", "browser 1");
    mine.by_known = true;
    wrong_from_everywhere("one");
    BOOST_TEST(limit.open(mine, now));
    wrong(mine, 3);
    BOOST_TEST(!limit.open(mine, now));
}

BOOST_AUTO_TEST_CASE(does_not_take_one_kind_of_secret_for_another) {
    wrong(at("one", "a"), 3);
    BOOST_TEST(limit.open(guess{secret_kind::user, "one", "a"}, now));
}

BOOST_AUTO_TEST_CASE(forgets_when_it_is_reset) {
    wrong_from_everywhere("one");
    limit.reset();
    BOOST_TEST(limit.open(at("one", "a"), now));
}

BOOST_AUTO_TEST_CASE(a_secret_of_16_characters_is_not_guessed) {
    BOOST_TEST(can_be_guessed("123456789012345"));
    BOOST_TEST(!can_be_guessed("1234567890123456"));
    BOOST_TEST(!can_be_guessed(""));  // there is none
}

BOOST_AUTO_TEST_CASE(wrong_and_refused_guesses_are_in_the_metrics) {
    std::string const wrong_name = "tollgate_wrong_secrets_total{of=\"user\"}";
    std::string const refused_name = "tollgate_guesses_refused_total{of=\"user\"}";
    auto const count = [](std::string const& name) {
        auto const line = line_of(name);
        return std::stoul(line.substr(line.rfind(' ') + 1));
    };
    auto const before = count(wrong_name);
    auto const refused_before = count(refused_name);
    guess const g{secret_kind::user, "ada", "a"};
    wrong(g, 3);
    BOOST_TEST(!limit.open(g, now));
    BOOST_TEST(count(wrong_name) == before + 3);
    BOOST_TEST(count(refused_name) == refused_before + 1);
}

BOOST_AUTO_TEST_SUITE_END()

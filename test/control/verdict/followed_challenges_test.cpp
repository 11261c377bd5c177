// Challenges that a client follows, and those that it leaves alone: what counts as which.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"
#include "control/verdict/rule.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

finding_status judged(story const& s) {
    conversation const c(s.events());
    auto const at = std::ranges::find(all_rules(), "challenge.followed", &rule::id);
    BOOST_REQUIRE(at != all_rules().end());
    return judge_rule(*at, c).status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict_followed_challenges)

BOOST_AUTO_TEST_CASE(count_several_refusals_at_once_as_one) {
    story s;
    for (int i = 0; i < 4; ++i)
        s.add(unwelcome(), 0ms);
    BOOST_TEST((judged(s) == finding_status::pass));
}

// The client has not read the first refusal when it sends the last of the three.
BOOST_AUTO_TEST_CASE(let_a_client_read_the_refusals_before_it_refreshes) {
    story at_once;
    at_once.good();
    for (int i = 0; i < 3; ++i)
        at_once.add(unwelcome(), 100ms);
    at_once.add(story::refresh("rt-1", "at-2", "rt-2"), 5ms);
    BOOST_TEST((judged(at_once) == finding_status::pass));
    story late;
    late.good();
    for (int i = 0; i < 3; ++i)
        late.add(unwelcome(), 100ms);
    late.add(story::refresh("rt-1", "at-2", "rt-2"), 10s);
    BOOST_TEST((judged(late) == finding_status::fail));
}

// A slow client sends requests with the old token when another of its requests has renewed it: each
// of them comes after the refusal of the one before.
BOOST_AUTO_TEST_CASE(forgive_requests_that_were_under_way_when_their_token_was_renewed) {
    auto const with_the_old_one = [](tollgate::milliseconds between) {
        story s;
        s.good();
        s.add(story::refresh("rt-1", "at-2", "rt-2"));
        for (int i = 0; i < 3; ++i)
            s.add(refused(story::call("at-1"), 401, "invalid_token"), between);
        s.add(story::call("at-2"));
        return judged(s);
    };
    BOOST_TEST((with_the_old_one(100ms) == finding_status::pass));
    BOOST_TEST((with_the_old_one(40s) == finding_status::pass));
    BOOST_TEST((with_the_old_one(61s) == finding_status::fail));
}

// It is recorded when it is answered.
BOOST_AUTO_TEST_CASE(count_a_refresh_from_when_it_came) {
    story s;
    s.good();
    for (int i = 0; i < 3; ++i)
        s.add(unwelcome());
    s.add(story::refresh("rt-1", "at-2", "rt-2"), -1500ms);
    BOOST_TEST((judged(s) == finding_status::pass));
}

BOOST_AUTO_TEST_SUITE_END()

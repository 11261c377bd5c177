// Predicates about how often, in which order and how soon: windows, limits and what shows it.
#include "control/expectations/judging.hpp"

using namespace test;

namespace {

// {"method":"A"}
std::string of(char letter) {
    return R"({"method":")" + std::string(1, letter) + R"("})";
}

// "count":{"of":{"method":"A"},…}
std::string counts(std::string const& rest = "") {
    return R"("count":{"of":)" + of('A') + rest + '}';
}
std::string never(std::string const& rest = "") {
    return R"("never":{"of":)" + of('A') + rest + '}';
}
std::string const after_b = R"(,"after":)" + of('B');
std::string const before_c = R"(,"before":)" + of('C');

std::string between(std::string const& most = "") {
    return R"("between":{"of":)" + of('A') + R"(,"marks":)" + of('B') + most + '}';
}
std::string order() {
    return R"("order":{"first":)" + of('A') + R"(,"then":)" + of('B') + '}';
}
std::string followed() {
    return R"("after":{"each":)" + of('A') + R"(,"then":)" + of('B') + '}';
}
std::string within(std::string const& seconds) {
    return R"("within":{"first":)" + of('A') + R"(,"then":)" + of('B') + R"(,"seconds":)" +
           seconds + '}';
}

// Of marks whose client has come: one request of the protocol first, which is event 1.
story tried(std::string const& letters) {
    story s;
    s.add(story::call());
    for (char const c : letters)
        s.add(mark(std::string(1, c)));
    return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(predicates_that_count)

BOOST_AUTO_TEST_CASE(want_one_event_unless_they_say_something_else) {
    BOOST_TEST(answer_to(counts(), tried("A")) == holds_by(2));
    BOOST_TEST(answer_to(counts(), tried("B"), client_is::done) == not_reached);
    BOOST_TEST(answer_to(counts(), tried("AAA")) == holds_by(4));
}

BOOST_AUTO_TEST_CASE(hold_as_soon_as_there_are_enough_where_there_is_no_limit) {
    auto const three = counts(R"(,"least":3)");
    BOOST_TEST((answer_to(three, tried("AA")).is == control::answer::kind::waiting));
    BOOST_TEST(answer_to(three, tried("AAA")) == holds_by(4));
    BOOST_TEST(answer_to(three, tried("AAAA")) == holds_by(5));
}

BOOST_AUTO_TEST_CASE(with_a_limit_hold_only_when_no_more_can_come) {
    auto const two = counts(R"(,"most":2)");
    BOOST_TEST((answer_to(two, tried("AA")).is == control::answer::kind::waiting));
    BOOST_TEST(answer_to(two, tried("AA"), client_is::silent) == holds_by(3));
    BOOST_TEST(answer_to(two, tried("AA"), client_is::done) == holds_by(3));
}

BOOST_AUTO_TEST_CASE(are_broken_by_the_first_event_above_the_limit) {
    BOOST_TEST(answer_to(counts(R"(,"most":2)"), tried("AAAA")) == broken_by(4));
    BOOST_TEST(answer_to(counts(R"(,"most":0)"), tried("BA")) == broken_by(3));
}

// "At least one" is what is said where nothing is.
BOOST_AUTO_TEST_CASE(with_a_limit_alone_hold_without_any_event) {
    auto const at_most = counts(R"(,"most":1)" + after_b);
    BOOST_TEST(answer_to(at_most, tried("B"), client_is::silent) == holds_by(2));
    BOOST_TEST(answer_to(counts(R"(,"least":1,"most":1)" + after_b), tried("B"), client_is::done) ==
               broken_by(2));
}

BOOST_AUTO_TEST_CASE(want_a_number_between_two_limits) {
    auto const two_or_three = counts(R"(,"least":2,"most":3)" + after_b);
    BOOST_TEST(answer_to(two_or_three, tried("BA"), client_is::done) == broken_by(2));
    BOOST_TEST(answer_to(two_or_three, tried("BAA"), client_is::done) == holds_by(4));
    BOOST_TEST(answer_to(two_or_three, tried("BAAA"), client_is::done) == holds_by(5));
    BOOST_TEST(answer_to(two_or_three, tried("BAAAA")) == broken_by(6));
}

BOOST_AUTO_TEST_CASE(count_nothing_before_their_window_begins) {
    BOOST_TEST(answer_to(counts(after_b), tried("AA"), client_is::done) == not_reached);
    BOOST_TEST(answer_to(counts(after_b), tried("AAB")) == waits(4));
    BOOST_TEST(answer_to(counts(after_b), tried("AABA")) == holds_by(5));
}

BOOST_AUTO_TEST_CASE(begin_with_the_first_of_what_they_wait_for) {
    BOOST_TEST(answer_to(counts(R"(,"most":1)" + after_b), tried("BABA")) == broken_by(5));
}

BOOST_AUTO_TEST_CASE(count_nothing_behind_the_end_of_their_window) {
    auto const p = counts(after_b + before_c);
    BOOST_TEST(answer_to(p, tried("BCA")) == broken_by(2));
    BOOST_TEST(answer_to(p, tried("BACA")) == holds_by(3));
    // An end before the beginning ends nothing.
    BOOST_TEST(answer_to(p, tried("CBA")) == holds_by(4));
}

BOOST_AUTO_TEST_CASE(with_a_limit_are_decided_when_their_window_ends) {
    BOOST_TEST(answer_to(counts(R"(,"most":1)" + before_c), tried("AC")) == holds_by(2));
    BOOST_TEST(answer_to(counts(R"(,"most":1)" + before_c), tried("ACAA")) == holds_by(2));
}

// What both begins and counts is counted from the next on.
BOOST_AUTO_TEST_CASE(do_not_count_the_event_that_begins_their_window) {
    auto const p = counts(R"(,"after":)" + of('A'));
    BOOST_TEST(answer_to(p, tried("A")) == waits(2));
    BOOST_TEST(answer_to(p, tried("AA")) == holds_by(3));
}

BOOST_AUTO_TEST_CASE(are_not_reached_while_nobody_has_tried) {
    BOOST_TEST(answer_to(counts(R"(,"most":1)"), marks("B"), client_is::done) == not_reached);
    BOOST_TEST(answer_to(never(), marks("B"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(of_what_must_not_be_are_broken_by_the_first_of_them) {
    BOOST_TEST(answer_to(never(), tried("BAA")) == broken_by(3));
    BOOST_TEST(answer_to(never(after_b), tried("ABCA")) == broken_by(5));
}

BOOST_AUTO_TEST_CASE(of_what_must_not_be_hold_when_nothing_more_can_come) {
    BOOST_TEST((answer_to(never(), tried("B")).is == control::answer::kind::waiting));
    BOOST_TEST(
        (answer_to(never(), tried("B"), client_is::silent).is == control::answer::kind::holds));
    BOOST_TEST(answer_to(never(after_b), tried("AB"), client_is::done) == holds_by(3));
    BOOST_TEST(answer_to(never(after_b + before_c), tried("BC")) == holds_by(2));
    BOOST_TEST(answer_to(never(after_b + before_c), tried("BCA")) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(between_marks_begin_anew_with_each) {
    BOOST_TEST(answer_to(between(), marks("ABABA"), client_is::silent) == holds_by(5));
    BOOST_TEST(answer_to(between(), marks("ABA")) == waits(3));
    BOOST_TEST(answer_to(between(), marks("ABAA")) == broken_by(4));
    BOOST_TEST(answer_to(between(), marks("AAB")) == broken_by(2));
    BOOST_TEST(answer_to(between(), marks("BB"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(between_marks_allow_one_unless_they_say_how_many) {
    auto const two = between(R"(,"most":2)");
    BOOST_TEST(answer_to(two, marks("AABAA"), client_is::silent) == holds_by(5));
    BOOST_TEST(answer_to(two, marks("AABAAA")) == broken_by(6));
    BOOST_TEST(answer_to(between(R"(,"most":0)"), marks("BA")) == broken_by(2));
}

BOOST_AUTO_TEST_CASE(are_refused_where_no_number_fits_both_limits) {
    BOOST_TEST(mistake_in(counts(R"(,"least":3,"most":2)")) ==
               "/count/least: is more than most: no number is both");
    BOOST_TEST(mistake_in(counts(R"(,"least":2,"most":2)")) == "");
}

BOOST_AUTO_TEST_CASE(are_refused_without_an_event_and_with_a_number_that_is_none) {
    BOOST_TEST(mistake_in(R"("count":{})") == "/count/of: is missing; expected a pattern");
    BOOST_TEST(mistake_in(R"("between":{"of":)" + of('A') + '}') ==
               "/between/marks: is missing; expected a pattern");
    for (auto const* least : {"-1", "100001", "1.5"})
        BOOST_TEST(mistake_in(counts(R"(,"least":)" + std::string(least))) ==
                       "/count/least: expected a whole number from 0 to 100000",
                   least);
    BOOST_TEST(mistake_in(counts(R"(,"leest":1)")) ==
               R"(/count/leest: is not known here; the nearest known member is "least")");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(predicates_of_order)

BOOST_AUTO_TEST_CASE(hold_when_the_first_of_these_comes_before_the_first_of_those) {
    BOOST_TEST(answer_to(order(), marks("AB")) == holds_by(2));
    BOOST_TEST(answer_to(order(), marks("ACAB")) == holds_by(4));
    BOOST_TEST(answer_to(order(), marks("ABAB")) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(are_broken_by_one_of_those_that_comes_too_early) {
    BOOST_TEST(answer_to(order(), marks("BA")) == broken_by(1));
    BOOST_TEST(answer_to(order(), marks("CBAB")) == broken_by(2));
}

BOOST_AUTO_TEST_CASE(are_broken_when_those_do_not_come_any_more) {
    BOOST_TEST(answer_to(order(), marks("A")) == waits(1));
    BOOST_TEST(answer_to(order(), marks("A"), client_is::silent) == waits(1));
    BOOST_TEST(answer_to(order(), marks("A"), client_is::done) == broken_by(1));
    BOOST_TEST(answer_to(order(), marks("C"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(take_an_event_that_is_both_for_the_first) {
    auto const p = R"("order":{"first":)" + of('A') + R"(,"then":{"method":["A","B"]}})";
    BOOST_TEST(answer_to(p, marks("A")) == waits(1));
    BOOST_TEST(answer_to(p, marks("AA")) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(want_each_to_be_followed_and_not_each_to_have_one_of_its_own) {
    BOOST_TEST(answer_to(followed(), marks("AAB")) == holds_by(3));
    BOOST_TEST(answer_to(followed(), marks("ABB")) == holds_by(2));
    BOOST_TEST(answer_to(followed(), marks("ABA")) == waits(3));
    BOOST_TEST(answer_to(followed(), marks("ABA"), client_is::done) == broken_by(3));
    BOOST_TEST(answer_to(followed(), marks("B"), client_is::done) == not_reached);
}

// Each mark comes a second after the one before.
BOOST_AUTO_TEST_CASE(want_it_within_a_time_that_begins_with_the_answer_to_the_first) {
    // From the answer, 10 ms after the request came, to the next request.
    BOOST_TEST(answer_to(within("0.99"), marks("AB")) == holds_by(2));
    BOOST_TEST(answer_to(within("0.989"), marks("AB")) == broken_by(2));
    BOOST_TEST(answer_to(within("1.99"), marks("ACB")) == holds_by(3));
    BOOST_TEST(answer_to(within("1.989"), marks("ACB")) == broken_by(3));
}

BOOST_AUTO_TEST_CASE(count_the_time_from_the_first_of_these_to_the_first_of_those) {
    BOOST_TEST(answer_to(within("1"), marks("AAB")) == broken_by(3));
    BOOST_TEST(answer_to(within("1"), marks("BAB")) == holds_by(3));
    BOOST_TEST(answer_to(within("1"), marks("ABCCB")) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(wait_no_longer_than_the_time_that_they_give) {
    BOOST_TEST(answer_to(within("5"), marks("A"), client_is::running, 5010ms) == waits(1));
    BOOST_TEST(answer_to(within("5"), marks("A"), client_is::running, 5011ms) == broken_by(1));
    BOOST_TEST(answer_to(within("5"), marks("A"), client_is::done) == broken_by(1));
    BOOST_TEST(answer_to(within("5"), marks("B"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(are_refused_without_a_time_and_with_one_that_is_none) {
    BOOST_TEST(mistake_in(R"("within":{"first":)" + of('A') + R"(,"then":)" + of('B') + '}') ==
               "/within/seconds: is missing; expected a number of seconds");
    BOOST_TEST(mistake_in(within("0")).starts_with("/within/seconds: expected "));
    BOOST_TEST(mistake_in(within("3601")).starts_with("/within/seconds: expected "));
    BOOST_TEST(mistake_in(within("3600")) == "");
    BOOST_TEST(mistake_in(within(R"("2s")")) == "");
    BOOST_TEST(mistake_in(R"("order":{"first":)" + of('A') + '}') ==
               "/order/then: is missing; expected a pattern");
}

BOOST_AUTO_TEST_SUITE_END()

// What the exam says to an assistant.
#include "control/exam/words.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;

namespace {

station named(std::string name, std::string title = "something happens") {
    station s;
    s.name = std::move(name);
    s.title = std::move(title);
    return s;
}

station_record over(finding_status status, std::string text = "It was so.") {
    station_record r;
    r.over = true;
    finding f;
    f.status = status;
    f.text = std::move(text);
    r.findings.push_back(std::move(f));
    return r;
}

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exam_words_)

BOOST_AUTO_TEST_CASE(a_task_names_its_station_and_both_tools) {
    std::vector<station> const all{named("a"), named("b", "the token dies")};
    auto const text = exam_words::task(all, 1);
    BOOST_TEST(says(text, "Station 2 of 2: the token dies."));
    BOOST_TEST(says(text, "exam_task"));
    BOOST_TEST(says(text, "next_station"));
}

BOOST_AUTO_TEST_CASE(a_warning_fails_a_station_like_a_must) {
    BOOST_TEST(exam_words::result(named("a"), over(finding_status::pass)) == "a: passed.\n");
    for (auto const bad : {finding_status::fail, finding_status::warning})
        BOOST_TEST(exam_words::result(named("a"), over(bad, "Twice.")) == "a: failed. Twice.\n");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_counts_for_nothing) {
    std::vector<station> const all{named("a"), named("b")};
    station_record left;
    left.over = true;
    left.left_out = "There is none.";
    auto const text =
        exam_words::results(all, std::vector<station_record>{over(finding_status::pass), left});
    BOOST_TEST(says(text, "over and passed: 1 of 1 stations"));
    BOOST_TEST(says(text, "b: left out. There is none."));
}

BOOST_AUTO_TEST_CASE(one_failed_station_fails_the_exam) {
    std::vector<station> const all{named("a"), named("b")};
    auto const text = exam_words::results(
        all,
        std::vector<station_record>{over(finding_status::pass), over(finding_status::warning)});
    BOOST_TEST(says(text, "over and not passed: 1 of 2 stations"));
}

BOOST_AUTO_TEST_CASE(a_failed_station_tells_each_bad_finding_and_no_other) {
    auto r = over(finding_status::fail, "First.");
    r.findings.push_back(over(finding_status::pass, "Fine.").findings.front());
    r.findings.push_back(over(finding_status::not_reached, "Open.").findings.front());
    r.findings.push_back(over(finding_status::warning, "Second.").findings.front());
    BOOST_TEST(exam_words::result(named("a"), r) == "a: failed. First. Second.\n");
}

BOOST_AUTO_TEST_CASE(results_stand_in_the_order_of_the_stations) {
    std::vector<station> const all{named("a"), named("b"), named("c")};
    auto const text = exam_words::results(
        all,
        std::vector<station_record>{over(finding_status::fail, "No."), over(finding_status::pass)});
    BOOST_TEST(text ==
               "The exam is over and not passed: 1 of 2 stations.\na: failed. No.\nb: passed.\n");
}

BOOST_AUTO_TEST_CASE(an_address_stands_apart_from_the_full_stop_behind_it) {
    BOOST_TEST(says(exam_words::welcome("http://x/verdict/k"), " http://x/verdict/k . "));
    BOOST_TEST(says(exam_words::report_at("http://x/verdict/k"), " http://x/verdict/k . "));
}

BOOST_AUTO_TEST_SUITE_END()

// Who is under way, and who waits for an answer.
#include "mcp/session/call_table.hpp"

#include <boost/test/unit_test.hpp>

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using added = mcp::call_table::added;

namespace {

struct probe final : mcp::in_flight {
    std::vector<std::string> cancelled;
    int abandoned = 0;
    std::vector<std::int64_t> got;

    void cancel(std::string_view id) override { cancelled.emplace_back(id); }
    void abandon() override { ++abandoned; }
    void answered(std::int64_t ask, mcp::client_answer) override { got.push_back(ask); }
};

struct fixture {
    mcp::call_table table{3};
    std::shared_ptr<probe> one = std::make_shared<probe>();
    std::shared_ptr<probe> two = std::make_shared<probe>();
    mcp::client_answer const yes{json::value("yes")};

    added add(std::vector<std::string> const& ids, std::shared_ptr<probe> const& who) {
        return table.add(ids, who);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_call_table, fixture)

BOOST_AUTO_TEST_CASE(knows_each_request_by_its_id_and_takes_none_twice) {
    BOOST_TEST((add({"1"}, one) == added::yes));
    BOOST_TEST((add({"2", "1"}, two) == added::duplicate));
    BOOST_TEST(!table.has("2"));  // nothing of a refused batch stays
    BOOST_TEST((add({"2", "2"}, two) == added::duplicate));
    BOOST_TEST(!table.has("2"));
    BOOST_TEST((add({"2"}, two) == added::yes));
    table.cancel("1");
    table.cancel("9");
    BOOST_TEST(one->cancelled == std::vector<std::string>{"1"}, boost::test_tools::per_element());
    BOOST_TEST(two->cancelled.empty());
    table.remove({"1"});
    BOOST_TEST((add({"1"}, two) == added::yes));
}

BOOST_AUTO_TEST_CASE(is_bounded) {
    BOOST_TEST((add({"1", "2"}, one) == added::yes));
    BOOST_TEST((add({"3", "4"}, two) == added::too_many));
    BOOST_TEST((add({"3"}, two) == added::yes));
}

BOOST_AUTO_TEST_CASE(gives_an_answer_to_the_one_who_asked_and_once) {
    auto const first = table.ask(one);
    auto const second = table.ask(two);
    BOOST_TEST(first != second);
    BOOST_TEST(table.answer(second, yes));
    BOOST_TEST(!table.answer(second, yes));
    BOOST_TEST(!table.answer(999, yes));
    BOOST_TEST((two->got == std::vector<std::int64_t>{second}));
    table.forget(first);
    BOOST_TEST(!table.answer(first, yes));
    BOOST_TEST(one->got.empty());
}

BOOST_AUTO_TEST_CASE(holds_nobody_alive) {
    add({"1"}, one);
    auto const q = table.ask(one);
    one.reset();
    table.cancel("1");
    BOOST_TEST(!table.answer(q, yes));
    table.seal();
}

BOOST_AUTO_TEST_CASE(when_it_is_over_all_end_and_none_is_taken) {
    add({"1"}, one);
    auto const q = table.ask(one);
    table.abandon_all();
    BOOST_TEST(one->abandoned == 1);
    BOOST_TEST(table.empty());
    BOOST_TEST((add({"1"}, one) == added::yes));
    table.seal();
    BOOST_TEST(one->abandoned == 2);
    BOOST_TEST((add({"2"}, one) == added::over));
    BOOST_TEST(!table.answer(q, yes));
}

BOOST_AUTO_TEST_SUITE_END()

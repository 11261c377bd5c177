// The tasks of one realm: whose they are, how many, and how long.
#include "mcp/tasks/task_table.hpp"

#include <set>

#include "mcp/tasks/task_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace works = test::works;
using namespace std::chrono_literals;
using test::named;

namespace {

struct fixture : test::call_bench {
    mcp::task_table& table = state->tasks;

    boost::system::result<json::object, mcp::rpc_error> try_to_begin(
        mcp::job_function work = &works::without_end) {
        auto const c = call(mcp::revision::v2026_07_28);
        return table.begin(c, {}, work);
    }
    std::string begin(mcp::job_function work = &works::without_end) {
        auto const made = try_to_begin(work);
        BOOST_REQUIRE(made.has_value());
        return std::string(made->at("taskId").as_string());
    }
    void caller(std::string const& subject) {
        calls(test::credential_of(named(subject), "token of " + subject));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_task_table, fixture)

// SEP-2663 "Task Creation": not returned before tasks/get would resolve.
BOOST_AUTO_TEST_CASE(a_task_is_known_before_its_work_has_begun) {
    auto const made = try_to_begin(&works::at_once);
    BOOST_REQUIRE(made.has_value());
    BOOST_TEST(made->at("resultType").as_string() == "task");
    BOOST_TEST(made->at("status").as_string() == "working");
    auto const found = table.find(made->at("taskId").as_string(), nullptr);
    BOOST_REQUIRE(found);
    BOOST_TEST(found->details().at("status").as_string() == "working");
    settle();
    BOOST_TEST(found->details().at("status").as_string() == "completed");
}

// Whoever got hold of an id must be the owner all the same.
BOOST_AUTO_TEST_CASE(ids_are_not_to_be_guessed_and_open_nothing_for_others) {
    caller("alice");
    std::set<std::string> ids;
    for (int i = 0; i < 20; ++i)
        ids.insert(begin());
    BOOST_TEST(ids.size() == 20u);
    auto const alice = named("alice");
    auto const bob = named("bob");
    for (auto const& id : ids) {
        BOOST_TEST(id.size() >= 22u);  // 128 bits of base64url
        BOOST_TEST((table.find(id, &alice) != nullptr));
        BOOST_TEST((table.find(id, &bob) == nullptr));
        BOOST_TEST((table.find(id, nullptr) == nullptr));
    }
    BOOST_TEST((table.find("", &alice) == nullptr));
}

BOOST_AUTO_TEST_CASE(a_lapsed_task_is_forgotten_and_its_work_ends) {
    policy.task_ttl = 10s;
    auto const id = begin();
    settle();
    auto const held = table.find(id, nullptr);
    BOOST_REQUIRE(held);
    clock.advance(10s);
    BOOST_TEST((table.find(id, nullptr) == nullptr));
    BOOST_TEST(table.size() == 0u);
    settle();
    BOOST_TEST(io.stopped());
    BOOST_TEST(held->details().at("status").as_string() == "cancelled");
}

BOOST_AUTO_TEST_CASE(a_lapsed_task_is_not_found_behind_one_that_lives_longer) {
    policy.task_ttl = 1h;
    auto const lasting = begin();
    policy.task_ttl = 1s;
    auto const brief = begin();
    clock.advance(2s);
    BOOST_TEST((table.find(brief, nullptr) == nullptr));
    BOOST_TEST((table.find(lasting, nullptr) != nullptr));
}

BOOST_AUTO_TEST_CASE(lapsed_tasks_make_room_for_their_owner) {
    policy.task_ttl = 10s;
    for (int i = 0; i < 100; ++i)
        begin();
    auto const refused = try_to_begin();
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == -32603);
    clock.advance(10s);
    BOOST_TEST(try_to_begin().has_value());
    BOOST_TEST(table.size() == 1u);
}

BOOST_AUTO_TEST_CASE(many_callers_share_the_room_of_one_realm) {
    for (int i = 0; i < 1000; ++i) {
        caller("user-" + std::to_string(i / 100));
        begin();
    }
    caller("somebody else");
    auto const refused = try_to_begin();
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == -32603);
    BOOST_TEST(table.size() == 1000u);
}

BOOST_AUTO_TEST_CASE(ending_all_leaves_nothing_to_wait_for) {
    begin();
    begin(&works::reporting);
    settle();
    table.end_all();
    settle();
    BOOST_TEST(io.stopped());
    BOOST_TEST(table.size() == 0u);
}

// SEP-2663 "Task Status Notifications": the complete task with each of them.
BOOST_AUTO_TEST_CASE(each_change_of_a_task_is_announced_in_its_realm) {
    std::vector<std::string> told;
    auto const listening = state->changes.listen([&](mcp::change const& c) {
        if (c.kind == mcp::change::kind::task)
            told.push_back(c.name + ' ' + std::string(c.params.at("status").as_string()));
    });
    auto const id = begin(&works::reporting);
    settle();
    table.find(id, nullptr)->cancel();
    settle();
    std::vector<std::string> const expected{id + " working", id + " cancelled"};
    BOOST_TEST(told == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tasks_of_one_moment_can_be_there_again_without_their_work) {
    auto const done = begin(&works::at_once);
    settle();
    auto const at_work = begin();
    tollgate::shifted_clock const time(realm->time_handle(), clock);
    auto const then = table.save(time);
    auto const result = table.find(done, nullptr)->details();
    table.end_all();
    BOOST_TEST((table.find(done, nullptr) == nullptr));
    table.load(then, time);
    table.load(then, time);  // nothing is there twice
    BOOST_TEST(table.size() == 2u);
    BOOST_TEST(table.find(done, nullptr)->details() == result);
    auto const failed = table.find(at_work, nullptr)->details();
    BOOST_TEST(failed.at("status").as_string() == "failed");
    BOOST_TEST(failed.at("error").at("code").as_int64() == -32603);
    realm->time().advance(24h * 365, clock.now());
    BOOST_TEST((table.find(done, nullptr) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

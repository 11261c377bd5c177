// The lists of what is offered: who sees which entry, and how pages are joined.
#include "mcp/offerings/listing.hpp"

#include "mcp/server/call_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
using mcp::availability;
using mcp::revision;

namespace {

bool has_small_pages(mcp::policy const& p) {
    return p.page_size < 10;
}

json::object entry(std::string_view name) {
    json::object out;
    out["name"] = json::string_view(name.data(), name.size());
    return out;
}

struct fixture : test::call_bench {
    mcp::listing list{"things"};

    void adds(std::string_view name, availability const& available = {}) {
        list.add(name, available, [name](revision) { return entry(name); });
    }
    json::object page(revision r = revision::v2025_11_25) {
        auto const text = list.page(call(r));
        BOOST_REQUIRE(text.has_value());
        return json::parse(*text).as_object();
    }
    // "a b c" of the page that this cursor leads to.
    std::string names(json::object const& of) {
        std::string out;
        for (auto const& one : of.at("things").as_array())
            out += (out.empty() ? "" : " ") + std::string(one.at("name").as_string());
        return out;
    }
    void continues(json::object const& before) {
        json::object p;
        p["cursor"] = before.at("nextCursor");
        body.as_object()["params"] = p;
    }
    int refusal(char const* given) {
        params(given);
        auto const text = list.page(call(revision::v2025_11_25));
        BOOST_REQUIRE(text.has_error());
        return text.error().code;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_listing, fixture)

BOOST_AUTO_TEST_CASE(an_offer_without_conditions_holds_everywhere) {
    availability const always{};
    for (auto const r : mcp::all_revisions)
        BOOST_TEST(always.holds(policy, r));
}

BOOST_AUTO_TEST_CASE(an_offer_holds_where_all_of_its_conditions_do) {
    availability const some{.fixture = true,
                            .since = revision::v2025_03_26,
                            .until = revision::v2025_11_25,
                            .where = &has_small_pages};
    policy.fixtures = true;
    policy.page_size = 1;
    BOOST_TEST(!some.holds(policy, revision::v2024_11_05));
    BOOST_TEST(some.holds(policy, revision::v2025_03_26));
    BOOST_TEST(some.holds(policy, revision::v2025_11_25));
    BOOST_TEST(!some.holds(policy, revision::v2026_07_28));
    policy.page_size = 10;
    BOOST_TEST(!some.holds(policy, revision::v2025_06_18));
    policy.page_size = 1;
    policy.fixtures = false;
    BOOST_TEST(!some.holds(policy, revision::v2025_06_18));
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_a_list) {
    BOOST_TEST(json::value(page()) == json::parse(R"({"things":[]})"));
}

BOOST_AUTO_TEST_CASE(shows_what_is_offered_to_the_request_in_the_order_of_its_making) {
    adds("z");
    adds("fixture", mcp::as_fixture);
    adds("new", {.since = revision::v2026_07_28});
    adds("a");
    BOOST_TEST(names(page()) == "z a");
    BOOST_TEST(names(page(revision::v2026_07_28)) == "z new a");
    policy.fixtures = true;
    BOOST_TEST(names(page()) == "z fixture a");
}

BOOST_AUTO_TEST_CASE(describes_an_entry_only_for_revisions_that_may_see_it) {
    std::vector<revision> asked;
    list.add("x", {.since = revision::v2025_03_26, .until = revision::v2025_06_18},
             [&](revision r) {
                 asked.push_back(r);
                 return entry(r == revision::v2025_03_26 ? "old" : "new");
             });
    BOOST_TEST((asked == std::vector{revision::v2025_03_26, revision::v2025_06_18}));
    BOOST_TEST(names(page(revision::v2025_03_26)) == "old");
    BOOST_TEST(names(page(revision::v2025_06_18)) == "new");
}

// MCP 2026-07-28, Utilities, "Caching": ttlMs and cacheScope; every result is complete.
BOOST_AUTO_TEST_CASE(only_modern_lists_say_how_long_they_are_good) {
    adds("a");
    auto const modern = page(revision::v2026_07_28);
    BOOST_TEST(modern.at("ttlMs").as_int64() >= 0);
    BOOST_TEST(modern.at("cacheScope").as_string() == "public");
    BOOST_TEST(modern.at("resultType").as_string() == "complete");
    BOOST_TEST(page().size() == 1u);
}

// MCP 2025-11-25, Utilities, Pagination, "Response Format": no nextCursor at the end of results.
BOOST_AUTO_TEST_CASE(a_page_names_no_next_one_where_the_rest_is_for_others) {
    policy.page_size = 1;
    adds("a");
    adds("fixture", mcp::as_fixture);
    auto const only = page();
    BOOST_TEST(names(only) == "a");
    BOOST_TEST(!only.contains("nextCursor"));
}

// MCP 2025-11-25, Utilities, Pagination, "Implementation Guidelines": SHOULD provide stable
// cursors.
BOOST_AUTO_TEST_CASE(a_cursor_stays_good_while_entries_come_and_go) {
    policy.page_size = 2;
    policy.fixtures = true;
    adds("a");
    adds("b", mcp::as_fixture);
    adds("c", mcp::as_fixture);
    adds("d");
    auto const first = page();
    BOOST_TEST(names(first) == "a b");
    continues(first);
    policy.fixtures = false;  // the entry that the cursor stands for is hidden now
    auto const second = page();
    BOOST_TEST(names(second) == "d");
    BOOST_TEST(!second.contains("nextCursor"));
}

BOOST_AUTO_TEST_CASE(a_cursor_to_the_end_leads_to_an_empty_page) {
    policy.page_size = 1;
    policy.fixtures = true;
    adds("a");
    adds("b", mcp::as_fixture);
    continues(page());
    policy.fixtures = false;
    BOOST_TEST(names(page()) == "");
}

// MCP 2025-11-25, Utilities, Pagination, "Error Handling": invalid cursors are -32602.
BOOST_AUTO_TEST_CASE(a_cursor_of_another_list_is_none_of_this_one) {
    mcp::listing other("others");
    for (auto const* name : {"a", "b"}) {
        adds(name);
        other.add(name, {}, [name](revision) { return entry(name); });
    }
    policy.page_size = 1;
    auto const elsewhere = other.page(call(revision::v2025_11_25));
    BOOST_REQUIRE(elsewhere.has_value());
    auto const cursor = json::parse(*elsewhere).at("nextCursor");
    BOOST_TEST(refusal((R"({"cursor":)" + json::serialize(cursor) + "}").c_str()) == -32602);
}

BOOST_AUTO_TEST_CASE(what_is_no_cursor_is_refused) {
    adds("a");
    for (auto const* wrong : {R"({"cursor":""})", R"({"cursor":"a"})", R"({"cursor":0})",
                              R"({"cursor":null})", R"({"cursor":["a"]})"})
        BOOST_TEST(refusal(wrong) == -32602, wrong);
}

BOOST_AUTO_TEST_CASE(two_entries_of_one_key_are_a_bug_found_at_start) {
    adds("a");
    BOOST_CHECK_THROW(adds("a"), std::logic_error);
    // Also where nobody would ever see both.
    BOOST_CHECK_THROW(adds("a", mcp::as_fixture), std::logic_error);
}

// MCP 2025-11-25, Server Features, Tools, "List Changed Notification": when the list changes.
BOOST_AUTO_TEST_CASE(differs_where_some_revision_finds_another_list) {
    adds("a");
    adds("old", {.fixture = true, .until = revision::v2024_11_05});
    auto with = policy;
    with.fixtures = true;
    BOOST_TEST(list.differs(policy, with));
    BOOST_TEST(list.differs(with, policy));
    auto other = policy;
    other.page_size = 3;
    other.scopes = {"x"};
    BOOST_TEST(!list.differs(policy, other));
}

BOOST_AUTO_TEST_SUITE_END()

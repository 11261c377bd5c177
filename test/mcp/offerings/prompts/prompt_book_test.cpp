// Prompts by name, and their descriptions.
#include "mcp/offerings/prompts/prompt_book.hpp"

#include "mcp/protocol/content.hpp"
#include "mcp/server/call_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
using mcp::revision;

namespace {

tollgate::task<tollgate::outcome<mcp::prompt_result>> empty(mcp::call const& c,
                                                            mcp::prompt_arguments const&) {
    co_return mcp::prompt_result(c);
}

constexpr mcp::prompt_argument arguments[] = {
    {.name = "who", .title = "Who", .description = "whom", .required = true},
    {.name = "how", .title = "How", .description = "in which way"}};
constexpr mcp::prompt asking{.name = "asking",
                             .title = "Asking",
                             .description = "d",
                             .arguments = arguments,
                             .icon = true,
                             .get = &empty};
constexpr mcp::prompt bare{.name = "bare",
                           .title = "Bare",
                           .description = "d",
                           .available = mcp::modern_fixture,
                           .get = &empty};

struct fixture : test::call_bench {
    static constexpr mcp::prompt const* all[] = {&asking, &bare};
    mcp::prompt_book book{all};

    json::array list(revision r) {
        auto const page = book.list().page(call(r));
        BOOST_REQUIRE(page.has_value());
        return json::parse(*page).at("prompts").as_array();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_prompt_book, fixture)

BOOST_AUTO_TEST_CASE(finds_what_is_offered_to_the_request_and_nothing_else) {
    BOOST_TEST(book.find(call(revision::v2025_11_25), "asking") == &asking);
    BOOST_TEST((book.find(call(revision::v2025_11_25), "ASKING") == nullptr));
    BOOST_TEST((book.find(call(revision::v2026_07_28), "bare") == nullptr));
    policy.fixtures = true;
    BOOST_TEST(book.find(call(revision::v2026_07_28), "bare") == &bare);
    BOOST_TEST((book.find(call(revision::v2025_11_25), "bare") == nullptr));
}

BOOST_AUTO_TEST_CASE(knows_the_arguments_of_a_prompt_by_name) {
    BOOST_TEST(asking.find("how") == &arguments[1]);
    BOOST_TEST((asking.find("How") == nullptr));
    BOOST_TEST((bare.find("how") == nullptr));
}

// MCP 2025-06-18, Server Features, Prompts, "Prompt": title, also of an argument (BaseMetadata).
// MCP 2025-11-25, Server Features, Prompts, "Prompt": icons.
BOOST_AUTO_TEST_CASE(describes_a_prompt_and_its_arguments_as_the_revision_knows_them) {
    BOOST_TEST(list(revision::v2025_03_26).at(0) == json::parse(R"({
        "name":"asking","description":"d","arguments":[
        {"name":"who","description":"whom","required":true},
        {"name":"how","description":"in which way","required":false}]})"));
    auto const later = list(revision::v2025_06_18).at(0).as_object();
    BOOST_TEST(later.at("title").as_string() == "Asking");
    BOOST_TEST(later.at("arguments").at(1).at("title").as_string() == "How");
    BOOST_TEST(!later.contains("icons"));
    BOOST_TEST(list(revision::v2025_11_25).at(0).as_object().contains("icons"));
}

BOOST_AUTO_TEST_CASE(a_prompt_without_arguments_lists_none) {
    policy.fixtures = true;
    auto const all_of_them = list(revision::v2026_07_28);
    BOOST_REQUIRE(all_of_them.size() == 2u);
    BOOST_TEST(!all_of_them.at(1).as_object().contains("arguments"));
    BOOST_TEST(!all_of_them.at(1).as_object().contains("icons"));
}

// MCP 2025-11-25, Server Features, Prompts, "PromptMessage": a role and one block of content.
BOOST_AUTO_TEST_CASE(messages_are_the_users_in_the_order_they_were_added) {
    mcp::prompt_result r(call(revision::v2025_11_25));
    r.add(mcp::text_block("one"));
    r.add(mcp::text_block("two"));
    BOOST_TEST(json::value(r.messages) == json::parse(R"([
        {"role":"user","content":{"type":"text","text":"one"}},
        {"role":"user","content":{"type":"text","text":"two"}}])"));
}

BOOST_AUTO_TEST_CASE(two_prompts_of_one_name_are_a_bug_found_at_start) {
    mcp::prompt const* const twice[] = {&bare, &asking, &bare};
    BOOST_CHECK_THROW(mcp::prompt_book{twice}, std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

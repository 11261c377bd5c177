// Paths with {agent} in them.
#include "http/realm/agent_path.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(http_agent_path)

BOOST_AUTO_TEST_CASE(puts_a_name_in_the_place_of_the_agent) {
    BOOST_TEST(with_agent("/{agent}/mcp", "alice") == "/alice/mcp");
    BOOST_TEST(with_agent("/mcp/{agent}", "alice") == "/mcp/alice");
    BOOST_TEST(with_agent("/{agent}/mcp", "") == "/{agent}/mcp");
    BOOST_TEST(with_agent("/mcp", "alice") == "/mcp");
    BOOST_TEST(has_agent("/{agent}/mcp"));
    BOOST_TEST(!has_agent("/agent/mcp"));
}

BOOST_AUTO_TEST_CASE(finds_what_stands_in_the_place_of_the_agent) {
    BOOST_TEST((agent_in("/alice/mcp", "/{agent}/mcp") == "alice"));
    BOOST_TEST((agent_in("/mcp/alice", "/mcp/{agent}") == "alice"));
    BOOST_TEST((agent_in("/a b/mcp", "/{agent}/mcp") == "a b"));
    for (auto const* path :
         {"/mcp", "//mcp", "/a/b/mcp", "/alice/sse", "/alice/mcp/", "", "/alice"})
        BOOST_TEST(!agent_in(path, "/{agent}/mcp").has_value(), path);
    BOOST_TEST(!agent_in("/mcp", "/mcp").has_value());
}

BOOST_AUTO_TEST_CASE(knows_what_may_be_a_name) {
    for (std::string const& name :
         {std::string("alice"), std::string("A-1_b.c~"), std::string("r2"), std::string(64, 'a')})
        BOOST_TEST(is_agent_name(name), name);
    for (auto const* name : {"", ".", "..", ".well-known", "a b", "a%20b", "ä", "r", "s", "control",
                             "register", "a/b"})
        BOOST_TEST(!is_agent_name(name), name);
    BOOST_TEST(!is_agent_name(std::string(65, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()

// What initialize declares, and that it is true; logging/setLevel.
#include <set>

#include "mcp/server/fixture.hpp"

using test::error_of;
using test::result_of;

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::mcp_fixture {
    json::object declared(std::string const& version) {
        return result_of(post(initialize(version))).at("capabilities").as_object();
    }
    static std::set<std::string> names(json::object const& o) {
        std::set<std::string> out;
        for (auto const& member : o)
            out.emplace(member.key());
        return out;
    }
    test::answer set_level(std::string const& session, std::string const& params) {
        return post(request("logging/setLevel", params), in(session));
    }
};

using set = std::set<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_capabilities, fixture)

// MCP 2025-11-25, Lifecycle, "Capability Negotiation": each feature that there is, and no other.
// MCP 2025-03-26, Utilities, Completion, "Capabilities": completions is new in this revision.
BOOST_AUTO_TEST_CASE(declares_what_there_is_in_the_revision) {
    set const old{"tools", "prompts", "resources", "logging"};
    auto later = old;
    later.insert("completions");
    BOOST_TEST((names(declared("2024-11-05")) == old));
    BOOST_TEST((names(declared("2025-03-26")) == later));
    BOOST_TEST((names(declared("2025-06-18")) == later));
    BOOST_TEST((names(declared("2025-11-25")) == later));
    auto const all = declared("2025-11-25");
    BOOST_TEST(all.at("tools").at("listChanged").as_bool());
    BOOST_TEST(all.at("prompts").at("listChanged").as_bool());
    BOOST_TEST(all.at("resources").at("listChanged").as_bool());
    BOOST_TEST(all.at("resources").at("subscribe").as_bool());
}

// MCP 2025-11-25, Server Features, Resources, "Capabilities": subscribe and listChanged only where
// somebody can be told.
BOOST_AUTO_TEST_CASE(declares_less_where_nothing_outlives_a_request) {
    stateless();
    auto const all = declared("2025-11-25");
    set const less{"tools", "prompts", "resources", "completions"};
    BOOST_TEST((names(all) == less));
    BOOST_TEST(all.at("tools").as_object().empty());
    BOOST_TEST(all.at("resources").as_object().empty());
    BOOST_TEST(error_of(post(request("logging/setLevel", R"({"level":"info"})"))) == -32601);
}

// MCP 2025-06-18, Schema, Implementation: title is new in this revision.
// MCP 2025-11-25, Schema, Implementation: description and icons are new in this revision.
BOOST_AUTO_TEST_CASE(says_of_itself_what_the_revision_knows) {
    auto const info = [this](char const* version) {
        return names(result_of(post(initialize(version))).at("serverInfo").as_object());
    };
    set const old{"name", "version"};
    set const titled{"name", "version", "title"};
    set const full{"name", "version", "title", "description", "icons"};
    BOOST_TEST((info("2025-03-26") == old));
    BOOST_TEST((info("2025-06-18") == titled));
    BOOST_TEST((info("2025-11-25") == full));
}

// MCP 2025-11-25, Utilities, Logging, "Setting Log Level": an empty result.
BOOST_AUTO_TEST_CASE(takes_every_level_of_rfc_5424) {
    auto const id = begin();
    for (auto const* level :
         {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"}) {
        auto const a = set_level(id, std::string(R"({"level":")") + level + "\"}");
        BOOST_TEST(result_of(a).as_object().empty(), level);
    }
}

// MCP 2025-11-25, Utilities, Logging, "Error Handling": an invalid level is -32602.
BOOST_AUTO_TEST_CASE(refuses_what_is_no_level) {
    auto const id = begin();
    for (auto const* params : {R"({"level":"loud"})", R"({"level":3})", "{}"}) {
        BOOST_TEST(error_of(set_level(id, params)) == -32602, params);
    }
    BOOST_TEST(error_of(post(request("logging/setLevel"), in(id))) == -32602);
}

BOOST_AUTO_TEST_SUITE_END()

// initialize and server/discover: versions, capabilities and what a client says of itself.
#include "mcp/methods/dispatch_bench.hpp"
#include "mcp/protocol/meta.hpp"

using test::legacy_revisions;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;
using mcp::transport;

namespace {

constexpr char client[] = R"("capabilities":{},"clientInfo":{"name":"t","version":"1"})";

struct negotiating : test::dispatch_bench {
    boost::system::result<mcp::revision, mcp::rpc_error> negotiated(std::string const& params,
                                                                    mcp::revision_set spoken) {
        body = json::parse(R"({"jsonrpc":"2.0","id":1,"method":"initialize")" + params + '}');
        message = *mcp::classify(body);
        return mcp::negotiate(message, spoken);
    }
    mcp::revision version_for(std::string const& asked, std::vector<std::string> const& spoken) {
        auto const params = R"(,"params":{"protocolVersion":")" + asked + "\"," + client + '}';
        auto const got = negotiated(params, mcp::revision_set(spoken));
        BOOST_REQUIRE(got.has_value());
        return *got;
    }
    json::object declared(mcp::revision r) {
        auto c = call(r);
        c.via = via;
        return mcp::capabilities(c);
    }
};

std::vector<std::string> const every{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                     "2026-07-28"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_negotiation, negotiating)

// MCP 2025-11-25, Lifecycle, "Version Negotiation": the same version when it is supported,
// otherwise another that the server supports, SHOULD be the latest.
BOOST_AUTO_TEST_CASE(a_client_gets_the_version_that_it_asks_for_or_the_newest_of_the_handshake) {
    struct row {
        char const* asked;
        std::vector<std::string> spoken;
        mcp::revision given;
    };
    row const rows[] = {
        {"2024-11-05", every, revision::v2024_11_05},
        {"2025-03-26", every, revision::v2025_03_26},
        {"2025-06-18", every, revision::v2025_06_18},
        {"2025-11-25", every, revision::v2025_11_25},
        {"2025-03-26", {"2024-11-05", "2025-06-18"}, revision::v2025_06_18},
        {"2025-11-25", {"2024-11-05"}, revision::v2024_11_05},
        {"1.0", {"2025-03-26", "2026-07-28"}, revision::v2025_03_26},
        {"", every, revision::v2025_11_25},
        {"2099-01-01", every, revision::v2025_11_25},
    };
    for (auto const& r : rows)
        BOOST_TEST(version_for(r.asked, r.spoken) == r.given, r.asked);
}

// MCP 2026-07-28, Versioning: initialize selects a legacy revision, also when it names a modern
// one.
BOOST_AUTO_TEST_CASE(the_handshake_never_leads_to_a_modern_revision) {
    BOOST_TEST(version_for("2026-07-28", every) == revision::v2025_11_25);
    BOOST_TEST(version_for("2026-07-28", {"2025-06-18", "2026-07-28"}) == revision::v2025_06_18);
    BOOST_TEST(!mcp::is_modern(version_for("2026-07-28", {"2026-07-28"})));
}

BOOST_AUTO_TEST_CASE(a_profile_is_what_the_client_said_of_itself) {
    body = json::parse(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{
        "capabilities":{"roots":{"listChanged":true}},"clientInfo":{"name":"t","version":"1"}}})");
    auto const p = mcp::profile_in(*mcp::classify(body));
    BOOST_TEST(p.capabilities == json::parse(R"({"roots":{"listChanged":true}})"));
    BOOST_TEST(p.info == json::parse(R"({"name":"t","version":"1"})"));
    body = json::parse(R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{
        "capabilities":[],"clientInfo":"t"}})");
    auto const none = mcp::profile_in(*mcp::classify(body));
    BOOST_TEST(none.capabilities.empty());
    BOOST_TEST(none.info.empty());
}

// MCP 2025-11-25, Server Features, Resources, "Capabilities": only Streamable HTTP without sessions
// has nobody to tell of a change.
BOOST_AUTO_TEST_CASE(a_transport_that_keeps_its_client_declares_everything) {
    policy.sessions = mcp::session_mode::stateless;
    for (auto const t : {transport::sse, transport::stdio}) {
        via = t;
        auto const all = declared(revision::v2025_11_25);
        BOOST_TEST(all.contains("logging"), t);
        BOOST_TEST(all.at("resources") == json::parse(R"({"listChanged":true,"subscribe":true})"));
    }
    via = transport::streamable_http;
    BOOST_TEST(!declared(revision::v2025_11_25).contains("logging"));
}

// MCP 2026-07-28, Schema, ServerCapabilities: extensions are new in this revision, tasks are one.
BOOST_AUTO_TEST_CASE(extensions_are_declared_in_the_revision_that_has_them) {
    for (auto const r : mcp::all_revisions) {
        auto const all = declared(r);
        BOOST_TEST(all.contains("extensions") == mcp::is_modern(r), r);
        BOOST_TEST(!all.contains("tasks"), r);
        BOOST_TEST(!all.contains("experimental"), r);
    }
    BOOST_TEST(declared(revision::v2026_07_28).at("extensions") ==
               (json::object{{mcp::tasks_extension, json::object()}}));
}

// MCP 2026-07-28, Subscriptions: changes are told on a stream that the client opens, so the mode of
// legacy sessions changes nothing.
BOOST_AUTO_TEST_CASE(modern_capabilities_do_not_depend_on_sessions) {
    auto const stateful = declared(revision::v2026_07_28);
    policy.sessions = mcp::session_mode::stateless;
    BOOST_TEST(declared(revision::v2026_07_28) == stateful);
    BOOST_TEST(stateful.at("tools").at("listChanged") == true);
}

// MCP 2025-11-25, Schema, InitializeResult: protocolVersion, capabilities, serverInfo.
BOOST_AUTO_TEST_CASE(the_answer_to_a_handshake_names_the_version_that_holds_from_now_on) {
    for (auto const r : legacy_revisions) {
        revision = r;
        auto const got = result("initialize");
        BOOST_TEST(std::string_view(got.at("protocolVersion").as_string()) == mcp::to_string(r));
        BOOST_TEST(got.at("capabilities") == declared(r), r);
        BOOST_TEST(got.at("serverInfo") == mcp::server_info(r), r);
        BOOST_TEST(!got.at("instructions").as_string().empty(), r);
    }
}

// MCP 2026-07-28, Discovery: supportedVersions are those of this server, newest first as in the
// example of -32022.
BOOST_AUTO_TEST_CASE(discovery_names_the_versions_that_this_realm_speaks) {
    revision = revision::v2026_07_28;
    policy.versions = {"2025-03-26", "2026-07-28", "2025-11-25"};
    auto const got = result("server/discover");
    BOOST_TEST(got.at("supportedVersions") ==
               (json::array{"2026-07-28", "2025-11-25", "2025-03-26"}));
    BOOST_TEST(got.at("capabilities") == declared(revision::v2026_07_28));
    BOOST_TEST(got.at("_meta").at(mcp::meta::server_info) ==
               mcp::server_info(revision::v2026_07_28));
    policy.versions = {"2026-07-28"};
    BOOST_TEST(result("server/discover").at("supportedVersions") == (json::array{"2026-07-28"}));
}

BOOST_AUTO_TEST_SUITE_END()

// Resources: caching hints, errors per revision, and the bounds of subscriptions.
#include "mcp/methods/dispatch_bench.hpp"
#include "mcp/session/session.hpp"

using test::legacy_revisions;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;

namespace {

struct resources : test::dispatch_bench {
    mcp::session kept{"id", mcp::transport::streamable_http, revision::v2025_11_25, nullptr, 1024};

    resources() {
        with_fixtures();
        session = &kept;
    }
    json::object read(char const* uri) { return result("resources/read", {{"uri", uri}}); }
    int subscribe(std::string const& uri) { return outcome("resources/subscribe", {{"uri", uri}}); }
    int unsubscribe(std::string const& uri) {
        return outcome("resources/unsubscribe", {{"uri", uri}});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_resource_rules, resources)

// MCP 2026-07-28, Caching: what depends on the caller is private; what may change at once is stale
// at once.
BOOST_AUTO_TEST_CASE(a_modern_client_is_told_who_may_keep_what_it_read_and_for_how_long) {
    revision = revision::v2026_07_28;
    struct row {
        char const* uri;
        char const* scope;
        bool lasts;
    };
    row const rows[] = {{"tollgate://whoami", "private", false},
                        {"tollgate://text", "public", true},
                        {"tollgate://image.png", "public", true},
                        {"tollgate://greeting/Ada", "public", true},
                        {"test://watched-resource", "public", false}};
    for (auto const& r : rows) {
        auto const got = read(r.uri);
        BOOST_TEST(got.at("cacheScope") == r.scope, r.uri);
        BOOST_TEST((got.at("ttlMs").as_int64() > 0) == r.lasts, r.uri);
    }
}

BOOST_AUTO_TEST_CASE(a_legacy_client_reads_contents_and_nothing_else) {
    for (auto const r : legacy_revisions) {
        revision = r;
        for (auto const* uri :
             {"tollgate://whoami", "tollgate://text", "tollgate://greeting/Ada"}) {
            auto const got = read(uri);
            BOOST_TEST(got.size() == 1u, r);
            BOOST_TEST(got.at("contents").as_array().size() == 1u, r);
        }
    }
}

// MCP 2025-11-25, Server Features, Resources, "Error Handling": -32002.
// MCP 2026-07-28, Server Features, Resources, "Error Handling": -32602, and no caching hints.
BOOST_AUTO_TEST_CASE(what_is_not_there_is_an_error_with_the_code_of_its_revision) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        for (auto const* uri : {"", "tollgate://", "tollgate://text/", "tollgate://text?x",
                                "tollgate://greeting/a/b", "/text"}) {
            auto const e = error("resources/read", {{"uri", uri}});
            BOOST_TEST(e.at("code") == (mcp::is_modern(r) ? -32602 : -32002), r << ' ' << uri);
            BOOST_TEST(e.at("data") == (json::object{{"uri", uri}}));
        }
    }
}

// MCP 2025-11-25, Schema, SubscribeRequest: the uri is required.
BOOST_AUTO_TEST_CASE(both_ends_of_a_subscription_name_a_resource) {
    for (auto const* method : {"resources/subscribe", "resources/unsubscribe"}) {
        BOOST_TEST(outcome(method) == -32602, method);
        BOOST_TEST(outcome(method, {{"uri", nullptr}}) == -32602, method);
        BOOST_TEST(outcome(method, {{"uri", {"tollgate://text"}}}) == -32602, method);
        BOOST_TEST(outcome(method, {{"uri", "test://nothing"}}) == -32002, method);
    }
}

// RFC 3986 §6.2.2: equivalent URIs name one resource, whichever of them the client chose.
BOOST_AUTO_TEST_CASE(a_subscription_is_ended_by_any_spelling_of_its_uri) {
    BOOST_TEST(subscribe("TOLLGATE://%74ext") == 0);
    BOOST_TEST(kept.subscribed("tollgate://text"));
    BOOST_TEST(unsubscribe("tollgate://te%78t") == 0);
    BOOST_TEST(!kept.subscribed("tollgate://text"));
}

BOOST_AUTO_TEST_CASE(what_a_template_expands_to_can_be_subscribed_to) {
    BOOST_TEST(subscribe("tollgate://greeting/Ada") == 0);
    BOOST_TEST(kept.subscribed("tollgate://greeting/Ada"));
    BOOST_TEST(!kept.subscribed("tollgate://greeting/Alan"));
}

BOOST_AUTO_TEST_CASE(a_session_has_a_limit_of_subscriptions_that_repetition_does_not_reach) {
    auto const nth = [](std::size_t n) { return "tollgate://greeting/n" + std::to_string(n); };
    for (std::size_t i = 0; i < mcp::session::max_subscriptions; ++i)
        BOOST_REQUIRE(subscribe(nth(i)) == 0);
    BOOST_TEST(subscribe("tollgate://text") == -32602);
    BOOST_TEST(!kept.subscribed("tollgate://text"));
    BOOST_TEST(subscribe(nth(0)) == 0);
    BOOST_TEST(unsubscribe(nth(0)) == 0);
    BOOST_TEST(subscribe("tollgate://text") == 0);
}

BOOST_AUTO_TEST_CASE(ending_a_subscription_that_there_is_not_changes_nothing) {
    BOOST_TEST(subscribe("tollgate://text") == 0);
    BOOST_TEST(unsubscribe("tollgate://whoami") == 0);
    BOOST_TEST(kept.subscribed("tollgate://text"));
}

// MCP 2025-11-25, Utilities, Logging, "Setting Log Level": the last one counts.
BOOST_AUTO_TEST_CASE(a_session_remembers_the_last_level_that_was_right) {
    BOOST_TEST(!kept.log_level().has_value());
    BOOST_TEST(outcome("logging/setLevel", {{"level", "alert"}}) == 0);
    BOOST_TEST((kept.log_level() == mcp::logging_level::alert));
    for (json::value const& wrong : {json::value("Info"), json::value(nullptr), json::value(1)})
        BOOST_TEST(outcome("logging/setLevel", {{"level", wrong}}) == -32602);
    BOOST_TEST((kept.log_level() == mcp::logging_level::alert));
    BOOST_TEST(outcome("logging/setLevel", {{"level", "debug"}}) == 0);
    BOOST_TEST((kept.log_level() == mcp::logging_level::debug));
}

BOOST_AUTO_TEST_SUITE_END()

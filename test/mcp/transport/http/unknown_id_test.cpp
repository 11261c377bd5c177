// Errors that answer no readable id: JSON-RPC 2.0 §5 wants it to be null, the schemas of MCP know
// no null and from 2025-11-25 on let it be absent.
#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;

namespace {

constexpr char garbage[] = R"({"jsonrpc":)";

struct fixture : test::mcp_fixture {
    static bool is_null(test::answer const& a) {
        BOOST_TEST(a.status >= 400u);
        auto const body = a.json();
        auto const* const id = body.as_object().if_contains("id");
        return id != nullptr && id->is_null();
    }
    static bool is_absent(test::answer const& a) {
        BOOST_TEST(a.status >= 400u);
        return !a.json().as_object().contains("id");
    }
    // A stream of HTTP+SSE on which that version was agreed, and where to post.
    std::string agree_over_sse(http::reply const& stream, std::string const& version) {
        auto const where = events(*stream.stream).at(0).data;
        auto const a = b.post_json(where, initialize(version), with_token({}));
        BOOST_TEST(a.status == 202u);
        return where;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_unknown_id, fixture)

// MCP 2025-11-25, Schema, JSONRPCErrorResponse: id is optional, and a string or an integer.
// MCP 2025-06-18, Schema, JSONRPCError: id is required; JSON-RPC 2.0 §5 says null.
BOOST_AUTO_TEST_CASE(is_spelled_as_the_version_header_names) {
    for (auto const* old : {"2025-03-26", "2025-06-18"})
        BOOST_TEST(is_null(post(garbage, {{"MCP-Protocol-Version", old}})));
    for (auto const* later : {"2025-11-25", "2026-07-28"})
        BOOST_TEST(is_absent(post(garbage, {{"MCP-Protocol-Version", later}})));
}

// MCP 2025-06-18, Transports, "Protocol Version Header": without it, what was negotiated counts.
BOOST_AUTO_TEST_CASE(is_spelled_as_the_session_speaks_where_no_header_says_it) {
    auto const newer = begin("2025-11-25");
    auto const older = begin("2025-06-18");
    for (auto const* bad : {garbage, R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", "7"}) {
        BOOST_TEST(is_absent(post(bad, in(newer))));
        BOOST_TEST(is_null(post(bad, in(older))));
    }
    BOOST_TEST(is_absent(b.get("/mcp", with_token(in(newer)))));
    BOOST_TEST(is_null(b.get("/mcp", with_token(in(older)))));
}

BOOST_AUTO_TEST_CASE(somebody_elses_session_is_spelled_as_one_that_never_was) {
    auto const id = begin("2025-11-25");
    token = "bob";
    b.records_messages = false;  // who was agreed with nothing is told nothing of a revision
    auto const foreign = post(garbage, in(id));
    auto const unknown = post(garbage, in("never-was"));
    BOOST_TEST(foreign.status == unknown.status);
    BOOST_TEST(foreign.body == unknown.body);
    BOOST_TEST(is_null(foreign));
}

BOOST_AUTO_TEST_CASE(is_spelled_as_was_agreed_over_http_with_sse) {
    auto const older = b.raw(http::verb::get, "/sse", "", with_token({}));
    auto const newer = b.raw(http::verb::get, "/sse", "", with_token({}));
    auto const to_older = agree_over_sse(older, "2024-11-05");
    auto const to_newer = agree_over_sse(newer, "2025-11-25");
    BOOST_TEST(is_null(b.post_json(to_older, garbage, with_token({}))));
    BOOST_TEST(is_absent(b.post_json(to_newer, garbage, with_token({}))));
}

BOOST_AUTO_TEST_CASE(is_spelled_as_the_oldest_revision_wants_when_nothing_is_agreed) {
    BOOST_TEST(is_null(post(garbage)));
    change_policy([](mcp::policy& p) { p.versions = {"2025-11-25", "2026-07-28"}; });
    BOOST_TEST(is_absent(post(garbage)));
}

// JSON-RPC 2.0 §5: the id of the request, where it can be read.
BOOST_AUTO_TEST_CASE(is_not_unknown_when_only_the_rest_is_wrong) {
    auto const a = post(R"({"jsonrpc":"2.0","id":41,"method":7})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.json().at("id").as_int64() == 41);
}

BOOST_AUTO_TEST_SUITE_END()

// What the control plane may do to the server, and how realms keep apart.
#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;

BOOST_FIXTURE_TEST_SUITE(mcp_server, test::mcp_fixture)

BOOST_AUTO_TEST_CASE(a_new_realm_starts_with_the_configured_policy) {
    change_policy([](mcp::policy& p) { p.transports = {"streamable-http"}; });
    http::realm other("other");
    server.open(other);
    BOOST_TEST(server.current_policy(other)->offers("sse"));
    BOOST_TEST(!server.current_policy(*b.realm)->offers("sse"));
    BOOST_TEST(server.configured_policy().offers("sse"));
}

BOOST_AUTO_TEST_CASE(sessions_of_one_realm_are_unknown_in_another) {
    auto const id = begin();
    auto const first = b.realm;
    b.realm = std::make_shared<http::realm>("other");
    server.open(*b.realm);
    BOOST_TEST(post(request("ping"), in(id)).status == 404u);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
    b.realm = first;
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(end_sessions_ends_them_all_with_their_streams) {
    auto const id = begin();
    auto headers = with_token(in(id));
    headers.emplace_back("Accept", "text/event-stream");
    auto const session_stream = b.raw(http::verb::get, "/mcp", "", headers);
    auto const sse_stream = b.raw(http::verb::get, "/sse", "", with_token({}));
    BOOST_TEST(server.sessions(*b.realm) == 2u);
    server.drop_sessions(*b.realm);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
    BOOST_TEST(ends(*session_stream.stream));
    BOOST_TEST(ends(*sse_stream.stream));
    BOOST_TEST(post(request("ping"), in(id)).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_drained_connection_ends_its_stream_politely) {
    auto const r = b.raw(http::verb::get, "/sse", "", with_token({}));
    r.stream->close();
    // What was waiting is still delivered.
    BOOST_TEST(events(*r.stream).at(0).event == "endpoint");
    BOOST_TEST(ends(*r.stream));
}

// The guard, the faults and the journal know the routes by these names.
BOOST_AUTO_TEST_CASE(routes_carry_the_names_and_flags_that_the_layers_need) {
    auto const mcp_post = routes.match(http::verb::post, "/mcp");
    BOOST_TEST(mcp_post.endpoint == "mcp");
    BOOST_TEST(mcp_post.flags == (http::guarded | http::opens_realm));
    BOOST_TEST(routes.match(http::verb::get, "/mcp").flags == (http::guarded | http::no_head));
    BOOST_TEST(routes.match(http::verb::delete_, "/mcp").flags == unsigned(http::guarded));
    auto const sse = routes.match(http::verb::get, "/sse");
    BOOST_TEST(sse.endpoint == "sse");
    BOOST_TEST(sse.flags == (http::guarded | http::opens_realm | http::no_head));
    auto const messages = routes.match(http::verb::post, "/messages");
    BOOST_TEST(messages.endpoint == "messages");
    BOOST_TEST(messages.flags == unsigned(http::guarded));
    auto const metadata =
        routes.match(http::verb::get, "/.well-known/oauth-protected-resource/mcp");
    BOOST_TEST(metadata.endpoint == "resource_metadata");
    BOOST_TEST(metadata.flags == (http::opens_realm | http::public_document));
}

BOOST_AUTO_TEST_CASE(paths_come_from_the_configuration) {
    http::mcp_paths paths;
    paths.mcp = "/x/mcp";
    paths.sse = "/x/sse";
    paths.messages = "/x/messages";
    http::router table;
    mcp::add_routes(table, server, paths);
    BOOST_TEST(table.match(http::verb::post, "/x/mcp").endpoint == "mcp");
    BOOST_TEST(
        table.match(http::verb::get, "/.well-known/oauth-protected-resource/x/sse").endpoint ==
        "resource_metadata");
    BOOST_TEST(table.match(http::verb::post, "/mcp").endpoint == "");
}

BOOST_AUTO_TEST_SUITE_END()

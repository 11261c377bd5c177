// Streamable HTTP, revisions 2025-03-26 to 2025-11-25.
#include "mcp/server/fixture.hpp"

using test::error_of;
using test::result_of;
using test::text_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;

BOOST_FIXTURE_TEST_SUITE(mcp_legacy_http, test::mcp_fixture)

BOOST_AUTO_TEST_CASE(initialize_opens_a_session_and_says_who_answers) {
    auto const a = post(initialize());
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Mcp-Session-Id").size() == 43u);
    auto const r = result_of(a);
    BOOST_TEST(r.at("protocolVersion").as_string() == "2025-11-25");
    BOOST_TEST(r.at("serverInfo").at("name").as_string() == "tollgate");
    BOOST_TEST(r.at("capabilities").as_object().contains("tools"));
    BOOST_TEST(!r.at("capabilities").as_object().contains("tasks"));
    BOOST_TEST(server.sessions(*b.realm) == 1u);
}

// "Version Negotiation": the same version when it is spoken, else the newest.
BOOST_AUTO_TEST_CASE(answers_the_version_asked_for_or_the_newest_legacy_one) {
    auto const negotiated = [this](std::string const& version) {
        return std::string(result_of(post(initialize(version))).at("protocolVersion").as_string());
    };
    for (auto const* v : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        BOOST_TEST(negotiated(v) == v);
    }
    BOOST_TEST(negotiated("1999-01-01") == "2025-11-25");
    BOOST_TEST(negotiated("2026-07-28") == "2025-11-25");
    change_policy([](mcp::policy& p) { p.versions = {"2025-03-26", "2025-06-18"}; });
    BOOST_TEST(negotiated("2025-11-25") == "2025-06-18");
    BOOST_TEST(negotiated("2024-11-05") == "2025-06-18");
}

// The body negotiates (Lifecycle, "Version Negotiation"), whichever revision the header names.
BOOST_AUTO_TEST_CASE(initialize_takes_any_spoken_version_in_the_header_and_an_old_session_id) {
    for (auto const* version : {"2025-11-25", "2025-03-26", "2026-07-28", ""}) {
        auto const a = post(initialize("2025-06-18"),
                            {{"MCP-Protocol-Version", version}, {"Mcp-Session-Id", "a dead one"}});
        BOOST_TEST(a.status == 200u, version);
        BOOST_TEST(result_of(a).at("protocolVersion").as_string() == "2025-06-18", version);
    }
}

// MCP 2025-11-25, Transports, "Protocol Version Header": 400 for an invalid or unsupported version
BOOST_AUTO_TEST_CASE(initialize_with_a_header_that_names_no_spoken_version_is_400) {
    change_policy([](mcp::policy& p) { p.versions = {"2025-03-26", "2025-11-25"}; });
    for (auto const* version : {"x", "2027-01-01", "1.0", "2025-06-18", "2026-07-28"}) {
        auto const a = post(initialize(), {{"MCP-Protocol-Version", version}});
        BOOST_TEST(a.status == 400u, version);
        BOOST_TEST(a.json().at("id").as_int64() == 1);
        auto const said = std::string(a.json().at("error").at("message").as_string());
        BOOST_TEST(said.find("2025-11-25 2025-03-26") != std::string::npos, said);
    }
    auto const twice = post(initialize(), {{"MCP-Protocol-Version", "2025-11-25"},
                                           {"MCP-Protocol-Version", "2025-11-25"}});
    BOOST_TEST(twice.status == 400u);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// JSON-RPC 2.0 §4: params may be omitted
BOOST_AUTO_TEST_CASE(params_of_null_are_told_to_be_left_out) {
    auto const id = begin();
    auto const a = post(request("tools/list", "null"), in(id));
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(std::string(a.json().at("error").at("message").as_string()).find("leave it out") !=
               std::string::npos);
    auto const list = post(request("tools/list", "[]"), in(id));
    BOOST_TEST(
        std::string(list.json().at("error").at("message").as_string()).find("must be an object") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(initialize_without_a_version_opens_nothing) {
    auto const a = post(request("initialize", "{}"));
    BOOST_TEST(error_of(a) == -32602);
    BOOST_TEST(a.header("Mcp-Session-Id").empty());
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

BOOST_AUTO_TEST_CASE(a_session_carries_requests_and_takes_notifications) {
    auto const id = begin();
    auto const n = post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", in(id));
    BOOST_TEST(n.status == 202u);
    BOOST_TEST(n.body.empty());
    BOOST_TEST(text_of(post(tool_call("echo", R"({"message":"hi"})"), in(id, "2025-11-25"))) ==
               "hi");
    BOOST_TEST(post(R"({"jsonrpc":"2.0","id":4,"result":{}})", in(id)).status == 202u);
}

BOOST_AUTO_TEST_CASE(requests_before_the_initialized_notification_are_served) {
    auto const id = begin();
    BOOST_TEST(post(request("tools/list"), in(id)).status == 200u);
}

// "Ping": MUST respond with an empty result.
BOOST_AUTO_TEST_CASE(ping_answers_with_an_empty_result) {
    auto const a = post(request("ping", "", R"("p-1")"), in(begin()));
    BOOST_TEST(a.body == R"({"jsonrpc":"2.0","id":"p-1","result":{}})");
}

// "Session Management": SHOULD be 400 without an id, MUST be 404 for one that is over.
BOOST_AUTO_TEST_CASE(a_request_without_a_session_is_400_and_with_an_unknown_one_404) {
    BOOST_TEST(post(request("tools/list")).status == 400u);
    BOOST_TEST(post(request("tools/list"), in("unknown")).status == 404u);
}

BOOST_AUTO_TEST_CASE(somebody_elses_session_looks_like_one_that_never_was) {
    auto const id = begin();
    token = "bob";
    auto const foreign = post(request("tools/list"), in(id));
    auto const unknown = post(request("tools/list"), in("never-was"));
    BOOST_TEST(foreign.status == 404u);
    BOOST_TEST(foreign.body == unknown.body);
    BOOST_TEST(foreign.headers.size() == unknown.headers.size());
    token = "alice";
    BOOST_TEST(post(request("tools/list"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(delete_ends_the_session_and_only_its_owner_may) {
    auto const id = begin();
    token = "bob";
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(in(id))).status == 404u);
    token = "alice";
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(in(id))).status == 204u);
    BOOST_TEST(post(request("tools/list"), in(id)).status == 404u);
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(in(id))).status == 404u);
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token({})).status == 400u);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// "Protocol Version Header": invalid or unsupported MUST be 400.
BOOST_AUTO_TEST_CASE(an_unsupported_version_header_is_400_and_names_the_supported) {
    auto const id = begin();
    for (auto const* v : {"2023-01-01", "nonsense", "v999.0.0"}) {
        auto const a = post(request("tools/list"), in(id, v));
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(a.body.find("2025-11-25") != std::string::npos);
    }
    change_policy([](mcp::policy& p) { p.versions = {"2025-11-25"}; });
    BOOST_TEST(post(request("tools/list"), in(id, "2025-06-18")).status == 400u);
    // A realm without modern revisions refuses them as any other unknown version.
    BOOST_TEST(post(request("tools/list"), in(id, "2026-07-28")).status == 400u);
}

BOOST_AUTO_TEST_CASE(malformed_json_is_a_parse_error) {
    auto const a = post("{\"jsonrpc\":");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(error_of(a) == -32700);
    BOOST_TEST(a.json().at("id").is_null());
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_an_invalid_request) {
    auto const a = post(R"({"jsonrpc":"2.0","id":5})");
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(error_of(a) == -32600);
    BOOST_TEST(a.json().at("id").as_int64() == 5);
}

BOOST_AUTO_TEST_CASE(an_unknown_method_is_an_error_inside_200) {
    for (auto const* method :
         {"unknown/method", "tasks/list", "server/discover", "subscriptions/listen"}) {
        auto const a = post(request(method), in(begin()));
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32601);
    }
}

BOOST_AUTO_TEST_CASE(other_media_types_are_refused) {
    auto headers = with_token({{"Accept", both}, {"Content-Type", "text/plain"}});
    BOOST_TEST(b.send(http::verb::post, "/mcp", initialize(), headers).status == 415u);
    BOOST_TEST(post(initialize(), {{"Accept", "application/json"}}).status == 406u);
    BOOST_TEST(post(initialize(), {{"Accept", "text/html"}}).status == 406u);
    BOOST_TEST(post(initialize(), {{"Accept", "*/*"}}).status == 200u);
    BOOST_TEST(b.post_json("/mcp", initialize(), with_token({})).status == 200u);
}

// RFC 9110 §15.5.16: an unsupported content coding is answered with those that are supported.
BOOST_AUTO_TEST_CASE(other_content_codings_are_refused) {
    for (auto const* coding : {"gzip", "identity, br"}) {
        auto const a = post(initialize(), {{"Content-Encoding", coding}});
        BOOST_TEST(a.status == 415u, coding);
        BOOST_TEST(a.header("Accept-Encoding") == "identity");
    }
    BOOST_TEST(post(initialize(), {{"Content-Encoding", "identity"}}).status == 200u);
}

// RFC 9110 §12.5.3: a 415 for another reason than a coding MUST NOT name codings.
BOOST_AUTO_TEST_CASE(a_wrong_type_is_no_matter_of_codings) {
    auto const a = post(initialize(), {{"Content-Type", "text/plain"}});
    BOOST_TEST(a.status == 415u);
    BOOST_TEST(a.header("Accept-Encoding").empty());
}

// RFC 9110 §10.2.1: Allow lists the methods that are supported.
BOOST_AUTO_TEST_CASE(head_opens_no_stream_and_is_not_listed) {
    for (auto const* path : {"/mcp", "/sse"}) {
        auto const a = b.send(http::verb::head, path, "", with_token({}));
        BOOST_TEST(a.status == 405u, path);
        BOOST_TEST(a.header("Allow").find("HEAD") == std::string_view::npos, path);
        auto const listed = routes.match(http::verb::put, path).allow;
        BOOST_TEST(listed.find("HEAD") == std::string::npos, path);
    }
}

// 2025-03-26 has batches; "Lifecycle": initialize MUST NOT be part of one.
BOOST_AUTO_TEST_CASE(a_batch_is_answered_in_2025_03_26_and_refused_elsewhere) {
    auto const batch = "[" + request("ping", "", "1") + ',' + request("nonsense", "", "2") +
                       R"(,{"jsonrpc":"2.0","method":"notifications/x"},7,)" +
                       initialize("2025-03-26") + ']';
    auto const a = post(batch, in(begin("2025-03-26")));
    BOOST_TEST(a.status == 200u);
    auto const answers = a.json().as_array();
    BOOST_REQUIRE(answers.size() == 4u);
    BOOST_TEST(answers[0].as_object().contains("result"));
    BOOST_TEST(answers[1].at("error").at("code").as_int64() == -32601);
    BOOST_TEST(answers[2].at("error").at("code").as_int64() == -32600);
    BOOST_TEST(answers[3].at("error").at("code").as_int64() == -32600);
    for (auto const* version : {"2025-06-18", "2025-11-25"}) {
        auto const refused = post(batch, in(begin(version)));
        BOOST_TEST(refused.status == 400u);
        BOOST_TEST(error_of(refused) == -32600);
    }
}

BOOST_AUTO_TEST_CASE(a_batch_of_notifications_is_202_and_an_empty_one_400) {
    auto const id = begin("2025-03-26");
    auto const n = post(R"([{"jsonrpc":"2.0","method":"notifications/x"}])", in(id));
    BOOST_TEST(n.status == 202u);
    BOOST_TEST(n.body.empty());
    BOOST_TEST(post("[]", in(id)).status == 400u);
    std::string many = "[";
    for (int i = 0; i < 101; ++i)
        many += (i != 0 ? "," : "") + request("ping");
    BOOST_TEST(post(many + ']', in(id)).status == 400u);
}

BOOST_AUTO_TEST_CASE(a_batch_with_a_forbidden_call_is_a_challenge_as_a_whole) {
    auto const batch =
        "[" + request("ping") + ',' + tool_call("needs_scope", R"({"scope":"mcp:admin"})") + ']';
    BOOST_TEST(post(batch, in(begin("2025-03-26"))).status == 403u);
}

BOOST_AUTO_TEST_CASE(a_realm_without_the_transport_answers_404) {
    change_policy([](mcp::policy& p) { p.transports = {"sse"}; });
    BOOST_TEST(post(initialize()).status == 404u);
    BOOST_TEST(b.get("/mcp", with_token({})).status == 404u);
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token({})).status == 404u);
}

BOOST_AUTO_TEST_CASE(at_the_limit_the_longest_unused_session_makes_room) {
    change_policy([](mcp::policy& p) { p.max_sessions = 2; });
    auto const first = begin();
    auto const second = begin();
    auto const third = begin();
    BOOST_TEST(post(request("ping"), in(first)).status == 404u);
    BOOST_TEST(post(request("ping"), in(second)).status == 200u);
    BOOST_TEST(post(request("ping"), in(third)).status == 200u);
}

// JSON-RPC 2.0 §5: the id of an error is the id of the request.
BOOST_AUTO_TEST_CASE(a_refusal_has_the_id_of_its_request) {
    auto const a = post(R"({"jsonrpc":"2.0","id":7,"method":"ping"})", in("unknown-session"));
    BOOST_TEST(a.status == 404u);
    BOOST_TEST(a.json().at("id") == 7);
}

BOOST_AUTO_TEST_CASE(too_many_sessions_with_open_streams_are_503) {
    change_policy([](mcp::policy& p) { p.max_sessions = 2; });
    std::vector<http::reply> open;
    for (auto const& id : {begin(), begin()}) {
        auto fields = in(id);
        fields.emplace_back("Accept", "text/event-stream");
        open.push_back(b.raw(http::verb::get, "/mcp", "", with_token(fields)));
        BOOST_REQUIRE(open.back().stream);
    }
    auto const a = post(initialize());
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(!a.header("Retry-After").empty());
    BOOST_TEST(a.header("Mcp-Session-Id").empty());
}

BOOST_AUTO_TEST_CASE(a_session_nobody_uses_ends) {
    auto const id = begin();
    b.clock.advance(std::chrono::minutes(29));
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    b.clock.advance(std::chrono::minutes(29));
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    b.clock.advance(std::chrono::minutes(31));
    BOOST_TEST(post(request("ping"), in(id)).status == 404u);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(mcp_stateless_http, test::stateless_fixture)

BOOST_AUTO_TEST_CASE(initialize_gives_no_session_id) {
    auto const a = post(initialize("2025-06-18"));
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Mcp-Session-Id").empty());
    BOOST_TEST(result_of(a).at("protocolVersion").as_string() == "2025-06-18");
}

BOOST_AUTO_TEST_CASE(a_bare_tools_list_works) {
    auto const a = post(request("tools/list"), {{"Accept", "*/*"}});
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(!result_of(a).at("tools").as_array().empty());
    BOOST_TEST(post(request("tools/list"), in("whatever")).status == 200u);
}

// "Protocol Version Header": without one SHOULD assume 2025-03-26.
BOOST_AUTO_TEST_CASE(without_a_version_header_2025_03_26_is_spoken) {
    auto const a = post(tool_call("whoami", "{}"));
    BOOST_TEST(text_of(a).find("2025-03-26") != std::string::npos);
    BOOST_TEST(post("[" + request("ping") + "]").status == 200u);
    BOOST_TEST(post("[" + request("ping") + "]", {{"MCP-Protocol-Version", "2025-06-18"}}).status ==
               400u);
}

BOOST_AUTO_TEST_CASE(get_and_delete_are_405_with_allow_post) {
    for (auto const method : {http::verb::get, http::verb::delete_}) {
        auto const a = b.send(method, "/mcp", "", with_token({{"Accept", both}}));
        BOOST_TEST(a.status == 405u);
        BOOST_TEST(a.header("Allow") == "POST");
    }
}

BOOST_AUTO_TEST_SUITE_END()

// The steps of a login and of an MCP session, each checked on the way.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "http/message/form.hpp"

namespace test {

namespace {

// RFC 7636 Appendix B.
std::string const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
std::string const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
std::string const callback = "http://127.0.0.1:33418/callback";

std::string between(std::string_view text, std::string_view before, std::string_view after) {
    auto const begin = text.find(before);
    BOOST_REQUIRE_MESSAGE(begin != text.npos, "no " << before << " in " << text);
    auto const from = begin + before.size();
    return std::string(text.substr(from, text.find(after, from) - from));
}

std::string path_insertion(std::string const& issuer) {
    auto const path = issuer.find('/', issuer.find("://") + 3);
    auto const origin = issuer.substr(0, path);
    auto const rest = path == issuer.npos ? std::string() : issuer.substr(path);
    return origin + "/.well-known/oauth-authorization-server" + rest;
}

std::string register_client(std::string const& endpoint) {
    auto const answer = post_json(
        endpoint, R"({"client_name":"a test","redirect_uris":[")" + callback +
                      R"("],"grant_types":["authorization_code","refresh_token"],)" +
                      R"("response_types":["code"],"token_endpoint_auth_method":"none"})");
    BOOST_REQUIRE_EQUAL(answer.status, 201u);
    return text_of(json_of(answer), "client_id");
}

// What a browser does that nobody asks anything: follows redirects, also those by way of another
// server, with its cookies, until it is sent to the client.
std::string follow(std::string url) {
    fields cookies;
    for (int hops = 0; hops < 6 && !url.starts_with(callback); ++hops) {
        auto const answer = get(url, cookies);
        BOOST_REQUIRE_MESSAGE(answer.status == 302u, answer.status << ": " << answer.body);
        std::string const cookie(answer.header("Set-Cookie"));
        if (!cookie.empty()) cookies.emplace_back("Cookie", cookie.substr(0, cookie.find(';')));
        url = std::string(answer.header("Location"));
    }
    return url;
}

}  // namespace

login::login(std::string url, std::string scope) : mcp_url(std::move(url)) {
    auto const refused = post_json(mcp_url, tool_call(1, "echo", R"({"message":"who am I?"})"));
    BOOST_REQUIRE_EQUAL(refused.status, 401u);
    std::string const asked(refused.header("WWW-Authenticate"));
    auto const resource_metadata = json_of(get(between(asked, "resource_metadata=\"", "\"")));
    resource = text_of(resource_metadata, "resource");
    BOOST_TEST(resource == mcp_url);
    issuer = std::string(
        resource_metadata.as_object().at("authorization_servers").as_array().at(0).as_string());
    if (scope.empty()) scope = between(asked, "scope=\"", "\"");

    auto const metadata = json_of(get(path_insertion(issuer)));
    BOOST_TEST(text_of(metadata, "issuer") == issuer);  // RFC 8414 §3.3
    client_id = register_client(text_of(metadata, "registration_endpoint"));

    auto const location = follow(http::with_query(text_of(metadata, "authorization_endpoint"),
                                                  {{"response_type", "code"},
                                                   {"client_id", client_id},
                                                   {"redirect_uri", callback},
                                                   {"scope", scope},
                                                   {"state", "af0ifjsldkj"},
                                                   {"resource", resource},
                                                   {"code_challenge", challenge},
                                                   {"code_challenge_method", "S256"}}));
    BOOST_REQUIRE(location.starts_with(callback + "?"));
    auto const query = http::form::parse(location.substr(callback.size() + 1));
    BOOST_REQUIRE(bool(query));
    BOOST_REQUIRE_MESSAGE(query->has("code"), location);
    BOOST_TEST(*query->one("state") == "af0ifjsldkj");
    BOOST_TEST(*query->one("iss") == issuer);  // RFC 9207 §2

    auto const answer =
        post_form(text_of(metadata, "token_endpoint"), {{"grant_type", "authorization_code"},
                                                        {"code", std::string(*query->one("code"))},
                                                        {"client_id", client_id},
                                                        {"redirect_uri", callback},
                                                        {"code_verifier", verifier},
                                                        {"resource", resource}});
    BOOST_REQUIRE_MESSAGE(answer.status == 200u, answer.body);
    BOOST_TEST(answer.header("Cache-Control") == "no-store");  // RFC 6749 §5.1
    auto const body = json_of(answer);
    now = {text_of(body, "access_token"), text_of(body, "refresh_token"), text_of(body, "scope")};
}

raw_reply login::try_refresh(std::string const& refresh_token) const {
    auto const metadata = json_of(get(path_insertion(issuer)));
    return post_form(text_of(metadata, "token_endpoint"), {{"grant_type", "refresh_token"},
                                                           {"refresh_token", refresh_token},
                                                           {"client_id", client_id},
                                                           {"resource", resource}});
}

void login::refresh() {
    auto const answer = try_refresh(now.refresh);
    BOOST_REQUIRE_MESSAGE(answer.status == 200u, answer.body);
    auto const body = json_of(answer);
    now.access = text_of(body, "access_token");
    if (body.as_object().contains("refresh_token")) now.refresh = text_of(body, "refresh_token");
}

std::string const& initialize_body() {
    static std::string const body =
        R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":)"
        R"("2025-11-25","capabilities":{},"clientInfo":{"name":"a test","version":"1"}}})";
    return body;
}

std::string tool_call(int id, std::string_view tool, std::string_view arguments) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"tools/call","params":{"name":")" + std::string(tool) +
           R"(","arguments":)" + std::string(arguments) + "}}";
}

std::string open_session(std::string const& mcp_url, std::string const& token) {
    auto headers = bearer(token);
    headers.emplace_back("Accept", "application/json, text/event-stream");
    auto const answer = post_json(mcp_url, initialize_body(), headers);
    BOOST_REQUIRE_MESSAGE(answer.status == 200u, answer.status << ' ' << answer.body);
    std::string const id(answer.header("Mcp-Session-Id"));
    BOOST_REQUIRE(!id.empty());
    headers.emplace_back("Mcp-Session-Id", id);
    auto const ready =
        post_json(mcp_url, R"({"jsonrpc":"2.0","method":"notifications/initialized"})", headers);
    BOOST_REQUIRE_EQUAL(ready.status, 202u);
    return id;
}

raw_reply call_tool(std::string const& mcp_url, std::string const& token,
                    std::string const& session, std::string_view tool, std::string_view arguments) {
    auto headers = bearer(token);
    headers.emplace_back("Accept", "application/json, text/event-stream");
    if (!session.empty()) headers.emplace_back("Mcp-Session-Id", session);
    headers.emplace_back("MCP-Protocol-Version", "2025-11-25");
    return post_json(mcp_url, tool_call(7, tool, arguments), headers);
}

}  // namespace test

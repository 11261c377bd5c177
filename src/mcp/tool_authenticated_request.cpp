// make_authenticated_request: passes the caller's token on to another API and reports what came
// back. That is token passthrough, which MCP forbids ("Security Best Practices", Token
// Passthrough: servers MUST NOT accept, and hence not forward, tokens that were not issued for
// them). It is here so that people can see what it does, and only the configuration file opens it.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "http/form.hpp"
#include "http/text.hpp"
#include "mcp/passthrough.hpp"
#include "mcp/token_mask.hpp"
#include "mcp/tool.hpp"

namespace tollgate::mcp {

namespace {

std::string destination(call const& c) {
    auto const& url = c.api->url;
    return url.empty() ? c.http.place().internal_issuer + "/anything" : url;
}

// Without the query: that may hold a secret of the operator's.
std::string shown_url(std::string const& url) {
    return url.substr(0, url.find('?'));
}

http::outbound request_to(call const& c, std::string const& url, std::string_view message,
                          std::string const& token) {
    auto const joint = url.find('?') == std::string::npos ? '?' : '&';
    http::outbound r(url + joint + "message=" + http::percent_encode(message));
    r.timeout = c.api->timeout;
    r.max_body = c.api->max_answer;
    r.headers.add("Authorization", "Bearer " + token);
    r.headers.add("Accept", "application/json, */*;q=0.1");
    return r;
}

bool holds_secrets(std::string_view header) {
    return http::iequals(header, "Set-Cookie") || http::iequals(header, "Authorization");
}

// An API that echoes what it was sent echoes the token, too: it is masked wherever it stands. Of
// JSON in the serialized form, which has one spelling for each text.
json::value body_of(http::answer const& a, std::string const& token) {
    boost::system::error_code failed;
    auto const parsed = json::parse(a.body, failed);
    if (!failed) return json::parse(with_masked_token(json::serialize(parsed), token));
    auto const text = http::printable(a.body, a.body.size());
    return json::value(with_masked_token(text, token));
}

json::object report(std::string const& url, http::answer const& a, std::string const& token) {
    json::object headers;
    for (auto const& h : a.headers) {
        auto const value = with_masked_token(http::printable(h.value), token);
        headers[h.name] = holds_secrets(h.name) ? std::string("***") : value;
    }
    json::object out;
    out["url"] = shown_url(url);
    out["status"] = a.status;
    out["headers"] = std::move(headers);
    out["body"] = body_of(a, token);
    return out;
}

task<outcome<tool_result>> run_request_tool(call const& c, json::object const& arguments) {
    auto const* const caller = c.http.who();
    if (caller == nullptr) {
        co_return error_result(c, "No access token came with this request: nothing to pass on.");
    }
    auto const url = destination(c);
    auto request = request_to(c, url, arguments.at("message").get_string(), caller->token);
    auto const token = caller->token;
    auto const answered = co_await c.api->client.send(std::move(request));
    if (!answered) {
        auto const why = shown_url(url) + " did not answer: " + answered.error().message();
        co_return error_result(c, why);
    }
    auto about = report(url, *answered, token);
    auto r = text_result(c, json::serialize(about));
    r.structured.emplace(std::move(about));
    r.is_error = answered->status >= 400;
    co_return r;
}

}  // namespace

tool const make_authenticated_request{
    .name = "make_authenticated_request",
    .title = "Make an authenticated request",
    .description =
        "Sends the message with the access token of this request to another API and "
        "returns its status, headers and body. This is token passthrough, which MCP "
        "forbids; it is for tests.",
    .input_schema = R"({"type":"object","properties":{"message":{"type":"string",)"
                    R"("description":"Sent as the query parameter `message`"}},)"
                    R"("required":["message"]})",
    .hints = {.read_only = false, .idempotent = false, .open_world = true},
    .run = &run_request_tool,
};

}  // namespace tollgate::mcp

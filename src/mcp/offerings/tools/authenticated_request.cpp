// make_authenticated_request: calls another API and reports what came back.
//
// With the caller's token that is token passthrough, which MCP forbids ("Security Best Practices",
// Token Passthrough: servers MUST NOT accept, and hence not forward, tokens that were not issued
// for them). It is here so that people can see what it does, and only the configuration file opens
// it. In broker mode it is how it should be: the API gets the token that its own authorization
// server gave us for this login.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.hpp"
#include "http/message/form.hpp"
#include "http/message/headers.hpp"
#include "mcp/offerings/tools/authenticated_request.hpp"
#include "mcp/offerings/tools/token_mask.hpp"
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

task<outcome<api_access>> access_for(call const& c, std::string refused) {
    auto const& caller = c.http.who()->token;
    if (c.api->instead) {
        auto const& realm = c.http.realm().name();
        auto found = co_await c.api->instead(realm, caller, std::move(refused));
        co_return std::move(found);
    }
    api_access own;
    own.token = caller;
    own.url = c.http.place().internal_issuer + "/anything";
    co_return own;
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

// Everything that must not come back: an API that echoes what it was sent echoes the token, too.
class masks {
public:
    explicit masks(std::string caller) : caller_(std::move(caller)) {}

    // A token that the caller must not even recognize, in the forms in which it may come back.
    void hide(std::string const& token) {
        hidden_.push_back(token);
        hidden_.push_back(http::percent_encode(token));
        auto const quoted = json::serialize(json::value(token));
        hidden_.push_back(quoted.substr(1, quoted.size() - 2));
    }
    std::string operator()(std::string text) const {
        for (auto const& secret : hidden_)
            replace_all(text, secret);
        return with_masked_token(std::move(text), caller_);
    }

private:
    static void replace_all(std::string& text, std::string const& secret) {
        constexpr std::string_view stars = "***";
        if (secret.empty()) return;
        for (auto at = text.find(secret); at != text.npos; at = text.find(secret, at)) {
            text.replace(at, secret.size(), stars);
            at += stars.size();
        }
    }

    std::string caller_;
    std::vector<std::string> hidden_;
};

// JSON is masked in the serialized form, which has one spelling for each text.
json::value body_of(http::client_response const& a, masks const& masked) {
    boost::system::error_code failed;
    auto const parsed = json::parse(a.body, failed);
    // Still JSON with its masks: none of them has a character that JSON escapes.
    if (!failed) return json::parse(masked(json::serialize(parsed)));
    return json::value(masked(tollgate::printable(a.body, a.body.size())));
}

json::object report(std::string const& url, http::client_response const& a, masks const& masked) {
    json::object headers;
    for (auto const& h : a.headers) {
        auto const value = masked(tollgate::printable(h.value));
        headers[h.name] = holds_secrets(h.name) ? std::string("***") : value;
    }
    json::object out;
    out["url"] = shown_url(url);
    out["status"] = a.status;
    out["headers"] = std::move(headers);
    out["body"] = body_of(a, masked);
    return out;
}

// RFC 6750 §3.1: expired, revoked or malformed.
bool calls_token_dead(http::client_response const& a) {
    if (a.status != 401) return false;
    for (auto const& h : a.headers) {
        if (http::iequals(h.name, "WWW-Authenticate") &&
            h.value.find("invalid_token") != std::string::npos)
            return true;
    }
    return false;
}

struct exchange {
    std::string url;
    boost::system::result<http::client_response> answer;
};

// `used` becomes the token that went out, and `masked` learns what must not come back.
task<outcome<exchange>> ask_api(call const& c, std::string_view message, std::string refused,
                                masks& masked, std::string& used) {
    auto const access = co_await access_for(c, std::move(refused));
    if (!access) co_return access.error();
    used = access->token;
    if (c.api->instead) masked.hide(access->token);
    auto const& url = c.api->url.empty() ? access->url : c.api->url;
    if (url.empty()) {
        problem const nowhere(404, "no_address",
                              "No address to call is known: set tools.authenticated_request_url.");
        co_return nowhere;
    }
    auto request = request_to(c, url, message, access->token);
    exchange e;
    e.url = url;
    e.answer = co_await c.api->client.send(std::move(request));
    co_return e;
}

task<outcome<tool_result>> run_request_tool(call const& c, json::object const& arguments) {
    auto const* const caller = c.http.who();
    if (caller == nullptr) {
        co_return error_result(c, "No access token came with this request: nothing to pass on.");
    }
    std::string_view const message = arguments.at("message").get_string();
    masks masked(caller->token);
    std::string used;
    std::string none_yet;
    auto got = co_await ask_api(c, message, std::move(none_yet), masked, used);
    // A token without a known end lives until somebody says otherwise.
    bool const again =
        c.api->instead && got && got->answer && calls_token_dead(got->answer.value());
    if (again) {
        // Once: if the next token is called dead as well, that is the answer.
        auto dead = used;
        got = co_await ask_api(c, message, std::move(dead), masked, used);
    }
    if (!got) co_return error_result(c, masked(got.error().description()));
    if (!got->answer) {
        auto const why = shown_url(got->url) + " did not answer: " + got->answer.error().message();
        co_return error_result(c, why);
    }
    auto about = report(got->url, *got->answer, masked);
    auto r = text_result(c, json::serialize(about));
    r.structured.emplace(std::move(about));
    r.is_error = got->answer->status >= 400;
    co_return r;
}

constexpr std::string_view input =
    R"({"type":"object","properties":{"message":{"type":"string",)"
    R"("description":"Sent as the query parameter `message`"}},"required":["message"]})";
constexpr tool_hints hints{.read_only = false, .idempotent = false, .open_world = true};

}  // namespace

tool const make_authenticated_request{
    .name = "make_authenticated_request",
    .description =
        "Sends the message with the access token of this request to another API and "
        "returns its status, headers and body. This is token passthrough, which MCP "
        "forbids; it is for tests.",
    .input_schema = input,
    .hints = hints,
    .run = &run_request_tool,
};

tool const make_authenticated_request_by_login{
    .name = "make_authenticated_request",
    .description =
        "Sends the message to an API of the provider where the person logged in, with "
        "the token that the provider gave for that login, and returns the API's status, "
        "headers and body.",
    .input_schema = input,
    .hints = hints,
    .run = &run_request_tool,
};

}  // namespace tollgate::mcp

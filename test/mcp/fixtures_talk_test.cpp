// The fixtures of the official suite that say or ask something before their answer.
#include <algorithm>

#include "mcp/builtin.hpp"
#include "mcp/toolbox.hpp"
#include "talking_fixture.hpp"

using test::error_of;
using test::parsed;
using test::text_in;
namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;

namespace {

struct fixture : test::talking_fixture {
    fixture() : talking_fixture(mcp::builtin_tools()) {
        change_policy([](mcp::policy& p) { p.fixtures = true; });
    }
    // A session of a client that declares `capabilities`.
    std::string declaring(std::string const& capabilities) {
        auto const a = post(request(
            "initialize", R"({"protocolVersion":"2025-11-25","capabilities":)" + capabilities +
                              R"(,"clientInfo":{"name":"t","version":"1"}})"));
        BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
        std::string const id(a.header("Mcp-Session-Id"));
        post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", in(id));
        return id;
    }
    // What a call says, the answer last; an answer without a stream stands alone.
    std::vector<json::value> said(http::reply r) {
        std::vector<json::value> out;
        if (!r.stream) {
            out.push_back(parsed(r.body));
            return out;
        }
        for (auto const& e : rest(*r.stream)) {
            if (!e.data.empty()) out.push_back(parsed(e.data));
        }
        return out;
    }
    std::vector<json::value> said_in(std::string const& session, std::string const& params) {
        return said(open_call(session, request("tools/call", params)));
    }
    static std::size_t count(std::vector<json::value> const& messages, std::string_view method) {
        return static_cast<std::size_t>(
            std::count_if(messages.begin(), messages.end(), [&](json::value const& m) {
                auto const* const name = m.as_object().if_contains("method");
                return name != nullptr && std::string_view(name->as_string()) == method;
            }));
    }
    // One question of the server, and what the call ends with once it has `answer`.
    struct talk {
        json::value question;
        json::value last;
        std::vector<json::value> between;
    };
    talk converse(std::string const& session, std::string const& name, std::string const& arguments,
                  std::string const& answer) {
        talk t;
        auto open = open_call(session, call(name, arguments));
        BOOST_REQUIRE_MESSAGE(open.stream, open.body);
        for (auto const& e : events(*open.stream)) {
            if (!e.data.empty()) t.question = parsed(e.data);
        }
        if (!t.question.is_object()) t.question = parsed(events(*open.stream).back().data);
        auto const id = json::serialize(t.question.at("id"));
        BOOST_TEST(
            post(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + answer + '}', in(session))
                .status == 202u);
        t.between = said(std::move(open));
        t.last = t.between.back();
        return t;
    }
    static std::string text(json::value const& message) {
        return std::string(message.at("result").at("content").at(0).at("text").as_string());
    }
};

constexpr char logging[] = R"({"name":"test_tool_with_logging"})";
constexpr char message[] = "notifications/message";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_talking_fixtures, fixture)

// MCP 2025-11-25, Utilities, Logging, "Setting Log Level": messages at that level and above.
BOOST_AUTO_TEST_CASE(log_messages_go_to_who_wants_that_level) {
    auto const id = ready();
    auto const at_first = said_in(id, logging);
    BOOST_TEST(count(at_first, message) == 3u);
    BOOST_TEST(at_first[0].at("params").at("data") == "Tool execution started");
    BOOST_TEST(at_first[0].at("params").at("level") == "info");
    post(request("logging/setLevel", R"({"level":"notice"})"), in(id));
    BOOST_TEST(count(said_in(id, logging), message) == 0u);
    post(request("logging/setLevel", R"({"level":"debug"})"), in(id));
    BOOST_TEST(count(said_in(id, logging), message) == 3u);
}

// MCP 2026-07-28, Utilities, Logging, "Per-request log level": none without logLevel in `_meta`.
BOOST_AUTO_TEST_CASE(modern_requests_hear_no_log_message_that_they_did_not_ask_for) {
    BOOST_TEST(count(said(open_modern("test_logging_tool", "{}")), message) == 0u);
}

// MCP 2025-11-25, Utilities, Progress, "Progress Flow": with the token of the request, increasing.
BOOST_AUTO_TEST_CASE(progress_goes_to_who_sent_a_token) {
    auto const id = ready();
    auto const heard =
        said_in(id, R"({"name":"test_tool_with_progress","_meta":{"progressToken":"mine"}})");
    BOOST_REQUIRE(heard.size() == 4u);
    double last = -1;
    for (std::size_t i = 0; i < 3; ++i) {
        auto const& params = heard[i].at("params");
        BOOST_TEST(heard[i].at("method") == "notifications/progress");
        BOOST_TEST(params.at("progressToken") == "mine");
        BOOST_TEST(params.at("total").to_number<double>() == 100.0);
        BOOST_TEST(params.at("progress").to_number<double>() > last);
        last = params.at("progress").to_number<double>();
    }
    BOOST_TEST(last == 100.0);
    auto const silent = said_in(id, R"({"name":"test_tool_with_progress"})");
    BOOST_TEST(count(silent, "notifications/progress") == 0u);
}

// MCP 2025-11-25, Client Features, Sampling, "Creating Messages": messages and maxTokens.
BOOST_AUTO_TEST_CASE(sampling_asks_the_model_of_the_client) {
    auto const id = declaring(R"({"sampling":{}})");
    auto const t =
        converse(id, "test_sampling", R"({"prompt":"Hello?"})",
                 R"({"role":"assistant","content":{"type":"text","text":"Hi."},"model":"m"})");
    BOOST_TEST(t.question.at("method") == "sampling/createMessage");
    BOOST_TEST(t.question.at("params").at("maxTokens") == 100);
    BOOST_TEST(t.question.at("params").at("messages").at(0).at("content").at("text") == "Hello?");
    BOOST_TEST(text(t.last) == "LLM response: Hi.");
}

// MCP 2025-11-25, Client Features, Elicitation, "Response Actions": accept, decline and cancel.
BOOST_AUTO_TEST_CASE(elicitation_tells_what_the_user_did) {
    auto const id = declaring(R"({"elicitation":{}})");
    auto const ask = [&](std::string const& answer) {
        return converse(id, "test_elicitation", R"({"message":"Who?"})", answer);
    };
    auto const t = ask(R"({"action":"accept","content":{"username":"u","email":"u@example.com"}})");
    BOOST_TEST(t.question.at("params").at("message") == "Who?");
    BOOST_TEST(t.question.at("params").at("requestedSchema").at("required").as_array().size() ==
               2u);
    BOOST_TEST(text(t.last) ==
               "User response: action=accept, "
               R"(content={"username":"u","email":"u@example.com"})");
    BOOST_TEST(text(ask(R"({"action":"decline"})").last) ==
               "User response: action=decline, content={}");
}

// MCP 2025-11-25, Client Features, Elicitation, "Form Mode Security": data that does not match the
// requested schema is refused.
BOOST_AUTO_TEST_CASE(elicitation_refuses_data_that_does_not_fit_the_form) {
    auto const id = declaring(R"({"elicitation":{}})");
    auto const t = converse(id, "test_elicitation_sep1330_enums", "{}",
                            R"({"action":"accept","content":{"titledSingle":"value9"}})");
    BOOST_TEST(t.last.at("result").at("isError").as_bool());
    BOOST_TEST(text(t.last).find("/titledSingle") != std::string::npos, text(t.last));
}

// MCP 2025-11-25, Client Features, Elicitation, "Completion Notifications for URL Mode
// Elicitation": with the elicitationId of the request.
BOOST_AUTO_TEST_CASE(url_mode_says_when_the_visit_is_over) {
    auto const id = declaring(R"({"elicitation":{"url":{}}})");
    auto const t = converse(id, "test_elicitation_url", "{}", R"({"action":"accept"})");
    auto const& params = t.question.at("params");
    BOOST_TEST(params.at("mode") == "url");
    BOOST_TEST(params.at("url").as_string().starts_with("https://"));
    BOOST_REQUIRE(t.between.size() == 2u);
    BOOST_TEST(t.between[0].at("method") == "notifications/elicitation/complete");
    BOOST_TEST((t.between[0].at("params").at("elicitationId") == params.at("elicitationId")));
    BOOST_TEST(text(t.last) == "Elicitation completed.");
}

// MCP 2025-11-25, Client Features, Elicitation, "URL Elicitation Required Error": -32042 with the
// elicitations that are required, each in URL mode and with an id.
BOOST_AUTO_TEST_CASE(a_required_visit_is_an_error_that_names_the_page) {
    auto const id = declaring(R"({"elicitation":{"url":{}}})");
    auto const heard = said_in(id, R"({"name":"test_url_elicitation_required"})");
    BOOST_REQUIRE_MESSAGE(heard.back().as_object().contains("error"), heard.back());
    auto const& error = heard.back().at("error");
    BOOST_TEST(error.at("code") == -32042);
    auto const& one = error.at("data").at("elicitations").at(0);
    BOOST_TEST(one.at("mode") == "url");
    BOOST_TEST(!one.at("elicitationId").as_string().empty());
    BOOST_TEST(!one.at("message").as_string().empty());
}

// MCP 2025-11-25, Client Features, Roots, "Listing Roots": asked of who declared the capability.
BOOST_AUTO_TEST_CASE(roots_are_asked_for) {
    auto const id = declaring(R"({"roots":{}})");
    auto const t = converse(id, "test_roots", "{}", R"({"roots":[{"uri":"file:///a"}]})");
    BOOST_TEST(t.question.at("method") == "roots/list");
    BOOST_TEST(text(t.last) == R"(Roots: [{"uri":"file:///a"}])");
}

BOOST_AUTO_TEST_SUITE_END()

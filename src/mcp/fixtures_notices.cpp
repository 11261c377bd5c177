// Fixtures of the official conformance suite: log messages, progress, and a connection that is
// lost before the answer. Texts are those that the suite prescribes.
#include <chrono>

#include "mcp/changes.hpp"
#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"
#include "mcp/log_message.hpp"
#include "mcp/progress.hpp"

namespace tollgate::mcp {

namespace {

using namespace std::chrono_literals;

task<outcome<tool_result>> run_logging(call const& c, json::object const&) {
    constexpr std::string_view messages[] = {"Tool execution started", "Tool processing data",
                                             "Tool execution completed"};
    bool goes_on = true;
    for (auto const message : messages) {
        if (message != messages[0]) goes_on = co_await c.out.sleep(50ms);
        if (!goes_on) co_return error_result(c, "Cancelled.");
        log_to_client(c, logging_level::info, "test", view(message));
    }
    co_return text_result(c, "Tool with logging executed successfully");
}

task<outcome<tool_result>> run_progress(call const& c, json::object const&) {
    progress p(c, 100);
    bool goes_on = true;
    for (int const done : {0, 50, 100}) {
        if (done > 0) goes_on = co_await c.out.sleep(50ms);
        if (!goes_on) co_return error_result(c, "Cancelled.");
        p.report(done, "Completed step " + std::to_string(done) + " of 100");
    }
    co_return text_result(c, "Tool with progress executed successfully");
}

// 2025-11-25, Transports: the server may close the connection before the answer; the client
// comes back for it with Last-Event-ID.
task<outcome<tool_result>> run_reconnection(call const& c, json::object const&) {
    c.out.drop_connection();
    bool const goes_on = co_await c.out.sleep(100ms);
    if (!goes_on) co_return error_result(c, "Cancelled.");
    co_return text_result(c, "Reconnection test completed successfully.");
}

constexpr std::string_view watched = "test://watched-resource";

// "Subscriptions": notifications/resources/updated to whoever subscribed to it.
task<outcome<tool_result>> run_update(call const& c, json::object const&) {
    c.http.realm().get<change_hub>().resource_updated(watched);
    co_return text_result(c, "Told everybody who subscribed to test://watched-resource.");
}

tool const with_logging{
    .name = "test_tool_with_logging",
    .title = "Log messages",
    .description = "Sends three log messages, then a text.",
    .input_schema = no_parameters,
    .when = {.fixture = true, .until = revision::v2025_11_25},
    .run = &run_logging,
};

tool const logging_tool{
    .name = "test_logging_tool",
    .title = "Log messages",
    .description = "Sends three log messages to a client that asked for them, then a text.",
    .input_schema = no_parameters,
    .when = {.fixture = true, .since = revision::v2026_07_28},
    .run = &run_logging,
};

tool const with_progress{
    .name = "test_tool_with_progress",
    .title = "Progress",
    .description = "Reports progress three times, then returns a text.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_progress,
};

tool const reconnection{
    .name = "test_reconnection",
    .title = "Lost connection",
    .description = "Closes the connection before the answer, which waits for the client to resume.",
    .input_schema = no_parameters,
    .when = {.fixture = true, .since = revision::v2025_11_25, .until = revision::v2025_11_25},
    .run = &run_reconnection,
};

tool const resource_update{
    .name = "test_trigger_resource_update",
    .title = "Resource update",
    .description = "Says to those who subscribed that test://watched-resource has changed.",
    .input_schema = no_parameters,
    .hints = {.read_only = false},
    .when = as_fixture,
    .run = &run_update,
    .quick = true,
};

}  // namespace

std::span<tool const* const> notice_fixtures() {
    static constexpr tool const* all[] = {&with_logging, &logging_tool, &with_progress,
                                          &reconnection, &resource_update};
    return all;
}

}  // namespace tollgate::mcp

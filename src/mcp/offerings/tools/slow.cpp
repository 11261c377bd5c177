// slow: takes its time and says how far it is; for trying progress, cancellation and timeouts.
#include <algorithm>
#include <chrono>

#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

using milliseconds = std::chrono::milliseconds;

constexpr double most_seconds = 600;

// A tenth of the whole, but at least 50 ms and at most a second.
milliseconds step_of(milliseconds total) {
    return std::clamp(total / 10, milliseconds(50), milliseconds(1'000));
}

double in_seconds(milliseconds t) {
    return static_cast<double>(t.count()) / 1000;
}

// Only who sent a token hears of progress (MCP 2025-11-25, Progress, "Progress Flow").
void tell_progress(call const& c, milliseconds done, milliseconds total) {
    auto const* const token =
        c.request.meta != nullptr ? c.request.meta->if_contains("progressToken") : nullptr;
    if (token == nullptr || !(token->is_string() || token->is_int64() || token->is_uint64()))
        return;
    json::object params;
    params["progressToken"] = *token;
    params["progress"] = in_seconds(done);
    params["total"] = in_seconds(total);
    if (c.revision >= revision::v2025_03_26) {
        params["message"] = std::to_string(done.count() / 1000) + " s of " +
                            std::to_string(total.count() / 1000) + " s";
    }
    c.out.notify("notifications/progress", std::move(params));
}

task<outcome<tool_result>> run_slow(call const& c, json::object const& arguments) {
    auto const seconds = arguments.at("seconds").to_number<double>();
    if (!(seconds >= 0 && seconds <= most_seconds)) {
        co_return error_result(c, "Invalid arguments: /seconds: must be from 0 to 600");
    }
    auto const total = milliseconds(static_cast<std::int64_t>(seconds * 1000));
    auto const step = step_of(total);
    for (milliseconds done{0}; done < total;) {
        auto const wait = std::min(step, total - done);
        bool const goes_on = co_await c.out.sleep(wait);
        if (!goes_on) co_return error_result(c, "Cancelled.");
        done += wait;
        tell_progress(c, done, total);
    }
    co_return text_result(c, "Done.");
}

}  // namespace

tool const slow{
    .name = "slow",
    .description =
        "Answers after so many seconds, with progress notifications for who asks for "
        "them. Can be cancelled.",
    .input_schema = R"({"type":"object","properties":{"seconds":{"type":"number","minimum":0,)"
                    R"("maximum":600,"description":"How long to take"}},"required":["seconds"]})",
    .run = &run_slow,
};

}  // namespace tollgate::mcp

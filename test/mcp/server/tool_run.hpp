// Runs what ends in the result of a tool.
#pragma once

#include <optional>
#include <utility>

#include "mcp/offerings/tools/tool.hpp"
#include "mcp/server/call_bench.hpp"

namespace test {

// A result of a tool has no default, which co_spawn would want.
inline tollgate::task<void> keep_result(tollgate::task<tollgate::outcome<mcp::tool_result>> work,
                                        std::optional<mcp::tool_result>& kept) {
    auto done = co_await std::move(work);
    if (done) kept.emplace(std::move(*done));
}

inline mcp::tool_result finished(boost::asio::io_context& io,
                                 tollgate::task<tollgate::outcome<mcp::tool_result>> work) {
    std::optional<mcp::tool_result> kept;
    run(io, keep_result(std::move(work), kept));
    BOOST_REQUIRE(kept.has_value());
    return std::move(*kept);
}

}  // namespace test

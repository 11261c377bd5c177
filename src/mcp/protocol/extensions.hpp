// Names of the extensions of 2026-07-28 that are spoken here.
#pragma once

namespace tollgate::mcp {

inline constexpr char tasks_extension[] = "io.modelcontextprotocol/tasks";

}  // namespace tollgate::mcp

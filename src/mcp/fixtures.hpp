// The tools that the official conformance suite expects (mcp.fixtures), in groups.
#pragma once

#include <span>

#include "mcp/tool.hpp"

namespace tollgate::mcp {

std::span<tool const* const> content_fixtures();     // kinds of content, errors, a full JSON Schema
std::span<tool const* const> notice_fixtures();      // log messages, progress, a lost connection
std::span<tool const* const> asking_fixtures();      // sampling, elicitation, roots
std::span<tool const* const> round_trip_fixtures();  // multi round-trip requests (2026-07-28)
std::span<tool const* const> task_fixtures();        // the extension io.modelcontextprotocol/tasks
std::span<tool const* const> modern_fixtures();      // capabilities, changes, mirrored parameters

}  // namespace tollgate::mcp

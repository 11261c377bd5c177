// The tools that the official conformance suite expects (mcp.fixtures), in groups.
#pragma once

#include <span>

#include "mcp/tool.hpp"

namespace tollgate::mcp {

std::span<tool const* const> content_fixtures();  // kinds of content, errors, a full JSON Schema
std::span<tool const* const> notice_fixtures();   // log messages, progress, a lost connection
std::span<tool const* const> asking_fixtures();   // sampling, elicitation, roots

}  // namespace tollgate::mcp

// Agent paths, with {agent} in them ("/{agent}/mcp"): one realm, many MCP servers. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message/problem.hpp"
#include "http/realm/place.hpp"

namespace tollgate::http {

bool has_agent(std::string_view pattern) noexcept;
// The pattern with an agent's name in its place; the pattern itself where `agent` is empty.
std::string with_agent(std::string_view pattern, std::string_view agent);
// What stands in the place of {agent}, whether it is a name or not; nothing when the rest of `path`
// is not that of the pattern. The view points into `path`.
std::optional<std::string_view> agent_in(std::string_view path, std::string_view pattern) noexcept;

// 1 to 64 letters, digits, '.', '_', '~' or '-', no dot first, and none of the words that begin
// paths of our own.
bool is_agent_name(std::string_view text) noexcept;

// The agent that `path` (below a realm's base) addresses, by its endpoints or its metadata
// document; "" when it is none of these. 404 when what stands in that place is no name. The view
// points into `path`.
outcome<std::string_view> agent_at(mcp_paths const& paths, std::string_view path);

}  // namespace tollgate::http

// Session document: a session as text, to be kept where it outlives the process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mcp/session/session.hpp"

namespace tollgate::mcp {

// JSON. Without the id, which is a secret: who asks for the session brings it.
std::string document_of(session::image const& s);

// The session `id` of that document; nothing when it is no such document. All sessions that are
// kept are of Streamable HTTP: one of HTTP+SSE ends with its stream, one of stdio with its process.
std::optional<session::image> session_from(std::string id, std::string_view document);

}  // namespace tollgate::mcp

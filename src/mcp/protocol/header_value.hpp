// Session ids, and header values in the Base64 form of Streamable HTTP 2026-07-28.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tollgate::mcp {

// 32 random bytes as base64url without padding: 43 visible ASCII characters. Streamable HTTP
// 2025-11-25, "Session Management": cryptographically secure, 0x21 to 0x7E.
std::string random_session_id();

// RFC 9110 §5.5, less what Streamable HTTP 2026-07-28, "Value Encoding", leaves out: visible ASCII,
// space and tab.
bool is_plain_header_value(std::string_view value) noexcept;

// Streamable HTTP 2026-07-28, "Value Encoding": `=?base64?…?=` stands for what it decodes to,
// anything else for itself. Nothing when the Base64 inside is not valid (RFC 4648 §4).
std::optional<std::string> decode_header_value(std::string_view value);

}  // namespace tollgate::mcp

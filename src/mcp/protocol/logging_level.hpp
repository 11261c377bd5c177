// Logging level: severity of a log message to the client (schema: LoggingLevel; RFC 5424 §6.2.1).
#pragma once

#include <optional>
#include <string_view>

namespace tollgate::mcp {

enum class logging_level : unsigned char {
    debug,
    info,
    notice,
    warning,
    error,
    critical,
    alert,
    emergency
};

std::string_view to_string(logging_level l) noexcept;
std::optional<logging_level> parse_logging_level(std::string_view text) noexcept;

}  // namespace tollgate::mcp

#include "mcp/protocol/logging_level.hpp"

#include <cstddef>
#include <iterator>

namespace tollgate::mcp {

namespace {

constexpr std::string_view names[] = {"debug", "info",     "notice", "warning",
                                      "error", "critical", "alert",  "emergency"};

}  // namespace

std::string_view to_string(logging_level l) noexcept {
    return names[static_cast<std::size_t>(l)];
}

std::optional<logging_level> parse_logging_level(std::string_view text) noexcept {
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (names[i] == text) return static_cast<logging_level>(i);
    }
    return std::nullopt;
}

}  // namespace tollgate::mcp

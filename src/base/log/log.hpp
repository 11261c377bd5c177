// Log: structured lines on stderr. Never on stdout, never a secret.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/words.hpp"

namespace tollgate {

enum class log_level { debug, info, warning, error, off };
constexpr auto words_of(log_level) {
    return std::to_array<word<log_level>>({{"debug", log_level::debug},
                                           {"info", log_level::info},
                                           {"warning", log_level::warning},
                                           {"error", log_level::error},
                                           {"off", log_level::off}});
}
enum class log_format { text, json };
constexpr auto words_of(log_format) {
    return std::to_array<word<log_format>>(
        {{"text", log_format::text}, {"json", log_format::json}});
}

using log_field = std::pair<std::string_view, std::string_view>;

// Process-wide: set once at start. Lines are gathered and written by one background thread, so
// that a request pays no system call; `flush` waits until they are out.
void set_log(log_level threshold, log_format format);
void flush_log();
// False when a line of that level would be dropped: spares the caller making its fields.
bool log_enabled(log_level level) noexcept;
// {"time", "level", "event", fields…}; control characters are escaped, so one call is one line.
void log(log_level level, std::string_view event, std::initializer_list<log_field> fields = {});
void log(log_level level, std::string_view event, std::span<log_field const> fields);
// The line that log() writes, without its end: one line whatever the fields hold.
std::string format_log_line(log_format format, std::string_view time, log_level level,
                            std::string_view event, std::span<log_field const> fields);

}  // namespace tollgate

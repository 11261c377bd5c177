// Log: structured lines on stderr. Never on stdout, never a secret.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tollgate {

enum class log_level { debug, info, warning, error, off };
enum class log_format { text, json };

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

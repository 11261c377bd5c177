// Durations and sizes as people write them. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate {

// "500ms", "10s", "5m", "1h", "30d", and sums of these ("1h30m"). Nothing for anything else,
// and for what no duration can hold.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "90s", "1h", "30d": in the largest unit that needs no fraction.
std::string duration_text(std::chrono::milliseconds duration);

// "512B", "64kB", "32KiB", "1MB", "1MiB", "1GiB" in bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);

}  // namespace tollgate

#include "base/quantity.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

namespace tollgate {
namespace {

struct unit {
    std::string_view name;
    std::uint64_t factor;
};

constexpr unit duration_units[] = {
    {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
constexpr unit size_units[] = {{"B", 1},          {"kB", 1'000},    {"KiB", 1 << 10},
                               {"MB", 1'000'000}, {"MiB", 1 << 20}, {"GB", 1'000'000'000},
                               {"GiB", 1 << 30}};

// Takes "12unit" off the front. Nothing when it is not there or too large.
template <std::size_t N>
std::optional<std::uint64_t> take_amount(std::string_view& text, unit const (&units)[N],
                                         std::uint64_t limit) {
    std::uint64_t number = 0;
    auto const* end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    auto const letters = std::min(text.find_first_of("0123456789"), text.size());
    auto const name = text.substr(0, letters);
    text.remove_prefix(letters);
    for (auto const& u : units)
        if (u.name == name && number <= limit / u.factor) return number * u.factor;
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    constexpr std::uint64_t limit = 100ull * 366 * 86'400'000;  // a century: no sum overflows
    if (text.empty()) return std::nullopt;
    std::uint64_t total = 0;
    while (!text.empty()) {
        auto const part = take_amount(text, duration_units, limit);
        if (!part || total + *part > limit) return std::nullopt;
        total += *part;
    }
    return std::chrono::milliseconds(total);
}

std::string duration_text(std::chrono::milliseconds duration) {
    auto const n = duration.count();
    if (n == 0) return "0s";
    for (auto u = std::rbegin(duration_units); u != std::rend(duration_units); ++u) {
        auto const factor = static_cast<std::int64_t>(u->factor);
        if (n % factor == 0) return std::to_string(n / factor) + std::string(u->name);
    }
    return std::to_string(n) + "ms";
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    auto const size = take_amount(text, size_units, std::numeric_limits<std::int64_t>::max());
    return text.empty() ? size : std::nullopt;
}

}  // namespace tollgate

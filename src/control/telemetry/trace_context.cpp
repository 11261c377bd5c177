#include "control/telemetry/trace_context.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tollgate::control {

namespace {

constexpr std::size_t longest_state = 512;

// Lower-case hexadecimal digits alone (§3.2.2).
bool is_hex(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c == '0'; });
}

// "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
constexpr std::size_t version_at = 0, trace_at = 3, parent_at = 36, flags_at = 53, size_of_00 = 55;

bool has_right_form(std::string_view text) noexcept {
    if (text.size() < size_of_00 || text[2] != '-' || text[35] != '-' || text[52] != '-')
        return false;
    auto const version = text.substr(version_at, 2);
    if (!is_hex(version) || version == "ff") return false;
    // §4.3: a later version may have more behind another dash.
    return text.size() == size_of_00 || (version != "00" && text[size_of_00] == '-');
}

int digit(char c) noexcept {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::optional<caller_trace> read_trace_context(std::string_view traceparent,
                                               std::string_view tracestate) {
    auto const text = trim(traceparent);
    if (!has_right_form(text)) return std::nullopt;
    auto const trace = text.substr(trace_at, 32);
    auto const parent = text.substr(parent_at, 16);
    auto const flags = text.substr(flags_at, 2);
    if (!is_hex(trace) || !is_hex(parent) || !is_hex(flags)) return std::nullopt;
    if (is_zero(trace) || is_zero(parent)) return std::nullopt;
    caller_trace found;
    found.at.trace = trace;
    found.at.span = parent;
    if (tracestate.size() <= longest_state && is_printable(tracestate)) found.at.state = tracestate;
    found.sampled = (digit(flags.back()) & 1) != 0;
    return found;
}

}  // namespace tollgate::control

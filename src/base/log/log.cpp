#include "base/log/log.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>

#include <unistd.h>

#include "base/log/log_writer.hpp"
#include "base/text.hpp"

namespace tollgate {

namespace {

std::atomic<log_level> threshold{log_level::info};
std::atomic<log_format> chosen{log_format::text};

// Made with the first line, ended (and flushed) when the process exits.
log_writer& writer() {
    static log_writer instance(STDERR_FILENO);
    return instance;
}

std::string_view name_of(log_level level) noexcept {
    switch (level) {
        case log_level::debug:
            return "debug";
        case log_level::info:
            return "info";
        case log_level::warning:
            return "warning";
        case log_level::error:
            return "error";
        case log_level::off:
            break;
    }
    return "off";
}

// RFC 3339 in UTC with milliseconds; the part above the second is made once a second.
std::string timestamp() {
    using namespace std::chrono;
    auto const now = floor<milliseconds>(std::chrono::system_clock::now());
    auto const second = floor<seconds>(now);
    thread_local std::time_t last = -1;
    thread_local std::array<char, 32> text{};
    auto const t = std::chrono::system_clock::to_time_t(second);
    if (t != last) {
        std::tm utc{};
        gmtime_r(&t, &utc);
        std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
        last = t;
    }
    auto const ms = (now - second).count();
    std::string out(text.data());
    out += '.';
    out += static_cast<char>('0' + ms / 100);
    out += static_cast<char>('0' + ms / 10 % 10);
    out += static_cast<char>('0' + ms % 10);
    out += 'Z';
    return out;
}

void append_escape(std::string& out, unsigned char byte) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", byte);
    out += text.data();
}

// What almost every value is: nothing to escape.
bool is_plain(std::string_view text) noexcept {
    return std::ranges::all_of(
        text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// The inside of a JSON string, which serves the text format as well. C0, DEL and C1 controls are
// escaped, so that a peer can neither start a line nor speak to the terminal.
void append_escaped(std::string& out, std::string_view text) {
    if (is_plain(text)) {
        out += text;
        return;
    }
    bool const valid = is_utf8(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const byte = static_cast<unsigned char>(text[i]);
        bool const c1 = valid && byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += text[i];
        } else if (c1) {
            append_escape(out, static_cast<unsigned char>(text[++i]));
        } else if (byte < 0x20 || byte == 0x7f) {
            append_escape(out, byte);
        } else if (byte >= 0x80 && !valid) {
            out += '?';
        } else {
            out += text[i];
        }
    }
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

// Plain words stand unquoted in the text format.
bool is_word(std::string_view text) noexcept {
    for (char const c : text) {
        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return false;
    }
    return !text.empty();
}

std::string json_line(std::string_view time, log_level level, std::string_view event,
                      std::span<log_field const> fields) {
    std::string line("{\"time\":");
    append_quoted(line, time);
    line += ",\"level\":";
    append_quoted(line, name_of(level));
    line += ",\"event\":";
    append_quoted(line, event);
    for (auto const& [name, value] : fields) {
        line += ',';
        append_quoted(line, name);
        line += ':';
        append_quoted(line, value);
    }
    return line + '}';
}

std::string text_line(std::string_view time, log_level level, std::string_view event,
                      std::span<log_field const> fields) {
    std::string line(time);
    line += ' ';
    line += name_of(level);
    line += ' ';
    append_escaped(line, event);
    for (auto const& [name, value] : fields) {
        line += ' ';
        append_escaped(line, name);
        line += '=';
        if (is_word(value)) {
            line += value;
        } else {
            append_quoted(line, value);
        }
    }
    return line;
}

}  // namespace

void set_log(log_level level, log_format format) {
    threshold.store(level, std::memory_order_relaxed);
    chosen.store(format, std::memory_order_relaxed);
}

bool log_enabled(log_level level) noexcept {
    auto const lowest = threshold.load(std::memory_order_relaxed);
    return lowest != log_level::off && level >= lowest;
}

void flush_log() {
    writer().flush();
}

std::string format_log_line(log_format format, std::string_view time, log_level level,
                            std::string_view event, std::span<log_field const> fields) {
    return format == log_format::json ? json_line(time, level, event, fields)
                                      : text_line(time, level, event, fields);
}

void log(log_level level, std::string_view event, std::span<log_field const> fields) {
    if (!log_enabled(level)) return;
    auto const format = chosen.load(std::memory_order_relaxed);
    writer().write(format_log_line(format, timestamp(), level, event, fields));
}

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields) {
    log(level, event, std::span<log_field const>(fields.begin(), fields.size()));
}

}  // namespace tollgate

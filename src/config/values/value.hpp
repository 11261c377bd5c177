// Configuration values as they were written, before anybody knows what they mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate::settings {

// Where a value was written.
struct origin {
    std::string label;  // "config.toml:3:8", "--set mcp.auth", "environment OAUTH_PORT"
    std::string names;  // the key that the label names already; "" for a place in a file
};

struct member;

struct value {
    enum class type { boolean, integer, number, text, list, table, other };
    type is = type::text;
    bool boolean = false;
    std::int64_t integer = 0;
    double number = 0;
    std::string text;             // of a text; else as it would be written
    std::vector<value> items;     // of a list
    std::vector<member> members;  // of a table, in the order of the file
    origin at;
};

struct member {
    std::string key;
    origin at;
    value content;
};

// A text that was not written as TOML.
value text_value(std::string text, origin at);

// `the integer 5`, `the string "x"`; a secret is named by its type alone.
std::string describe(value const& v, bool secret = false);

// What is wrong, one sentence each, in the order of discovery.
class mistakes {
public:
    // "LABEL: key: what"; the key is left out where the label names it already.
    void add(origin const& at, std::string_view key, std::string_view what);
    void add_line(std::string line) { lines_.push_back(std::move(line)); }
    bool empty() const noexcept { return lines_.empty(); }
    std::vector<std::string> const& lines() const noexcept { return lines_; }

private:
    std::vector<std::string> lines_;
};

// A whole TOML document. Nothing, and a mistake with line and column, when it is none.
std::optional<value> parse_document(std::string const& text, std::string const& file,
                                    mistakes& wrong);

// One value as it could stand behind "key =" in TOML; nothing when it is no TOML value.
std::optional<value> parse_value(std::string const& text, origin const& at);

}  // namespace tollgate::settings

#include "cli/keys/comments.hpp"

#include <algorithm>

namespace tollgate::settings {
namespace {

constexpr auto nowhere = std::string_view::npos;

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(' ');
    if (first == nowhere) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

void append(std::string& text, std::string_view more) {
    if (more.empty()) return;
    if (!text.empty()) text += ' ';
    text += more;
}

// Where the comment of a line begins: at the first "#" that is not between quotes.
std::size_t comment_of(std::string_view line) {
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"') quoted = !quoted;
        if (line[i] == '#' && !quoted) return i;
    }
    return nowhere;
}

std::string_view text_of(std::string_view line) {
    auto const begin = comment_of(line);
    return begin == nowhere ? std::string_view() : trimmed(line.substr(begin + 1));
}

// "key" of "key = 5"; empty for anything else.
std::string_view key_of(std::string_view line) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
    auto const end = line.find_first_not_of(letters);
    if (end == 0 || end == nowhere) return {};
    return trimmed(line.substr(end)).starts_with('=') ? line.substr(0, end) : std::string_view();
}

// "mcp" of "[mcp]", "clients" of "[[clients]]"; empty for anything else.
std::string_view header_of(std::string_view line) {
    auto const begin = line.find_first_not_of('[');
    if (begin == 0 || begin == nowhere) return {};
    return line.substr(begin, line.find(']') - begin);
}

// Goes through the file line by line.
class comment_reader {
public:
    explanations read(std::string_view toml) {
        while (!toml.empty()) {
            auto const end = std::min(toml.find('\n'), toml.size());
            take(toml.substr(0, end));
            toml.remove_prefix(std::min(end + 1, toml.size()));
        }
        return std::move(found_);
    }

private:
    void take(std::string_view line) {
        if (line.empty()) return end_block();
        if (line.starts_with("# [[")) return open(header_of(line.substr(2)), "", true);
        if (in_list_) return take_code(line.substr(std::min<std::size_t>(2, line.size())), false);
        if (line.starts_with('[')) return open(header_of(line), text_of(line), false);
        if (line.starts_with("#     ")) return;  // a list behind a "#" goes on
        if (line.starts_with("# ")) return append(paragraph_, line.substr(2));
        bool const shut = line.starts_with('#');
        if (line != "#") take_code(line.substr(shut ? 1 : 0), shut);
    }

    void end_block() {
        paragraph_.clear();
        text_ = nullptr;
        in_list_ = false;
    }

    // What stands above a header belongs to it.
    void open(std::string_view name, std::string_view beside, bool is_list) {
        section_ = name;
        in_list_ = is_list;
        text_ = &found_.sections[section_];
        append(*text_, paragraph_);
        append(*text_, beside);
        paragraph_.clear();
    }

    // A key with its value, or what is left of the one above.
    void take_code(std::string_view line, bool shut) {
        if (auto const key = key_of(line); !key.empty()) {
            auto const name = section_ + '.' + std::string(key);
            text_ = &found_.keys[name];
            if (shut) found_.dependent.insert(name);
        }
        if (text_) append(*text_, text_of(line));
    }

    explanations found_;
    std::string section_;
    std::string paragraph_;
    std::string* text_ = nullptr;  // what the next comment goes on with
    bool in_list_ = false;         // an example of [[clients]] or the like, behind "# "
};

std::string_view look_up(explanations::texts const& in, std::string_view name) {
    auto const found = in.find(name);
    return found == in.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

std::string_view explanations::of_section(std::string_view name) const {
    return look_up(sections, name);
}

std::string_view explanations::of_key(std::string_view name) const {
    return look_up(keys, name);
}

explanations read_comments(std::string_view toml) {
    return comment_reader().read(toml);
}

}  // namespace tollgate::settings

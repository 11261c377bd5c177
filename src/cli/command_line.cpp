#include "cli/command_line.hpp"

#include <algorithm>
#include <optional>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"

namespace tollgate {
namespace {

using cli::command_row;
using cli::option_row;

std::string shown(std::string_view text) {
    return '"' + tollgate::printable(text) + '"';
}

template <class Row>
std::string nearest_of(std::string_view word, std::span<Row const> rows) {
    std::vector<std::string_view> names;
    for (auto const& row : rows)
        names.push_back(row.name);
    return std::string(nearest_name(word, names));
}

// Reads the arguments behind a command, front to back.
class argument_reader {
public:
    argument_reader(command_row const& row, std::span<std::string const> rest)
        : row_(row), rest_(rest) {
        line_.run = row.run;
    }

    std::variant<command_line, usage_error> read() {
        while (!rest_.empty() && !wrong_)
            read_one();
        if (wrong_) return usage_error{*wrong_};
        if (row_.needs_first_position && position_ == 0 && line_.run != command::help)
            return usage_error{prefix() + "expected " + std::string(row_.arguments) + hint()};
        return line_;
    }

private:
    void read_one() {
        std::string_view const word = rest_.front();
        rest_ = rest_.subspan(1);
        if (word == "--help" || word == "-h") return ask_for_help();
        if (word.starts_with('-') && word.size() > 1) return read_option(word);
        if (position_ == row_.positions.size())
            return complain("unexpected argument " + shown(word) + hint());
        line_.*row_.positions[position_++] = word;
    }

    void ask_for_help() {
        line_.run = command::help;
        line_.help_for = row_.name;
        rest_ = {};
    }

    void read_option(std::string_view word) {
        auto const equals = word.find('=');
        auto const name = word.substr(0, equals);
        auto const found = std::ranges::find(row_.options, name, &option_row::name);
        if (found == row_.options.end()) return refuse_option(name);
        if (auto const* flag = std::get_if<bool command_line::*>(&found->into)) {
            if (equals != std::string_view::npos)
                return complain(std::string(name) + " takes no value");
            line_.** flag = true;
            return;
        }
        if (equals != std::string_view::npos) return store(*found, word.substr(equals + 1));
        if (rest_.empty())
            return complain(std::string(name) + " needs " + std::string(found->value) + hint());
        std::string_view const value = rest_.front();
        rest_ = rest_.subspan(1);
        store(*found, value);
    }

    void store(option_row const& option, std::string_view value) {
        if (auto const* one = std::get_if<std::string command_line::*>(&option.into))
            line_.** one = value;
        if (auto const* many = std::get_if<std::vector<std::string> command_line::*>(&option.into))
            (line_.**many).emplace_back(value);
    }

    void refuse_option(std::string_view name) {
        auto text = "unknown option " + shown(name);
        auto const meant = nearest_of(name, row_.options);
        if (!meant.empty()) text += "; did you mean " + meant + "?";
        complain(text);
    }

    std::string prefix() const { return "tollgate " + std::string(row_.name) + ": "; }
    std::string hint() const { return "; see tollgate " + std::string(row_.name) + " --help"; }
    void complain(std::string const& what) { wrong_ = prefix() + what; }

    command_row const& row_;
    std::span<std::string const> rest_;
    command_line line_;
    std::size_t position_ = 0;
    std::optional<std::string> wrong_;
};

usage_error not_a_command(std::string_view word) {
    if (word.starts_with('-'))
        return {"tollgate: expected a command before " + shown(word) + "; see tollgate --help"};
    return {"tollgate: unknown command " + shown(word) + "; did you mean " +
            nearest_of(word, cli::commands()) + "?"};
}

std::variant<command_line, usage_error> parse_help(std::span<std::string const> rest) {
    command_line line;
    if (rest.empty()) return line;
    if (!cli::find_command(rest.front())) return not_a_command(rest.front());
    line.help_for = rest.front();
    return line;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 2, width), ' ');
    return text;
}

std::string general_help() {
    std::string text =
        "tollgate: an OAuth 2.1 authorization server and an MCP server made for testing clients.\n"
        "Point an MCP client at the MCP URL, log in, then make the servers misbehave.\n"
        "\n"
        "usage: tollgate COMMAND [OPTIONS]\n"
        "\n";
    for (auto const& row : cli::commands())
        text += "  " + padded(std::string(row.name), 12) + std::string(row.summary) + '\n';
    text +=
        "\n"
        "  --help      this text; COMMAND --help tells more about a command\n"
        "  --version   the version\n"
        "\n"
        "To begin:\n"
        "  tollgate serve                       MCP at http://localhost:9101/mcp\n"
        "  tollgate scenario expire-access 5    access tokens that live five seconds\n"
        "  tollgate check --keys                every key of the configuration, with its default\n"
        "\n"
        "exit codes: 0 fine, 1 a check failed or nobody answers, 2 bad usage or configuration,\n"
        "3 could not bind or start\n";
    return text;
}

}  // namespace

std::variant<command_line, usage_error> parse_command_line(
    std::vector<std::string> const& arguments) {
    if (arguments.empty()) return usage_error{"tollgate: expected a command; see tollgate --help"};
    std::span<std::string const> const all = arguments;
    auto const& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") return parse_help(all.subspan(1));
    if (first == "--version") {
        command_line line;
        line.run = command::version;
        return line;
    }
    auto const* row = cli::find_command(first);
    if (!row) return not_a_command(first);
    return argument_reader(*row, all.subspan(1)).read();
}

std::string help_text(std::string_view command_name) {
    auto const* row = cli::find_command(command_name);
    if (!row) return general_help();
    std::string text = "usage: tollgate " + std::string(row->name);
    if (!row->arguments.empty()) text += ' ' + std::string(row->arguments);
    if (!row->options.empty()) text += " [OPTIONS]";
    text += "\n\n" + std::string(row->details);
    if (!row->options.empty()) text += "\noptions:\n";
    for (auto const& o : row->options) {
        auto const name = std::string(o.name) + (o.value.empty() ? "" : " ") + std::string(o.value);
        text += "  " + padded(name, 20) + std::string(o.summary) + '\n';
    }
    return text;
}

}  // namespace tollgate

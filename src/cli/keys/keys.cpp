#include "cli/keys/keys.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/keys/comments.hpp"
#include "cli/keys/kinds.hpp"
#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

constexpr std::string_view table_head =
    "| key | what it may be | default | realm | meaning |\n"
    "|---|---|---|---|---|\n";

std::string_view section_of(std::string_view key) {
    return key.substr(0, key.rfind('.'));
}

// A bar would end the cell.
std::string cell(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '|') result += '\\';
        result += c;
    }
    return result;
}

std::string in_code(std::string_view text) {
    return '`' + std::string(text) + '`';
}

struct table_row {
    description const& is;
    slot standard;  // in a configuration that nobody wrote
    std::string_view meaning;
    bool dependent = false;
    bool per_realm = false;
};

std::string to_text(table_row const& row) {
    auto const value = in_code(value_text(row.is, row.standard)) + (row.dependent ? " \\*" : "");
    return "| " + in_code(row.is.key) + " | " + cell(kind_of(row.is, row.standard)) + " | " +
           cell(value) + " | " + (row.per_realm ? "yes" : "") + " | " + cell(row.meaning) + " |\n";
}

// A comment stands beside its header in small letters.
std::string paragraph_of(std::string text) {
    if (text.empty()) return text;
    if (text.front() >= 'a' && text.front() <= 'z') text.front() += 'A' - 'a';
    return text + (text.ends_with('.') ? "\n\n" : ".\n\n");
}

std::string section_head(std::string_view shown, std::string_view text) {
    return "### " + in_code(shown) + "\n\n" + paragraph_of(std::string(text));
}

std::string heading(std::string_view shown, std::string_view text) {
    return section_head(shown, text) + std::string(table_head);
}

std::vector<std::string_view> all_sections() {
    std::vector<std::string_view> names;
    for (auto const& row : config_settings()) {
        auto const name = section_of(row.is.key);
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

std::string section_text(std::string_view section, explanations const& say) {
    config standard;
    auto text = heading('[' + std::string(section) + ']', say.of_section(section));
    for (auto const& row : config_settings()) {
        auto const key = row.is.key;
        if (section_of(key) != section) continue;
        auto const place = row.locate(standard);
        text += to_text({row.is, place, say.of_key(key), say.dependent.contains(key),
                         row.locate_in != nullptr});
    }
    return text + '\n';
}

// [[clients]] and the like: their keys are those of each entry.
template <class Entry>
std::string list_text(std::string_view name, std::span<setting<Entry> const> settings,
                      explanations const& say) {
    Entry standard;
    auto text = heading("[[" + std::string(name) + "]]", say.of_section(name));
    for (auto const& row : settings) {
        auto const key = std::string(name) + '.' + std::string(row.is.key);
        text += to_text({row.is, row.locate(standard), say.of_key(key)});
    }
    return text + '\n';
}

}  // namespace

std::string describe_keys() {
    auto const say = read_comments(shipped_configuration);
    std::string text;
    for (auto const section : all_sections())
        text += section_text(section, say);
    text += list_text("clients", client_settings(), say);
    text += list_text("client_documents", client_document_settings(), say);
    // Their members are no keys of the configuration: docs/scenarios.md.
    text += section_head("[[scenarios]]", say.of_section("scenarios"));
    text += list_text("trusted_issuers", trusted_issuer_settings(), say);
    text += list_text("users", user_settings(), say);
    text.pop_back();  // it ends with one line break
    return text;
}

}  // namespace tollgate::settings

#include "config/loading.hpp"

namespace tollgate::settings {
namespace {

std::string joined(std::string_view section, std::string_view name) {
    return section.empty() ? std::string(name) : std::string(section) + '.' + std::string(name);
}

void apply_setting(loading& l, setting<config> const& row, value const& v, origin const& at) {
    std::string const key(row.is.key);
    auto const before = l.wrong.lines().size();
    // An origin that names a key is no place in a file.
    if (row.is.file_only && !at.names.empty())
        l.wrong.add(at, key, "only the configuration file can set this");
    read(v, key, row.is, row.locate(l.result), l.result.folder, l.wrong);
    l.origins.insert_or_assign(key, at);
    if (l.wrong.lines().size() != before) l.broken.insert(key);
}

void refuse_unknown(loading& l, origin const& at, std::string_view section,
                    std::string const& name) {
    auto const meant = nearest_key(section, name);
    l.wrong.add(at, joined(section, name), "unknown key; did you mean " + meant + "?");
}

void apply_member(loading& l, member const& m, std::string_view section) {
    auto const key = joined(section, m.key);
    auto const& v = m.content;
    if (auto const* row = find_setting(key)) return apply_setting(l, *row, v, v.at);
    if (key == "clients") return apply_clients(l, v);
    if (key == "client_documents") return apply_client_documents(l, v);
    if (key == "scenarios") return apply_scenarios(l, v);
    if (key == "trusted_issuers") return apply_trusted_issuers(l, v);
    if (key == "users") return apply_users(l, v);
    if (!is_section(key)) return refuse_unknown(l, m.at, section, m.key);
    if (v.is == value::type::table) return apply_table(l, v, key);
    l.wrong.add(v.at, key, "expected a table ([" + key + "]), found " + describe(v));
}

}  // namespace

origin loading::at(std::string_view key) const {
    auto const found = origins.find(key);
    return found == origins.end() ? origin{file, ""} : found->second;
}

void loading::refuse(std::string_view key, std::string_view what) {
    wrong.add(at(key), key, what);
}

void apply_table(loading& l, value const& table, std::string_view section) {
    for (auto const& m : table.members)
        apply_member(l, m, section);
}

void apply_override(loading& l, std::string const& key, std::string const& text, origin at) {
    auto const toml = parse_value(text, at);
    if (auto const* row = find_setting(key)) {
        // A string key takes 12345 or true as it stands; quotes are only needed around quotes.
        auto const place = row->locate(l.result);
        bool const wants_text = std::holds_alternative<std::string*>(place) ||
                                std::holds_alternative<enum_slot>(place) ||
                                std::holds_alternative<word_or_grace>(place);
        bool const usable = toml && (!wants_text || toml->is == value::type::text);
        return apply_setting(l, *row, usable ? *toml : text_value(text, at), at);
    }
    auto const dot = key.rfind('.');
    auto const section = dot == std::string::npos ? "" : key.substr(0, dot);
    auto const name = dot == std::string::npos ? key : key.substr(dot + 1);
    apply_member(l, {name, at, toml ? *toml : text_value(text, at)}, section);
}

}  // namespace tollgate::settings

// The only file that sees toml++: its documents become plain values.
#include <algorithm>
#include <sstream>
#include <utility>

#include <toml++/toml.h>

#include "config/values/value.hpp"

namespace tollgate::settings {
namespace {

// Gives a place in a file its label, or leaves the label of a value without a file.
origin place_of(toml::source_region const& where, std::string const& file, origin const& outer) {
    if (file.empty()) return outer;
    auto const& begin = where.begin;
    return {file + ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column), ""};
}

value convert(toml::node const& node, std::string const& file, origin const& outer);

void convert_table(toml::table const& table, value& into, std::string const& file) {
    into.is = value::type::table;
    // toml++ sorts by name; mistakes are to be reported in the order of the file.
    std::vector<std::pair<toml::key const*, toml::node const*>> entries;
    for (auto const& [key, node] : table)
        entries.emplace_back(&key, &node);
    std::stable_sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) {
        auto const& l = a.first->source().begin;
        auto const& r = b.first->source().begin;
        return std::pair(l.line, l.column) < std::pair(r.line, r.column);
    });
    for (auto const& [key, node] : entries) {
        auto const at = place_of(key->source(), file, into.at);
        into.members.push_back({std::string(key->str()), at, convert(*node, file, into.at)});
    }
}

void convert_scalar(toml::node const& node, value& into) {
    using type = value::type;
    if (auto const* b = node.as_boolean()) {
        into.is = type::boolean;
        into.boolean = b->get();
        into.text = b->get() ? "true" : "false";
    } else if (auto const* i = node.as_integer()) {
        into.is = type::integer;
        into.integer = i->get();
        into.text = std::to_string(i->get());
    } else if (auto const* f = node.as_floating_point()) {
        into.is = type::number;
        into.number = f->get();
        std::ostringstream out;
        out << f->get();
        into.text = out.str();
    } else if (auto const* s = node.as_string()) {
        into.is = type::text;
        into.text = s->get();
    } else {
        into.is = type::other;
        std::ostringstream out;
        node.visit([&](auto const& n) {
            if constexpr (toml::is_value<decltype(n)>) out << n.get();
        });
        into.text = out.str();
    }
}

value convert(toml::node const& node, std::string const& file, origin const& outer) {
    value v;
    v.at = place_of(node.source(), file, outer);
    if (auto const* table = node.as_table()) {
        convert_table(*table, v, file);
    } else if (auto const* list = node.as_array()) {
        v.is = value::type::list;
        for (auto const& item : *list)
            v.items.push_back(convert(item, file, v.at));
    } else {
        convert_scalar(node, v);
    }
    return v;
}

}  // namespace

std::optional<value> parse_document(std::string const& text, std::string const& file,
                                    mistakes& wrong) {
    try {
        auto const table = toml::parse(text, file);
        return convert(table, file, origin{file, ""});
    } catch (toml::parse_error const& e) {
        origin const at = place_of(e.source(), file, {});
        wrong.add(at, "TOML", e.description());
        return std::nullopt;
    }
}

std::optional<value> parse_value(std::string const& text, origin const& at) {
    try {
        auto const table = toml::parse("value = " + text);
        // A line break in the text must not smuggle in a second key.
        if (table.size() != 1) return std::nullopt;
        return convert(*table.get("value"), "", at);
    } catch (toml::parse_error const&) {
        return std::nullopt;
    }
}

}  // namespace tollgate::settings

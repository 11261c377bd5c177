#include "mcp/offerings/tools/toolbox.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/json/parse.hpp>

#include "mcp/protocol/content.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

schema parse_schema(tool const& t, std::string_view text) {
    try {
        return schema(json::parse(view(text)));
    } catch (std::exception const& e) {
        throw std::logic_error("a schema of the tool " + std::string(t.name) + ": " + e.what());
    }
}

// 2025-11-25, "Tools", Tool Names.
void check_name(std::string_view name) {
    auto const fine = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    };
    if (name.empty() || name.size() > 64 || !std::all_of(name.begin(), name.end(), fine)) {
        throw std::logic_error("a tool may not be called " + std::string(name));
    }
}

json::object annotations(tool const& t, revision r) {
    json::object out;
    // Later revisions have a title of their own for it.
    if (r == revision::v2025_03_26 && !t.title.empty()) out["title"] = view(t.title);
    out["readOnlyHint"] = t.hints.read_only;
    if (!t.hints.read_only) {
        out["destructiveHint"] = t.hints.destructive;
        out["idempotentHint"] = t.hints.idempotent;
    }
    out["openWorldHint"] = t.hints.open_world;
    return out;
}

// Until 2025-11-25 the root of an output schema is an object.
bool knows_output(schema const& s, revision r) {
    if (is_modern(r)) return true;
    auto const* const type = s.source().as_object().if_contains("type");
    return r >= revision::v2025_06_18 && type != nullptr && *type == "object";
}

// Fields that a revision does not know are left out: clients that check strictly exist.
json::object describe(toolbox::entry const& e, revision r) {
    json::object out;
    out["name"] = view(e.tool->name);
    if (r >= revision::v2025_06_18 && !e.tool->title.empty()) out["title"] = view(e.tool->title);
    out["description"] = view(e.tool->description);
    if (e.tool->icon && r >= revision::v2025_11_25) out["icons"] = icons();
    out["inputSchema"] = e.input.source();
    if (e.output && knows_output(*e.output, r)) out["outputSchema"] = e.output->source();
    if (r >= revision::v2025_03_26) out["annotations"] = annotations(*e.tool, r);
    return out;
}

}  // namespace

toolbox::toolbox(std::span<tool const* const> tools) {
    entries_.reserve(tools.size());
    for (auto const* const t : tools) {
        check_name(t->name);
        entry e{t, parse_schema(*t, t->input_schema), std::nullopt, {}};
        e.mirrored = mirrored_params(e.input.source().as_object());
        if (!t->output_schema.empty()) e.output.emplace(parse_schema(*t, t->output_schema));
        entries_.push_back(std::move(e));
        auto const& added = entries_.back();
        list_.add(t->name, t->available, [&](revision r) { return describe(added, r); });
    }
}

std::vector<std::string_view> toolbox::names() const {
    std::vector<std::string_view> all;
    for (auto const& e : entries_)
        all.push_back(e.tool->name);
    return all;
}

toolbox::entry const* toolbox::find(std::string_view name) const noexcept {
    for (auto const& e : entries_) {
        if (e.tool->name == name) return &e;
    }
    return nullptr;
}

toolbox::entry const* toolbox::find(std::string_view name, call const& c) const noexcept {
    auto const* const e = find(name);
    return e != nullptr && e->tool->available.holds(c.policy, c.revision) ? e : nullptr;
}

}  // namespace tollgate::mcp

#include "mcp/toolbox.hpp"

#include <stdexcept>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/meta.hpp"

namespace tollgate::mcp {

namespace {

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

// Fields that a revision does not know are left out: clients that check strictly exist.
json::object describe(toolbox::entry const& e, revision r) {
    json::object out;
    out["name"] = view(e.what->name);
    if (r >= revision::v2025_06_18) out["title"] = view(e.what->title);
    out["description"] = view(e.what->description);
    out["inputSchema"] = e.schema;
    if (r >= revision::v2025_03_26) {
        json::object annotations;
        annotations["readOnlyHint"] = e.what->read_only;
        annotations["openWorldHint"] = false;
        out["annotations"] = std::move(annotations);
    }
    return out;
}

std::string list_text(std::vector<toolbox::entry> const& entries, revision r) {
    json::array tools;
    for (auto const& e : entries)
        tools.push_back(describe(e, r));
    json::object result;
    result["tools"] = std::move(tools);
    if (is_modern(r)) {
        cacheable(result);
        complete_modern(result);
    }
    return json::serialize(result);
}

}  // namespace

toolbox::toolbox(std::span<tool const* const> tools) {
    entries_.reserve(tools.size());
    for (auto const* const t : tools) {
        if (find(t->name) != nullptr) {
            throw std::logic_error("two tools are called " + std::string(t->name));
        }
        auto schema = json::parse(view(t->input_schema)).as_object();
        auto mirrored = mirrored_params(schema);
        entries_.push_back({t, std::move(schema), std::move(mirrored)});
    }
    for (auto const r : all_revisions) {
        lists_[static_cast<std::size_t>(r)] = list_text(entries_, r);
    }
}

toolbox::entry const* toolbox::find(std::string_view name) const noexcept {
    for (auto const& e : entries_) {
        if (e.what->name == name) return &e;
    }
    return nullptr;
}

namespace {

// The last one is the one that must be allowed.
constexpr tool const* all_tools[] = {
    &echo,        &echo_tool,       &add,  &whoami,
    &needs_scope, &show_auth_token, &slow, &make_authenticated_request};

}  // namespace

toolbox const& builtin_tools() {
    static std::span<tool const* const> const all(all_tools);
    static toolbox const box(all.first(all.size() - 1));
    return box;
}

toolbox const& tools_with_authenticated_request() {
    static toolbox const box(all_tools);
    return box;
}

}  // namespace tollgate::mcp
